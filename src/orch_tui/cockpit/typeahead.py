"""What is typed before the field it is meant for is there goes into that field, and is no command meanwhile.

A busy machine or a slow line hands over many keys at once: without this, `i` and "pause it, please" would pause the
section. Keys go to the widget that has the focus when they come, and come back here when it has no use for them; by
then a key before them may have opened a field.
"""

from __future__ import annotations

from collections import deque

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Input, TextArea

_REMEMBERED = 64  # keys under way at once


class TypeAhead(App[None]):
    """An application whose text fields get what was typed for them early."""

    def __init__(self) -> None:
        super().__init__()
        self._under_way: deque[tuple[events.Key, DOMNode]] = deque(maxlen=_REMEMBERED)
        self._early: list[events.Key] = []
        self._expects_text = False

    def expect_text(self) -> None:
        """A text field is about to come up: keep what is typed until `deliver`."""
        self._expects_text = True

    def deliver(self) -> None:
        """The field has the focus: give it what was typed meanwhile."""
        self._expects_text = False
        early, self._early = self._early, []
        for key in early:
            self._forward(key)

    async def on_event(self, event: events.Event) -> None:
        """Remember where each key goes."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            self._under_way.append((event, self.focused or self.screen))
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """A key nobody had a use for: a command, unless it was meant for a field that came up behind it."""
        went_to = next((node for key, node in self._under_way if key is event), None)
        if went_to is None:
            return
        if self._expects_text:
            self._early.append(event)
        elif isinstance(self.focused, (Input, TextArea)) and went_to is not self.focused:
            self._forward(event)
        else:
            return
        event.stop()
        event.prevent_default()

    def _forward(self, key: events.Key) -> None:
        target: Widget = self.focused or self.screen  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        again = events.Key(key.key, key.character)
        again.set_sender(self)  # an event goes no higher than its sender
        target._forward_event(again)  # pyright: ignore[reportPrivateUsage]
