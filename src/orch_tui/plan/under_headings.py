"""Sections that are headings of a known shape, and the headings around them as containers, for several families."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.fields import field as field_of
from orch_tui.plan.later import later
from orch_tui.plan.marks import STATUS_FIELDS, Mark, box, heading_mark, spoken_word
from orch_tui.plan.model import Finding
from orch_tui.plan.names import LABEL
from orch_tui.plan.reading import Container, Diagram, Order, Reading, Statement, WorkItem
from orch_tui.plan.sources import elsewhere
from orch_tui.plan.wording import EACH_OTHER

_SHORT = 4
"""Words of a text that holds little besides its references."""
_CAREFUL = later(r"\b(?:not|except|without|or|nicht|außer|oder)\b", re.IGNORECASE)
_ASIDE = later(r"\(([^()]+)\)")
_ALL = later(rf"\W*(?:all|every)\b(?:\s+(?:of|the|other|previous|prior|earlier|preceding))+\s+{LABEL}", re.IGNORECASE)
"""As good as a reference: "all previous tasks"."""


TO = r"(?:\s*(?:[-–—−]|\bto\b|\bthrough\b|\.\.)\s*"
"""Opens the regular expression for the second half of a range; close it with `)?`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A heading that is a section: its index, its name taken apart, the last line that is its own."""

    at: int
    id: str
    label: str
    title: str
    end: int


@dataclass(slots=True, kw_only=True)
class Headed:
    """Items in the order of their headings, containers with their numbers by heading index, and what is said."""

    items: list[WorkItem] = field(default_factory=list[WorkItem])
    containers: list[Container] = field(default_factory=list[Container])
    number: dict[int, int] = field(default_factory=dict[int, int])
    statements: list[Statement] = field(default_factory=list[Statement])
    diagrams: tuple[Diagram, ...] = ()
    findings: list[Finding] = field(default_factory=list[Finding])
    begins: int = 0
    """The first line of the first telling of a section."""

    def reading(self, orders: Sequence[Order] = ()) -> Reading:
        """All of it as a reading."""
        return Reading(
            items=tuple(self.items),
            containers=tuple(self.containers),
            statements=tuple(self.statements),
            diagrams=self.diagrams,
            orders=tuple(orders),
            findings=tuple(self.findings),
            begins=self.begins,
        )


def pick(document: Document, word: str, name: Callable[[Heading], tuple[str, str, str] | None]) -> list[Picked]:
    """The headings for which `name` gives (id, generic word, title), but for those within another one.

    All of them contain `word` (in lower case), which is quicker to look for.
    """
    out: list[Picked] = []
    end = 0
    for at, heading in enumerate(document.headings):
        if heading.line <= end or word not in heading.text.lower():
            continue
        found = name(heading)
        if found:
            out.append(Picked(at=at, id=found[0], label=found[1], title=found[2], end=heading.end))
            end = heading.end
    return _with_parts(document, out)


def _with_parts(document: Document, picked: list[Picked]) -> list[Picked]:
    """The same, with the parts that are written at the level of the section and so behind it, not within it.

    A heading that comes back behind another section as well is such a part: `### WP01`, `### Dependencies`, `### WP02`,
    `### Dependencies`.
    """
    after: list[list[Heading]] = []
    for one, following in zip(picked, [*(other.at for other in picked[1:]), len(document.headings)], strict=False):
        level = document.headings[one.at].level
        behind = [heading for heading in document.headings[one.at + 1 : following] if heading.line > one.end]
        outer = next((at for at, heading in enumerate(behind) if heading.level < level), len(behind))
        after.append([heading for heading in behind[:outer] if heading.level == level])
    times = Counter(text for parts in after for text in {heading.text.casefold() for heading in parts})
    return [
        replace(one, end=max([one.end, *(part.end for part in parts if times[part.text.casefold()] > 1)]))
        for one, parts in zip(picked, after, strict=True)
    ]


def read_headed(
    document: Document, picked: Sequence[Picked], *, names: str, marks: dict[str, Mark] | None = None
) -> Headed:
    """Sections and containers, what they say, and what tables, diagrams and sentences elsewhere say about them.

    `names` is a regular expression for an explicit reference of the family ("WP01", "WP01-WP05"): what is said in
    running text counts only with one. `marks` are done marks that the plan keeps elsewhere, by id as written.
    """
    own = {one.at for one in picked}
    inside: set[int] = set()
    for one in picked:
        at = one.at + 1
        while at < len(document.headings) and document.headings[at].line <= one.end:
            inside.add(at)
            at += 1
    leave_out = [at in own or at in inside for at in range(len(document.headings))]
    containers, number = all_containers(document, leave_out)
    begins = document.headings[picked[0].at].line if picked else 0
    out = Headed(containers=containers, number=number, begins=begins)
    named = re.compile(names, re.IGNORECASE)
    for one, *further in _told_again(document, picked):
        heading = document.headings[one.at]
        chain = above(containers, number.get(heading.parent, -1))
        kept = (marks or {}).get(one.id, "")
        item = _item(document, heading, one, chain, kept)
        others = [_item(document, document.headings[other.at], other, chain, kept) for other in further]
        out.items.append(replace(item, mark=item.mark or next((other.mark for other in others if other.mark), "")))
        for told in (one, *further):
            heading = document.headings[told.at]
            said = in_heading(heading, item=len(out.items) - 1)
            visible = document.visible(heading.line + 1, told.end)
            said += statements.in_lines(document, visible, item=len(out.items) - 1)
            out.statements += _named(said, named)
    said, out.diagrams, out.findings = elsewhere(document, out.items, containers)
    out.statements += _named(said, named)
    return out


def _told_again(document: Document, picked: Sequence[Picked]) -> list[list[Picked]]:
    """Sections in order; one with the same id and title as another is told again, and the longest text comes first."""
    same: dict[tuple[str, str], list[Picked]] = {}
    for one in picked:
        same.setdefault((one.id.casefold(), one.title.casefold()), []).append(one)

    def length(one: Picked) -> int:
        return one.end - document.headings[one.at].line

    told = [sorted(found, key=length, reverse=True) for found in same.values()]
    return sorted(told, key=lambda found: found[0].at)


def _named(said: Sequence[Statement], names: re.Pattern[str]) -> list[Statement]:
    """Fields as they are; sentences with explicit references, reduced to these: "WP01-WP05 so docs are right"."""
    out: list[Statement] = []
    for one in said:
        among = one.relation == "parallel" and (one.text == one.subject or EACH_OTHER.match(one.text))
        among = among or ((one.utmost or one.relation == "parallel") and bool(names.search(one.subject)))
        if one.field or one.kind != "stated" or one.relation == "sequence" or among or _ALL.match(one.text):
            out.append(one)
        elif found := [hit[0] for hit in names.finditer(one.text)]:
            plain = len(one.text.split()) > _SHORT and not _CAREFUL.search(one.text)
            speaker = {hit[0].lower() for hit in names.finditer(one.subject)}
            others = [name for name in found if name.lower() not in speaker] or found
            out.append(replace(one, text=", ".join(others)) if plain else one)
    return out


def in_heading(heading: Heading, *, item: int = -1, container: int = -1) -> list[Statement]:
    """What the brackets of a heading say: "Deploy (after 3)"."""
    aside = " ".join(f"({words})" for words in _ASIDE.findall(heading.text))
    return statements.in_running_text(aside, heading.line, item=item, container=container)


def _item(document: Document, heading: Heading, one: Picked, chain: tuple[int, ...], kept: Mark) -> WorkItem:
    end = document.trimmed(heading.line, one.end)
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
        if named and named[0] in STATUS_FIELDS and (mark := spoken_word(named[1])):
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
