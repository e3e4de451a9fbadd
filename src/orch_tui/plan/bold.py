"""Work items that are neither headings nor list items: a paragraph that begins with a bold id and title."""

from __future__ import annotations

import re
from bisect import bisect_right

from orch_tui.clean import one_line
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document
from orch_tui.plan.marks import box, heading_mark
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.strata import Candidate, Stratum, is_no_work

_BOLD = re.compile(r"\s{0,3}(?P<box>\[[ xX~-]\]\s*)?(?:\*\*|__)(?P<inner>[^*]+?)(?:\*\*|__)(?P<rest>.*)$")
_RANK = 4
_LABELLED = 0.65


def strata(document: Document) -> list[Stratum]:
    """Bold lead lines with an id (`**1.1 Rack inventory** – photos`), as one stratum."""
    found = [number for number in range(1, len(document.lines) + 1) if _is_lead(document, number)]
    members = [_candidate(document, number, found, at) for at, number in enumerate(found)]
    labelled = sum(bool(member.item.label) for member in members) * 2 > len(members)
    return (
        [Stratum(members=tuple(members), rank=_RANK, unstated=_LABELLED if labelled else 0.0)] if len(found) > 1 else []
    )


def _is_lead(document: Document, number: int) -> bool:
    if document.hidden[number] or number in document.heading_lines or number in document.item_lines:
        return False
    name = name_of(_parts(document.line(number))[0])
    if not name.id or (name.id.isalpha() and not name.label):
        return False
    heading = bisect_right([one.line for one in document.headings], number) - 1
    above = name_of(document.headings[heading].text) if heading >= 0 else None
    return not (above and is_no_work(above.title) and not above.label)


def _candidate(document: Document, number: int, found: list[int], at: int) -> Candidate:
    inner, rest, boxed = _parts(document.line(number))
    name = name_of(inner)
    heading = bisect_right([one.line for one in document.headings], number)
    stops = [found[at + 1] - 1 if at + 1 < len(found) else len(document.lines)]
    if heading < len(document.headings):
        stops.append(document.headings[heading].line - 1)
    end = document.trimmed(number, min(stops))
    item = WorkItem(
        id=name.id,
        label=name.label,
        title=one_line(name.title),
        line=number,
        body_line=number,
        end=end,
        body="\n".join([rest, document.text(number + 1, end)]).strip("\n"),
        mark=box(boxed)[0] or heading_mark(inner) or heading_mark(rest),
    )
    return Candidate(item=item, head=rest)


def _parts(line: str) -> tuple[str, str, str]:
    """(bold words, the text after them, the box before them); all empty for another kind of line."""
    opened = _BOLD.match(line)
    return (
        (opened["inner"].rstrip(":. "), opened["rest"].strip(" –—:-"), opened["box"] or "") if opened else ("", "", "")
    )
