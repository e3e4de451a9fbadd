"""The state of a run: one fold of its journal, mutated in place by `apply`, O(1) per event plus the section's edges.

Section status (the first line that holds):

    done | skipped | failed     a verdict was reached
    attention                   only a person brings it forward
    running                     an attempt is under way (agent, commit or merge)
    paused                      held by a person; with an attempt under way, its agent is held
    parked                      waits for a wall time
    blocked                     something upstream failed or is blocked
    waiting                     something upstream is not finished, or it may not run beside one that does
    ready                       may be dispatched

    from \\ to      on
    waiting        ready: last upstream done or passed         blocked: an upstream failed
    ready          running: AttemptIntended
    running        done: SectionDone          failed: SectionFailed, SectionCancelled     parked: SectionParked
                   running, another phase of its workflow: AttemptIntended, PhaseEntered, MergeIntended
                   attention: MergeConflicted, StepFailed, SectionNeedsAttention          ready: end asked for by stop
    parked         ready: SectionUnparked, SectionRetried
    attention      ready: SectionRetried
    failed         ready: SectionRetried      (its dependants: blocked -> waiting)
    done           ready: SectionRetried, when its text is another one by now
    paused         what it was: SectionResumed
    any but done   skipped: SectionSkipped

Of a choice one option is enough ("1 or 2"); nothing of it blocks while another option can still be done. An option that
is skipped is none, unless all are.

A section that is skipped is passed once its own upstreams are done or passed: without B, C of A -> B -> C waits for A,
and is blocked when A fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from orch_tui.core.asking import AskState
from orch_tui.core.attempt import AttemptState
from orch_tui.core.batch import Batch
from orch_tui.core.breaker import Alike, Breaker
from orch_tui.core.decided import DecisionState
from orch_tui.core.edition import Approval, Edition, Validation
from orch_tui.core.run_events import Asked, Repository, RuleFile, Settings
from orch_tui.flow.workflow import MINIMAL, Workflow
from orch_tui.plan.edits import Note
from orch_tui.plan.either import Choice
from orch_tui.plan.model import Dependency, Exclusion, Finding, Hints


class Status(StrEnum):
    """What a section is doing; the table is in the module's docstring."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    PARKED = "parked"
    ATTENTION = "attention"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


class Phase(StrEnum):
    """What the whole run is doing."""

    NEW = "new"
    REVIEW = "review"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


BROKEN = frozenset({Status.FAILED, Status.BLOCKED})
OVER = frozenset({Phase.DONE, Phase.FAILED, Phase.CANCELLED})


@dataclass(slots=True, kw_only=True)
class SectionState:
    """One section. `unmet` and `broken` count what does not let it go on, or forbids it (`frees`, `breaks`).

    Each upstream counts once, but those of `choices` (`plan/either.py`) only as often as there are choices.

    `agent` to `notes` are what runs: as mended, else as the plan says, else as configured ("" and None: not said).
    """

    id: str
    slug: str
    title: str
    index: int
    lines: tuple[int, int]
    container: str
    hints: Hints
    agent: str
    model: str = ""
    effort: str = ""
    budget_usd: float | None = None
    workflow: str = ""
    repository: str = ""
    merge: str = ""
    priority: int = 0
    notes: tuple[Note, ...] = ()
    planned: Literal["", "done", "excluded"] = ""
    """What the graph itself says of it, before anything ran."""
    text_sha: str = ""
    text: str | None = None
    """What was made of its fields where the plan is data, or what it was added with; None: its words are its own lines
    (`plan_text.py`)."""
    around: tuple[tuple[int, int], ...] = ()
    """Lines of the plan outside of it that bear on it."""
    added_by: str = ""
    """Who added it to the plan, which does not have it."""
    height: int = 0
    """What the heaviest chain that waits for it weighs, with itself: the critical path goes first."""
    cannot: tuple[str, ...] = ()
    """Commands its agent cannot follow while it runs."""
    upstream: list[str] = field(default_factory=list[str])
    downstream: list[str] = field(default_factory=list[str])
    choices: tuple[Choice, ...] = ()
    exclusive: list[str] = field(default_factory=list[str])
    """Sections it never runs beside."""
    barred: int = 0
    """How many of these are under way."""
    occupies: bool = False
    """Whether it is under way itself, as counted in `barred` of the others."""
    claims: Mapping[str, int] = field(default_factory=dict[str, int])
    """Resource -> how many of it are to be free when it begins."""
    holds: dict[str, int] = field(default_factory=dict[str, int])
    """What it has of them while it is under way."""
    number: int = 0
    """Its own among those under way (`slot_numbers.py`); 0 when it is not."""
    loose: bool = False
    """Left out, and on a circle: it passes on nothing of what it would have waited for."""
    gone: bool = False
    """The plan has it no more; it stays only until what is under way of it is over."""
    status: Status = Status.READY
    unmet: int = 0
    broken: int = 0
    open_choices: int = 0
    closed_choices: int = 0
    """How many of `unmet` and `broken` are choices."""
    frees: bool = False
    """Whether it lets those behind it go on, as counted in their `unmet`: it is done, or skipped and passed."""
    breaks: bool = False
    """Whether those behind it cannot start, as counted in their `broken`: it failed, or something before it did."""
    verdict: Literal["", "done", "skipped", "failed"] = ""
    detail: str = ""
    """Why it is what it is, in words."""
    stale: bool = False
    """It is done, and its text was another one then; a person may have it done again."""
    cancelled: bool = False
    """A person ended it; it is not tried again before a person says so."""
    attention: str = ""
    held: bool = False
    until: float = 0.0
    attempts: list[AttemptState] = field(default_factory=list[AttemptState])
    tries: int = 0
    """Counted attempts since a person last asked for a retry."""
    phase: str = ""
    """The phase of its workflow it is in, or has just left; "" before the first."""
    visits: dict[str, int] = field(default_factory=dict[str, int])
    skips: list[str] = field(default_factory=list[str])
    """Phases that count as success, says a person."""
    sent: str = ""
    """The phase a person sends it to."""
    tree: int = 0
    """The attempt whose worktree holds what the phases so far left; 0: none yet."""
    candidate: str = ""
    """What merging it comes to, a commit that waits for its checks."""
    begun: int = 0
    """How many attempts there were when it began, for the last time, before its first phase."""
    pardoned: int = 0
    """How many there were when a person last wanted it tried, from which on failures count against it."""
    prepared: int = 0
    """The attempt whose worktree is set up, and that nobody has worked in yet; 0: none."""
    bare: int = 0
    """The attempt whose worktree was made again and is to be set up again; 0: none."""
    conflict: tuple[str, ...] = ()
    """The files that both sides had changed when it was to be merged."""
    foreseen: tuple[str, ...] = ()
    """Sections with whose work its own conflicts, says git, and in which files."""
    foreseen_in: tuple[str, ...] = ()
    told: str = ""
    """What a person said when a phase asked, for whoever goes on with it."""
    by: str = ""
    summary: str = ""

    @property
    def last(self) -> AttemptState | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None


ReadyKey = tuple[int, int, int, str]


@dataclass(slots=True, kw_only=True)
class State:
    """Everything known about a run. Indexes (`ready`, `live`, ...) are kept by `apply` and never scanned for."""

    run: str = ""
    plan_path: str = ""
    asked: Asked = field(default_factory=Asked)
    usual_workflow: str = MINIMAL.name
    settings: Settings = field(default_factory=Settings)
    notices: tuple[str, ...] = ()
    plan_sha: str = ""
    graph_sha: str = ""
    title: str = ""
    reader: str = ""
    phase: Phase = Phase.NEW
    phase_by: str = ""
    phase_why: str = ""
    """Why it is paused, where somebody said so."""
    approval: Approval | None = None
    sections: dict[str, SectionState] = field(default_factory=dict[str, SectionState])
    edition: Edition | None = None
    """What is in review, or approved: as read, mended, and what is proposed."""
    candidate: Edition | None = None
    """Another edition that is looked at while this one runs."""
    gone: list[SectionState] = field(default_factory=list[SectionState])
    """Sections with attempts that the plan has no more; what was merged of them stays merged."""
    validation: Validation | None = None
    """The second reader's last question: under way, or how it ended."""
    validations: int = 0
    """How many questions there were."""
    dependencies: tuple[Dependency, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    findings: tuple[Finding, ...] = ()
    halted: str = ""
    """Why the runner refuses to execute what is stored, or ""."""
    counts: dict[Status, int] = field(default_factory=dict[Status, int])
    ready: list[ReadyKey] = field(default_factory=list[ReadyKey])
    """Dispatchable sections that claim no resource, in dispatch order: (-priority, -height, index, id)."""
    queues: dict[str, list[ReadyKey]] = field(default_factory=dict[str, list[ReadyKey]])
    """Those that do, by what they claim (`claiming.py`)."""
    taken: dict[str, int] = field(default_factory=dict[str, int])
    """How many of each resource sections under way have."""
    running: dict[str, int] = field(default_factory=dict[str, int])
    """Sections with an attempt under way (agent, commit or merge): id -> attempt."""
    top_number: int = 0
    """The highest number that a section under way ever had; `free_numbers` are those below that nobody has."""
    free_numbers: list[int] = field(default_factory=list[int])
    live: dict[str, int] = field(default_factory=dict[str, int])
    """Sections whose attempt may have processes: id -> attempt."""
    polling: set[str] = field(default_factory=set[str])
    """Live sections whose attempt only looks whether something has happened."""
    ending: dict[str, str] = field(default_factory=dict[str, str])
    """Live sections whose end was asked for: id -> why."""
    unjudged: dict[str, int] = field(default_factory=dict[str, int])
    """Sections whose attempt ended without success and without a verdict so far."""
    to_commit: dict[str, int] = field(default_factory=dict[str, int])
    leaving: dict[str, str] = field(default_factory=dict[str, str])
    """Sections between two phases: id -> what the phase they leave came to."""
    merged: list[str] = field(default_factory=list[str])
    """Sections in the order in which they were merged."""
    merging: str = ""
    batch: Batch = field(default_factory=Batch)
    undoing: tuple[str, ...] = ()
    """Sections whose work is being taken back; meanwhile nothing begins and nothing is merged."""
    undone_by: str = ""
    parked: dict[str, float] = field(default_factory=dict[str, float])
    asks: dict[str, AskState] = field(default_factory=dict[str, AskState])
    answered: dict[str, str] = field(default_factory=dict[str, str])
    """request id -> who answered."""
    breakers: dict[str, Breaker] = field(default_factory=dict[str, Breaker])
    """Agent, or agent and model -> what keeps sessions of it from being started (`breakers.py`)."""
    alike: list[Alike] = field(default_factory=list[Alike])
    """Sections that failed one after the other in the same way (`breakers.py`)."""
    decisions: list[DecisionState] = field(default_factory=list[DecisionState])
    """Numbered from 1, none ever removed."""
    rates: dict[str, float] = field(default_factory=dict[str, float])
    """Agent and model -> how many tokens too many are estimated (`counting.py`)."""
    commands: dict[str, str] = field(default_factory=dict[str, str])
    """command id -> "" when accepted, else the reason of the refusal."""
    cost_usd: float = 0.0
    cost_unknown: int = 0
    """Ended attempts, and questions to the second reader, whose cost nobody knows."""
    epoch: int = 0
    runner_pid: int = 0
    home: str = ""
    boot: str = ""
    """Where its last runner had the run's directory, and in which boot of the machine."""
    seq: int = 0
    created_at: float = 0.0
    started_at: float = 0.0
    """First approval."""
    updated_at: float = 0.0
    finished_at: float = 0.0
    recoveries: int = 0
    """How often a new runner had something to find out."""
    room: Literal["", "low", "full"] = ""
    room_why: str = ""
    room_full_at: float = 0.0
    """How much room the disks had when a runner last looked, and when they were last known to be full (`disk.py`)."""
    recovered: str = ""
    rescued: list[str] = field(default_factory=list[str])
    """What the last new runner found, in words, and every rescue ref that one of them told of."""

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """Those that sections of the plan in review, or approved, can have."""
        return self.edition.read.workflows if self.edition else ()

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """Those that sections can be in; none where there is only the project's own."""
        return self.edition.read.repositories if self.edition else ()

    @property
    def preamble(self) -> str:
        """The words before the sections of the plan in review, or approved."""
        return self.edition.read.preamble if self.edition else ""

    @property
    def rules(self) -> tuple[RuleFile, ...]:
        """The project's own words to agents."""
        return self.edition.read.rules if self.edition else ()

    def attempt(self, section: str, number: int) -> AttemptState:
        """The attempt `number` (from 1) of a section."""
        return self.sections[section].attempts[number - 1]
