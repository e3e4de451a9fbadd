"""Markdown tables as rows of cells with their lines; ragged rows are filled up or kept longer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orch_tui.plan.document import Document
from orch_tui.plan.once import once
from orch_tui.plan.value import value

_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")


@value
class Row:
    """One row: as many cells as the header at least."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`header` holds the names of the columns as written; `line` is the header's, `end` the last row's."""

    line: int
    end: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@once
def tables(document: Document) -> tuple[Table, ...]:
    """Every table outside of code, in order: a line of cells, a rule below it, and rows until something else stands."""
    found: list[Table] = []
    number, last = 1, len(document.lines)
    while number < last:
        if "|" in document.line(number) and not document.hidden[number] and _is_rule(document, number + 1):
            table = _table(document, number)
            found.append(table)
            number = table.end
        number += 1
    return tuple(found)


def _is_rule(document: Document, number: int) -> bool:
    line = document.line(number)
    return "|" in line and "-" in line and not document.hidden[number] and bool(_RULE.match(line))


def _table(document: Document, line: int) -> Table:
    header = _cells(document.line(line))
    rows: list[Row] = []
    number = line + 2
    while number <= len(document.lines) and "|" in document.line(number) and not document.hidden[number]:
        cells = _cells(document.line(number))
        rows.append(Row(line=number, cells=(*cells, *[""] * (len(header) - len(cells)))))
        number += 1
    return Table(line=line, end=number - 1, header=header, rows=tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    bare = line.strip()
    bare = bare.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    if "\\" not in bare:
        return tuple(map(str.strip, bare.split("|")))
    return tuple(cell.replace("\\|", "|").strip() for cell in _BAR.split(bare))
