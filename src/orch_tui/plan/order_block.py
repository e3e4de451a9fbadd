"""An "Implementation Order" block: a fenced list of the items in which `(after 112)` and ticks count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.plan import statements
from orch_tui.plan.document import Document
from orch_tui.plan.findings import finding, status_conflict
from orch_tui.plan.marks import without_marks
from orch_tui.plan.model import Finding
from orch_tui.plan.names import ID, id_key, words
from orch_tui.plan.reading import Statement, WorkItem

_HEADING = re.compile(
    r"\b(?:implementation|execution|build|development|working) (?:order|sequence)\b"
    r"|\border of (?:implementation|execution|work)\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(rf"\s*({ID})[.):]?\s+(\S.*)")
_TICK = re.compile(r"[✅✔]")


def read_order(document: Document, items: Sequence[WorkItem]) -> tuple[list[Statement], list[Finding]]:
    """What the block's entries state about the items they name; entries must agree with an item in id and title.

    A block whose entries carry the titles of items under other ids is out of date: it states nothing, with a finding.
    """
    entries = [entry for line in _lines(document) if (entry := _entry(document, line))]
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
            findings.append(status_conflict(items[at].id, line, why))
    return said, findings


def ticked(document: Document) -> set[str]:
    """Keys of the ids that the block ticks."""
    entries = (_entry(document, line) for line in _lines(document))
    return {id_key(written) for entry in entries if entry for _, written, rest in [entry] if _TICK.search(rest)}


def _lines(document: Document) -> list[int]:
    """Lines of the fenced blocks under a heading that speaks of the order."""
    spans = [(heading.line, heading.end) for heading in document.headings if _HEADING.search(heading.text)]
    lines: list[int] = []
    for fence in document.fences:
        if fence.language in {"", "text", "txt"} and any(first < fence.line <= last for first, last in spans[:20]):
            lines += range(fence.line + 1, fence.end)
    return lines


def _entry(document: Document, line: int) -> tuple[int, str, str] | None:
    found = _ENTRY.fullmatch(document.line(line))
    return (line, found[1], found[2]) if found else None


def _asides(rest: str) -> str:
    return " ".join(f"({words_})" for words_ in re.findall(r"\(([^()]+)\)", rest))


def _titled(rest: str) -> tuple[str, ...]:
    return words(without_marks(re.split(r"\s{2,}|\(|[✅✔⏸]", rest)[0]))


def _meant(items: Sequence[WorkItem], candidates: Sequence[int], rest: str) -> int:
    """Of the items with the entry's id the one with its title, else the first; -1 when there is none."""
    title = _titled(rest)
    exact = [at for at in candidates if words(items[at].title)[: len(title)] == title]
    return next(iter(exact or candidates), -1)
