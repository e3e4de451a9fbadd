"""The family of GSD 1 plans: `<task>` elements with name, files, action, verify and done.

Format: gsd-build/get-shit-done, `.planning/phases/…/01-02-PLAN.md`; front matter, prose, then `<tasks>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orch_tui.plan import statements
from orch_tui.plan.containers import bare_title, name_of
from orch_tui.plan.document import Document
from orch_tui.plan.marks import Mark, spoken_word
from orch_tui.plan.model import Hints
from orch_tui.plan.reading import Reading, Statement, WorkItem

_OPEN = re.compile(r"\s*<task(?P<attributes>(?:\s[^<>]*)?)>\s*$")
_CLOSE = re.compile(r"\s*</task>\s*$")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*\"([^\"]*)\"")
_ELEMENT = re.compile(r"<(?P<name>[a-z_-]+)>(?P<text>.*?)</(?P=name)>", re.DOTALL)
_LONGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One element: its lines, its attributes, the texts of its elements by name."""

    line: int
    end: int
    attributes: dict[str, str]
    elements: dict[str, str]


class GsdTasksReader:
    """Reads plans of `<task>` elements."""

    name = "gsd-tasks"

    def fits(self, document: Document) -> float:
        """Sure where two elements have a name."""
        return 0.98 if len(_tasks(document)) > 1 else 0.0

    def read(self, document: Document) -> Reading:
        """The tasks and what their attributes and texts say about order."""
        items: list[WorkItem] = []
        said: list[Statement] = []
        for at, task in enumerate(_tasks(document)):
            items.append(_item(document, task, at + 1))
            for name in ("depends_on", "depends-on", "depends", "after"):
                attribute, element = task.attributes.get(name, ""), task.elements.get(name, "")
                if text := attribute or element:
                    quote = f'{name}="{attribute}"' if attribute else f"<{name}>{element}</{name}>"
                    said.append(Statement(relation="needs", text=text, quote=quote, line=task.line, item=at))
            said += statements.in_lines(document, document.visible(task.line + 1, task.end - 1), item=at)
        return Reading(items=tuple(items), statements=tuple(said))


def _tasks(document: Document) -> list[_Task]:
    out: list[_Task] = []
    opened: tuple[int, str] | None = None
    for number, line in enumerate(document.lines, 1):
        if document.hidden[number]:
            continue
        if found := _OPEN.match(line):
            opened = (number, found["attributes"])
        elif opened and _CLOSE.match(line):
            text = document.text(opened[0] + 1, number - 1)[:_LONGEST]
            elements = {one["name"]: one["text"].strip() for one in _ELEMENT.finditer(text)}
            if elements.get("name"):
                attributes = dict(_ATTRIBUTE.findall(opened[1]))
                out.append(_Task(line=opened[0], end=number, attributes=attributes, elements=elements))
            opened = None
    return out


def _item(document: Document, task: _Task, number: int) -> WorkItem:
    name = name_of(task.elements["name"])
    status: Mark = spoken_word(task.attributes.get("status", ""))
    parts = [f"### {title.capitalize()}\n{text}" for title, text in task.elements.items() if title != "name"]
    return WorkItem(
        id=name.id or str(number),
        label="task",
        title=bare_title(name.title),
        line=task.line,
        body_line=task.line + 1,
        end=task.end,
        body="\n\n".join(parts),
        mark=status,
        hints=Hints(
            files=_lines(task.elements.get("files", "")),
            acceptance=_lines(task.elements.get("done", "")),
            verify=_lines(task.elements.get("verify", "")),
            model=task.attributes.get("model", ""),
            agent=task.attributes.get("agent", ""),
        ),
    )


def _lines(text: str) -> tuple[str, ...]:
    parts = (part.strip(" -*`") for line in text.splitlines() for part in (line.split(",") if "," in line else [line]))
    return tuple(part for part in parts if part)[:50]
