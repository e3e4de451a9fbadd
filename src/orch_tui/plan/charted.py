"""A plan that is a picture as a whole: a Gantt chart whose tasks follow one another, or a tree that gives the order.

Looked at only where nothing else of a document is work. A picture is an example or a tree of files as a rule: a chart
must say what comes after what, a tree must stand below words that say so of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from orch_tui.clean import one_line
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document, Fence
from orch_tui.plan.marks import heading_mark
from orch_tui.plan.mermaid import Chart, charts
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Arrow, Diagram, WorkItem
from orch_tui.plan.strata import Candidate, Stratum

_EXAMPLE = re.compile(
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
_BRANCH = re.compile(r"(?P<indent>(?:│   |    |│  |   |\|   )*)[├└|`+][─-]{1,3}\s+(?P<text>\S.*)")
_ROOT = re.compile(r"(?P<text>[^\s│├└|].*)")
_A_FILE = re.compile(r"\S*/|\.\S*|\S+\.[a-z]{1,5}\b.*|[a-z0-9_-]+/.*")
_LANGUAGES = frozenset({"", "text", "txt", "ascii", "plain", "plaintext"})
_NOTE = re.compile(r"\s{2,}|\s+(?=[(\[（【])|\s+[–—-]\s+|(?=[（【])")
"""Where a title ends in a row."""
_DONE = re.compile(r"\[(?:done|x|erledigt|hecho|fait)\]", re.IGNORECASE)
_FEWEST = 3
_FEW = 2
_MOST = 2_000
_LINES_BEFORE = 4
_RANK = 45


def strata(document: Document) -> Iterator[tuple[Stratum, tuple[Diagram, ...]]]:
    """Each such picture as a level, with the arrows that are not known from the picture as it is."""
    for fence, chart in charts(document, flows=False):
        if chart.arrows and not _EXAMPLE.search(_heading(document, fence)):
            members = [_task(document, fence, chart, key, line) for key, line in list(chart.tasks.items())[:_MOST]]
            if len(members) >= _FEW:
                yield Stratum(members=tuple(sorted(members, key=lambda one: one.item.line)), rank=_RANK), ()
    for fence in document.fences:
        if fence.language in _LANGUAGES and fence.end - fence.line <= _MOST and (rows := _rows(document, fence)):
            yield from _tree(document, fence, rows)


def _heading(document: Document, fence: Fence) -> str:
    at = bisect_right([heading.line for heading in document.headings], fence.line) - 1
    return document.headings[at].text if at >= 0 else ""


def _tells_order(document: Document, fence: Fence) -> bool:
    """Whether the heading or the lines right before a block say that it shows who waits for whom."""
    before = " ".join(document.lines[max(0, fence.line - 1 - _LINES_BEFORE) : fence.line - 1])
    said = f"{_heading(document, fence)} {before}"
    return bool(_ORDER.search(said)) and not (_EXAMPLE.search(said) or _OTHER_TREES.search(said))


def _task(document: Document, fence: Fence, chart: Chart, key: str, line: int) -> Candidate:
    """A task of a chart, with what stands below the heading that has its title."""
    title = one_line(chart.nodes[key])
    head = next((one for one in document.headings if one.text.strip().casefold() == title.casefold()), None)
    last = fence.line - 1 if head and head.line < fence.line <= head.end else head.end if head else line
    end = document.trimmed(head.line, last) if head else line
    item = WorkItem(
        id=key if key != chart.nodes[key] else "",
        label="",
        title=title,
        line=head.line if head else line,
        body_line=head.line + 1 if head else line + 1,
        end=end,
        body=document.text(head.line + 1, end) if head else document.line(line).strip(),
        mark="done" if chart.classes.get(key) == "done" else "",
    )
    return Candidate(item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of a tree: where its text begins, and what it says."""

    line: int
    depth: int
    text: str


def _rows(document: Document, fence: Fence) -> list[_Row]:
    """The rows of a block that is a tree and nothing else; empty for other blocks and for trees of files."""
    rows: list[_Row] = []
    for number in range(fence.line + 1, fence.end):
        row = document.line(number).rstrip()
        if not row.strip("│| "):
            continue
        found = _BRANCH.fullmatch(row) or _ROOT.fullmatch(row)
        if not found or _A_FILE.fullmatch(found["text"]):
            return []
        rows.append(_Row(line=number, depth=found.start("text"), text=found["text"]))
    return rows if len(rows) >= _FEWEST and 2 * sum(row.depth > 0 for row in rows) > len(rows) else []


def _tree(document: Document, fence: Fence, rows: list[_Row]) -> Iterator[tuple[Stratum, tuple[Diagram, ...]]]:
    """A tree whose rows say what they wait for, else one in which what hangs below waits for what it hangs on."""
    saying = sum(any(one.relation == "needs" for one in in_text(row.text)) for row in rows)
    members = tuple(_branch(row) for row in rows)
    if saying >= _FEW and not _EXAMPLE.search(_heading(document, fence)):
        named = tuple(one for one in members if one.item.id)
        yield Stratum(members=named if 2 * len(named) > len(members) else members, rank=_RANK), ()
    elif _tells_order(document, fence):
        nodes = {str(one.item.line): f"{one.item.id} {one.item.title}".strip() for one in members}
        places = {str(one.item.line): one.item.line for one in members}
        drawn = Diagram(nodes=nodes, arrows=tuple(_arrows(document, rows)), line=fence.line, places=places)
        yield Stratum(members=members, rank=_RANK), (drawn,)


def _arrows(document: Document, rows: list[_Row]) -> Iterator[Arrow]:
    above: list[_Row] = []
    for row in rows:
        while above and above[-1].depth >= row.depth:
            above.pop()
        if above:
            quote = document.line(row.line).strip()
            yield Arrow(before=str(above[-1].line), after=str(row.line), line=row.line, quote=quote)
        above.append(row)


def _branch(row: _Row) -> Candidate:
    told = _NOTE.search(row.text)
    name = name_of(row.text[: told.start()] if told else row.text)
    item = WorkItem(
        id=name.id,
        label=name.label,
        title=one_line(name.title),
        line=row.line,
        body_line=row.line + 1,
        end=row.line,
        body=one_line(row.text),
        mark="done" if _DONE.search(row.text) else heading_mark(row.text),
    )
    return Candidate(item=item, head=row.text[told.start() :] if told else "")
