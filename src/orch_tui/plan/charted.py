"""A plan that is a picture as a whole: a Gantt chart whose tasks follow one another, or a tree that gives the order.

Looked at only where nothing else of a document is work. A picture is an example or a tree of files as a rule: a chart
must say what comes after what, a tree must stand below words that say so of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.clean import one_line
from orch_tui.plan.branches import EXAMPLE, Row, arrows, heading, key, rows, tells_order
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document, Fence
from orch_tui.plan.marks import heading_mark
from orch_tui.plan.mermaid import Chart, charts
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Diagram, WorkItem
from orch_tui.plan.strata import Candidate, Stratum

_LANGUAGES = frozenset({"", "text", "txt", "ascii", "plain", "plaintext"})
_NOTE = re.compile(r"\s{2,}|\s+(?=[(\[（【])|\s+[–—-]\s+|(?=[（【])")
"""Where a title ends in a row."""
_DONE = re.compile(r"\[(?:done|x|erledigt|hecho|fait)\]", re.IGNORECASE)
_FEW = 2
_MOST = 2_000
_RANK = 45


def strata(document: Document) -> Iterator[tuple[Stratum, tuple[Diagram, ...]]]:
    """Each such picture as a level, with the arrows that are not known from the picture as it is."""
    for fence, chart in charts(document, flows=False):
        if chart.arrows and not EXAMPLE.search(heading(document, fence)):
            members = [_task(document, fence, chart, key, line) for key, line in list(chart.tasks.items())[:_MOST]]
            if len(members) >= _FEW:
                yield Stratum(members=tuple(sorted(members, key=lambda one: one.item.line)), rank=_RANK), ()
    for fence in document.fences:
        if fence.language in _LANGUAGES and fence.end - fence.line <= _MOST and (found := rows(document, fence)):
            yield from _tree(document, fence, found)


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


def _tree(document: Document, fence: Fence, found: list[Row]) -> Iterator[tuple[Stratum, tuple[Diagram, ...]]]:
    """A tree whose rows say what they wait for, else one in which what hangs below waits for what it hangs on."""
    saying = sum(any(one.relation == "needs" for one in in_text(row.text)) for row in found)
    members = tuple(_branch(row) for row in found)
    if saying >= _FEW and not EXAMPLE.search(heading(document, fence)):
        named = tuple(one for one in members if one.item.id)
        yield Stratum(members=named if 2 * len(named) > len(members) else members, rank=_RANK), ()
    elif tells_order(document, fence):
        keyed = {key(row): one.item for row, one in zip(found, members, strict=True)}
        nodes = {name: f"{item.id} {item.title}".strip() for name, item in keyed.items()}
        places = {name: item.line for name, item in keyed.items()}
        drawn = Diagram(nodes=nodes, arrows=tuple(arrows(document, found)), line=fence.line, places=places)
        yield Stratum(members=members, rank=_RANK), (drawn,)


def _branch(row: Row) -> Candidate:
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
