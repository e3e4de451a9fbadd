"""Work items that are neither headings nor list items: a paragraph that begins with a bold id and title."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace

from orch_tui.clean import one_line
from orch_tui.plan.containers import Name, name_of, title_heading
from orch_tui.plan.document import Document
from orch_tui.plan.fields import field_relation
from orch_tui.plan.marks import box, heading_mark
from orch_tui.plan.once import once
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.strata import Candidate, Stratum, is_no_work, is_work
from orch_tui.plan.value import value

_BOLD = re.compile(r"\s{0,3}(?P<box>\[[ xX~-]\]\s*)?\*\*(?P<inner>[^*]+?)\*\*(?P<rest>.*)$")
_TITLE = re.compile(r"\s{0,3}\*\*(?P<title>[^*:：]{2,80}?)(?:[.]\*\*|\*\*[.]|\*\*\s*[–—-]|\*\*\s*$)")
"""Bold words that are a title, and not the name of a field or the first words of a sentence."""
_FEW = 2
_RANK = 4
_LABELLED = 0.65


_GROUP_LISTED = """
    wave tier phase batch group sprint track stage layer level iteration stream workstream milestone
"""
_GROUP = frozenset(_GROUP_LISTED.split())


@value
class Lead:
    """A line that heads what follows without being a heading: "**Wave 1 (parallel):**"; `end` is the last of it."""

    line: int
    end: int
    name: Name


@once
def bold_leads(document: Document) -> tuple[Lead, ...]:
    """Lines that name a group of items by a generic word and an id: bold ones, and list items that end in a colon."""
    starts = [heading.line for heading in document.headings]
    found: list[tuple[int, int, Name]] = []
    ends = {item.line: item.end for item in document.items}
    for number in document.visible(1, len(document.lines)):
        inner, rest, _ = _parts(document.line(number).lstrip("-*+ ") if number in ends else document.line(number))
        if not inner or number in document.heading_lines or (number in ends and ends[number] == number):
            continue
        name = name_of(inner)
        if name.label in _GROUP and name.id and (number in ends or not rest or rest.endswith(":")):
            stop = bisect_right(starts, number)
            last = starts[stop] - 1 if stop < len(starts) else len(document.lines)
            found.append((number, ends.get(number, last), name))
    following = [*(line for line, _, _ in found[1:]), len(document.lines) + 1][: len(found)]
    return tuple(
        Lead(line=line, end=min(end, after - 1), name=name)
        for (line, end, name), after in zip(found, following, strict=True)
    )


def strata(document: Document) -> list[Stratum]:
    """Bold lead lines with an id (`**1.1 Rack inventory** – photos`), all of them and those of each generic word."""
    starts = [heading.line for heading in document.headings]
    opening = [at for at, line in enumerate(document.lines, 1) if "**" in line and line.lstrip()[:1] in "*["]
    found = [number for number in opening if _is_lead(document, starts, number)]
    kinds: dict[str, list[int]] = defaultdict(list)
    for number in found:
        kinds[name_of(_parts(document.line(number))[0]).label].append(number)
    apart = [kind for word, kind in kinds.items() if word] if len(kinds) > 1 else []
    out = [_stratum(document, starts, kind) for kind in (found, *apart) if len(kind) > 1]
    nameless = [number for number in opening if _is_nameless(document, starts, number)]
    if len(nameless) > _FEW:
        out.append(replace(_stratum(document, starts, nameless), plain=True))
    return out


def _stratum(document: Document, starts: list[int], found: list[int]) -> Stratum:
    members = [_candidate(document, starts, number, found, at) for at, number in enumerate(found)]
    labelled = sum(bool(member.item.label) for member in members) * 2 > len(members)
    return Stratum(members=tuple(members), rank=_RANK, unstated=_LABELLED if labelled else 0.0)


def _is_lead(document: Document, starts: list[int], number: int) -> bool:
    if document.hidden[number] or number in document.heading_lines or number in document.item_lines:
        return False
    name = name_of(_parts(document.line(number))[0])
    if not name.id or (name.id.isalpha() and not name.label):
        return False
    heading = bisect_right(starts, number) - 1
    above = name_of(document.headings[heading].text) if heading >= 0 else None
    return not (above and is_no_work(above.title) and not above.label)


def _is_nameless(document: Document, starts: list[int], number: int) -> bool:
    """Whether a paragraph begins with a bold title without an id, below a heading that says that it is work."""
    if document.hidden[number] or number in document.heading_lines or number in document.item_lines:
        return False
    opened = _TITLE.match(document.line(number))
    if (
        not opened
        or name_of(opened["title"]).id
        or is_no_work(opened["title"])
        or field_relation(opened["title"].lower())
    ):
        return False
    heading = bisect_right(starts, number) - 1
    return heading not in {-1, title_heading(document)} and is_work(name_of(document.headings[heading].text).title)


def _candidate(document: Document, starts: list[int], number: int, found: list[int], at: int) -> Candidate:
    inner, rest, boxed = _parts(document.line(number))
    name = name_of(inner)
    heading = bisect_right(starts, number)
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
        body=document.body(number, rest, end),
        mark=box(boxed)[0] or heading_mark(inner) or heading_mark(rest),
    )
    return Candidate(item=item, head=rest)


def _parts(line: str) -> tuple[str, str, str]:
    """(bold words, the text after them, the box before them); all empty for another kind of line."""
    opened = _BOLD.match(line)
    return (
        (opened["inner"].rstrip(":. "), opened["rest"].strip(" –—−:-"), opened["box"] or "") if opened else ("", "", "")
    )
