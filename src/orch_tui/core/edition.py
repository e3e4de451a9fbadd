"""A text of the plan as read, and what people made of it: in review, approved, or a candidate for approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from orch_tui.core.run_events import GRAPH_FORM, PlanRead
from orch_tui.core.validation_events import ValidationOutcome
from orch_tui.plan.edits import Mend, Proposal
from orch_tui.plan.model import Dependency, Finding

if TYPE_CHECKING:
    from orch_tui.core.graph import Layout

Fate = Literal["open", "accepted", "dismissed"]


@dataclass(slots=True, kw_only=True)
class ProposalState:
    """A proposal and what became of it; `by` and `at` (wall seconds) say who decided and when."""

    proposal: Proposal
    fate: Fate = "open"
    by: str = ""
    at: float = 0.0


class Worked:
    """Room for what was worked out of an edition, no part of it as data: a mend changes it rather than begins anew."""

    __slots__ = ("_layout",)
    _layout: Any  # what reads editions looks at annotations, and would not know Layout

    @property
    def layout(self) -> Layout | None:
        """How it was laid out last; None when that is not to be built on."""
        return getattr(self, "_layout", None)

    @layout.setter
    def layout(self, layout: Layout | None) -> None:
        self._layout = layout


@dataclass(slots=True, kw_only=True)
class Edition(Worked):
    """`mends` in force, oldest first; `undone` can be redone, the last one first. The rest follows from these.

    `graph_sha` is the hash of exactly what would run, `findings` what stands after the mends.
    """

    read: PlanRead
    mends: list[Mend] = field(default_factory=list[Mend])
    undone: list[Mend] = field(default_factory=list[Mend])
    proposals: dict[str, ProposalState] = field(default_factory=dict[str, ProposalState])
    graph_sha: str = ""
    dependencies: tuple[Dependency, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved what, when (wall seconds)."""

    plan_sha: str
    graph_sha: str
    by: str
    at: float
    form: int = GRAPH_FORM


@dataclass(slots=True, kw_only=True)
class Validation:
    """A question to the second reader about an edition, and how it ended: `outcome` is "" while it is under way.

    `notice` is what was told last of what goes on. Times are wall seconds, costs US dollars, None when nobody knows
    them. `proposals` are ids; what became of them is in the edition.
    """

    number: int
    plan_sha: str
    graph_sha: str
    by: str
    at: float
    provider: str = ""
    model: str = ""
    prd: str = ""
    confirmed: bool = False
    notice: str = ""
    outcome: ValidationOutcome | Literal[""] = ""
    message: str = ""
    ended_at: float = 0.0
    proposals: tuple[str, ...] = ()
    thrown: dict[str, int] = field(default_factory=dict[str, int])
    cost_usd: float | None = None
    estimate_usd: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    question_sha: str = ""
    answer_sha: str = ""
