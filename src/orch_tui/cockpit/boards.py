"""Which board is on the screen: the one the person asked for, as far as the run has it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from orch_tui.client.changes import Fate
    from orch_tui.cockpit.screens.board import Board
    from orch_tui.core.edition import Approval
    from orch_tui.core.state import State

Wish = Literal["run", "plan", "difference"]


def load() -> None:
    """Import what the boards need; called in a thread, where it costs no frame."""
    for name in ("outbox", "screens.review", "screens.run"):
        import_module(f"orch_tui.cockpit.{name}")


class Boards:
    """What the person wants to see. Boards are imported when they are shown."""

    def __init__(self) -> None:
        self._wants: Wish = "run"
        self._awaits = False
        self._carries = False
        self._fates: dict[str, Fate] = {}
        self._fates_over: Approval | None = None

    def fates(self, state: State) -> dict[str, Fate]:
        """What the person chose for sections of the changed plan, by change; kept while they look at other boards."""
        if state.candidate is None or state.approval is not self._fates_over:
            self._fates, self._fates_over = {}, state.approval
        return self._fates

    def want(self, wish: Wish) -> None:
        """Show this one, with the section that is selected now."""
        self._wants, self._carries = wish, True

    def await_difference(self, *, awaits: bool) -> None:
        """The difference is wanted as soon as the runner has read the changed plan, or not any more."""
        self._awaits = awaits

    def revised(self, *, refusal: str) -> None:
        """The runner has read the changed plan; where it refused to, no difference will come."""
        self._awaits = self._awaits and not refusal

    def carried(self, section: str) -> str:
        """The section to begin with on the next board: `section` if the person went there, else ""."""
        carried = section if self._carries else ""
        self._carries = False
        return carried

    def choose(self, state: State) -> type[Board]:
        """The board for this state."""
        from orch_tui.cockpit.screens.review import Review
        from orch_tui.cockpit.screens.run import Run
        from orch_tui.core.state import Phase

        self.fates(state)
        if state.phase in {Phase.NEW, Phase.REVIEW} or state.approval is None:
            return Review
        if self._awaits and state.candidate is not None:
            self._wants, self._awaits = "difference", False
        if self._wants == "difference" and state.candidate is None:
            self._wants = "run"
        if self._wants == "difference":
            from orch_tui.cockpit.screens.difference import Difference

            return Difference
        return Review if self._wants == "plan" else Run
