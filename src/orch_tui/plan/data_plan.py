"""The families that are data: task-master `tasks.json`, other JSON and YAML task lists, todos in YAML front matter.

Formats: eyaltoledano/claude-task-master (tags around `{"tasks": [...]}`, or the older form without tags), Cursor's
`.plan.md` (todos in the front matter), `prd.json` with `userStories`, and lists of the same shape under other names.
"""

from __future__ import annotations

import re

from orch_tui.plan.data import BrokenDataError, Node, read_json, read_yaml
from orch_tui.plan.data_items import ID, NEEDS, PARTS, TITLE, Found, build, first, key
from orch_tui.plan.document import Document
from orch_tui.plan.findings import finding
from orch_tui.plan.reading import Reading

_LISTS = frozenset(
    [
        *(
            "tasks",
            "todos",
            "steps",
            "items",
            "issues",
            "stories",
            "userstories",
            "slices",
            "workpackages",
            "workitems",
        ),
        *("features", "jobs", "beads", "tickets", "sections", "aufgaben", "schritte", "phases", "milestones", "epics"),
        *("waves", "stages", "sprints", "groups", "tracks"),
    ]
)
_OUTER = frozenset(["phases", "milestones", "epics", "waves", "stages", "sprints", "groups", "tracks", "sections"])
_TASK_LIST = re.compile(r"^(?:[ \t]*- |[ \t]*)[\"']?(?:id|title|name|content|task)[\"']?[ \t]*:", re.MULTILINE)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```)", re.MULTILINE)
_KEYED = re.compile(r"^[A-Za-z_][\w -]{0,40}:(?:\s|$)")
_ANCHOR = re.compile(r"^[\w -]{1,40}:[ \t]*&\w", re.MULTILINE)
"""A named value of YAML, which prose has not."""
_PLAN_TITLE = ("title", "name", "project", "projectname")
_ABOUT = ("overview", "description", "summary", "goal")
_HARDLY_A_LIST = 0.5
"""Certainty for todos in front matter that state no order: the text below them may say more."""


class DataReader:
    """Reads plans that are data. Sections are the tasks; lists of lists are containers, subtasks part of a body."""

    name = "data"

    def fits(self, document: Document) -> float:
        """Sure of JSON; of YAML and front matter when they hold a list of tasks."""
        if _looks_like_json(document):
            return 0.99
        try:
            root = _yaml(document)
        except BrokenDataError:
            return 0.0 if document.front_matter else 0.9
        tasks = _found(root) if root else Found()
        if len(tasks.tasks) < 2:
            return 0.0
        stating = any(key(name) in NEEDS for task, _ in tasks.tasks for name in task.fields)
        return 0.98 if stating or not document.front_matter else _HARDLY_A_LIST

    def read(self, document: Document) -> Reading:
        """The tasks; what is not the data it looks like is a finding with line and column."""
        try:
            root = _json(document) if _looks_like_json(document) else _yaml(document)
        except BrokenDataError as error:
            return Reading(
                items=(), findings=(finding("broken-data", (), error.line, f"the data is not read; {error}"),)
            )
        if root is None:
            return Reading(items=())
        text = document.data()
        if not document.front_matter or _looks_like_json(document):
            return build(_found(root), text, title=first(root, _PLAN_TITLE), preamble=first(root, _ABOUT))
        return build(_found(root), document.data(*document.front_matter))


def _looks_like_json(document: Document) -> bool:
    first = next((line for line in document.lines if line), "").lstrip()
    return first[:1] in {"{", "["} and not re.match(r"\[[ xX~-]?\]|\[[^\]\"]*\]\(", first)


def _json(document: Document) -> Node:
    return read_json(document.data())


def _yaml(document: Document) -> Node | None:
    """Front matter, or a whole text that looks like YAML; None when there is neither."""
    if document.front_matter:
        first, last = document.front_matter
        text = document.data(first, last)
        return read_yaml(text, first) if _TASK_LIST.search(text) else None
    text = document.data()
    opening = next((line for line in document.lines if line and not line.startswith(("#", "---"))), "")
    if not (_KEYED.match(opening) or opening.startswith("- ")):
        return None
    if not (_TASK_LIST.search(text[:20_000]) or _is_flow(opening) or len(_ANCHOR.findall(text[:20_000])) > 1):
        return None
    if _MARKDOWN.search("\n".join(line for line in document.lines if not line.startswith("# "))):
        return None
    return read_yaml(text)


def _is_flow(line: str) -> bool:
    """Whether a line opens a list of tasks in brackets: `tasks: [{id: a, …`."""
    name, _, value = line.partition(":")
    return key(name) in _LISTS and value.lstrip()[:1] in {"[", "{"}


def _found(root: Node) -> Found:
    """The tasks of a tree, wherever its lists of tasks are."""
    out = Found()
    if root.kind == "list":
        _collect(root, -1, out)
        return out
    lists = [(name, node) for name, node in root.fields.items() if key(name) in _LISTS and _is_tasks(node)]
    if lists:
        best = [pair for pair in lists if key(pair[0]) not in _OUTER] or lists
        for _, node in best:
            _collect(node, -1, out)
        return out
    for name, tag in root.fields.items():
        inner = [node for called, node in tag.fields.items() if key(called) in _LISTS and _is_tasks(node)]
        if inner:
            out.containers.append((tag, name, -1))
            held = len(out.containers) - 1
            for node in inner:
                _collect(node, held, out)
    return out


def _is_tasks(node: Node) -> bool:
    """A list of mappings, or a mapping of mappings, that have a title or an id."""
    held = node.items or list(node.fields.values())
    return bool(held) and all(one.kind == "mapping" and first(one, (*ID, *TITLE)) for one in held)


def _collect(node: Node, container: int, out: Found) -> None:
    """Adds the members of a list; a member that holds a list of tasks itself is a container."""
    for name, member in _members(node):
        if member.kind != "mapping" or not first(member, (*ID, *TITLE)):
            continue
        inner = [
            held
            for called, held in member.fields.items()
            if key(called) in _LISTS and key(called) not in PARTS and _is_tasks(held) and len(out.containers) < 10_000
        ]
        if inner:
            out.containers.append((member, name, container))
            at = len(out.containers) - 1
            for held in inner:
                _collect(held, at, out)
        else:
            if name and "id" not in member.fields:
                member.fields["id"] = Node("scalar", member.line, member.start, member.end, member.line, name)
            out.tasks.append((member, container))


def _members(node: Node) -> list[tuple[str, Node]]:
    return [("", one) for one in node.items] if node.kind == "list" else list(node.fields.items())
