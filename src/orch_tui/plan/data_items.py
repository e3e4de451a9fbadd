"""Tasks that are data as items, containers and statements: which fields say what, under all the names they go by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from orch_tui.clean import one_line
from orch_tui.plan.data import Node
from orch_tui.plan.data_body import body_of
from orch_tui.plan.fields import Relation
from orch_tui.plan.hints import read_hints
from orch_tui.plan.lines import commonly_written
from orch_tui.plan.marks import Mark, spoken_word
from orch_tui.plan.reading import Container, Reading, Statement, WorkItem

ID = ("id", "key", "taskid", "issueid", "number", "wp", "workpackageid")
"""Names of fields that hold an id, in lower case without `_` and `-`; the first that is there counts."""
TITLE = ("title", "name", "content", "summary", "subject", "task", "description")
PARTS = ("subtasks", "children", "steps")
NEEDS = frozenset(
    [
        *("dependencies", "dependson", "depends", "deps", "blockedby", "needs", "requires", "prerequisites"),
        *("prerequisite", "after", "predecessors", "waitsfor"),
    ]
)
_BLOCKS = frozenset(["blocks", "unblocks", "enables", "blocking"])
_BESIDE = frozenset(["parallelwith", "canparallelwith"])
_RELATIONS: tuple[tuple[frozenset[str], Relation], ...] = (
    (NEEDS, "needs"),
    (_BLOCKS, "blocks"),
    (_BESIDE, "parallel"),
)
_STATUS = ("status", "state", "done", "completed", "complete", "passes", "isdone", "finished")
_REFERENCE = ("dependsonid", "taskid", "id", "task", "key", "ref", "on", "issue")
_NO_ORDER = frozenset(
    ["parent-child", "related", "relates-to", "discovered-from", "duplicates", "supersedes", "tracks"]
)
"""Types of links that say nothing about what comes first (gastownhall/beads has most of them)."""


@dataclass(slots=True, kw_only=True)
class Found:
    """Tasks with the number of their container (-1: none); containers with their name and their parent's number."""

    tasks: list[tuple[Node, int]] = field(default_factory=list[tuple[Node, int]])
    containers: list[tuple[Node, str, int]] = field(default_factory=list[tuple[Node, str, int]])


@lru_cache(maxsize=1_024)
def key(name: str) -> str:
    """A field's name in one spelling: `depends_on`, `dependsOn` and `Depends On` are the same."""
    return re.sub(r"[\W_]+", "", name).lower()


def first(node: Node, names: Sequence[str]) -> str:
    """The text of the first of these fields that has one, in common signs; `names` as `key` spells them."""
    spelled = {key(name): one for name, one in node.fields.items()}
    return commonly_written(next((spelled[name].text for name in names if name in spelled and spelled[name].text), ""))


def build(found: Found, text: str, *, title: str = "", preamble: str | None = None) -> Reading:
    """Everything in `found`; `text` is what the offsets of its nodes count in."""
    return _Builder(found, text).reading(title, preamble)


class _Builder:
    """Turns what was found into items, containers and statements."""

    def __init__(self, found: Found, text: str) -> None:
        self._found = found
        self._text = text
        self._ids = {_id(task) for task, _ in found.tasks}
        self._names = {*self._ids, *(_title(task) for task, _ in found.tasks)}
        for node, name, _ in found.containers:
            self._names |= {_id(node), _title(node), commonly_written(name)}

    def reading(self, title: str, preamble: str | None) -> Reading:
        items = [self._item(task, container) for task, container in self._found.tasks]
        containers = [self._container(*one) for one in self._found.containers]
        said: list[Statement] = []
        for at, (task, _) in enumerate(self._found.tasks):
            said += self._said(task, item=at)
            said += self._of_parts(task, at)
        for at, (node, _, _) in enumerate(self._found.containers):
            said += self._said(node, container=at)
        return Reading(
            items=tuple(items),
            containers=tuple(containers),
            statements=tuple(said),
            title=title,
            preamble=preamble,
        )

    def _item(self, task: Node, container: int) -> WorkItem:
        body = body_of(task, leave_out={*ID, *_STATUS, *self._linked(task)}, title=_title(task))
        return WorkItem(
            id=_id(task),
            label="task",
            title=_title(task),
            line=task.line,
            body_line=task.line,
            end=max(task.line, task.last_line),
            body=body,
            containers=self._chain(container),
            mark=_mark(task),
            hints=read_hints(commonly_written(body).split("\n")),
            made=True,
        )

    def _linked(self, task: Node) -> Iterator[str]:
        """The fields of order that the graph says in full; what names nothing of the plan is for the agent to read."""
        for name, value in task.fields.items():
            plain = value.kind == "scalar" or all(one.kind == "scalar" for one in value.items)
            strange = plain and any(self._meant(said) not in self._names for said, _ in _references(value))
            if _relation(name) and not strange:
                yield key(name)

    def _container(self, node: Node, name: str, parent: int) -> Container:
        name = commonly_written(name)
        title = _title(node) or name
        aliases = tuple(dict.fromkeys(one for one in (_id(node), name) if one and one != title))
        return Container(label="", id="", title=title, line=node.line, parent=parent, mark=_mark(node), aliases=aliases)

    def _chain(self, container: int) -> tuple[int, ...]:
        out: list[int] = []
        while container >= 0:
            out.append(container)
            container = self._found.containers[container][2]
        return tuple(out)

    def _said(self, node: Node, *, item: int = -1, container: int = -1) -> list[Statement]:
        """One statement for each reference in a field of order; an empty list says that nothing is waited for."""
        out: list[Statement] = []
        for name, value in node.fields.items():
            relation = _relation(name)
            if relation is None:
                continue
            quote = self._quote(value)
            for reference, line in _references(value) or [("none", value.line)]:
                out.append(
                    Statement(
                        relation=relation,
                        text=self._meant(reference),
                        quote=quote,
                        line=line,
                        item=item,
                        container=container,
                        listed=True,
                    )
                )
        return out

    def _of_parts(self, task: Node, item: int) -> list[Statement]:
        """A part of one task that waits for a part of another: so does the task. `"5.2"` names part 2 of task 5."""
        own = _id(task)
        out: list[Statement] = []
        parts = [
            part for name in PARTS for called, held in task.fields.items() if key(called) == name for part in held.items
        ]
        for part in parts:
            for name, value in part.fields.items():
                if key(name) not in NEEDS:
                    continue
                for reference, line in _references(value):
                    whole = reference.partition(".")[0]
                    if "." in reference and whole != own and whole in self._ids and reference not in self._ids:
                        quote = self._quote(value)
                        out.append(
                            Statement(relation="needs", text=whole, quote=quote, line=line, item=item, adds=True)
                        )
        return out

    def _meant(self, reference: str) -> str:
        """A reference to a part of a task means the task."""
        whole = reference.partition(".")[0]
        return whole if reference not in self._ids and whole in self._ids else reference

    def _quote(self, value: Node) -> str:
        return self._text[value.start : value.end]


def _relation(name: str) -> Relation | None:
    for names, relation in _RELATIONS:
        if key(name) in names:
            return relation
    return None


def _id(node: Node) -> str:
    return one_line(first(node, ID), 120)


def _title(node: Node) -> str:
    return one_line(first(node, TITLE).partition("\n")[0]) or _id(node)


def _mark(node: Node) -> Mark:
    """The status of a task: a word, or a yes or no under a name such as `completed`."""
    for name, value in node.fields.items():
        if key(name) not in _STATUS or value.kind != "scalar" or value.scalar is None:
            continue
        if value.text in {"true", "false"}:
            return "done" if value.text == "true" else "open"
        return spoken_word(value.text.replace("_", " ").replace("-", " ")) or "open"
    return ""


def _references(value: Node) -> list[tuple[str, int]]:
    """What a field of order names, each with its line: texts, numbers, or mappings with an id."""
    if value.kind == "scalar":
        return [(commonly_written(value.text), value.line)] if value.text else []
    if value.kind == "mapping":
        named = first(value, _REFERENCE)
        return [(named, value.line)] if named else [(name, one.line) for name, one in value.fields.items()]
    out: list[tuple[str, int]] = []
    for one in value.items:
        named = commonly_written(one.text) if one.kind == "scalar" else first(one, _REFERENCE)
        if named and first(one, ("type", "dependencytype")) not in _NO_ORDER:
            out.append((named, one.line))
    return out
