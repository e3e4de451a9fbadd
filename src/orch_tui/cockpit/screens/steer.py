"""A message to a running agent."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.dialog import Dialog, words
from orch_tui.cockpit.widgets.typing_field import Paragraphs


class Steer(Dialog[str | None]):
    """Result: what to say, None when discarded."""

    BINDINGS = keys.bindings("prompt")

    def __init__(self, title: str) -> None:
        super().__init__()
        self._whom = title

    def compose(self) -> ComposeResult:
        """Field and keys."""
        with Vertical(classes="box"):
            yield words("The agent takes it in at its next step.", classes="dim")
            yield Paragraphs(soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
            yield words("enter sends   ctrl+j new line   esc discards", classes="keys")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(".box").border_title = Content(f"Tell {self._whom}")  # pyright: ignore[reportAttributeAccessIssue]
        self.set_focus(self.query_one(Paragraphs))
        self.cockpit.deliver()

    @on(Paragraphs.Sent)
    def _sent(self, event: Paragraphs.Sent) -> None:
        if event.text.strip():
            self.dismiss(event.text)
