"""Everything that can have happened in a run. Past tense, immutable; the journal stores nothing else.

The journal's record carries sequence number, times, epoch and cause; an event carries only what happened.
`section` is always a section id as in the plan, `attempt` counts from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.core.mend_events import MendEvent
from orch_tui.core.validation_events import ValidationEvent
from orch_tui.plan.edits import Proposal
from orch_tui.plan.model import Dependency, Exclusion, Finding, Hints

Isolation = Literal["worktree", "none"]
RunningChoice = Literal["leave", "restart", "stop"]
"""A section under way when the plan changes goes on as it is, begins again, or is ended and held."""
SET_ASIDE = "set aside"
"""Why an attempt is ended that worked on what is not to be carried out any more."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for when the run was created; "" and 0 mean not given."""

    agent: str = ""
    model: str = ""
    concurrency: int = 0
    isolation: Isolation | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """A section as the journal keeps it: everything but its text, which stays in the plan's own stored version."""

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


# --- the run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCreated:
    """A run exists for a plan file. `plan_path` is where the user keeps the plan."""

    run: str
    plan_path: str
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead:
    """The plan's graph as it was read; mends are made on top of it. `plan_sha` names the stored text.

    `settings` are resolved from the command line, the plan's front matter and the configuration; `notices` say what the
    user should know about them ("no git here: works in place"). `agents` are the installed ones, and of each the
    commands it cannot follow while it runs ("steer", "pause"). `preamble_sha` is of the words
    before the sections ("none", or "" where nobody looked).
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
    preamble_sha: str = ""


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
    """A person approved exactly this plan and graph."""

    plan_sha: str
    graph_sha: str
    by: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHalted:
    """What is stored is not what was approved: nothing more is started until a person looked."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPaused:
    """Nothing new is dispatched; what runs goes on."""

    by: str


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
    """A runner took the lock. `torn_bytes` were cut from the journal's tail and kept aside."""

    pid: int
    epoch: int
    version: str
    host: str
    torn_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a new runner found: attempts still alive, attempts that ended unseen, attempts that were lost."""

    adopted: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStopped:
    """The runner gave up the lock in an orderly way."""

    reason: str


# --- commands --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAccepted:
    """A command file was taken in; the events it caused carry its id as their cause."""

    id: str
    op: str
    actor: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused:
    """A command was not carried out; `reason` is for the person who sent it."""

    id: str
    op: str
    actor: str
    reason: str
    section: str = ""


# --- a section -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPaused:
    """Held by a person: not dispatched, or its agent held where it is."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionResumed:
    """No longer held."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSkipped:
    """Will not be done; what depends on it goes on without."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRetried:
    """A person wants another attempt; its counters start again."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCancelled:
    """A person ended it; it counts as failed until it is retried or skipped."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionParked:
    """Waits until a wall time (seconds since the epoch), then is tried again."""

    section: str
    until: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionUnparked:
    """The time has come."""

    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionNeedsAttention:
    """Only a person can bring it forward (conflict, login, a program to install)."""

    section: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFailed:
    """Given up by policy. `failure` is the class of the last attempt."""

    section: str
    failure: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDone:
    """Carried out and, with worktrees, merged into the integration branch."""

    section: str
    summary: str = ""


# --- an attempt ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptIntended:
    """Durable before anything is started. `session_id` is assigned here and never used twice."""

    section: str
    attempt: int
    agent: str
    session_id: str
    marker: str
    """Value of ORCH_ATTEMPT in the environment of every process of this attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorktreeReady:
    """The attempt's working directory. `branch` and `base` are "" when it works in place."""

    section: str
    attempt: int
    path: str
    branch: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """The session host is up."""

    section: str
    attempt: int
    pid: int
    brief_sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStarted:
    """The agent program is up inside its host. `n` is the transcript record this was read from."""

    section: str
    attempt: int
    n: int
    session_id: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRaised:
    """The agent waits for a person."""

    section: str
    attempt: int
    n: int
    request_id: str
    kind: Literal["permission", "question"]
    title: str
    detail: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAnswered:
    """A person answered; the first answer counts."""

    section: str
    attempt: int
    request_id: str
    choice: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWithdrawn:
    """The agent went on without an answer."""

    section: str
    attempt: int
    n: int
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """A person told the running agent something."""

    section: str
    attempt: int
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReported:
    """Consumption of the attempt so far (cumulative); cost None means unknown."""

    section: str
    attempt: int
    n: int
    cost_usd: float | None
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRaised:
    """Something between the agent and its service worth showing: a retry, a limit, a fallback."""

    section: str
    attempt: int
    n: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequested:
    """The attempt's processes are being ended (stop, cancel, skip, retry, revision).

    With `SET_ASIDE` as the reason its work is not merged, even when it succeeds in that very moment.
    """

    section: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded:
    """The host is gone and told how it went. `until` is the stated reset of a limit, else 0."""

    section: str
    attempt: int
    outcome: Literal["succeeded", "failed", "interrupted"]
    failure: str
    message: str
    summary: str
    cost_usd: float | None
    exit_code: int | None
    until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLost:
    """The host is gone and told nothing; `swept` processes of it were ended. `counted`: against the limit."""

    section: str
    attempt: int
    why: str
    swept: int
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitIntended:
    """What the section left in its worktree is about to be committed on its branch."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCommitted:
    """The section's branch holds its work. `files` are the changed paths (at most 200), `file_count` all of them."""

    section: str
    attempt: int
    commit: str
    files: tuple[str, ...]
    file_count: int
    insertions: int
    deletions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeIntended:
    """The section's branch is about to be merged into the integration branch."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMerged:
    """The integration branch holds the section's work at `commit`."""

    section: str
    attempt: int
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflicted:
    """Both sides are kept: the integration branch as it was, the section's branch as it is."""

    section: str
    attempt: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed:
    """Something the runner did for a section went wrong (git, disk, a missing program): `step` and git's or the
    system's words. The section waits for a person."""

    section: str
    attempt: int
    step: str
    message: str


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
    | RunnerStopped
    | CommandAccepted
    | CommandRefused
)
SectionEvent = (
    SectionPaused
    | SectionResumed
    | SectionSkipped
    | SectionRetried
    | SectionCancelled
    | SectionParked
    | SectionUnparked
    | SectionNeedsAttention
    | SectionFailed
    | SectionDone
)
AttemptEvent = (
    AttemptIntended
    | WorktreeReady
    | AttemptStarted
    | AgentStarted
    | AskRaised
    | AskAnswered
    | AskWithdrawn
    | Steered
    | UsageReported
    | NoticeRaised
    | EndRequested
    | AttemptEnded
    | AttemptLost
)
WorkEvent = CommitIntended | WorkCommitted | MergeIntended | WorkMerged | MergeConflicted | StepFailed
Event = RunEvent | MendEvent | ValidationEvent | SectionEvent | AttemptEvent | WorkEvent
