"""Keys one after the other: each finds the screen as the keys before it left it.

A busy machine or a slow line hands over many keys at once, and the screen library sends each to what has the focus when
it comes, before the key in front of it had its effect: `i` and "pause it, please" would pause the section, and what is
typed behind tab would end in the field before. So a key waits until the one before it went all the way up; and while a
dialog is on its way, keys wait for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

_STUCK = 0.5  # seconds after which a key is taken for done: what it went to may be gone


class TypeAhead(App[None]):
    """An application whose keys wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key] = deque()
        self._busy = False
        self._expects = False
        self._handed: int = 0

    def expect_text(self) -> None:
        """A dialog or a field is about to come up: what is typed waits for it, until `deliver`."""
        self._expects = True

    def deliver(self) -> None:
        """What was expected has the focus, or will not come."""
        self._expects = False
        if not self._busy:
            self.call_later(self._next, self._handed)

    async def on_event(self, event: events.Event) -> None:
        """Keys queue up; everything else goes its way."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            self._typed.append(event)
            if not self._busy:
                await self._next(self._handed)
            return
        await super().on_event(event)

    async def _next(self, number: int) -> None:
        """Hand over the next key; `number` is how many had been when this was called for."""
        if number != self._handed:
            return
        self._busy = bool(self._typed) and not self._expects
        if not self._busy:
            return
        key = self._typed.popleft()
        self._handed += 1
        self.set_timer(_STUCK, lambda: self._next(number + 1))
        focused = self.focused or self.screen  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        way: list[MessagePump] = [*focused.ancestors_with_self]
        await super().on_event(key)
        # a printable key ends in the field it goes to; another one may send a message up in its turn
        self._when_through(way if key.is_printable else way * 2, number + 1)

    def _when_through(self, way: Sequence[MessagePump], number: int) -> None:
        """Go on when everybody on the way, from the focus up to here, has seen the key."""
        if not way:
            self.call_later(self._next, number)
        elif not way[0].call_later(self._when_through, way[1:], number):
            self._when_through(way[1:], number)
