"""The bottom line: what just happened, else the keys that make sense here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

Tone = Literal["plain", "good", "warning", "error"]
_SIGNS: dict[Tone, str] = {"plain": "", "good": "✓ ", "warning": "▲ ", "error": "× "}


class StatusLine(Static):
    """Shows hints; a message takes their place until it is cleared. Long messages take up to three rows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--key", "status--word"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(markup=False, id=id)
        self._hints: Sequence[tuple[str, str]] = ()
        self._words = ""
        self._tall = True
        self._tone: Tone = "plain"

    def hint(self, hints: Sequence[tuple[str, str]]) -> None:
        """(key, word) pairs to show while there is no message."""
        if list(hints) != list(self._hints):
            self._hints = hints
            self._draw()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a message; "" shows the hints again."""
        if (words, tone) == (self._words, self._tone) or not (words or self._words):
            return
        self._words, self._tone = words, tone
        self.set_classes(f"-{tone}" if words else "")
        self._draw()

    @property
    def words(self) -> str:
        """The message being shown, "" when there is none."""
        return self._words

    def on_resize(self) -> None:
        """Another width has room for other hints."""
        self._draw()

    def on_mount(self) -> None:
        """Draw with the styles of the theme."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        if self._words:
            content = Content(f"{_SIGNS[self._tone]}{self._words}")
            tall = content.cell_length > self.size.width
            self.update(content, layout=tall or self._tall)
            self._tall = tall
            return
        self.update(key_words(fitting(self._hints, self.size.width)), layout=self._tall)
        self._tall = False


def key_words(pairs: Sequence[tuple[str, str]]) -> Content:
    """(key, word) pairs as they look wherever keys are named."""
    parts: list[Content] = []
    for key, word in pairs:
        parts += [Content.styled(f"{key} ", "bold $primary"), Content.styled(f"{word}  ", "$secondary")]
    return Content("").join(parts)


def fitting(hints: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """The hints that fit into one row; the last two (help and leaving) stay, of the others the first."""
    kept = list(hints)
    while len(kept) > 2 and width and sum(cell_len(key) + cell_len(word) + 3 for key, word in kept) > width:
        del kept[-3]
    return kept
