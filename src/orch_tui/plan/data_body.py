"""The text of a task that is data, as an agent and a person read it: nothing of its fields is lost but the graph's."""

from __future__ import annotations

import re
from collections.abc import Set

from orch_tui.clean import one_line
from orch_tui.plan.blocks import unfenced
from orch_tui.plan.data import Node
from orch_tui.plan.lines import commonly_written

_PLAIN = ("description", "content", "summary", "details", "body", "prompt", "notes")
"""Fields that are shown as text, in this order; others follow under their names."""
_HEADED = {"details": "Details", "notes": "Notes", "teststrategy": "Test strategy", "design": "Design"}
_DEEPEST_INDENT = 6
"""Levels of lists that are indented; what is deeper stands as deep as these."""


def body_of(task: Node, *, leave_out: Set[str], title: str) -> str:
    """The body of a task; `leave_out` are names of fields in lower case without `_` and `-`."""
    fields = [(name, _key(name), node) for name, node in task.fields.items()]
    fields = [one for one in fields if one[1] not in leave_out and one_line(commonly_written(one[2].text)) != title]
    rank = {name: at for at, name in enumerate(_PLAIN)}
    shown = sorted(fields, key=lambda entry: rank.get(entry[1], len(rank)))
    parts = [part for part in (_part(name, key, node) for name, key, node in shown) if part]
    return "\n\n".join(sorted(parts, key=lambda part: part.startswith("### ")))


def _part(name: str, key: str, node: Node) -> str:
    if node.kind == "scalar":
        text = unfenced(node.text)
        if not text:
            return ""
        if key in _HEADED:
            return f"### {_HEADED[key]}\n{text}"
        if key in _PLAIN:
            return text
        return f"### {_spoken(name)}\n{text}" if "\n" in text else f"{_spoken(name)}: {text}"
    listed = "\n".join(_list(node, 0))
    if not listed:
        return ""
    if node.kind == "list" and all(one.kind == "scalar" for one in node.items):
        return f"{_spoken(name)}:\n{listed}"
    return f"### {_spoken(name)}\n{listed}"


def _list(node: Node, level: int) -> list[str]:
    """The members of a list or mapping as bullets, deeper ones indented."""
    lead = _lead(level)
    out: list[str] = []
    for name, one in node.fields.items():
        if one.kind == "scalar":
            out += [_bullet(lead, f"{_spoken(name)}:", one.text)] if one.text else []
        else:
            inner = _list(one, level + 1)
            out += [f"{lead}- {_spoken(name)}:", *inner] if inner else []
    for one in node.items:
        if one.kind == "scalar":
            out += [_bullet(lead, "", one.text)] if one.text else []
        else:
            out += _member(one, level)
    return out


def _member(node: Node, level: int) -> list[str]:
    """A mapping in a list: its number, title and box on one line, the rest below it."""
    lead = _lead(level)
    by_key = {_key(name): one for name, one in node.fields.items()}
    title = next((by_key[name].text for name in ("title", "name", "content") if name in by_key), "")
    if not title:
        return _list(node, level)
    number = f"{one_line(by_key['id'].text)}. " if "id" in by_key and by_key["id"].text else ""
    status = by_key["status"].text if "status" in by_key else ""
    box = ("[x] " if status in {"done", "completed"} else "[ ] ") if status else ""
    rest = Node("mapping", node.line, node.start)
    used = {"title", "name", "content", "id", "status"}
    rest.fields = {name: one for name, one in node.fields.items() if _key(name) not in used}
    return [_bullet(lead, f"{box}{number}".rstrip(), title), *_list(rest, level + 1)]


def _lead(level: int) -> str:
    return "  " * min(level, _DEEPEST_INDENT)


def _bullet(lead: str, head: str, text: str) -> str:
    """An entry of a list; a text that begins with a fence stands on lines of its own, or it would be none."""
    inside = f"\n{lead}  "
    gap = inside if text.startswith(("```", "~~~")) else " "
    return f"{lead}-{' ' if head else ''}{head}{gap}{unfenced(text).replace(chr(10), inside)}"


def _spoken(name: str) -> str:
    """`acceptance_criteria` and `acceptanceCriteria` -> `Acceptance criteria`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", one_line(name)).replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:].lower()


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
