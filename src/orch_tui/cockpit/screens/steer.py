"""Words for an agent: a message to one that runs, or a note for one that will."""

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

    def __init__(self, title: str, lead: str = "The agent takes it in at its next step.") -> None:
        super().__init__()
        self._title = title
        self._lead = lead

    def compose(self) -> ComposeResult:
        """Field and keys."""
        with Vertical(classes="box"):
            yield words(self._lead, classes="dim")
            yield Paragraphs(soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
            yield self.key_line(("enter", "send"), ("ctrl+j", "new line"), "discard")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(".box").border_title = Content(self._title)  # pyright: ignore[reportAttributeAccessIssue]
        self.take_keys(self.query_one(Paragraphs))

    @on(Paragraphs.Sent)
    def _sent(self, event: Paragraphs.Sent) -> None:
        if event.text.strip():
            self.dismiss(event.text)
