"""An invariant that does not hold, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """`invariant` is a name of `table.py` ("I4"), `text` a sentence for people, `section` the id it is about or ""."""

    invariant: str
    text: str
    section: str = ""

    def line(self) -> str:
        """One line of it."""
        return f"{self.invariant}: {f'section {self.section!r}: ' if self.section else ''}{self.text}"
