"""What is there before the journal is read: the first thing on the screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class Opening(Screen[None]):
    """The run's name and that it is being read."""

    CSS_PATH = "opening.tcss"

    def __init__(self, run: str) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static(Content(f"orch-tui · {self._run}\n\nreading the journal …"), markup=False, id="opening")

    def say(self, words: str) -> None:
        """Why it does not open."""
        self.query_one("#opening", Static).update(Content(words))
