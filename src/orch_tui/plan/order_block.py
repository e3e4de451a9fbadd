"""An "Implementation Order" block: a fenced list of the items in which `(after 112)` and ticks count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from orch_tui.plan import statements
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document, ListItem
from orch_tui.plan.fields import field_relation
from orch_tui.plan.findings import finding, status_conflict
from orch_tui.plan.inline import unlinked
from orch_tui.plan.later import later
from orch_tui.plan.marks import without_marks
from orch_tui.plan.model import Finding
from orch_tui.plan.names import ID, id_key, words
from orch_tui.plan.once import once
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Arrow, Diagram, Statement, WorkItem
from orch_tui.plan.sequence import ADVICE
from orch_tui.plan.spelled import LABELLED
from orch_tui.plan.tables import tables

_HEADING = later(
    r"\b(?:implementation|execution|build|development|working|work|delivery|merge|rollout|task|phase|dependency|landing"
    r"|intended|required|shipping|pr|commit|migration|ticket) (?:order|sequence)\b"
    r"|\border of (?:implementation|execution|work)\b|\bthe (?:order|sequence) is\b"
    r"|\bsequencing\b|\b(?:\w+)?reihenfolge\b|\borden de \w+|\bordre d"
    r"|执行顺序|实施顺序|开发顺序|实现顺序|実行順序|実施順序|作業順序|実装順序|推奨順序|顺序总览",
    re.IGNORECASE,
)
_TELLING = ("order", "sequenc", "reihenfolge", "orden", "ordre", "序")
"""Of which every heading that speaks of the order holds one."""
_OF_WORK = later(
    r"\b(?:implementation|build|development|delivery|rollout|landing|shipping|migration) (?:order|sequence)\b"
    r"|\border of (?:implementation|work)\b"
    r"|\b(?:umsetzungs|implementierungs|entwicklungs|bau)reihenfolge\b|\borden de (?:implementación|desarrollo|entrega)"
    r"|\bordre (?:d'implémentation|de développement|de livraison)|实施顺序|开发顺序|实现顺序|実装順序|実施順序",
    re.IGNORECASE,
)
"""Those of them whose entries may be the work themselves; an execution order may be that of a program."""
_ASIDE = later(r"\([^()]*\)|（[^（）]*）")
_INDENTED = 2
"""Columns from which on a list item is a part of another."""
_ENTRY = later(rf"\s*({ID})[.):]?\s+(\S.*)")
_LEAD = later(
    rf"^(?:\*\*)?(?:wave|group|batch|round|stage|step|phase|lane|welle|gruppe|ola|vague) {ID}"
    r"(?:\s*\([^()]*\))?(?:\*\*)?\s*:(?:\*\*)?\s+(?=[A-Z#\d*`])",
    re.IGNORECASE,
)
"""The name of the group that an entry lists: "**Wave 1 (parallel):** A, B, C"."""
_COUNT = later(r"[A-Za-z]{0,6}[-_ ]?(\d{1,4})")
"""A number, or letters and a number: `PR3`."""
_BOLD = later(r"(?:[-*+] )?\*\*([^*]+)\*\*")
_FEWEST_ROWS = 2
_TICK = later(r"[✅✔]")


def read_order(document: Document, items: Sequence[WorkItem]) -> tuple[list[Statement], list[Finding]]:
    """What the block's entries state about the items they name; entries must agree with an item in id and title.

    A block whose entries carry the titles of items under other ids is out of date: it states nothing, with a finding.
    """
    entries = _entries(document)
    by_id: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        by_id.setdefault(id_key(item.id), []).append(at)
    titles = {words(item.title) for item in items}
    strangers = [line for line, written, rest in entries if id_key(written) not in by_id and _titled(rest) in titles]
    if strangers:
        why = f"the order block from line {strangers[0]} on uses other ids than the items it names; it is not used"
        return [], [finding("unknown-reference", (), strangers[0], why)]
    said: list[Statement] = []
    findings: list[Finding] = []
    for line, written, rest in entries:
        at = _meant(items, by_id.get(id_key(written), []), rest)
        if at < 0:
            continue
        said += statements.in_running_text(_asides(rest), line, item=at, kind="order")
        if _TICK.search(rest) and items[at].mark == "open":
            why = f"item {items[at].id!r} is open where it stands and ticked in the order block"
            findings.append(status_conflict(items[at].id, line, why, done=False))
    return said, findings


def ticked(document: Document) -> set[str]:
    """Keys of the ids that the block ticks."""
    return {id_key(written) for _, written, rest in _entries(document) if _TICK.search(rest)}


@once
def order_lines(document: Document) -> frozenset[int]:
    """First lines of the list items under a heading, or after a line, that speaks of the order."""
    spans = _order_spans(document)
    found = {item.line for item in document.items if any(first < item.line <= last for first, last in spans)}
    for item in document.items:
        lead = _lead(document, item.line)
        if item.line - 1 in found or (lead.endswith((":", "：", ":**", "：**")) and _HEADING.search(lead)):
            found.add(item.line)
    return frozenset(found)


def speaks_of_order(heading: str) -> bool:
    """Whether a heading speaks of the order of the work: "Implementation order"."""
    return _speaks(_ASIDE.sub("", heading))


def _speaks(heading: str) -> bool:
    lower = heading.lower()
    return any(word in lower for word in _TELLING) and bool(_HEADING.search(heading))


def orders_work(document: Document, line: int) -> bool:
    """Whether the heading above a list calls it the order in which things are built, and not just a wish."""
    heading = next((one for one in reversed(document.headings) if one.line < line), None)
    return bool(heading and _OF_WORK.search(_ASIDE.sub("", heading.text))) and not _advised(document, line)


@once
def _order_spans(document: Document) -> list[tuple[int, int]]:
    """First and last lines of what stands under headings that speak of the order."""
    found = [one for one in document.headings if speaks_of_order(one.text)]
    return [(heading.line, heading.end) for heading in found[:20]]


def _lead(document: Document, line: int) -> str:
    """The text line before a list, past one blank line."""
    for number in (line - 1, line - 2):
        if number > 0 and document.line(number).strip():
            return "" if number in document.item_lines else document.line(number).strip()
    return ""


def listed_orders(document: Document) -> list[Diagram]:
    """Numbered lists that give the order of other items: each entry comes after the one before it."""
    lines = order_lines(document)
    entries = [item for item in document.items if item.line in lines and item.number and item.indent < _INDENTED]
    out: list[Diagram] = []
    group: list[ListItem] = []
    for item in [*entries, None]:
        if group and (item is None or item.number == "1" or item.line > group[-1].end + 2):
            if len(group) > 1 and not _advised(document, group[0].line):
                out.append(_listed(group))
            group = []
        if item:
            group.append(item)
    return out


def row_orders(document: Document) -> list[Diagram]:
    """Tables that give the order: each row comes after the one before, where no column says what waits for what."""
    spans = _order_spans(document)
    out: list[Diagram] = []
    for table in tables(document):
        if not any(first < table.line <= last for first, last in spans) or _advised(document, table.line):
            continue
        names = [unlinked(row.cells[0]).strip("*_` ") for row in table.rows]
        stated = any(field_relation(unlinked(name).strip("*_` ").lower()) for name in table.header)
        rising = [int(found[1]) for name in names if (found := _COUNT.fullmatch(name))]
        if stated or len(rising) < _FEWEST_ROWS or any(one >= other for one, other in pairwise(rising)):
            continue
        rows = [(row.line, name) for row, name in zip(table.rows, names, strict=True) if _COUNT.fullmatch(name)]
        arrows = tuple(
            Arrow(before=f"row {before}", after=f"row {after}", line=after, quote=document.line(after).strip())
            for (before, _), (after, _) in pairwise(rows)
        )
        nodes = {f"row {line}": name for line, name in rows}
        out.append(Diagram(nodes=nodes, arrows=arrows, line=table.line, implied=True))
    return out


def headed_orders(document: Document) -> list[Diagram]:
    """Headings or bold leads counted upwards right below one that gives the order: "## Sequencing", "### 1. Branch"."""
    out: list[Diagram] = []
    for at, heading in enumerate(document.headings):
        if not speaks_of_order(heading.text) or ADVICE.search(f"{heading.text}\n{document.line(heading.line + 2)}"):
            continue
        below = [(one.line, one.text) for one in document.headings[at + 1 :] if one.parent == at]
        stop = below[0][0] - 1 if below else heading.end
        if below and sum(bool(heading.line < one.line <= stop and one.number) for one in document.items) > 1:
            continue  # the list above the headings is the order
        for named in (below, [] if below else _bold_leads(document, heading.line + 1, stop)):
            counted = [
                int(name.id) for _, text in named if (name := name_of(text)).id.isdecimal() and not _says_itself(text)
            ]
            if len(counted) == len(named) > 1 and all(one < other for one, other in pairwise(counted)):
                arrows = tuple(
                    Arrow(before=f"heading {one}", after=f"heading {other}", line=other, quote=text)
                    for (one, _), (other, text) in pairwise(named)
                )
                nodes = {f"heading {line}": text for line, text in named}
                out.append(Diagram(nodes=nodes, arrows=arrows, line=heading.line, implied=True))
    return out


def _says_itself(text: str) -> bool:
    """Whether words tell what is waited for by its name: "Wave 2 (depends on Wave 1)"."""
    said = (one for one in in_text(text) if one.relation != "parallel")
    return any(one.text == "none" or LABELLED.search(one.text) for one in said)


def _bold_leads(document: Document, first: int, last: int) -> list[tuple[int, str]]:
    """Line and words of each bold lead with a generic word: "**PR 1**: …"."""
    leads = [(line, found[1]) for line in document.visible(first, last) if (found := _BOLD.match(document.line(line)))]
    return [(line, words_) for line, words_ in leads if name_of(words_).label]


def _listed(group: list[ListItem]) -> Diagram:
    arrows = tuple(
        Arrow(before=_key(before), after=_key(after), line=after.line, quote=f"{after.number}. {after.text}")
        for before, after in pairwise(group)
    )
    return Diagram(
        nodes={_key(item): _LEAD.sub("", item.text) for item in group},
        arrows=arrows,
        line=group[0].line,
        implied=True,
        places={_key(item): item.line for item in group},
    )


def _key(item: ListItem) -> str:
    """A key that is nobody's id."""
    return f"entry {item.line}"


def _advised(document: Document, line: int) -> bool:
    heading = next((one for one in reversed(document.headings) if one.line < line), None)
    return bool(ADVICE.search(_lead(document, line)) or (heading and ADVICE.search(heading.text)))


@once
def _entries(document: Document) -> list[tuple[int, str, str]]:
    """Line, id and words of each entry of the fenced blocks under a heading that speaks of the order."""
    fences = [fence for fence in document.fences if fence.language in {"", "text", "txt"}]
    headings = document.headings if fences else ()
    spans = [(heading.line, heading.end) for heading in headings if _speaks(heading.text)]
    out: list[tuple[int, str, str]] = []
    for fence in fences:
        if any(first < fence.line <= last for first, last in spans[:20]):
            for line in range(fence.line + 1, fence.end):
                if found := _ENTRY.fullmatch(document.line(line)):
                    out.append((line, found[1], found[2]))
    return out


def _asides(rest: str) -> str:
    return " ".join(f"({words_})" for words_ in re.findall(r"\(([^()]+)\)", rest))


def _titled(rest: str) -> tuple[str, ...]:
    return words(without_marks(re.split(r"\s{2,}|\(|[✅✔⏸]", rest)[0]))


def _meant(items: Sequence[WorkItem], candidates: Sequence[int], rest: str) -> int:
    """Of the items with the entry's id the one with its title, else the first; -1 when there is none."""
    title = _titled(rest)
    exact = [at for at in candidates if words(items[at].title)[: len(title)] == title]
    return next(iter(exact or candidates), -1)
