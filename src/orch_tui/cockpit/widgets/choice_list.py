"""A list of any number of entries to choose one from; only the visible ones are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

_NOTE = 0.45
"""The part of the width that a note may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry, cleaned: `key` is what people call it, `note` stands on the right.

    `quiet` entries can be chosen too, but hardly make sense (a dependency that is there already).
    """

    value: str
    key: str
    words: str = ""
    note: str = ""
    quiet: bool = False


class ChoiceList(Widget, can_focus=True):
    """Entries with a cursor, at first on one that makes sense.

    The screen moves the cursor, so that keys work while a field has the focus.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--cursor", "choice--key", "choice--note", "choice--quiet"}

    class Moved(Message):
        """Another entry is under the cursor."""

    class Chosen(Message):
        """An entry was clicked."""

    def __init__(self, choices: Sequence[Choice] = (), *, numbered: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = choices
        self._shown: Sequence[int] = range(len(choices))
        self._numbered = numbered
        self._cursor = next((at for at, choice in enumerate(choices) if not choice.quiet), 0)
        self._top = 0
        self._width = 0

    @property
    def choice(self) -> Choice | None:
        """What is under the cursor; None when nothing is shown."""
        return self._choices[self._shown[self._cursor]] if self._cursor < len(self._shown) else None

    @property
    def count(self) -> int:
        """How many entries are shown."""
        return len(self._shown)

    def show(self, choices: Sequence[Choice], *, at: int = 0) -> None:
        """Other entries, the cursor on the one at `at`."""
        self._choices = choices
        self.narrow(range(len(choices)), at=at)

    def narrow(self, shown: Sequence[int], *, at: int = 0) -> None:
        """Show only these, in this order."""
        self._shown = shown
        self._cursor = max(0, min(at, len(shown) - 1))
        self._top = 0
        self._width = 0
        self._moved()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        if self._shown:
            self._cursor = max(0, min(len(self._shown) - 1, self._cursor + rows))
            self._moved()

    def move_pages(self, pages: float) -> None:
        """Move the cursor by parts of the height."""
        self.move(int(pages * max(2, self.size.height)))

    def pick(self, number: int) -> bool:
        """Put the cursor on the entry with this number (from 1); False when there is none."""
        if not 0 < number <= len(self._shown):
            return False
        self._cursor = number - 1
        self._moved()
        return True

    def on_click(self, event: events.Click) -> None:
        """The entry under the mouse; a second click chooses it."""
        if self.pick(self._top + event.get_content_offset_capture(self).y + 1) and event.chain > 1:
            self.post_message(self.Chosen())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel."""
        event.stop()
        self.move(-3)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()
        self.refresh()

    def _moved(self) -> None:
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        height = max(1, self.size.height)
        self._top = max(min(self._top, self._cursor), self._cursor - height + 1)
        self._top = max(0, min(self._top, len(self._shown) - height))

    # --- drawing ---

    def render_line(self, y: int) -> Strip:
        """One entry."""
        base, width, at = self.rich_style, self.size.width, self._top + y
        if at >= len(self._shown):
            return Strip([Segment(" " * width, base)])
        choice = self._choices[self._shown[at]]
        if at == self._cursor:
            base += self._style("cursor")
        look = base + self._style("quiet") if choice.quiet else base
        number = f"{at + 1} " if self._numbered and at < 9 else ""
        keys = min(self._keys(), width // 3)
        left = [
            Segment("› " if at == self._cursor else "  ", base),
            Segment(number, base + self._style("note")),
            Segment(choice.key + " " * max(0, keys - cell_len(choice.key)), look + self._style("key")),
            Segment(f"  {choice.words}" if choice.words else "", look),
        ]
        note = self._note(choice, base, width)
        room = width - sum(cell_len(segment.text) for segment in note)
        cut = Strip(left).cell_length > room
        shown = Strip(left).adjust_cell_length(room - 1 if cut else room, base)
        return Strip([*shown, *([Segment("…", look)] if cut else []), *note]).adjust_cell_length(width, base)

    def _note(self, choice: Choice, base: Style, width: int) -> list[Segment]:
        if not choice.note:
            return []
        room = int(width * _NOTE)
        words = choice.note if cell_len(choice.note) <= room else choice.note[: room - 1] + "…"
        return [Segment(f"  {words} ", base + self._style("note"))]

    def _keys(self) -> int:
        """The width of the keys around what is seen, so that the words stand in a column."""
        if not self._width:
            seen = self._shown[self._top : self._top + 200]
            self._width = max((cell_len(self._choices[at].key) for at in seen), default=0)
        return self._width

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"choice--{name}", partial=True)
