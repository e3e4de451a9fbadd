"""What happened to a run as a whole, to its plan, to its runner, and to the commands it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.flow.workflow import MINIMAL, Workflow
from orch_tui.merge_settings import Branches, LandStrategy, MergeStrategy
from orch_tui.plan.assigning import Known
from orch_tui.plan.edits import Proposal
from orch_tui.plan.model import Dependency, Exclusion, Finding, Hints
from orch_tui.worktree_settings import WorktreeSettings

GRAPH_FORM = 2
"""What `graph_sha` is the hash of, as approvals are written today (`core/hashing.py`)."""
OWN = "."
"""What the project's own repository is called where another one could be meant."""
Isolation = Literal["worktree", "none"]
RunningChoice = Literal["leave", "restart", "stop"]
"""A section under way when the plan changes goes on as it is, begins again, or is ended and held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a run is to be carried out, resolved once from flags, front matter and configuration.

    `isolation` "worktree" gives every attempt its own checkout, "none" works in place.
    """

    agent: str = "claude"
    model: str = ""
    concurrency: int = 4
    isolation: Isolation = "worktree"
    max_attempts: int = 3
    workflow: str = MINIMAL.name
    checks: tuple[str, ...] = ()
    """Commands that check a section's work where its own text names none."""
    worktree: WorktreeSettings = field(default_factory=WorktreeSettings)
    resources: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many there are of what sections claim."""
    merge_batch: int = 1
    """How many sections that wait for their merge are proven together."""
    section_budget: float = 0.0
    """US dollars that a section may cost which says nothing itself; 0: nobody said."""
    merge_strategy: MergeStrategy = "merge"
    land_strategy: LandStrategy = "merge"
    branches: Branches = "section"
    repository: str = ""
    """The repository of sections that name none, as the plan writes it; "": the project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for when the run was created; "" and 0 mean not given."""

    agent: str = ""
    model: str = ""
    concurrency: int = 0
    isolation: Isolation | Literal[""] = ""
    workflow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """A section as the journal keeps it: everything but its lines, which stay in the plan's own stored version."""

    id: str
    slug: str
    title: str
    lines: tuple[int, int]
    container: str = ""
    done: bool = False
    hints: Hints = field(default_factory=Hints)
    agent: str = ""
    """The agent that will run it, resolved from section, run, plan and configuration."""
    text_sha: str = ""
    """Hash of its words, whatever their layout and ticks; tells whether it was reworded."""
    claims: Mapping[str, int] = field(default_factory=dict[str, int])
    """What it claims of the run's resources."""
    text: str | None = None
    """What was made of its fields, where the plan is data; None: its words are its own lines."""
    around: tuple[tuple[int, int], ...] = ()
    """Lines of the plan outside of it that bear on it: words of its phases, rules for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """What a file of the project (AGENTS.md) says to agents that work below its directory.

    `path` is from the top of the repository, `below` its directory from there, "" for the top.
    """

    path: str
    below: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository that sections can be in: `path` is the top of the user's checkout, which was at `base` (hex) then.

    `name` is what it is called, "" for the project's own; `names` are all words that mean it. `checks`, `worktree`,
    `rules` and `discovered` hold for its sections, as those of the settings and the plan do for the project's own.
    """

    name: str
    path: str
    base: str = ""
    names: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    worktree: WorktreeSettings = field(default_factory=WorktreeSettings)
    rules: tuple[RuleFile, ...] = ()
    discovered: tuple[str, ...] | None = None


# --- the run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCreated:
    """A run exists for a plan file. `plan_path` is where the user keeps the plan.

    `usual_workflow` is the one it has, also when its plan is read again, as long as nobody chooses one.
    """

    run: str
    plan_path: str
    asked: Asked = field(default_factory=Asked)
    usual_workflow: str = MINIMAL.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead:
    """The plan's graph as it was read; mends are made on top of it. `plan_sha` names the stored text.

    `settings` are resolved from the command line, the plan's front matter and the configuration; `notices` say what the
    user should know about them ("no git here: works in place"). `agents` are the installed ones, and of each the
    commands it cannot follow while it runs ("steer", "pause"). `preamble` are the words before the sections, with which
    every brief begins, `rules` are the project's own words to agents. `workflows` are those a section can have, the
    built-in minimal one when there are none.
    `agent_from` says who chose the run's agent: "command line", "plan", "settings", or "" for nobody. `discovered` are
    the commands by which the project's own files said then that it is tested; None: nobody looked. `repositories` are
    those that sections can be in, none where there is only the project's own.
    """

    plan_sha: str
    title: str
    reader: str
    sections: tuple[SectionEntry, ...]
    dependencies: tuple[Dependency, ...]
    findings: tuple[Finding, ...]
    exclusions: tuple[Exclusion, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    settings: Settings = field(default_factory=Settings)
    notices: tuple[str, ...] = ()
    agents: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    preamble: str = ""
    workflows: tuple[Workflow, ...] = ()
    agent_from: str = ""
    discovered: tuple[str, ...] | None = None
    rules: tuple[RuleFile, ...] = ()
    repositories: tuple[Repository, ...] = ()

    @property
    def assignable(self) -> Known:
        """The names of agents, workflows and repositories that sections can be given."""
        return {
            "agent": self.agents,
            "workflow": [one.name for one in self.workflows] or [MINIMAL.name],
            "repository": list(dict.fromkeys((OWN, *(name for one in self.repositories for name in one.names)))),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRead:
    """The plan as it is now, read while an older text of it is approved: a candidate, nothing of it runs."""

    read: PlanRead
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionDiscarded:
    """The candidate is given up; what was approved goes on."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunApproved:
    """A person approved exactly this plan and graph. `form` says what `graph_sha` is the hash of."""

    plan_sha: str
    graph_sha: str
    by: str
    form: int = GRAPH_FORM


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionApproved:
    """A person approved the candidate: from here on the run carries out this plan and this graph.

    `redo` are finished sections that are done again because their text changed; `running` says what becomes of the
    sections under way that the person decided about. Ids are those of the new text.
    """

    plan_sha: str
    graph_sha: str
    by: str
    redo: tuple[str, ...] = ()
    running: Mapping[str, RunningChoice] = field(default_factory=dict[str, RunningChoice])
    form: int = GRAPH_FORM


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHalted:
    """What is stored is not what was approved: nothing more is started until a person looked."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPaused:
    """Nothing new is dispatched; what runs goes on. `why` is said where it was no person who paused it."""

    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed:
    """Dispatching goes on after a pause or a stop."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopRequested:
    """Every process of the run is being ended; the run can be resumed later."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelRequested:
    """Every process of the run is being ended for good."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped:
    """No process of the run is left; it waits for `resume`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """Nothing is left to do. "done": everything done or skipped; "failed": something failed; "cancelled"."""

    outcome: Literal["done", "failed", "cancelled"]


# --- the runner ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStarted:
    """A runner took the lock. `torn_bytes` were cut from the journal's tail and kept aside.

    `home` is the run's directory then, `boot` the machine's boot: a copy and another boot are told by them.
    """

    pid: int
    epoch: int
    version: str
    host: str
    torn_bytes: int = 0
    home: str = ""
    boot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a new runner found: attempts still alive, attempts that ended unseen, attempts that were lost.

    `rescued` are refs that keep what was in worktrees nobody is at work in, `restarted` says that the machine was
    started anew meanwhile, and `away` for how many seconds there was no runner.
    """

    adopted: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    rescued: tuple[str, ...] = ()
    restarted: bool = False
    away: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJumped:
    """The machine slept for `asleep` seconds, or its clock was set by `step` seconds, to the future when positive."""

    asleep: float = 0.0
    step: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChanged:
    """How much room the disks of the run have: "" is enough, "low" and "full" are below a floor; `why` says which."""

    level: Literal["", "low", "full"] = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStopped:
    """The runner gave up the lock in an orderly way."""

    reason: str


# --- commands --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAccepted:
    """A command file was taken in; the events it caused carry its id as their cause.

    `events` is how many follow it, all or none of which count; 0 where it was written by a version that did not say.
    """

    id: str
    op: str
    actor: str
    section: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused:
    """A command was not carried out; `reason` is for the person who sent it."""

    id: str
    op: str
    actor: str
    reason: str
    section: str = ""


RunEvent = (
    RunCreated
    | PlanRead
    | RevisionRead
    | RevisionDiscarded
    | RunApproved
    | RevisionApproved
    | RunHalted
    | RunPaused
    | RunResumed
    | RunStopRequested
    | RunCancelRequested
    | RunStopped
    | RunFinished
    | RunnerStarted
    | Recovered
    | ClockJumped
    | RoomChanged
    | RunnerStopped
    | CommandAccepted
    | CommandRefused
)
