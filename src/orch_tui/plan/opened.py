"""A plan that stands in a code block only: numbered lines or a tree whose entries say what they depend on.

What is fenced is an example as a rule. It is the plan where nothing else of the document is work, a heading calls it
the order or the work, and its entries say what they wait for.
"""

from __future__ import annotations

import re

from orch_tui.plan.document import Document, Fence, scan
from orch_tui.plan.order_block import speaks_of_order
from orch_tui.plan.phrases import in_text
from orch_tui.plan.strata import is_work

_LANGUAGES = frozenset({"", "text", "txt", "ascii", "plain", "plaintext"})
_ENTRY = re.compile(r"\s{0,4}(?:\d{1,4}[.)]\s+|[├└]─{1,3}\s+|[-*]\s+)\S")
_BRANCH = re.compile(r"^[├└]─{1,3}\s+")
_BACK = re.compile(r"\s*(?:←|◀|<-+)\s*")
_EXAMPLE = re.compile(
    r"\b(?:example|template|sample|format|beispiel|vorlage|ejemplo|exemple|示例|模板|例)", re.IGNORECASE
)
_FEWEST_ENTRIES = 3
_FEWEST_SAYING = 2
_MOST_LINES = 2_000


def opened(document: Document) -> Document | None:
    """The document with such blocks as lists, line for line; None when it has none."""
    lines = list(document.written)
    found = [fence for fence in document.fences if _is_plan(document, fence)]
    for fence in found:
        lines[fence.line - 1] = lines[fence.end - 1] = ""
        for at in range(fence.line, fence.end - 1):
            lines[at] = _BACK.sub(" — ", _BRANCH.sub("- ", lines[at]))
    return scan("\n".join(lines)) if found else None


def _is_plan(document: Document, fence: Fence) -> bool:
    if fence.language not in _LANGUAGES or fence.end - fence.line > _MOST_LINES:
        return False
    at = document.heading_at(fence.line)
    heading = document.headings[at].text if at >= 0 else ""
    if _EXAMPLE.search(heading) or not (speaks_of_order(heading) or is_work(heading)):
        return False
    entries = [row for row in document.lines[fence.line : fence.end - 1] if _ENTRY.match(row)]
    saying = sum(any(one.relation == "needs" for one in in_text(row)) for row in entries)
    return len(entries) >= _FEWEST_ENTRIES and saying >= _FEWEST_SAYING
