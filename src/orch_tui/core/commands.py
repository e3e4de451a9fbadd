"""What people (and programs) can ask of a run. Imperative, immutable; declared once here, and every front end derives
from this table: the command line its verbs, the cockpit its keys, the inbox its `op` names.

`section` "" means the whole run, where that makes sense (`SCOPES`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orch_tui.core.events import Isolation

Scope = Literal["run", "section", "either", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRun:
    """Create the run for a plan file; the runner reads the file and checks that it still has this hash.

    Empty or 0 means: not given on the command line, so front matter or configuration decide.
    """

    plan_path: str
    plan_sha: str
    agent: str = ""
    model: str = ""
    concurrency: int = 0
    isolation: Isolation | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisePlan:
    """Read the plan file again; only before approval."""

    plan_sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Approve exactly this plan text and this graph; nothing runs before."""

    plan_sha: str
    graph_sha: str


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
    """Do not do this section; what depends on it goes on without."""

    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try a section again from the current integration branch; without a section: everything that failed."""

    section: str = ""


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
    """Answer a permission ("allow" or "deny") or a question; the first answer counts."""

    request_id: str
    choice: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """End every process of the run now; `resume` goes on later."""


Command = CreateRun | RevisePlan | Approve | Pause | Resume | Skip | Retry | Cancel | Steer | Answer | Stop

OPS: dict[str, type[Command]] = {
    "create": CreateRun,
    "revise": RevisePlan,
    "approve": Approve,
    "pause": Pause,
    "resume": Resume,
    "skip": Skip,
    "retry": Retry,
    "cancel": Cancel,
    "steer": Steer,
    "answer": Answer,
    "stop": Stop,
}
"""Every command by the name it has in the inbox, on the command line and in messages."""

SCOPES: dict[str, Scope] = {
    "create": "run",
    "revise": "run",
    "approve": "run",
    "pause": "either",
    "resume": "either",
    "skip": "section",
    "retry": "either",
    "cancel": "either",
    "steer": "section",
    "answer": "ask",
    "stop": "run",
}
"""What each command is about."""


def op_of(command: Command) -> str:
    """The inbox name of a command."""
    return next(op for op, kind in OPS.items() if kind is type(command))
