"""Sections that are headings of a known shape, and the headings around them as containers, for several families."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.marks import Mark, box, heading_mark, spoken_word
from orch_tui.plan.phrases import field as field_of
from orch_tui.plan.reading import Container, Statement, WorkItem

_ASIDE = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A heading that is a section: its index, and its name taken apart."""

    at: int
    id: str
    label: str
    title: str


@dataclass(slots=True, kw_only=True)
class Headed:
    """Items in the order of their headings, containers, their numbers by heading index, statements of both."""

    items: list[WorkItem] = field(default_factory=list[WorkItem])
    containers: list[Container] = field(default_factory=list[Container])
    number: dict[int, int] = field(default_factory=dict[int, int])
    statements: list[Statement] = field(default_factory=list[Statement])


def pick(document: Document, name: Callable[[Heading], tuple[str, str, str] | None]) -> list[Picked]:
    """The headings for which `name` gives (id, generic word, title), but for those within another one."""
    out: list[Picked] = []
    end = 0
    for at, heading in enumerate(document.headings):
        found = name(heading) if heading.line > end else None
        if found:
            out.append(Picked(at=at, id=found[0], label=found[1], title=found[2]))
            end = heading.end
    return out


def read_headed(document: Document, picked: Sequence[Picked], *, marks: dict[str, Mark] | None = None) -> Headed:
    """Sections and containers. `marks` are done marks that the plan keeps elsewhere, by id as written."""
    own = {one.at for one in picked}
    inside: list[bool] = []
    for heading in document.headings:
        inside.append(heading.parent >= 0 and (heading.parent in own or inside[heading.parent]))
    leave_out = [at in own or within for at, within in enumerate(inside)]
    containers, number = all_containers(document, leave_out)
    out = Headed(containers=containers, number=number)
    for one in picked:
        heading = document.headings[one.at]
        chain = above(containers, number.get(heading.parent, -1))
        out.items.append(_item(document, heading, one, chain, (marks or {}).get(one.id, "")))
        out.statements += in_heading(heading, item=len(out.items) - 1)
        visible = document.visible(heading.line + 1, heading.end)
        out.statements += statements.in_lines(document, visible, item=len(out.items) - 1)
    first_lines = [document.headings[one.at].line for one in picked]
    for at, container in number.items():
        heading = document.headings[at]
        out.statements += in_heading(heading, container=container)
        nearest = bisect_right(first_lines, heading.line)
        if nearest < len(first_lines) and first_lines[nearest] <= heading.end:
            stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else heading.end
            visible = document.visible(heading.line + 1, stop)
            out.statements += statements.in_lines(document, visible, container=container)
    return out


def in_heading(heading: Heading, *, item: int = -1, container: int = -1) -> list[Statement]:
    """What the brackets of a heading say: "Deploy (after 3)"."""
    aside = " ".join(f"({words})" for words in _ASIDE.findall(heading.text))
    return statements.in_running_text(aside, heading.line, item=item, container=container)


def _item(document: Document, heading: Heading, one: Picked, chain: tuple[int, ...], kept: Mark) -> WorkItem:
    end = document.trimmed(heading.line, heading.end)
    body = document.text(heading.line + 1, end).strip("\n") if end > heading.line else ""
    return WorkItem(
        id=one.id,
        label=one.label,
        title=one.title,
        line=heading.line,
        body_line=min(heading.line + 1, end + 1),
        end=end,
        body=body,
        containers=chain,
        mark=heading_mark(heading.text) or _status(document, heading, end) or kept or _ticked(document, heading, end),
    )


def _status(document: Document, heading: Heading, end: int) -> Mark:
    """The mark of a `Status:` line."""
    for number in document.visible(heading.line + 1, end):
        named = field_of(document.line(number))
        if named and named[0] == "status" and (mark := spoken_word(named[1])):
            return mark
    return ""


def _ticked(document: Document, heading: Heading, end: int) -> Mark:
    """Done when there are boxes and all of them are ticked."""
    boxes: list[Mark] = []
    for number in document.visible(heading.line + 1, end):
        bare = document.line(number).lstrip().lstrip("-*+0123456789.) ")
        if bare.startswith("[") and (mark := box(bare)[0]):
            boxes.append(mark)
    return "done" if boxes and all(mark == "done" for mark in boxes) else ""
