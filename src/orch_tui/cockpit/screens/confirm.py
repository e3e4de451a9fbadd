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

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Question and keys."""
        with Vertical(classes="box") as box:
            box.border_title = "Sure?"
            yield words(self._question, classes="lead")
            yield words("y yes   n or esc no", classes="keys")

    def on_mount(self) -> None:
        """Nothing is focused: only y says yes."""
        self.query_one(".box").border_title = Content("Sure?")  # pyright: ignore[reportAttributeAccessIssue]
        self.take_keys()

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)
