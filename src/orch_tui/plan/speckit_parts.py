"""Where a spec-kit plan speaks of order: under headings that say so, below those of phases, in tables and pictures."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TypeVar

from orch_tui.plan import mermaid, statements
from orch_tui.plan.canvas import drawing
from orch_tui.plan.document import Document, Fence, Heading
from orch_tui.plan.fields import plain
from orch_tui.plan.reading import Container, Diagram, WorkItem
from orch_tui.plan.speckit_names import TASK, Names
from orch_tui.plan.speckit_order import Lines, Relations, is_hint, is_order
from orch_tui.plan.tabled import columns_of
from orch_tui.plan.tables import Table, tables

_Shown = TypeVar("_Shown", bound="Table | Fence | Diagram")
_PICTURES = frozenset({"", "text", "txt", "ascii", "plaintext"})
_COMMENT = re.compile(r"\s+(?:[←◀◄]|<-|#|//).*$")
_DEFINED = re.compile(
    rf"(?<![\w-])(?P<name>[^\W\d_][^\W_]{{3,30}})\s*[(（]\s*(?P<tasks>{TASK}(?:\s*(?:[-–—−~,&]|to)?\s*{TASK})*)\s*[)）]"
)
_NODE = re.compile(r"[\s│|┃]*[├└╰╚+`]\s?[─━═-]+\s*")
_ASIDES = re.compile(r"[(（]([^()（）]+)[)）]")


def read_relations(
    document: Document,
    items: Sequence[WorkItem],
    containers: Sequence[Container],
    names: Names,
    number: dict[int, int],
) -> Relations:
    """All that is said; `number` are the containers by the index of their heading."""
    lines = Lines(items, containers, names)
    taken = {line for item in items for line in range(item.line, item.end + 1)}
    firsts = [item.line for item in items]
    about = _parts(document, firsts, taken)
    pictured = _Pictured(document) if any(about) else None
    _define(document, names, about)
    for at, heading in enumerate(document.headings):
        stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else heading.end
        if about[at] and pictured:
            lines.heading(heading.line, heading.text)
            _part(document, lines, heading.line + 1, stop, taken)
            pictured.tell(lines, heading.line + 1, stop)
        elif at in number and heading.line not in taken and _holds(firsts, heading):
            lines.strict = True
            _lead(document, lines, at, number[at], stop, taken)
            lines.strict = False
    return lines.finish()


def _define(document: Document, names: Names, about: Sequence[bool]) -> None:
    """The words that the parts about order explain by tasks, always by the same ones: "Tests (T004-T012)"."""
    found: dict[str, list[list[int]]] = {}
    for at, heading in enumerate(document.headings):
        stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else heading.end
        for number in document.visible(heading.line + 1, stop) if about[at] else ():
            names.here(number)
            for said in _DEFINED.finditer(document.line(number)):
                found.setdefault(said["name"].casefold(), []).append(names.meant(said["tasks"]).items)
    for word, meant in found.items():
        if len(meant[0]) > 1 and all(one == meant[0] for one in meant):
            names.define(word, meant[0])


def _parts(document: Document, firsts: Sequence[int], taken: set[int]) -> list[bool]:
    """For each heading, whether order is stated below it; not below headings that hold tasks, nor below mere hints."""
    about: list[bool] = []
    for heading in document.headings:
        inherited = heading.parent >= 0 and about[heading.parent]
        about.append(
            not _holds(firsts, heading)
            and heading.line not in taken
            and not is_hint(heading.text)
            and (inherited or is_order(heading.text))
        )
    return about


def _holds(firsts: Sequence[int], heading: Heading) -> bool:
    """Whether a task stands below a heading."""
    at = bisect_right(firsts, heading.line)
    return at < len(firsts) and firsts[at] <= heading.end


def _part(document: Document, lines: Lines, first: int, stop: int, taken: set[int]) -> None:
    """The paragraphs of a part about order."""
    free = [
        n for n in document.visible(first, stop) if n not in taken and not document.line(n).lstrip().startswith("|")
    ]
    for paragraph in statements.paragraphs(document, free):
        lines.line(paragraph.line, paragraph.text, indent=_indent(paragraph.text))


class _Pictured:
    """The tables, drawings and charts of a document, told part by part."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._tables = tables(document)
        self._charts = mermaid.diagrams(document, soft_dots=False)[0]
        self._fences = [fence for fence in document.fences if fence.language in _PICTURES]

    def tell(self, lines: Lines, first: int, stop: int) -> None:
        """Tells `lines` what is shown from line `first` to line `stop`."""
        for table in _inside(self._tables, first, stop):
            self._table(lines, table)
        for fence in _inside(self._fences, first, stop):
            _picture(self._document, lines, fence)
        for chart in _inside(self._charts, first, stop):
            for arrow in chart.arrows:
                lines.arrow(chart.nodes[arrow.before], chart.nodes[arrow.after], arrow.line, arrow.quote)

    def _table(self, lines: Lines, table: Table) -> None:
        columns = columns_of(table)
        stated = {at for at, _ in columns.relations}
        for row in table.rows:
            cells = [cell for at, cell in enumerate(row.cells) if at not in stated]
            who = next((cell for cell in cells if lines.names.meant(plain(cell), subject=True)), "")
            for at, relation in columns.relations:
                lines.row(row.line, self._document.line(row.line), who, relation, plain(row.cells[at]))


def _inside(shown: Sequence[_Shown], first: int, stop: int) -> Sequence[_Shown]:
    return shown[bisect_left(shown, first, key=_line_of) : bisect_right(shown, stop, key=_line_of)]


def _line_of(shown: Table | Fence | Diagram) -> int:
    return shown.line


def _lead(document: Document, lines: Lines, at: int, container: int, stop: int, taken: set[int]) -> None:
    """The brackets of a phase's heading, and the lines between it and its first task."""
    heading = document.headings[at]
    lines.of_phase(container)
    for aside in _ASIDES.findall(heading.text):
        lines.line(heading.line, aside)
    lead: list[int] = []
    for number in document.visible(heading.line + 1, stop):
        if number in taken:
            break
        lead.append(number)
    for paragraph in statements.paragraphs(document, lead):
        lines.line(paragraph.line, paragraph.text)


def _picture(document: Document, lines: Lines, fence: Fence) -> None:
    """A drawing in a block of text; comments behind its nodes are left out."""
    rows = [_COMMENT.sub("", document.line(number)) for number in range(fence.line + 1, fence.end)]
    texts, strokes = drawing(rows)
    for stroke in strokes:
        number = fence.line + 1 + stroke.row
        for source in stroke.sources:
            for target in stroke.targets:
                lines.arrow(texts[source], texts[target], number, document.line(number))
    for offset, row in enumerate(rows):
        lines.line(fence.line + 1 + offset, row, indent=_indent(row))
    if not strokes:
        for offset, parent in _tree(rows):
            number = fence.line + 1 + offset
            lines.branch(_NODE.sub("", rows[parent]), _NODE.sub("", rows[offset]), number, document.line(number))


def _tree(rows: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Each branch of a tree of `├──` and `└──` with the row that it hangs on."""
    above: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        opened = _NODE.match(row)
        column = opened.end() if opened else _indent(row)
        if not row.strip() or (opened and not row[opened.end() :].strip()):
            continue
        while above and above[-1][0] >= column:
            above.pop()
        if opened and above:
            yield at, above[-1][1]
        above.append((column, at))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
