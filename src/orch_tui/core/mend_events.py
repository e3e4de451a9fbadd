"""What people did to a graph before it was approved. Events like the others; `events.py` has the rest.

They are about the candidate where there is one, else about the plan in review; the first mend of a run that is approved
already opens a candidate on the text that was approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from orch_tui.plan.edits import Edit
from orch_tui.tagged import Tagged

TaggedEdit = Annotated[Edit, Tagged("edit")]
"""An edit as data must say which one it is: guessed from its fields, an exclusion would be an inclusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMended:
    """Edits made in one go, and undone in one go. `source` names the proposal or the file behind them, or "".

    `at` is when they were made (wall seconds) where that is not the time of the record.
    """

    edits: tuple[TaggedEdit, ...]
    by: str
    why: str = ""
    source: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MendUndone:
    """The last mend was taken back."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRedone:
    """The mend that was taken back last is in force again."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted:
    """A person took a proposal over; what it changes is the `PlanMended` that follows, if it changes anything."""

    proposal: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDismissed:
    """A person does not want it."""

    proposal: str
    by: str


MendEvent = PlanMended | MendUndone | MendRedone | ProposalAccepted | ProposalDismissed
