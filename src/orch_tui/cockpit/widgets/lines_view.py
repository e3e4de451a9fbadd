"""A pane of lines of any number, of which only the visible ones are ever asked for: streams, texts, help.

No ScrollView: following a stream, that paints twice. The lines come from a source that the screen hands in.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from orch_tui.cockpit import keys
from orch_tui.cockpit.widgets import folding
from orch_tui.cockpit.widgets.lines import Line, Lines


class LinesView(Widget, can_focus=True):
    """Draws a window of lines; follows the end only while it is there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"lines--{kind}"
        for kind in (
            "text",
            "dim",
            "thinking",
            "tool",
            "result",
            "error",
            "ask",
            "notice",
            "ended",
            "heading",
            "quote",
            "code",
            "warning",
            "margin",
            "match",
            "thumb",
            "good",
            "mended",
            "proposed",
            "gone",
            "new",
        )
    }
    BINDINGS = keys.bindings("move", "lines")

    class Moved(Message):
        """The person moved; following may have ended or begun."""

        def __init__(self, view: LinesView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, source: Lines, *, follow: bool = False, wrap: bool = True, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._source = source
        self._follow = self._wants_follow = follow
        self._wrap = wrap
        self._shift = 0
        self._line = self._sub = 0
        self._page: list[tuple[Line, str, bool]] | None = None
        self._ends_at = 0
        self._stamp = -1
        self._match = ""
        self._found = -1
        self._base: Style | None = None
        self._margin = 0
        self._title = Content()
        self._note = ""
        self.times = False

    # --- what the screen says ---

    def show(self, source: Lines, *, follow: bool) -> None:
        """Show other lines, from the end when `follow`, else from the beginning."""
        self._source, self._follow, self._wants_follow = source, follow, follow
        self._line = self._sub = self._shift = 0
        self._found = -1
        self.redraw()

    def update(self, source: Lines) -> None:
        """Show changed lines at the same place."""
        self._source = source
        self.redraw()

    def catch_up(self) -> None:
        """Draw what the source has new, if any of it is to be seen; else only say how much there is."""
        if self._source.stamp() != self._stamp or self._page is None:
            if self._follow:
                self.redraw()
            else:
                self._tell()

    def redraw(self) -> None:
        """Draw again from the source."""
        self._page = None
        self.refresh()
        self._tell()

    @property
    def following(self) -> bool:
        """Whether the end is being followed."""
        return self._follow

    @property
    def place(self) -> int:
        """The first line shown."""
        return self._first()[0]

    def set_title(self, title: Content) -> None:
        """The words in the upper border."""
        self._title = title
        self.border_title = title  # pyright: ignore[reportAttributeAccessIssue]

    def mark(self, needle: str) -> None:
        """Highlight `needle` wherever it stands ("" to stop)."""
        self._match = needle
        self._found = -1
        self.redraw()

    def go_to(self, line: int) -> None:
        """Bring `line` to the upper third."""
        self._leave_end()
        self._line, self._sub = max(0, line - self._height() // 3), 0
        self._moved()

    def stand_at(self, other: LinesView) -> None:
        """Show the same lines as another pane does."""
        self._leave_end()
        self._line, self._sub = other._line, other._sub
        self.redraw()

    async def look(self, needle: str, step: int, *, first: bool = False) -> int:
        """Search from here (from what is shown when `first`) in a thread and go there; the line, -1 without a match."""
        if first or self._found < 0:
            start = self.place if step > 0 else min(self._ends_at, self._source.count()) - 1
        else:
            start = self._found + step
        source = self._source
        found = await asyncio.to_thread(source.find, needle, start, step)
        if found >= 0 and source is self._source:
            self._found = found
            self.go_to(found)
        return found

    def note(self, words: str) -> None:
        """Words in the lower border, beside what is new."""
        self._note = words
        self._tell()

    # --- keys and mouse ---

    def action_move(self, rows: int) -> None:
        """Move by rows on the screen."""
        self._leave_end()
        bottom = self._bottom()
        for _ in range(abs(rows)):
            if not self._step(1 if rows > 0 else -1, bottom):
                break
        self._moved()

    def action_move_pages(self, pages: float) -> None:
        """Move by parts of the pane's height."""
        self.action_move(int(pages * self._height()))

    def action_top(self) -> None:
        """To the first line."""
        self._leave_end()
        self._line = self._sub = 0
        self._moved()

    def action_bottom(self) -> None:
        """To the last line; a stream is followed again."""
        self._follow = self._wants_follow
        if not self._follow:
            self._line, self._sub = self._bottom()
        self._moved()

    def action_shift(self, columns: int) -> None:
        """Move sideways, when lines are not wrapped."""
        self._shift = 0 if self._wrap else max(0, self._shift + columns)
        self.redraw()

    def turn_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self._wrap, self._shift, self._sub = not self._wrap, 0, 0
        self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel."""
        event.stop()
        self.action_move(-3)

    def notify_style_update(self) -> None:
        """Another theme, or the focus."""
        super().notify_style_update()
        self._base = None

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        self.redraw()

    # --- where we are ---

    def _height(self) -> int:
        return max(1, self.size.height)

    def _width(self) -> int:
        return max(1, self.size.width - 1 - self._margin)  # one column is the scroll bar's

    def _leave_end(self) -> None:
        if self._follow:
            self._line, self._sub = self._bottom()
            self._follow = False

    def _first(self) -> tuple[int, int]:
        return self._bottom() if self._follow else (self._line, self._sub)

    def _bottom(self) -> tuple[int, int]:
        """Where a page starts that ends with the last line."""
        left, at = self._height(), self._source.count()
        while at > 0 and left > 0:
            start = max(0, at - max(left, 1))
            for line in reversed(self._source.lines(start, at)):
                rows = len(self._rows(line))
                at -= 1
                left -= rows
                if left <= 0:
                    return at, -left
        return 0, 0

    def _step(self, step: int, bottom: tuple[int, int]) -> bool:
        line, sub = self._line, self._sub + step
        if sub < 0:
            if line == 0:
                return False
            line -= 1
            sub = self._rows_at(line) - 1
        elif sub >= self._rows_at(line):
            line, sub = line + 1, 0
        if step > 0 and (line, sub) > bottom:
            return False
        self._line, self._sub = line, sub
        return True

    def _rows_at(self, line: int) -> int:
        found = self._source.lines(line, line + 1)
        return len(self._rows(found[0])) if found else 1

    def _moved(self) -> None:
        bottom = self._bottom()
        if (self._line, self._sub) >= bottom:
            self._line, self._sub = bottom
            self._follow = self._wants_follow
        self.redraw()
        self.post_message(self.Moved(self))

    def _tell(self) -> None:
        """What stands below: how much is new, or how far we are."""
        count = self._source.count()
        words = self._note
        if self._wants_follow and not self._follow and self._page is not None and count > self._ends_at:
            words = f"+{count - self._ends_at:,} new · G follows" + (f" · {words}" if words else "")
        self.border_subtitle = Content(words)  # pyright: ignore[reportAttributeAccessIssue]

    # --- drawing ---

    def _rows(self, line: Line) -> list[str]:
        return folding.rows(line, self._width(), wrap=self._wrap, shift=self._shift)

    def _build(self) -> list[tuple[Line, str, bool]]:
        line, sub = self._first()
        height = self._height()
        page: list[tuple[Line, str, bool]] = []
        self._stamp = self._source.stamp()
        found = self._source.lines(line, line + height)
        margin = max((cell_len(item.margin) for item in found), default=0)
        self._margin = margin + 1 if margin else 0
        shown = 0
        for at, item in enumerate(found):
            rows = self._rows(item)[sub if at == 0 else 0 :]
            page += [(item, row, number == 0) for number, row in enumerate(rows)]
            shown = at + 1
            if len(page) >= height:
                break
        self._ends_at = self._source.count() if self._follow else line + shown
        return page[:height]

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        if self._page is None:
            self._page = self._build()
        if self._base is None:
            self._base = self.rich_style
        base = self._base
        width = self.size.width
        segments: list[Segment] = []
        if y < len(self._page):
            line, text, first = self._page[y]
            if self._margin:
                margin = (line.margin if first else "").rjust(self._margin - 1) + " "
                segments.append(Segment(margin, base + self._style("margin")))
            style = base + self._style(line.kind)
            segments += self._marked(text, style)
        strip = Strip(segments).adjust_cell_length(width - 1, base)
        return Strip([*strip, self._bar(y, base)])

    def _marked(self, text: str, style: Style) -> list[Segment]:
        if not self._match or self._match.casefold() not in text.casefold():
            return [Segment(text, style)]
        folded, needle = text.casefold(), self._match.casefold()
        if len(folded) != len(text):
            folded, needle = text.lower(), self._match.lower()
        parts: list[Segment] = []
        at = 0
        while (hit := folded.find(needle, at)) >= 0 and needle:
            parts.append(Segment(text[at:hit], style))
            parts.append(Segment(text[hit : hit + len(needle)], style + self._style("match")))
            at = hit + len(needle)
        return [*parts, Segment(text[at:], style)]

    def _bar(self, y: int, base: Style) -> Segment:
        count, height = self._source.count(), self._height()
        if count <= height:
            return Segment(" ", base)
        size = max(1, height * height // count)
        first = count if self._follow else self._first()[0]
        start = min(height - size, first * (height - size) // max(1, count - height))
        return Segment(" ", base + self._style("thumb")) if start <= y < start + size else Segment(" ", base)

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"lines--{kind}", partial=True)
