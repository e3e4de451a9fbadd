"""What is there before the journal is read: the first thing on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from orch_tui.clean import one_line
from orch_tui.clock import Clock, duration
from orch_tui.cockpit import keys
from orch_tui.cockpit.widgets.status_line import key_words

if TYPE_CHECKING:
    from orch_tui.cockpit.app import Cockpit

_A_WHILE = 2.0  # seconds after which it is said how long it has been


class Opening(Screen[None]):
    """What is being done, for how long, and how to leave."""

    CSS_PATH = "opening.tcss"

    def __init__(self, words: str, clock: Clock) -> None:
        super().__init__()
        self._words = words
        self._clock = clock
        self._since = clock.mono()
        self._over = False

    def compose(self) -> ComposeResult:
        """A few lines in the middle; with their words from the start, which else would come a refresh later."""
        yield Static(self._content(self._doing()), markup=False, id="opening")

    def on_mount(self) -> None:
        """Begin to count."""
        self.set_interval(1.0, self._tick)

    def on_screen_resume(self) -> None:
        """The run may have been opened under a dialog."""
        cast("Cockpit", self.app).settle()  # pyright: ignore[reportUnknownMemberType]

    def say(self, words: str) -> None:
        """Why it does not open."""
        self._over = True
        self._draw(words)

    def _tick(self) -> None:
        if not self._over:
            self._draw(self._doing())

    def _doing(self) -> str:
        lasts = self._clock.mono() - self._since
        return f"{one_line(self._words)} …" + (f" {duration(lasts)}" if lasts >= _A_WHILE else "")

    def _draw(self, words: str) -> None:
        self.query_one("#opening", Static).update(self._content(words))

    def _content(self, words: str) -> Content:
        leave = key_words([keys.hint("quit", cast("Cockpit", self.app).remapped)])  # pyright: ignore[reportUnknownMemberType]
        return Content(f"orch-tui\n\n{words}\n\n") + leave
