"""The family of headed groups with numbered boxes: OpenSpec `## 1. Setup` with `- [ ] 1.1 …`, Agent OS task groups.

Formats: Fission-AI/OpenSpec `tasks.md`; buildermethods/agent-os `tasks.md` (`#### Task Group 2: API` with
`**Dependencies:** Task Group 1`). A section is a group; its boxes are steps.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.later import later
from orch_tui.plan.marks import Mark, box, heading_mark, without_marks
from orch_tui.plan.names import GAP, LABEL, label
from orch_tui.plan.reading import Reading, Statement, WorkItem
from orch_tui.plan.sources import elsewhere

_GROUP = later(
    r"\W*(?P<label>(?:task )?group |section |part )?(?P<id>\d{1,3})(?P<mark>[.:)]|\s*[-–—−])?\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_NAMED = later(r"\W*(?:task )?group (?P<id>\d{1,3})\s*[:.–—−-]\s*(?P<title>\S.*)", re.IGNORECASE)
_STEP = later(r"\*?\s*(?:\*\*)?(?P<group>\d{1,3})\.\d{1,3}\b")
_DEEPER = later(r"\*?\s*(?:\*\*)?\d{1,3}\.\d{1,3}\.\d")
"""A box that counts in three numbers; where most do, the groups are chapters of tasks."""
_LABEL = later(r"\b(?:task )?groups? (?=\d)", re.IGNORECASE)
_SPOKEN = later(rf"(?<![\w.])(?:(?P<label>{LABEL}){GAP})?(?P<id>\d{{1,3}})(?:\.\d{{1,3}})?(?![\w.]*\w)", re.IGNORECASE)
_THIRD = later(rf"\W*{LABEL}{GAP}(?P<id>\d{{1,3}})\b", re.IGNORECASE)
"""A sentence that stands with the last group and speaks of another one: "Task 3 depends on Task 1"."""
_ASIDE = later(r"\s*\([^()]*\)")
_PART = later(r"\b(\d{1,3})\.\d{1,3}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A heading that is a section: its index, its id, its title, the marks of its boxes."""

    at: int
    id: str
    title: str
    boxes: tuple[Mark, ...]


class TaskGroupsReader:
    """Reads groups of numbered boxes."""

    name = "task-groups"

    def fits(self, document: Document) -> float:
        """Sure where at least two numbered headings hold boxes with their number, or all boxes are one task group's.

        The latter is no plan but the order to do one part of it, which quotes its steps.
        """
        groups = _groups(document)
        if len({group.id for group in groups}) > 1:
            return 0.0 if _counts_deeper(document) else 0.965
        named = groups and _NAMED.match(without_marks(document.headings[groups[0].at].text.replace("**", "")))
        return 0.965 if named and {of for _, of, _ in _boxes(document) if of} == {groups[0].id} else 0.0

    def read(self, document: Document) -> Reading:
        """The groups, what they say about order, and what their steps say about steps of other groups."""
        groups = _groups(document)
        own = {group.at for group in groups}
        inside = [_within(document, at, own) for at in range(len(document.headings))]
        leave_out = [at in own or inside[at] for at in range(len(document.headings))]
        containers, number = all_containers(document, leave_out)
        ids = {group.id for group in groups}
        kinds = {one.label for one in containers}
        items: list[WorkItem] = []
        said: list[Statement] = []
        for group in groups:
            heading = document.headings[group.at]
            items.append(_item(document, heading, group, above(containers, number.get(heading.parent, -1))))
            aside = " ".join(f"({words})" for words in re.findall(r"\(([^()]+)\)", heading.text))
            spoken = statements.in_running_text(aside, heading.line, item=len(items) - 1)
            visible = document.visible(heading.line + 1, heading.end)
            spoken += statements.in_lines(document, visible, item=len(items) - 1)
            for line in visible:
                if _STEP.search(document.line(line)):
                    spoken += statements.in_running_text(document.line(line), line, item=len(items) - 1)
            for one in spoken:
                third = _THIRD.match(one.subject) if one.subject and not one.field else None
                named = third is not None and third["id"] in ids
                said.append(_said_of_groups(one, ids, kinds) if named else _of_groups(one, group.id, ids))
        besides, diagrams, findings = elsewhere(document, items, containers)
        return Reading(
            items=tuple(items),
            containers=tuple(containers),
            statements=(*(one for one in said if one.text), *(_said_of_groups(one, ids, kinds) for one in besides)),
            diagrams=diagrams,
            findings=tuple(findings),
        )


def _groups(document: Document) -> list[_Group]:
    out: list[_Group] = []
    boxes = _boxes(document)
    lines = [line for line, _, _ in boxes]
    for at, heading in enumerate(document.headings):
        bare = without_marks(heading.text.replace("**", ""))
        named = _NAMED.match(bare)
        found = named or _GROUP.match(bare)
        if not found:
            continue
        held = boxes[bisect_right(lines, heading.line) : bisect_right(lines, heading.end)]
        if named or any(group == found["id"] for _, group, _ in held):
            own: tuple[Mark, ...] = tuple(mark for _, group, mark in held if group in {found["id"], ""})
            out.append(_Group(at=at, id=found["id"], title=bare_title(found["title"]), boxes=own))
    levels = Counter(document.headings[group.at].level for group in out)
    usual = levels.most_common(1)[0][0] if levels else 0
    return [group for group in out if document.headings[group.at].level == usual]


def _boxes(document: Document) -> list[tuple[int, str, Mark]]:
    """Line, number of the group ("" without one) and mark of every box."""
    out: list[tuple[int, str, Mark]] = []
    for item in document.items:
        mark, words, rest = box(item.text)
        if words:
            step = _STEP.match(rest)
            out.append((item.line, step["group"] if step else "", mark))
    return out


def _counts_deeper(document: Document) -> bool:
    """Whether most of the outermost boxes with numbers have three of them."""
    found = [box(item.text)[2] for item in document.items if not item.indent]
    return 2 * sum(map(bool, map(_DEEPER.match, found))) > sum(map(bool, map(_STEP.match, found)))


def _within(document: Document, at: int, own: set[int]) -> bool:
    while (at := document.headings[at].parent) >= 0:
        if at in own:
            return True
    return False


def _item(document: Document, heading: Heading, group: _Group, chain: tuple[int, ...]) -> WorkItem:
    end = document.trimmed(heading.line, heading.end)
    ticked: Mark = "done" if group.boxes and all(mark == "done" for mark in group.boxes) else ""
    return WorkItem(
        id=group.id,
        label="group",
        title=group.title,
        line=heading.line,
        body_line=min(heading.line + 1, end + 1),
        end=end,
        body=document.text(heading.line + 1, end).strip("\n") if end > heading.line else "",
        containers=chain,
        mark=heading_mark(heading.text) or ticked,
    )


def _said_of_groups(said: Statement, ids: set[str], kinds: set[str]) -> Statement:
    """What is said outside of all groups, where they are called sections and steps as well: "after Section 1.9".

    `kinds` are the words for what holds groups: "Phase 2" is no group then.
    """

    def of_groups(text: str) -> str:
        held = any(label(found["label"] or "") in kinds - {""} for found in _SPOKEN.finditer(text))
        return text if held else _SPOKEN.sub(group, text)

    def group(found: re.Match[str]) -> str:
        return f"group {found['id']}" if found["id"] in ids else found[0]

    return replace(said, text=of_groups(said.text), subject=of_groups(_ASIDE.sub("", said.subject)))


def _of_groups(said: Statement, own: str, ids: set[str]) -> Statement:
    """The same about groups: `2.1` means group 2, and a step of the own group is nobody's business."""

    def group(found: re.Match[str]) -> str:
        if found[1] == own:
            return ""
        return found[1] if found[1] in ids else found[0]

    text = _PART.sub(group, _LABEL.sub("", said.text)).strip(" ,;")
    return Statement(
        relation=said.relation,
        text=text,
        quote=said.quote,
        line=said.line,
        item=said.item,
        container=said.container,
        kind=said.kind,
        field=said.field,
        adds=said.adds,
    )
