"""Trees in a block (`├── Task 2`): their rows, and what hangs on what where words say that this is an order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document, Fence
from orch_tui.plan.reading import Arrow, Diagram
from orch_tui.plan.value import value

EXAMPLE = re.compile(
    r"\b(?:example|template|sample|format|syntax|beispiel|vorlage|ejemplo|exemple|示例|模板|例)", re.IGNORECASE
)
_ORDER = re.compile(
    r"\b(?:depend(?:s|ency|encies)\b(?! on each)|waits? for|build order"
    r"|order (?:of work|of execution|of implementation)"
    r"|execution order|implementation order|in (?:this|that) order|abhängigkeit\w*|wartet auf|reihenfolge|dependencias?"
    r"|espera a|en este orden|dépendances?|attend|dans cet ordre|dependências|dipendenze)|依赖|依存|等待|待つ",
    re.IGNORECASE,
)
"""Words by which a tree says who comes before whom; others show what is made of what."""
_OTHER_TREES = re.compile(
    r"\b(?:files?|folders?|director(?:y|ies)|packages?|modules?|librar(?:y|ies)|imports?)\b", re.IGNORECASE
)
_BRANCH = re.compile(r"[ │|]*[├└|`+][─-]{1,3}\s+(?P<text>\S.*)")
_ROOT = re.compile(r"(?P<text>[^\s│├└|].*)")
_A_FILE = re.compile(r"\S*/|\.\S*|[^\s(（]+\.[a-z]{1,5}\b.*|[a-z0-9_-]+/.*")
_STROKE = re.compile(r"\s+[─-]{2,}\s+")
"""Between two names of a row, of which the second hangs on the first: "Task 7 ─── Task 9"."""
_FEWEST = 3
_MOST = 2_000
_LINES_BEFORE = 4


@value
class Row:
    """One row of a tree, or one of several names in it: where its text begins, and what it says."""

    line: int
    depth: int
    text: str


def rows(document: Document, fence: Fence) -> list[Row]:
    """The rows of a block that is a tree and nothing else; empty for other blocks and for trees of files."""
    out: list[Row] = []
    for number in range(fence.line + 1, fence.end):
        row = document.line(number).rstrip()
        if not row.strip("│| "):
            continue
        found = _BRANCH.fullmatch(row) or _ROOT.fullmatch(row)
        if not found or _A_FILE.fullmatch(found["text"]):
            return []
        start = found.start("text")
        for stroke in _STROKE.finditer(row, start):
            out.append(Row(line=number, depth=start, text=row[start : stroke.start()]))
            start = stroke.end()
        out.append(Row(line=number, depth=start, text=row[start:]))
    return out if len(out) >= _FEWEST and 2 * sum(row.depth > 0 for row in out) > len(out) else []


def arrows(document: Document, found: list[Row]) -> Iterator[Arrow]:
    """From each row to those that hang on it; the keys are `key` of the rows."""
    above: list[Row] = []
    for row in found:
        while above and above[-1].depth >= row.depth:
            above.pop()
        if above:
            yield Arrow(before=key(above[-1]), after=key(row), line=row.line, quote=document.line(row.line).strip())
        above.append(row)


def key(row: Row) -> str:
    """What names a row among those of a document."""
    return f"{row.line}:{row.depth}"


def heading(document: Document, fence: Fence) -> str:
    """The heading above a block."""
    at = document.heading_at(fence.line)
    return document.headings[at].text if at >= 0 else ""


def tells_order(document: Document, fence: Fence) -> bool:
    """Whether the heading or the lines right before a block say that it shows who waits for whom."""
    before = " ".join(document.lines[max(0, fence.line - 1 - _LINES_BEFORE) : fence.line - 1])
    said = f"{heading(document, fence)} {before}"
    return bool(_ORDER.search(said)) and not (EXAMPLE.search(said) or _OTHER_TREES.search(said))


def of_names(document: Document, fence: Fence) -> Diagram | None:
    """A tree that gives an order and most of whose rows open with an id, as a picture of items told elsewhere."""
    if fence.end - fence.line > _MOST or not any("├" in line or "└" in line for line in _lines(document, fence)):
        return None
    found = rows(document, fence) if tells_order(document, fence) else []
    named = sum(bool(name_of(row.text).id) for row in found)
    if not found or 3 * named < 2 * len(found):
        return None
    nodes = {key(row): row.text for row in found}
    return Diagram(nodes=nodes, arrows=tuple(arrows(document, found)), line=fence.line, listing=True)


def _lines(document: Document, fence: Fence) -> Sequence[str]:
    return document.lines[fence.line : fence.end - 1]
