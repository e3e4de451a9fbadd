"""A text of the plan as read, and what people made of it: in review, approved, or a candidate for approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orch_tui.core.events import PlanRead
from orch_tui.plan.edits import Mend, Proposal
from orch_tui.plan.model import Dependency, Finding

Fate = Literal["open", "accepted", "dismissed"]


@dataclass(slots=True, kw_only=True)
class ProposalState:
    """A proposal and what became of it; `by` and `at` (wall seconds) say who decided and when."""

    proposal: Proposal
    fate: Fate = "open"
    by: str = ""
    at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Edition:
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
