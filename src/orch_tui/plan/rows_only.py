"""Work that stands in a table only: rows whose ids go on where the headings or the list stop."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from orch_tui.plan import tabled
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document
from orch_tui.plan.names import id_key
from orch_tui.plan.strata import Candidate, Stratum, is_no_work

_NUMBERED = re.compile(r"(\D*?)(\d{1,9})")


def with_rows(document: Document, stratum: Stratum) -> Stratum:
    """The stratum with such rows as further members; the same object when there are none.

    A table counts when the ids of its new rows follow on those of the members, spelled alike: `06` to `09` after `05`.
    """
    known = {id_key(member.item.id) for member in stratum.members if member.item.id}
    last = {_series(member): _number(member) for member in sorted(stratum.members, key=_number)}
    found: list[Candidate] = []
    for other in tabled.strata(document):
        new = [row for row in other.members if id_key(row.item.id) not in known and _counts(document, row)]
        if not new or any(_series(row) not in last for row in new):
            continue
        first = min(new, key=_number)
        if _number(first) == last[_series(first)] + 1:
            found += new
            known |= {id_key(row.item.id) for row in new}
    members = sorted((*stratum.members, *found), key=lambda member: member.item.line)
    return replace(stratum, members=tuple(members)) if found else stratum


def _series(member: Candidate) -> tuple[str, int]:
    """How an id is spelled: its letters, and how many digits it is filled up to (0 when it is not)."""
    numbered = _NUMBERED.fullmatch(member.item.id)
    if not numbered:
        return (member.item.id, -1)
    return (numbered[1], len(numbered[2]) if numbered[2].startswith("0") or len(numbered[2]) > 1 else 0)


def _number(member: Candidate) -> int:
    numbered = _NUMBERED.fullmatch(member.item.id)
    return int(numbered[2]) if numbered else -1


def _counts(document: Document, row: Candidate) -> bool:
    """Whether a row stands under a heading of work."""
    at = bisect_right([heading.line for heading in document.headings], row.item.line) - 1
    name = name_of(document.headings[at].text) if at >= 0 else None
    return not (name and is_no_work(name.title) and not name.label)
