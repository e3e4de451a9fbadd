"""What a section, and each attempt at it, may cost. Budgets are US dollars; a cost that nobody knows counts as none.

A phase's own budget is for one attempt at it. A section's is for all its attempts together: as mended, else as the plan
says of it, else as the front matter or the settings say of every section (`section_budget`).
"""

from __future__ import annotations

from orch_tui.core.section_events import SectionNeedsAttention
from orch_tui.core.state import SectionState, State
from orch_tui.flow.workflow import AgentPhase, Phase

OVER = "budget"
"""The failure class of an attempt that cost more than it might, and what a section is in need of then."""


def dollars(amount: float) -> str:
    """An amount in words; small ones keep what makes them differ from nothing."""
    return f"${amount:.2f}" if amount >= 0.01 or amount == 0 else f"${amount:.4f}"


def of_section(state: State, section: SectionState) -> float | None:
    """What all attempts at the section may cost together; None: nobody said."""
    return section.budget_usd or state.settings.section_budget or None


def spent(section: SectionState) -> float:
    """What is known of the cost of its attempts."""
    return sum(attempt.cost_usd or 0.0 for attempt in section.attempts)


def of_attempt(state: State, section: SectionState, phase: Phase | None) -> float | None:
    """What the attempt that begins now may cost: its phase's budget, and no more than is left of the section's."""
    if not isinstance(phase, AgentPhase):
        return None
    allowed = of_section(state, section)
    left = None if allowed is None else max(0.0, allowed - spent(section))
    return min((one for one in (phase.budget or None, left) if one is not None), default=None)


def used_up(state: State, section: SectionState, phase: Phase | None) -> SectionNeedsAttention | None:
    """Why no agent goes on with the section, when its budget is spent; programs and checks cost nothing and may."""
    allowed, so_far = of_section(state, section), spent(section)
    if allowed is None or so_far < allowed or not isinstance(phase, AgentPhase):
        return None
    unknown = sum(one.cost_usd is None for one in section.attempts)
    more = f", and {unknown} of unknown cost" if unknown else ""
    words = (
        f"{dollars(so_far)} of its {dollars(allowed)} are spent, in {len(section.attempts)} attempts{more}; raise it"
        f" (`orch-tui mend set {section.id} budget=…`, then approve) and retry"
    )
    return SectionNeedsAttention(section=section.id, what=OVER, detail=words)
