"""What would be done, looked up and shown in full before anybody says yes to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.reading import Page, Reading


class Preview(Reading):
    """Result: True when the person said yes to what was shown; without a page there is nothing to say yes to."""

    BINDINGS = keys.bindings("preview")

    def __init__(self, title: str, find: Callable[[], Awaitable[Page]]) -> None:
        async def turn(_: int) -> Page:
            return await find()

        super().__init__(title, turn)
        self._agreeable = False

    def keys_below(self) -> tuple[str | tuple[str, str], ...]:
        """Yes and no."""
        return ("preview_yes", "preview_no")

    def came(self, page: Page) -> None:
        """Now there is something to agree to."""
        self._agreeable = True

    def action_yes(self) -> None:
        """Yes, to what is shown."""
        if self._agreeable:
            self.dismiss(True)
        else:
            self.tell("there is nothing to say yes to")
