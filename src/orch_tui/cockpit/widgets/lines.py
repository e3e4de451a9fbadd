"""Lines of a pane, and where they come from: memory, or a source that only ever looks at a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

BAR = "│ "
"""A lead that goes on in front of wrapped rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: cleaned text, the kind that gives it its looks, a lead ("▶ ") and what stands in the margin."""

    text: str
    kind: str = "text"
    lead: str = ""
    margin: str = ""


class Lines(Protocol):
    """Where lines come from. All calls are quick: they look at a window."""

    def count(self) -> int:
        """How many lines there are now."""
        ...

    def stamp(self) -> int:
        """Changes whenever lines changed."""
        ...

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """The lines from `start` to before `stop`."""
        ...

    def find(self, needle: str, start: int, step: int) -> int:
        """The first line from `start` on, going by `step` (1 or -1), that holds `needle`; -1 without one."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Lines held in memory."""

    items: Sequence[Line]

    def count(self) -> int:
        """See Lines."""
        return len(self.items)

    def stamp(self) -> int:
        """See Lines."""
        return len(self.items)

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """See Lines."""
        return self.items[start:stop]

    def find(self, needle: str, start: int, step: int) -> int:
        """See Lines."""
        wanted = needle.casefold()
        at = start
        while 0 <= at < len(self.items):
            if wanted in self.items[at].text.casefold():
                return at
            at += step
        return -1
