"""A question before something is destroyed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.dialog import Dialog, words


class Confirm(Dialog[bool | None]):
    """Result: True when the person said yes."""

    BINDINGS = keys.bindings("confirm")

    def __init__(self, question: str, title: str = "Sure?") -> None:
        super().__init__()
        self._question = question
        self._title = title

    def compose(self) -> ComposeResult:
        """Question and keys."""
        with Vertical(classes="box"):
            yield words(self._question, classes="lead")
            yield self.key_line("yes", "no")

    def on_mount(self) -> None:
        """Nothing is focused: only y says yes."""
        self.query_one(".box").border_title = Content(self._title)  # pyright: ignore[reportAttributeAccessIssue]
        self.take_keys()

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)
