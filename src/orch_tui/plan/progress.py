"""Done marks that stand elsewhere than at the item: status tables, ticked lists, classes of a Mermaid chart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document
from orch_tui.plan.fields import field, plain
from orch_tui.plan.findings import Finding, status_conflict
from orch_tui.plan.inline import unlinked
from orch_tui.plan.linking import Links
from orch_tui.plan.marks import STATUS_FIELDS, Mark, all_done, box, done_class, heading_mark, spoken_word, status_word
from orch_tui.plan.mermaid import charts
from orch_tui.plan.names import ID, LABEL
from orch_tui.plan.reading import Reading
from orch_tui.plan.references import References
from orch_tui.plan.tables import tables

_LONGEST_STATUS = 40
_HEAD = 30
"""Lines in which a document says how far it is as a whole."""
_CLOSED = re.compile(
    rf"(?:\*\*)?(?P<who>(?:(?i:{LABEL})\s)?{ID})(?:\*\*)?\s+(?:is |was |[-–—] )?(?:closed|done|merged|shipped|landed)\b"
)
"""A line of a log that says that an item is finished: "#420 closed — …", "**Phase 0 — done.** …"."""
_TOLD = re.compile(rf"(?P<who>(?:{LABEL}\s)?{ID}(?=[\s:：])[^:：]{{0,80}})[:：]\s*(?P<status>[^，,;；。(（]{{1,30}})")
"""An entry of a list that names an item and says how far it is: "P0-04 Projects：完成"."""
_SEVERAL = re.compile(rf"(?:{LABEL}\s)?{ID}\s*[+&,、/]\s*(?:{LABEL}\s)?{ID}")
"""A cell about several items: what stands beside it is true of all of them together."""
_SIGNS = "✅✔☑🚧🔄⏳⏸❌⬜\ufe0f "


def with_progress(document: Document, reading: Reading, links: Links) -> Reading:
    """The reading with marks for the items that have none of their own; where two places disagree, with a finding."""
    ids, references = links.ids, links.references
    taken = _taken(reading)
    said: dict[int, tuple[Mark, int]] = {}
    for key, words, mark, line in _said(document):
        found = references.node(key, words) if line not in taken and not _of_another(words, references) else None
        if found and len(found.items) == 1 and found.way in {"id", "title", "part"}:
            said.setdefault(found.items[0], (mark, line))
    whole = _whole(document, reading)
    items = list(reading.items)
    conflicts: list[Finding] = []
    for at, (mark, line) in said.items():
        if not items[at].mark:
            items[at] = replace(items[at], mark=mark)
        elif (items[at].mark == "done") != (mark == "done"):
            why = f"section {ids[at]!r} is marked {items[at].mark} where it stands and {mark} in line {line}"
            conflicts.append(status_conflict(ids[at], line, why, done=items[at].mark == "done"))
    if whole:
        items = [item if item.mark else replace(item, mark=whole) for item in items]
    return replace(reading, items=tuple(items), findings=(*reading.findings, *conflicts))


def _of_another(words: str, references: References) -> bool:
    """Whether the mark is about something that leads and is no item: "✅ US3 (index): WP04" says nothing of WP04."""
    lead, colon, _ = words.partition(":")
    name = name_of(lead)
    return bool(colon and name.id) and references.node("", f"{name.label} {name.id}".strip()) is None


def _whole(document: Document, reading: Reading) -> Mark:
    """ "done" when the document says so of itself above its work: "Status: completed", "ALL 8 TASKS MERGED"."""
    first = reading.begins or min((item.line for item in reading.items), default=1)
    for number in document.visible(1, min(first - 1, _HEAD)):
        line = plain(document.line(number)).lstrip("> ")
        named = field(line)
        if all_done(line):
            return "done"
        if named and named[0] in STATUS_FIELDS:
            return "done" if spoken_word(named[1]) == "done" else ""
    return ""


def _taken(reading: Reading) -> frozenset[int]:
    """The lines of all items, where boxes and words are their own."""
    return frozenset(line for item in reading.items for line in range(item.line, item.end + 1))


def _said(document: Document) -> Iterator[tuple[str, str, Mark, int]]:
    """(a key, the words that name an item, its mark, line), from every place that tells how far items are."""
    for table in tables(document):
        for row in table.rows:
            marks: list[Mark] = [status_word(cell) if len(cell) <= _LONGEST_STATUS else "" for cell in row.cells]
            told = [at for at, mark in enumerate(marks) if mark]
            if len(told) == 1:
                names = [unlinked(cell).strip("*` ") for at, cell in enumerate(row.cells) if at not in told]
                for name in filter(None, names[:3]):
                    if _SEVERAL.match(name):
                        continue
                    yield "", name, marks[told[0]], row.line
    for item in document.items:
        mark, words, rest = box(item.text)
        if words and mark in {"done", "open"}:
            yield "", unlinked(rest).replace("**", ""), mark, item.line
        elif (bare := item.text.lstrip(_SIGNS)) != item.text and (signed := heading_mark(item.text[:2])):
            yield "", unlinked(bare).replace("**", ""), signed, item.line
        elif told := _CLOSED.match(item.text):
            yield "", told["who"], "done", item.line
        elif (told := _TOLD.match(item.text)) and (mark := status_word(told["status"])):
            yield "", told["who"], mark, item.line
    for fence, chart in charts(document):
        for key, name in chart.classes.items():
            if done_class(name):
                yield key, chart.nodes.get(key, key), "done", fence.line
