"""The family of nested numbered checklists: Kiro, cc-sdd and Agent OS `tasks.md`, `- [ ] 2. Title` with `- [ ] 2.1 …`.

Formats: kiro.dev specs (`- [ ]* 2.2` is optional; a "Task Dependency Graph" may list waves of tasks as JSON) and
gotalab/cc-sdd (`(P)` can run in parallel, `_Depends: 1.2_`). A section is a numbered task of the top level; where the
plan orders sub-tasks of different tasks, the sub-tasks are the sections.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title
from orch_tui.plan.document import Document
from orch_tui.plan.findings import Finding, status_conflict
from orch_tui.plan.inline import unlinked
from orch_tui.plan.marks import Mark, box
from orch_tui.plan.once import once
from orch_tui.plan.reading import Container, Order, Reading, Statement, WorkItem
from orch_tui.plan.sources import elsewhere
from orch_tui.plan.trie import any_of
from orch_tui.plan.value import value
from orch_tui.plan.vocabulary import phrases
from orch_tui.plan.waves import Waves, read_waves

_NUMBER = re.compile(
    r"(?P<star>\*?)\s*(?:\*\*)?(?P<id>\d{1,4}(?:\.\d{1,4}){0,3})(?:[.):]|(?=\s))(?:\*\*)?\s+(?P<rest>\S.*)"
)
_BESIDE = re.compile(r"\s*\(P\)\s*|\s*\[P\]\s*")
_TRACE = re.compile(r"^\s*(?:[-*+]\s+)?_(?:Requirements?|Depends|Boundary|Leverage|Prompt|Validates)\b", re.MULTILINE)
_NOTE = re.compile(
    r"(?<!\s)\s*+[-–—−:]?\s*+(?:\*\*|\(|（|\[)\s*(?:取り下げ|取下げ|見送り|廃止|延期|取消|已取消|废弃|作废|推迟|철회|취소|보류|withdrawn|dropped"
    r"|cancell?ed|deferred|superseded|descoped|won't do|retirad[oa]|cancelad[oa]|descartad[oa]|zurückgezogen|gestrichen"
    r"|entfällt|zurückgestellt|annulée?|abandonnée?|reportée?)(?![a-z]).*$",
    re.IGNORECASE,
)
"""A note behind a title that says that the task is not to be done."""
_TICKED = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[[xX✓✔]\]")
_ALL = any_of(",".join((*phrases("everything"), *phrases("before"))))
_SUB = re.compile(r"\d{1,4}(?:\.\d{1,4})+")


@value
class _Numbered:
    """A numbered item with a box. `text` follows the box, "" where the number stands before it; `rest` the number."""

    line: int
    end: int
    id: str
    mark: Mark
    text: str = ""
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A ticked and numbered list item; `end` is its last line, with its sub-tasks where they are not indented."""

    line: int
    end: int
    id: str
    mark: Mark
    beside: bool
    title: str
    parent: str
    """The number of the task it is a part of, "" at the top level (`2.0` stands for `2`)."""


class KiroReader:
    """Reads nested numbered checklists."""

    name = "kiro"

    def fits(self, document: Document) -> float:
        """Sure where tasks have numbered sub-tasks, `_Requirements: …_` or waves; or sub-tasks stand below headings.

        Such headings would be the groups of another family, but for `_Depends: 2.1_` between parts of different ones.
        """
        waves = read_waves(document)
        traced = _traced(document) > 1
        dotted = ["." in one.id for one in _numbered(document)]
        if not traced and (dotted.count(False) < 2 or (sum(dotted) < 2 and not waves)):
            return 0.0
        tasks = _tasks(document)
        top = [task for task in tasks if not task.parent]
        if not top and len(tasks) > 1 and traced:
            return 0.967 if _orders_sub_tasks(document, tasks, waves) else 0.0
        if len(top) < 2 or len({task.id for task in top}) * 2 < len(top):
            return 0.0
        ids = {task.id for task in top}
        parts = sum(task.parent in ids for task in tasks)
        if sum(named in ids for named in waves.named) * 2 > len(top):
            return 0.975
        return 0.96 if parts > 1 or traced or waves else 0.0

    def read(self, document: Document) -> Reading:
        """Tasks, or sub-tasks in tasks as containers; fields, `(P)`, waves."""
        tasks = _tasks(document)
        waves = read_waves(document)
        fine = _orders_sub_tasks(document, tasks, waves)
        held = {task.parent for task in tasks} if fine else set[str]()
        chosen = [task for task in tasks if task.id not in held] if fine else _outermost(tasks)
        headings, number = all_containers(document, [False] * len(document.headings))
        starts = [heading.line for heading in document.headings]
        containers = list(headings)
        of_task: dict[str, int] = {}
        for task in tasks:
            if task.id in held:
                around = above(containers, number.get(bisect_right(starts, task.line) - 1, -1))
                of_task.setdefault(task.id, len(containers))
                containers.append(_container(task, around))
        items: list[WorkItem] = []
        said: list[Statement] = []
        written = {task.id for task in tasks}
        for task in chosen:
            innermost = of_task.get(task.parent, number.get(bisect_right(starts, task.line) - 1, -1))
            items.append(_item(document, task, above(containers, innermost)))
            own = _said(document, task, item=len(items) - 1)
            said += own if fine else [_of_whole_tasks(one, task, written) for one in own]
        first_part: dict[str, int] = {}
        for task in tasks:
            first_part.setdefault(task.parent, task.line)
        for task in tasks:
            if task.id in of_task:
                said += _said(document, task, container=of_task[task.id], until=first_part.get(task.id, task.end + 1))
        elsewhere_said, diagrams, findings = elsewhere(document, items, containers)
        said += elsewhere_said
        beside = [] if any(one.relation == "needs" for one in said) else _beside(chosen, items)
        orders = [*beside, *waves.orders([task.id for task in chosen], containers, items)]
        return Reading(
            items=tuple(items),
            containers=tuple(containers),
            statements=tuple(said),
            diagrams=diagrams,
            orders=tuple(orders),
            findings=(*findings, *_withdrawn(document, chosen)),
            begins=tasks[0].line if tasks else 0,
        )


def _traced(document: Document) -> int:
    return sum(bool(_TRACE.match(line)) for line in document.lines)


@once
def _numbered(document: Document) -> tuple[_Numbered, ...]:
    """All numbered items with a box."""
    found: list[_Numbered] = []
    for item in document.items:
        mark, words, text = box(item.text)
        if not words:
            continue
        if match := _NUMBER.match(rest := text.replace("~~", "")):
            optional = bool(match["star"]) and mark != "done"
            own: Mark = "deferred" if optional else mark
            written = match["id"].removesuffix(".0")
            found.append(_Numbered(line=item.line, end=item.end, id=written, mark=own, text=text, rest=match["rest"]))
        elif item.number:
            found.append(_Numbered(line=item.line, end=item.end, id=item.number, mark=mark, rest=rest))
    return tuple(found)


@once
def _tasks(document: Document) -> tuple[_Task, ...]:
    """The numbered items, each ending before the next of its level or a higher one."""
    found = _numbered(document)
    stops = [heading.line for heading in document.headings]
    out: list[_Task] = []
    open_tasks: list[int] = []
    ends = [one.end for one in found]
    for at, one in enumerate(found):
        while open_tasks and not one.id.startswith(found[open_tasks[-1]].id + "."):
            _stretch(ends, found, open_tasks.pop(), one.line - 1, stops)
        open_tasks.append(at)
    for at in open_tasks:
        _stretch(ends, found, at, ends[-1], stops)
    for one, end in zip(found, ends, strict=True):
        title = bare_title(unlinked(_NOTE.sub("", _BESIDE.sub(" ", one.rest))).replace("**", ""))
        out.append(
            _Task(
                line=one.line,
                end=max(one.line, end),
                id=one.id,
                mark="deferred" if _is_withdrawn(one.text, one.mark) else one.mark,
                beside=bool(_BESIDE.search(one.rest)),
                title=title,
                parent=one.id.rpartition(".")[0],
            )
        )
    return tuple(task for task in out if task.title)


def _is_withdrawn(text: str, mark: Mark) -> bool:
    """Struck through and open, or called withdrawn; a ticked item that is only struck through is done."""
    struck = text.lstrip("*_ ").startswith("~~")
    return bool(_NOTE.search(text)) or (struck and mark != "done")


def _withdrawn(document: Document, tasks: Sequence[_Task]) -> list[Finding]:
    """Ticked items that are called withdrawn."""
    ticked = [task for task in tasks if task.mark == "deferred" and _TICKED.match(document.line(task.line))]
    why = "is ticked and called withdrawn"
    return [status_conflict(task.id, task.line, f"task {task.id!r} {why}", done=False) for task in ticked]


def _stretch(ends: list[int], found: Sequence[_Numbered], at: int, last: int, stops: list[int]) -> None:
    """A task whose sub-tasks stand beside it, not indented, ends with the last of them, but never past a heading."""
    parts = at + 1 < len(found) and found[at + 1].id.startswith(found[at].id + ".")
    if parts:
        after = bisect_right(stops, found[at].line)
        ends[at] = max(ends[at], min(last, stops[after] - 1 if after < len(stops) else last))


def _outermost(tasks: Sequence[_Task]) -> list[_Task]:
    """Tasks of the top level, and sub-tasks whose task is missing."""
    ids = {task.id for task in tasks}
    return [task for task in tasks if not (task.parent in ids or task.parent.partition(".")[0] in ids)]


def _orders_sub_tasks(document: Document, tasks: Sequence[_Task], waves: Waves) -> bool:
    """Whether something is said about the order of sub-tasks of different tasks."""
    ids = {task.id for task in tasks}
    if any(_SUB.fullmatch(named) and named in ids for named in waves.named):
        return True
    for task in tasks:
        if not task.parent:
            continue
        for one in _said(document, task, item=0):
            if one.relation == "parallel":
                continue
            others = [name for name in _SUB.findall(one.text) if name in ids]
            if any(name.rpartition(".")[0] != task.parent for name in others):
                return True
    return False


def _container(task: _Task, around: Sequence[int]) -> Container:
    return Container(
        label="task",
        id=task.id,
        title=task.title,
        line=task.line,
        parent=around[0] if around else -1,
        mark=task.mark,
        aliases=(task.id,),
    )


def _item(document: Document, task: _Task, chain: tuple[int, ...]) -> WorkItem:
    end = document.trimmed(task.line, task.end)
    return WorkItem(
        id=task.id,
        label="task",
        title=task.title,
        line=task.line,
        body_line=min(task.line + 1, end + 1),
        end=end,
        body=document.text(task.line + 1, end).strip("\n") if end > task.line else "",
        containers=chain,
        mark=task.mark,
    )


def _said(document: Document, task: _Task, *, item: int = -1, container: int = -1, until: int = 0) -> list[Statement]:
    """What a task says in its first line and in the lines before line `until` (0: all of them).

    A sentence counts with a number, or with "all" and "previous": "HOLD until merge" names no task.
    """
    said = statements.in_running_text(document.line(task.line), task.line, item=item, container=container)
    last = min(task.end, until - 1) if until else task.end
    said += statements.in_lines(document, document.visible(task.line + 1, last), item=item, container=container)
    return [one for one in said if one.field or re.search(r"\d", one.text) or _ALL.search(one.text)]


def _of_whole_tasks(said: Statement, task: _Task, ids: set[str]) -> Statement:
    """A field that names a part of another task means that task, where parts are no sections: `_Depends: 1.1_`."""

    def whole(found: re.Match[str]) -> str:
        outer = found[0].partition(".")[0]
        return outer if found[0] in ids and outer in ids and outer != task.id else found[0]

    return replace(said, text=_SUB.sub(whole, said.text)) if said.field else said


def _beside(tasks: Sequence[_Task], items: Sequence[WorkItem]) -> list[Order]:
    """`(P)` marks the exception to the order of the list, as `[P]` does in spec-kit."""
    marked = [task for task in tasks if task.beside]
    if not marked:
        return []
    groups: dict[tuple[int, ...], list[list[int]]] = {}
    before = False
    for at, task in enumerate(tasks):
        held = groups.setdefault(items[at].containers, [])
        if held and before and task.beside:
            held[-1].append(at)
        else:
            held.append([at])
        before = task.beside
    quote = f"{marked[0].id} (P) {marked[0].title}"
    return [Order(groups=tuple(map(tuple, held)), line=marked[0].line, quote=quote) for held in groups.values()]
