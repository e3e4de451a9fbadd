"""What is recorded when an event would have broken an invariant: that the run halts, and an answer to a command."""

from __future__ import annotations

from orch_tui.core import rules
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted, CommandRefused, RunHalted
from orch_tui.core.state import State
from orch_tui.invariants.violation import Broken


def stopped(state: State, broken: Broken | None, first: Event | None) -> list[Event]:
    """The last words of a runner; `first` is the first of the events that were not recorded.

    A command that led to them is refused: else every further runner would take it in, and stop as well.
    """
    if broken is None:
        return []
    events: list[Event] = []
    if isinstance(first, CommandAccepted) and first.id not in state.commands:
        events.append(
            CommandRefused(
                id=first.id, op=first.op, actor=first.actor, section=first.section, reason=broken.violation.line()
            )
        )
    if state.phase in rules.WORKING:
        events.append(RunHalted(why=broken.line()))
    return events
