"""The family of numbered plans and checklists: `15. [x] **Title** — text … Dependencies: [Title]. Effort: 2/5`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from orch_tui.clean import one_line
from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title, name_of
from orch_tui.plan.document import Document, ListItem
from orch_tui.plan.marks import Mark, box, heading_mark
from orch_tui.plan.names import ID, id_key
from orch_tui.plan.order_block import read_order, ticked
from orch_tui.plan.phrases import first_at
from orch_tui.plan.reading import Reading, Statement, WorkItem

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
    states: bool


class NumberedReader:
    """Reads numbered lists and checklists. Sections are the list items of the shape that states dependencies."""

    name = "numbered"

    def fits(self, document: Document) -> float:
        """Grows with the share of items that state something about order, falls with ids that are used again."""
        chosen = _choose(document)
        if len(chosen) < 2:
            return 0.0
        stating = sum(parsed.states for parsed in chosen) / len(chosen)
        repeated = 1 - len({id_key(parsed.id or parsed.title) for parsed in chosen}) / len(chosen)
        return max(0.05, (0.55 + 0.4 * stating if stating else 0.5) - 0.5 * repeated)

    def read(self, document: Document) -> Reading:
        """Items, the headings around them as containers, statements at the items and in an order block."""
        chosen = _choose(document)
        containers, number = all_containers(document, [False] * len(document.headings))
        starts = [heading.line for heading in document.headings]
        done = ticked(document)
        items: list[WorkItem] = []
        said: list[Statement] = []
        for parsed in chosen:
            heading = bisect_right(starts, parsed.item.line) - 1
            chain = above(containers, number.get(heading, -1))
            items.append(_work_item(document, parsed, chain, done))
            said += _own_statements(document, parsed, len(items) - 1)
        ordered, findings = read_order(document, items)
        lines = {line for item in items for line in range(item.line, item.end + 1)}
        for at, container in number.items():
            heading = document.headings[at]
            stop = starts[at + 1] - 1 if at + 1 < len(starts) else heading.end
            visible = [line for line in document.visible(heading.line + 1, stop) if line not in lines]
            if any(heading.line < item.line <= heading.end for item in items):
                said += statements.in_lines(document, visible, container=container)
        return Reading(
            items=tuple(items),
            containers=tuple(containers),
            statements=(*said, *ordered),
            findings=tuple(findings),
        )


def _choose(document: Document) -> list[_Parsed]:
    """The items of the one shape that is the plan's work list; empty when none has two items."""
    shapes: dict[tuple[int, int], list[_Parsed]] = defaultdict(list)
    starts = [heading.line for heading in document.headings]
    for item in document.items:
        parsed = _parse(document, item)
        if not parsed.title:
            continue
        shape = _shape(parsed)
        shapes[0 if item.indent < 2 else 1, shape].append(parsed)
    best: list[_Parsed] = []
    most = 0.0
    for (depth, shape), alike in sorted(shapes.items()):
        found = alike
        stating = sum(parsed.states for parsed in found)
        if not stating and shape:
            found = [parsed for parsed in found if shape == 1 and _under_work(document, starts, parsed.item.line)]
        if len(found) < 2:
            continue
        worth = stating + (0.5 - 0.1 * shape - 0.05 * depth)
        if not best or worth > most:
            best, most = found, worth
    return best


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
        states=bool(_statements(document, item, text, -1)),
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


def _own_statements(document: Document, parsed: _Parsed, at: int) -> list[Statement]:
    return _statements(document, parsed.item, parsed.text, at)


def _statements(document: Document, item: ListItem, text: str, at: int) -> list[Statement]:
    """What the item's first line says after its title, and its further lines."""
    said = statements.in_running_text(text.lstrip(_DASH), item.line, item=at)
    for line in document.visible(item.line + 1, item.end):
        found = statements.in_lines(document, [line], item=at)
        said += found or statements.in_running_text(document.line(line), line, item=at)
    return said


def _work_item(document: Document, parsed: _Parsed, chain: tuple[int, ...], done: set[str]) -> WorkItem:
    item = parsed.item
    end = document.trimmed(item.line, item.end)
    rest = document.text(item.line + 1, end) if end > item.line else ""
    mark: Mark = parsed.mark or ("done" if id_key(parsed.id) in done else "")
    return WorkItem(
        id=parsed.id,
        label=parsed.label,
        title=parsed.title,
        line=item.line,
        body_line=item.line,
        end=end,
        body=f"{parsed.text.lstrip(_DASH)}\n{rest}".strip("\n"),
        containers=chain,
        mark=mark,
    )
