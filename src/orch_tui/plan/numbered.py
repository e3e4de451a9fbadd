"""The family of numbered plans and checklists: `15. [x] **Title** — text … Dependencies: [Title]. Effort: 2/5`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from orch_tui.clean import one_line
from orch_tui.plan.containers import bare_title, name_of
from orch_tui.plan.document import Document, ListItem
from orch_tui.plan.marks import Mark, box, heading_mark
from orch_tui.plan.names import ID, id_key
from orch_tui.plan.order_block import ticked
from orch_tui.plan.phrases import first_at
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.strata import Candidate, Stratum, is_no_work

_WORK_HEADING = re.compile(
    r"\b(?:tasks?|to-?dos?|plan|steps|implementation|work|slices?|backlog|roadmap|checklist|milestones?|phases?)\b",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?:~~)?(?:\*\*|__)(?P<inner>[^*]+?)(?:\*\*|__)\s*")
_OWN_ID = re.compile(r"\(#?(?P<id>[A-Za-z]{0,10}-?\d[\w.-]{0,15})\)\s+(?=\S)")
_LIST_NUMBER = re.compile(r"(?P<id>\d{1,6}(?:\.\d{1,6})*)[.):]\s+|(?P<dotted>\d{1,6}(?:\.\d{1,6})+)\s+")
_TITLE_END = re.compile(r"\s+[–—-]+\s+|:\s+|\.\s+|\s+\(|$|\s+`")
_DASH = " –—:-.,"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    """A list item taken apart: box mark, own or list id, generic word, title, the running text after the title."""

    item: ListItem
    mark: Mark
    boxed: bool
    bold: bool
    own_id: bool
    id: str
    label: str
    title: str
    text: str


def strata(document: Document) -> list[Stratum]:
    """One stratum for each shape of list item at each depth."""
    shapes: dict[tuple[int, int], list[_Parsed]] = defaultdict(list)
    starts = [heading.line for heading in document.headings]
    done = ticked(document)
    for item in document.items:
        parsed = _parse(document, item)
        if parsed.title and not _no_work(document, starts, item.line):
            shapes[min(2, item.indent // 2), _shape(parsed)].append(parsed)
    return [
        _stratum(document, starts, found, depth, shape, done)
        for (depth, shape), found in sorted(shapes.items())
        if len(found) > 1
    ]


def _stratum(
    document: Document, starts: list[int], found: list[_Parsed], depth: int, shape: int, done: set[str]
) -> Stratum:
    unstated = 0.0
    labelled = sum(bool(parsed.label) for parsed in found) * 2 > len(found)
    if shape == 0 or labelled:
        unstated = 0.7 - 0.1 * depth
    elif shape in {1, 2, _PLAIN}:
        kept = [parsed for parsed in found if _under_work(document, starts, parsed.item.line)]
        unstated = (0.55 - 0.05 * shape - 0.1 * depth) if len(kept) > 1 else 0.0
    repeated = 1 - len({id_key(parsed.id or parsed.title) for parsed in found}) / len(found)
    return Stratum(
        members=tuple(_candidate(document, parsed, done) for parsed in found),
        unstated=max(0.0, unstated - 0.5 * repeated),
        rank=2 + shape + 5 * depth,
    )


def _no_work(document: Document, starts: list[int], line: int) -> bool:
    """Whether an item stands under a heading of what is no work: risks, open questions, an order of other items."""
    at = bisect_right(starts, line) - 1
    while at >= 0:
        name = name_of(document.headings[at].text)
        if is_no_work(name.title) and not name.label:
            return True
        at = document.headings[at].parent
    return False


_PLAIN = 3
"""Shapes: 0 box with number or id, 1 bold with one, 2 box alone, 3 number or id alone, 4 bullet.

All but the first are work only where they state order, bold ones also under a heading that calls them the work.
"""


def _shape(parsed: _Parsed) -> int:
    numbered = bool(parsed.item.number)
    if parsed.boxed:
        return 0 if numbered or parsed.id else 2
    if parsed.bold and (numbered or parsed.id):
        return 1
    return _PLAIN if numbered or parsed.own_id else _PLAIN + 1


def _under_work(document: Document, starts: list[int], line: int) -> bool:
    at = bisect_right(starts, line) - 1
    return at >= 0 and bool(_WORK_HEADING.search(document.headings[at].text))


def _parse(document: Document, item: ListItem) -> _Parsed:
    mark, words, rest = box(item.text)
    struck = rest.startswith("~~")
    rest = rest.lstrip("~ ")
    listed = _LIST_NUMBER.match(rest) if not item.number else None
    written = item.number
    if listed:
        written, rest = listed["id"] or listed["dotted"], rest[listed.end() :]
        later, later_words, rest = box(rest)
        mark, words = mark or later, words or later_words
    title, text, bold = _title(rest, numbered=bool(written))
    own = _OWN_ID.match(title)
    if own:
        title = title[own.end() :]
    name = name_of(title)
    named = not own and (name.label or re.search("[A-Za-z]", name.id)) and not (written and name.loose)
    own_id = own["id"] if own else name.id if named else ""
    shown = name.title if named else bare_title(title)
    said = mark or heading_mark(title)
    return _Parsed(
        item=item,
        mark="deferred" if struck else said,
        boxed=bool(words),
        bold=bold,
        own_id=bool(own_id),
        id=own_id or written,
        label=name.label if named else "",
        title=one_line(shown.strip(_DASH)),
        text=text,
    )


def _title(rest: str, *, numbered: bool) -> tuple[str, str, bool]:
    """(title, text after it, whether it was bold); a bold id before a plain title belongs to the title."""
    found = _BOLD.match(rest)
    if found:
        inner, text = found["inner"].strip(), rest[found.end() :]
        lone_id = re.fullmatch(rf"({ID})[:.]?", inner) and (not numbered or re.search(r"\d", inner))
        if lone_id and first_at(text.lstrip(_DASH)) > 0 and text.strip(_DASH):
            title, text, _ = _title(text.lstrip(_DASH), numbered=True)
            return f"{inner.rstrip(':.')}: {title}", text, True
        return inner.rstrip(":"), text.lstrip("~"), True
    end = _TITLE_END.search(rest)
    first = re.match(rf"{ID}:?\s+(?=\S)", rest)
    if first and end and end.start() <= first.end():
        end = _TITLE_END.search(rest, first.end())
    stop = min(end.start() if end else len(rest), first_at(rest) or len(rest))
    return rest[:stop], rest[stop:], False


def _candidate(document: Document, parsed: _Parsed, done: set[str]) -> Candidate:
    item = parsed.item
    end = document.trimmed(item.line, item.end)
    rest = document.text(item.line + 1, end) if end > item.line else ""
    mark: Mark = parsed.mark or ("done" if id_key(parsed.id) in done else "")
    text = parsed.text.lstrip(_DASH)
    work = WorkItem(
        id=parsed.id,
        label=parsed.label,
        title=parsed.title,
        line=item.line,
        body_line=item.line,
        end=end,
        body=f"{text}\n{rest}".strip("\n"),
        mark=mark,
    )
    return Candidate(item=work, head=text)
