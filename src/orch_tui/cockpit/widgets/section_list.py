"""The list of sections, as a tree or by waves: draws only what is visible, so thousands cost what ten cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from orch_tui.client.outline import OutlineRow
from orch_tui.client.views import SectionRow
from orch_tui.cockpit import keys
from orch_tui.core.state import Status

_WIDE = 56  # columns from which the status stands there as a word
_WIDEST = 72  # columns from which the cost stands there too
_WORD, _TIME, _COST = 12, 8, 9

RowOf = Callable[[str], SectionRow | None]
Remark = Callable[[str, SectionRow, int], Sequence[tuple[str, str]]]
"""What stands on the right of a section's row in a list of that width: (text, look) pairs."""
MARK = "●"
"""The sign of a marked section."""


class SectionList(Widget, can_focus=True):
    """Rows of an outline with a cursor. `row_of` gives a section's row as it is now."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "section--cursor",
        "section--cursor-blurred",
        "section--guides",
        "section--heading",
        "section--reference",
        "section--id",
        "section--dim",
        "section--asking",
        "section--number",
        "section--critical",
        "section--mended",
        "section--warning",
        "section--error",
        "section--proposed",
        *(f"section--{status.value}" for status in Status),
    }
    BINDINGS = keys.bindings("move")

    class Selected(Message):
        """The cursor is on another section."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    class Opened(Message):
        """A row was clicked twice."""

    def __init__(self, row_of: RowOf, *, remark: Remark | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._row_of = row_of
        self._remark = remark
        self._gap = "" if remark is not None else " "  # between the digit that jumps here and the sign of the status
        self._rows: Sequence[OutlineRow] = ()
        self._at: dict[str, int] = {}
        self._cursor = 0
        self._top = 0
        self._numbers: dict[str, int] = {}
        self._marked: AbstractSet[str] = frozenset()
        self._base: Style | None = None

    # --- what the screen says ---

    def show(self, rows: Sequence[OutlineRow]) -> None:
        """Show another outline; the cursor stays on its section."""
        section = self.section
        self._rows = rows
        self._at = {row.section: at for at, row in enumerate(rows) if row.kind == "section"}
        self._cursor = self._at.get(section, next((at for at, row in enumerate(rows) if row.section), 0))
        self._reveal()
        self.refresh()

    def tick(self) -> None:
        """Draw the rows that have a clock."""
        shown = range(self._top, min(len(self._rows), self._top + self.size.height))
        live = [at for at in shown if (row := self._row_of(self._rows[at].section)) is not None and row.live]
        if live:
            self.refresh(*map(self._region, live))

    def number(self, numbers: dict[str, int]) -> None:
        """The digits that jump to sections."""
        if numbers != self._numbers:
            self._numbers = numbers
            self.refresh()

    def mark(self, sections: AbstractSet[str]) -> None:
        """Which sections are marked."""
        if sections != self._marked:
            self._marked = frozenset(sections)
            self.refresh()

    def select(self, section: str) -> None:
        """Move the cursor to a section's own row."""
        if section in self._at:
            self._go(self._at[section])

    def find(self, needle: str, step: int, *, stay: bool = False) -> bool:
        """Move to the next row by `step` (1 or -1) whose id or title holds `needle`; False when none does."""
        wanted = needle.casefold()
        count = len(self._rows)
        for distance in range(0 if stay else 1, count + 1):
            at = (self._cursor + step * distance) % count
            row = self._rows[at]
            found = self._row_of(row.section) if row.kind == "section" else None
            if found is not None and wanted in f"{found.id} {found.title}".casefold():
                self._go(at)
                return True
        return False

    @property
    def section(self) -> str:
        """The section under the cursor (a reference counts as what it names); "" on a heading."""
        return self._rows[self._cursor].section if self._cursor < len(self._rows) else ""

    @property
    def on_reference(self) -> bool:
        """Whether the cursor is on a reference."""
        return bool(self._rows) and self._rows[self._cursor].kind == "reference"

    # --- keys and mouse ---

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._go(self._cursor + rows, 1 if rows > 0 else -1)

    def action_move_pages(self, pages: float) -> None:
        """Move the cursor by parts of the pane's height."""
        self.action_move(int(pages * max(2, self.size.height)))

    def action_top(self) -> None:
        """To the first section."""
        self._go(0, 1)

    def action_bottom(self) -> None:
        """To the last section."""
        self._go(len(self._rows) - 1, -1)

    def on_click(self, event: events.Click) -> None:
        """Select; a second click opens."""
        self._go(self._top + event.get_content_offset_capture(self).y)
        if event.chain > 1:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel."""
        event.stop()
        self._scroll(-3)

    def notify_style_update(self) -> None:
        """Another theme, or the focus."""
        super().notify_style_update()
        self._base = None

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()
        self.refresh()

    def _go(self, at: int, step: int = 1) -> None:
        if not self._rows:
            return
        before, old, top = self.section, self._cursor, self._top
        at = max(0, min(len(self._rows) - 1, at))
        for direction in (step, -step):
            found = at
            while 0 <= found < len(self._rows) and not self._rows[found].section:
                found += direction
            if 0 <= found < len(self._rows):
                self._cursor = found
                break
        self._reveal()
        if self._top == top:  # only two rows changed
            self.refresh(self._region(old), self._region(self._cursor))
        else:
            self.refresh()
        if self.section != before:
            self.post_message(self.Selected(self.section))

    def _region(self, at: int) -> Region:
        return Region(0, at - self._top, self.size.width, 1)

    def _scroll(self, rows: int) -> None:
        self._top = max(0, min(len(self._rows) - self.size.height, self._top + rows))
        self.refresh()

    def _reveal(self) -> None:
        height = max(1, self.size.height)
        heading = 1 if self._cursor > 0 and not self._rows[self._cursor - 1].section else 0
        self._top = max(min(self._top, self._cursor - heading), self._cursor - height + 1)
        self._top = max(0, min(self._top, len(self._rows) - height))

    # --- drawing ---

    def render_line(self, y: int) -> Strip:
        """One row."""
        if self._base is None:
            self._base = self.rich_style
        base = self._base
        width = self.size.width
        at = self._top + y
        if at >= len(self._rows):
            return Strip([Segment(" " * width, base)])
        row = self._rows[at]
        if at == self._cursor:
            base += self._style("cursor" if self.has_focus else "cursor-blurred")
        found = self._row_of(row.section) if row.section else None
        if found is None:
            words = row.words if cell_len(row.words) + 2 <= width else set_cell_size(row.words, max(0, width - 3)) + "…"
            return Strip([Segment(f"  {words}", base + self._style("heading"))]).adjust_cell_length(width, base)
        right = self._right(row, found, base, width)
        room = width - sum(cell_len(segment.text) for segment in right)
        left = self._left(row, found, base, cursor=at == self._cursor)
        left += self._others(row, room - _cells(left) - 1, base)
        if _cells(left) >= room:  # a cell stays free before what stands on the right
            left = [*_cut(left, room - 2), Segment("…", base + self._style("dim"))]
        return Strip([*Strip(left).adjust_cell_length(room, base), *right]).adjust_cell_length(width, base)

    def _left(self, row: OutlineRow, found: SectionRow, base: Style, *, cursor: bool) -> list[Segment]:
        number = self._numbers.get(row.section)
        lead = "›" if cursor else " "
        sign = str(number) if number else MARK if row.section in self._marked else " "
        segments = [
            Segment(lead, base),
            Segment(sign if row.kind == "section" else " ", base + self._style("number")),
            Segment(self._gap + row.guides, base + self._style("guides")),
        ]
        if row.kind == "reference":
            return [*segments, Segment(f"→ {found.id} (*)", base + self._style("reference"))]
        status = base + self._style("asking" if found.asking else found.status.value)
        quiet = found.status in {Status.WAITING, Status.SKIPPED, Status.BLOCKED}
        segments += [Segment(f"{found.glyph} ", status), Segment(found.id, base + self._style("id"))]
        if found.title and found.title != found.id:
            segments.append(Segment(f"  {found.title}", base + self._style("dim") if quiet else base))
        return segments

    def _others(self, row: OutlineRow, room: int, base: Style) -> list[Segment]:
        """ "+2 deps: C done, D running" where there is room for it, else "+2 deps" or "+2", else nothing."""
        if not row.others:
            return []
        found = [other for name in row.others[:3] if (other := self._row_of(name)) is not None]
        listed = row.listed([f"{other.id} {other.status.value}" for other in found])
        count = len(row.others)
        plain = f"  +{count} dep{'s' if count > 1 else ''}"
        ways = (f"{plain}: {listed}{' …' if count > 3 else ''}", plain, f"  +{count}")
        fits = next((words for words in ways if cell_len(words) <= room), "")
        return [Segment(fits, base + self._style("dim"))]

    def _right(self, row: OutlineRow, found: SectionRow, base: Style, width: int) -> list[Segment]:
        if row.kind == "reference":
            return []
        dim = base + self._style("dim")
        if self._remark is not None:
            return [Segment(text, base + self._style(look)) for text, look in self._remark(row.section, found, width)]
        status = base + self._style("asking" if found.asking else found.status.value)
        segments: list[Segment] = []
        if width >= _WIDE:
            segments.append(Segment(" " + set_cell_size(found.word[:_WORD], _WORD), status))
        if width >= _WIDE or found.live:
            segments.append(Segment(found.elapsed.rjust(_TIME if width >= _WIDE else 0) + " ", dim))
        if width >= _WIDEST:
            segments.append(Segment(found.cost.rjust(_COST) + " ", dim))
        return segments

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"section--{name}", partial=True)


def _cells(segments: Sequence[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)


def _cut(segments: Sequence[Segment], room: int) -> list[Segment]:
    """The first `room` cells, without the space before what was cut."""
    *shown, last = Strip(segments).crop(0, max(1, room))
    return [*shown, Segment(last.text.rstrip(), last.style)]
