"""Fields a person types into. What is pasted is cleaned: it is shown, and clipboards hold anything."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

from orch_tui.clean import clean, one_line


class OneLine(Input):
    """One line of text; esc gives up."""

    class GivenUp(Message):
        """The person pressed esc."""

        def __init__(self, field: OneLine) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> OneLine:
            """The field."""
            return self.field

    def on_mount(self) -> None:
        """A cursor that stands still costs no redrawing over a slow line."""
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """Esc."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.GivenUp(self))

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(events.Paste(one_line(event.text, 100_000)))
        event.stop()
        event.prevent_default()


class Paragraphs(TextArea):
    """Several lines of text: enter sends, ctrl+j begins a new line, esc is the screen's."""

    class Sent(Message):
        """The person pressed enter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_mount(self) -> None:
        """A cursor that stands still costs no redrawing over a slow line."""
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        match event.key:
            case "enter":
                event.stop()
                event.prevent_default()
                self.post_message(self.Sent(self.text))
            case "ctrl+j":
                event.stop()
                event.prevent_default()
                self.insert("\n")
            case _:
                return  # TextArea's own handler comes next

    async def _on_paste(self, event: events.Paste) -> None:
        await super()._on_paste(events.Paste(clean(event.text)))
        event.stop()
        event.prevent_default()
