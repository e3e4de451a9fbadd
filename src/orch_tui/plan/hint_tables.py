"""Hints in the columns of a plan's own tables: `| Task | Agent | Model | Files |`, a row for each section."""

from __future__ import annotations

from orch_tui.plan.document import Document
from orch_tui.plan.fields import is_none, plain
from orch_tui.plan.hint_words import HINTS, TIMID, Hint
from orch_tui.plan.hints import filled, stated
from orch_tui.plan.inline import unlinked
from orch_tui.plan.model import Hints
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.references import References
from orch_tui.plan.tables import Table, tables

_FIRST_CELLS = 3
"""Cells of a row that may name its section."""
_NO_COLUMN = TIMID | {
    "check",
    "checks",
    "requirements",
    "requirement",
    "requirement refs",
    "validates",
    "path",
    "paths",
    "resource",
    "resources",
}
"""Names of fields that as columns hold something else: a status, a matrix of requirements, an index of files."""


def hints_in_tables(document: Document, items: tuple[WorkItem, ...], references: References) -> dict[int, Hints]:
    """By item number, what the columns of all tables say about it; tables within an item are its own details."""
    out: dict[int, Hints] = {}
    own = {item.line for item in items}
    inside = {line for item in items for line in range(item.line + 1, item.end + 1)} - own
    for table in tables(document):
        columns = _columns(table)
        if not columns or table.line in inside:
            continue
        for row in table.rows:
            names = [cell for at, cell in enumerate(row.cells) if at not in columns][:_FIRST_CELLS]
            at = next((at for name in names if (at := _item(name, references)) >= 0), -1)
            values: list[tuple[Hint, str]] = [(hint, plain(row.cells[column])) for column, hint in columns.items()]
            told = stated((hint, value) for hint, value in values if value and not is_none(value))
            if at >= 0:
                out[at] = filled(out[at], told) if at in out else told
    return out


def _columns(table: Table) -> dict[int, Hint]:
    """The columns that hold hints."""
    names = [" ".join(unlinked(name).replace("*", "").lower().split()) for name in table.header]
    return {at: HINTS[name] for at, name in enumerate(names) if name in HINTS and name not in _NO_COLUMN}


def _item(name: str, references: References) -> int:
    found = references.node("", unlinked(name).strip("*` "))
    return found.items[0] if found and len(found.items) == 1 and found.way in {"id", "title"} else -1
