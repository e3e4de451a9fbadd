"""What people (and programs) can ask of a run. Imperative, immutable; declared once here, and every front end derives
from this table: the command line its verbs, the cockpit its keys, the inbox its `op` names.

`section` "" means the whole run, where that makes sense (`SCOPES`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.core.mend_events import TaggedEdit
from orch_tui.core.run_events import Isolation, RunningChoice

Scope = Literal["run", "section", "either", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRun:
    """Create the run for a plan file; the runner reads the file and checks that it still has this hash.

    Empty or 0 means: not given on the command line, so front matter or configuration decide. `unattended` says that
    nobody will mend the plan in a review, so that one with a cycle is refused.
    """

    plan_path: str
    plan_sha: str
    agent: str = ""
    model: str = ""
    concurrency: int = 0
    isolation: Isolation | Literal[""] = ""
    workflow: str = ""
    unattended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisePlan:
    """Read the plan file again: before approval in place of what was read, later as a candidate beside it."""

    plan_sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Approve exactly this plan text and this graph; nothing runs before.

    `confirm` says that the person knows what speaks against it (a plan that is retired, alternatives that would all be
    carried out). With a candidate it is that which is approved: `redo` names finished sections to be done again,
    `running` what becomes of sections under way (left when they are not named).
    """

    plan_sha: str
    graph_sha: str
    confirm: bool = False
    redo: tuple[str, ...] = ()
    running: Mapping[str, RunningChoice] = field(default_factory=dict[str, RunningChoice])


@dataclass(frozen=True, slots=True, kw_only=True)
class Discard:
    """Give up the candidate; the run goes on as approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MendPlan:
    """Change the graph before it is approved; in a run that is approved this makes a candidate to approve.

    A mend that comes from a file keeps `by` whom and `at` which wall time it was made, and from what `source`.
    """

    edits: tuple[TaggedEdit, ...]
    why: str = ""
    by: str = ""
    at: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmend:
    """Take the last mend back: the one of this `record`, when it is given, and none in its place."""

    record: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remend:
    """Make the mend again that was taken back last: the one of this `record`, when it is given."""

    record: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """Take proposals over, by id, also dismissed ones; without ids all that are open and fit."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """Put proposals aside, by id; without ids all that are open."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validate:
    """Ask a second reader, a cheap model, what it would change of the graph in review; it costs money.

    `provider` and `model` "" leave it to the configuration; `prd` is the absolute path of a file, or "". `confirm`
    agrees to a cost above the limit, or an unknown one.
    """

    provider: str = ""
    model: str = ""
    prd: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Hold a section (its agent too, where it is), or dispatch nothing new in the whole run."""

    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on after pause or stop."""

    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Do not do this section; what depends on it goes on without. With a phase: that counts as success, however often
    the section comes to it."""

    section: str
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try a section again from the current integration branch; without a section: everything that failed.

    With a phase the section goes on there, with the work it has.
    """

    section: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Send a section to a phase of its workflow now, with the work it has; what is under way of it ends."""

    section: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take what a section merged back, and what builds on it; all of them are to be done again."""

    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """End a section's attempt, or the whole run for good."""

    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steer:
    """Tell the running agent of a section something."""

    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer a permission (allow, deny; always or never, where offered) or a question; the first answer counts."""

    request_id: str
    choice: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Decide something for all later sessions, or strike the decision of a number, or pin it; one of the three."""

    text: str = ""
    strike: int = 0
    pin: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """End every process of the run now; `resume` goes on later."""


Command = (
    CreateRun
    | RevisePlan
    | Discard
    | MendPlan
    | Unmend
    | Remend
    | Accept
    | Dismiss
    | Validate
    | Approve
    | Pause
    | Resume
    | Skip
    | Retry
    | Dispatch
    | Undo
    | Cancel
    | Steer
    | Answer
    | Decide
    | Stop
)

OPS: dict[str, type[Command]] = {
    "create": CreateRun,
    "revise": RevisePlan,
    "discard": Discard,
    "mend": MendPlan,
    "unmend": Unmend,
    "remend": Remend,
    "accept": Accept,
    "dismiss": Dismiss,
    "validate": Validate,
    "approve": Approve,
    "pause": Pause,
    "resume": Resume,
    "skip": Skip,
    "retry": Retry,
    "dispatch": Dispatch,
    "undo": Undo,
    "cancel": Cancel,
    "steer": Steer,
    "answer": Answer,
    "decide": Decide,
    "stop": Stop,
}
"""Every command by the name it has in the inbox, on the command line and in messages."""

SCOPES: dict[str, Scope] = {
    "create": "run",
    "revise": "run",
    "discard": "run",
    "mend": "run",
    "unmend": "run",
    "remend": "run",
    "accept": "run",
    "dismiss": "run",
    "validate": "run",
    "approve": "run",
    "pause": "either",
    "resume": "either",
    "skip": "section",
    "retry": "either",
    "dispatch": "section",
    "undo": "section",
    "cancel": "either",
    "steer": "section",
    "answer": "ask",
    "decide": "run",
    "stop": "run",
}
"""What each command is about."""


def op_of(command: Command) -> str:
    """The inbox name of a command."""
    return next(op for op, kind in OPS.items() if kind is type(command))
