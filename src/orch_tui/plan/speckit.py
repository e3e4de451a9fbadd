"""The family of spec-kit `tasks.md`: `- [ ] T012 [P] [US1] …` in phases, with a section on dependencies.

Format: github/spec-kit, `templates/tasks-template.md`. `[P]` marks the exception "can run in parallel", so that the
tasks of one phase run in document order but for neighbours that both have it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title
from orch_tui.plan.document import Document
from orch_tui.plan.fields import is_none
from orch_tui.plan.hints import read_hints
from orch_tui.plan.marks import Mark, box
from orch_tui.plan.names import LABEL, id_key
from orch_tui.plan.paths import paths
from orch_tui.plan.reading import Container, Order, Reading, Statement, WorkItem
from orch_tui.plan.speckit_names import TASK, Names, aliases, phase_of
from orch_tui.plan.speckit_order import Relations, is_hint, is_order, unique
from orch_tui.plan.speckit_parts import read_relations

_ENTRY = re.compile(rf"(?:\*\*|~~|`)*(?P<id>{TASK})(?![\w-])(?:\*\*|`)?[:.)]?(?:\*\*)?[\s—–-]*(?P<rest>.*)")
_FLAG = re.compile(r"\s*\[(?P<flag>[^\[\]]{1,24})\](?!\()\s*")
_NAMED = re.compile(
    rf"(?<![A-Za-z0-9])(?:{TASK}|US ?\d{{1,2}}|HU ?\d{{1,2}}|(?:{LABEL})\s?\d{{1,2}})(?![A-Za-z0-9])", re.IGNORECASE
)
_STORY_TAG = re.compile(r"\[([A-Z]{1,4}-?\d{1,2})\]")
_PARALLEL = re.compile(r"\[P\]|\(P\)")
_FLAGGED = re.compile(r"\[P\??\]", re.IGNORECASE)
_LEGEND = re.compile(
    r"\bparalel|\bparall|\bindependent|\bunabhängig|并行|並行|並列|병렬|параллел",
    re.IGNORECASE,
)
_MOST_OPEN = 20
"""Lines over which a bracket of a task goes on."""
_WORK_PACKAGE = re.compile(r"\bWP\d{2}\b")
_PHASE = re.compile(rf"\W*(?:{LABEL}|user stor|us ?\d|hu ?\d|第?\d{{1,2}}\s?(?:阶段|段階|단계))", re.IGNORECASE)
_ORDER_ASIDE = re.compile(
    r"\s*[(（](?:(?:depends|requires|needs|after|blocked|blocks|see also|parallel|depende|requiere|tras|después"
    r"|hängt|nach|benötigt|dépend|après)\b|依赖|依存|의존)[^()（）]*[)）]\s*$"
    r"|\s*[(（][^()（）]*(?:に依存|完了後|完了が前提|에 의존|완료 후|完成后|之后)[)）]\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A task as found: where it stands, its mark, its id and the words after the id."""

    line: int
    end: int
    mark: Mark
    boxed: bool
    id: str
    rest: str


class SpecKitReader:
    """Reads spec-kit task lists; sections are the tasks, phases and stories are containers."""

    name = "spec-kit"

    def fits(self, document: Document) -> float:
        """Sure where tasks `T001` stand in phases or carry `[P]`; not where they are parts of work packages."""
        tasks = _tasks(document)
        if len(tasks) < 2 or any(_WORK_PACKAGE.search(heading.text) for heading in document.headings):
            return 0.0
        phased = any(_PHASE.match(heading.text) for heading in document.headings)
        flagged = any(_FLAG.match(task.rest) for task in tasks)
        return 0.97 if phased or flagged or _legend(document)[0] else 0.6

    def read(self, document: Document) -> Reading:
        """Tasks, phases, the order inside a phase by `[P]`, and what the dependencies section says."""
        tasks = _tasks(document)
        containers, number = all_containers(document, [False] * len(document.headings))
        starts = [heading.line for heading in document.headings]
        own_heading = {task.line for task in tasks} & set(starts)
        items: list[WorkItem] = []
        for task in tasks:
            at = bisect_right(starts, task.line - (task.line in own_heading)) - 1
            items.append(_item(document, task, above(containers, number.get(at, -1))))
        tags = _tags(tasks, items)
        containers = [_named(container, at, tags.get(at, frozenset())) for at, container in enumerate(containers)]
        names = Names(items, containers)
        relations = read_relations(document, items, containers, names, number)
        said = [one for at, task in enumerate(tasks) for one in _own(document, task, at)]
        return Reading(
            items=tuple(items),
            containers=tuple(containers),
            statements=(*said, *relations.statements),
            orders=tuple(_orders(document, items, containers, tasks, relations)),
        )


def _tasks(document: Document) -> list[_Task]:
    """Ticked list items that begin with a task id; else headings, else plain list items that do."""
    listed: list[_Task] = []
    last = 0
    for item in document.items:
        mark, words, rest = box(item.text)
        found = _ENTRY.match(rest)
        if found and item.line > last and (found["rest"] or words):
            listed.append(
                _Task(line=item.line, end=item.end, mark=mark, boxed=bool(words), id=found["id"], rest=found["rest"])
            )
            last = item.end
    boxed = [task for task in listed if task.boxed]
    if len(boxed) > 1:
        return boxed
    headed: list[_Task] = []
    for heading in document.headings:
        mark, _, rest = box(heading.text)
        if found := _ENTRY.match(rest):
            end = document.trimmed(heading.line, heading.end)
            headed.append(_Task(line=heading.line, end=end, mark=mark, boxed=False, id=found["id"], rest=found["rest"]))
    if len(headed) > 1:
        return headed
    if not listed:
        return []
    spans = [
        (heading.line, heading.end) for heading in document.headings if is_order(heading.text) or is_hint(heading.text)
    ]
    return [task for task in listed if not any(first < task.line <= end for first, end in spans[:50])]


def _item(document: Document, task: _Task, chain: tuple[int, ...]) -> WorkItem:
    title = task.rest
    while flag := _FLAG.match(title):
        title = title[flag.end() :]
    title = _ORDER_ASIDE.sub("", title).strip().strip("~")
    end = document.trimmed(task.line, task.end)
    hints = read_hints(document.lines[task.line : end])
    return WorkItem(
        id=task.id,
        label="task",
        title=bare_title(title.replace("**", "")) or task.id,
        line=task.line,
        body_line=task.line,
        end=end,
        body=document.body(task.line, task.rest, end),
        containers=chain,
        mark=task.mark,
        hints=replace(hints, files=hints.files or paths(task.rest)),
    )


def _tags(tasks: Sequence[_Task], items: Sequence[WorkItem]) -> dict[int, frozenset[str]]:
    """The story tags of the tasks in each container: `[US1]`, `[HU2]`."""
    found: dict[int, set[str]] = {}
    for task, item in zip(tasks, items, strict=True):
        tagged = _STORY_TAG.search(task.rest)
        for at in item.containers:
            found.setdefault(at, set()).add(tagged[1] if tagged else "")
    return {at: frozenset(tags) for at, tags in found.items() if "" not in tags}


def _named(container: Container, at: int, tags: frozenset[str]) -> Container:
    return replace(container, aliases=(*aliases(container, tags), unique(at)))


def _own(document: Document, task: _Task, at: int) -> list[Statement]:
    """What a task says in its own lines; a sentence counts only when it names a task, a story or a phase."""
    last = task.line
    rest = task.rest
    while rest.count("(") > rest.count(")") and last < min(task.end, task.line + _MOST_OPEN):
        last += 1
        rest = f"{rest} {document.line(last).strip()}"
    said = statements.in_running_text(rest, task.line, item=at)
    said += statements.in_lines(document, document.visible(last + 1, task.end), item=at)
    return [one for one in said if _NAMED.search(one.text) or (one.field and is_none(one.text))]


def _legend(document: Document) -> tuple[int, str]:
    """Line and words that define `[P]`; (0, "") when nothing does."""
    for number, line in enumerate(document.lines, 1):
        flag = _FLAGGED.search(line) if "[P" in line and not document.hidden[number] else None
        if flag and (_LEGEND.search(line, flag.end()) or "[ID] [P?]" in line.upper()):
            return number, line.strip()
    return 0, ""


def _orders(
    document: Document,
    items: Sequence[WorkItem],
    containers: Sequence[Container],
    tasks: Sequence[_Task],
    relations: Relations,
) -> list[Order]:
    """One order for each phase, unless the plan lists the dependencies of its tasks itself or never speaks of `[P]`."""
    line, quote = _legend(document)
    parallel = [bool(_PARALLEL.search(task.rest)) for task in tasks]
    if relations.by_task or not (line or any(parallel)):
        return relations.chains
    phases: dict[int, list[list[int]]] = {}
    before: dict[int, bool] = {}
    for at, item in enumerate(items):
        phase = phase_of(item, items, containers)
        groups = phases.setdefault(phase, [])
        beside = [other for other in relations.together.get(id_key(item.id), ()) if groups and other in groups[-1]]
        if beside or (parallel[at] and before.get(phase)):
            groups[-1].append(at)
        else:
            groups.append([at])
        before[phase] = parallel[at]
    phases = {phase: _side_by_side(groups, relations.lanes) for phase, groups in phases.items()}
    if not line:
        first = parallel.index(True)
        line, quote = items[first].line, f"{items[first].id} {tasks[first].rest}"
    out = [
        Order(groups=tuple(map(tuple, groups)), line=line, quote=quote) for groups in phases.values() if len(groups) > 1
    ]
    for earlier, later in (pair for groups in phases.values() for pair in pairwise(groups)):
        if chained := tuple(item for item in later if item in relations.chained):
            out.append(Order(groups=(tuple(earlier), chained), line=line, quote=quote, implied=False))
    return [*out, *relations.chains]


def _side_by_side(groups: list[list[int]], lanes: Sequence[Sequence[int]]) -> list[list[int]]:
    """The groups of a phase; the tasks of several chains of arrows are one group, since nobody orders the chains."""
    own = {item for group in groups for item in group}
    inside = [lane for lane in lanes if own.issuperset(lane)]
    drawn = [lane for lane in inside if len(lane) > 1]
    later = {item for lane in drawn for item in lane[1:]}
    if len({lane[0] for lane in drawn} - later) < 2:
        return groups
    named = {item for lane in inside for item in lane}
    first = next(at for at, group in enumerate(groups) if named.intersection(group))
    rest = [[item for item in group if item not in named] for group in groups]
    return [group for group in (*rest[:first], sorted(named), *rest[first:]) if group]
