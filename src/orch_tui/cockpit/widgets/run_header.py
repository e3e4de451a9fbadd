"""The top of every board: what run this is, how far it is, what it costs, what needs a person; and a bar below."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from orch_tui.client.views import ASKING, GLYPHS, Summary
from orch_tui.core.state import Phase, Status

_BAR_ORDER = (
    Status.DONE,
    Status.SKIPPED,
    Status.RUNNING,
    Status.ATTENTION,
    Status.PAUSED,
    Status.FAILED,
    Status.BLOCKED,
    Status.PARKED,
    Status.READY,
    Status.WAITING,
)
_KEPT = (
    Status.RUNNING,
    Status.FAILED,
    Status.ATTENTION,
    Status.BLOCKED,
    Status.PAUSED,
    Status.PARKED,
    Status.SKIPPED,
    Status.DONE,
    Status.READY,
    Status.WAITING,
)
"""What is counted, in the order in which it stays on a narrow terminal; "3 of 9" tells what is done."""
_QUIET = frozenset({Status.READY, Status.WAITING, Status.PARKED})


class RunHeader(Widget):
    """Two rows: words and bar. Shows what it is given; `answer` opens what agents ask, `look` what they propose."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header--title",
        "header--dim",
        "header--asks",
        "header--bad",
        "header--good",
        "header--active",
        "header--track",
        *(f"header--{status.value}" for status in Status),
    }

    def __init__(self, summary: Summary | None = None, *, answer: str, look: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._summary = summary
        self._answer, self._look = answer, look

    def show(self, summary: Summary) -> None:
        """Show this; nothing is drawn when it is the same."""
        if summary != self._summary:
            self._summary = summary
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The words, or the bar."""
        base = self.rich_style
        width = self.size.width
        if self._summary is None or y > 1:
            return Strip([Segment(" " * width, base)])
        return self._words(self._summary, base, width) if y == 0 else self._bar(self._summary, base, width)

    def _words(self, summary: Summary, base: Style, width: int) -> Strip:
        figures = self._figures(summary, base)
        while len(figures) > 1 and _cells([segment for _, segment in figures]) > width * 3 // 5:
            figures.remove(max(figures, key=lambda figure: figure[0]))
        right = [segment for _, segment in figures]
        phase = self._phase(summary, base)
        room = width - _cells(right) - _cells(phase) - 4
        title = summary.title if cell_len(summary.title) <= room else _shortened(summary.title, room)
        left = [Segment(" ", base), Segment(title, self._style(base, "title")), Segment("  ", base), *phase]
        shown = Strip(left).adjust_cell_length(max(0, width - _cells(right)), base)
        return Strip([*shown, *right]).adjust_cell_length(width, base)

    def _phase(self, summary: Summary, base: Style) -> list[Segment]:
        match summary.phase:
            case Phase.RUNNING:
                look = "active"
            case Phase.DONE:
                look = "good"
            case Phase.FAILED | Phase.CANCELLED | Phase.CANCELLING:
                look = "bad"
            case Phase.REVIEW | Phase.PAUSED | Phase.STOPPED | Phase.STOPPING:
                look = "asks"
            case _:
                look = "dim"
        return [Segment(summary.word, self._style(base, look))]

    def _figures(self, summary: Summary, base: Style) -> list[tuple[int, Segment]]:
        """What stands on the right; on narrow terminals the highest number is left out first."""
        dim = self._style(base, "dim")
        figures = [
            (50 + _KEPT.index(status), Segment(f" {GLYPHS[status]} {count} ", self._style(base, status.value)))
            for status, count in summary.counts
        ]
        if summary.total:
            figures.append((30, Segment(f" {summary.finished} of {summary.total} ", base)))
        if summary.clock:
            figures += [(10, Segment(f" {summary.cost} ", base)), (20, Segment(f" {summary.clock} ", dim))]
        if summary.attention:
            words = f" {GLYPHS[Status.ATTENTION]} {summary.attention} needs you "
            figures.append((2, Segment(words, self._style(base, "attention"))))
        if summary.proposed:
            words = f" + {summary.proposed} proposed: {self._look} "
            figures.append((3, Segment(words, self._style(base, "asks"))))
        if summary.asks:
            figures.append((1, Segment(f" {ASKING} {summary.asks} asking: {self._answer} ", self._style(base, "asks"))))
        return figures

    def _bar(self, summary: Summary, base: Style, width: int) -> Strip:
        counts = dict(summary.counts)
        total = max(1, summary.total)
        segments: list[Segment] = []
        drawn = seen = 0
        for status in _BAR_ORDER:
            seen += counts.get(status, 0)
            upto = round(width * seen / total)
            if upto > drawn:
                look = "track" if status in _QUIET else status.value
                segments.append(Segment(("─" if status in _QUIET else "━") * (upto - drawn), self._style(base, look)))
                drawn = upto
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, base: Style, name: str) -> Style:
        return base + self.get_component_rich_style(f"header--{name}", partial=True)


def _cells(segments: list[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)


def _shortened(text: str, room: int) -> str:
    while text and cell_len(text) > max(1, room - 1):
        text = text[:-1]
    return text + "…"
