"""Tables of two columns that hold the fields of one item, each in a row: `| Depends on | T1 |` is `Depends on: T1`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.plan.fields import field, field_relation
from orch_tui.plan.marks import STATUS_FIELDS
from orch_tui.plan.names import ID

_ROW = re.compile(r"\s*\|(?P<name>[^|]*)\|(?P<value>[^|]*)\|\s*")
_RULE = re.compile(r"[\s|:-]+")
_KEY = re.compile(rf"[\W_]*{ID}[\W_]*")


def with_fields(lines: list[str], hidden: Sequence[bool]) -> list[str]:
    """The lines, sign for sign, with the rows of such tables as fields."""
    rules = [at for at, line in enumerate(lines) if "-|" in line or "- |" in line or ":|" in line]
    found = [at for at in rules if at and not hidden[at] and _opens(lines[at - 1], lines[at])]
    out = list(lines) if found else lines
    for number in found:
        rows = _rows(lines, hidden, number)
        fields = {at: text for at in rows if (text := _field(lines[at - 1]))}
        if not any(_KEY.fullmatch(_name(lines[at - 1])) for at in rows[1:]):
            for at, text in fields.items():
                out[at - 1] = text
    return out


def _opens(head: str, rule: str) -> bool:
    """Whether a table of two columns begins with two lines."""
    return bool(_RULE.fullmatch(rule) and _ROW.fullmatch(head))


def _rows(lines: Sequence[str], hidden: Sequence[bool], number: int) -> list[int]:
    """The lines of the table that begins at a line, without its rule."""
    rows, at = [number], number + 2
    while at <= len(lines) and not hidden[at] and _ROW.fullmatch(lines[at - 1]):
        rows.append(at)
        at += 1
    return rows


def _name(line: str) -> str:
    row = _ROW.fullmatch(line)
    return row["name"].strip() if row else ""


def _field(line: str) -> str:
    """A row as a field of order or of state; "" when it is none."""
    row = _ROW.fullmatch(line)
    if not row or not row["value"].strip():
        return ""
    text = f" {line[line.index('|') + 1 : row.start('value') - 1]}:{row['value']}".rstrip()
    named = field(text)
    return text if named and (field_relation(named[0]) or named[0] in STATUS_FIELDS) else ""
