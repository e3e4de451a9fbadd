"""The text of a task that is data, as an agent and a person read it: nothing of its fields is lost but the graph's."""

from __future__ import annotations

import re
from collections.abc import Set

from orch_tui.plan.data import Node

_PLAIN = ("description", "content", "summary", "details", "body", "prompt", "notes")
"""Fields that are shown as text, in this order; others follow under their names."""
_HEADED = {"details": "Details", "notes": "Notes", "teststrategy": "Test strategy", "design": "Design"}
_MOST_LEVELS = 6


def body_of(task: Node, *, leave_out: Set[str], title: str) -> str:
    """The body of a task; `leave_out` are names of fields in lower case without `_` and `-`."""
    fields = [(name, _key(name), node) for name, node in task.fields.items()]
    fields = [entry for entry in fields if entry[1] not in leave_out and entry[2].text != title]
    rank = {name: at for at, name in enumerate(_PLAIN)}
    shown = sorted(fields, key=lambda entry: rank.get(entry[1], len(rank)))
    parts = [part for part in (_part(name, key, node) for name, key, node in shown) if part]
    return "\n\n".join(sorted(parts, key=lambda part: part.startswith("### ")))


def _part(name: str, key: str, node: Node) -> str:
    if node.kind == "scalar":
        text = node.text
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
    lead = "  " * level
    if level > _MOST_LEVELS:
        return []
    out: list[str] = []
    for name, one in node.fields.items():
        if one.kind == "scalar":
            out += [f"{lead}- {_spoken(name)}: {_indented(one.text, lead)}"] if one.text else []
        else:
            inner = _list(one, level + 1)
            out += [f"{lead}- {_spoken(name)}:", *inner] if inner else []
    for one in node.items:
        if one.kind == "scalar":
            out.append(f"{lead}- {_indented(one.text, lead)}")
        else:
            out += _member(one, level)
    return out


def _member(node: Node, level: int) -> list[str]:
    """A mapping in a list: its number, title and box on one line, the rest below it."""
    lead = "  " * level
    by_key = {_key(name): one for name, one in node.fields.items()}
    title = next((by_key[name].text for name in ("title", "name", "content") if name in by_key), "")
    if not title:
        return _list(node, level)
    number = f"{by_key['id'].text}. " if "id" in by_key and by_key["id"].text else ""
    status = by_key["status"].text if "status" in by_key else ""
    box = ("[x] " if status in {"done", "completed"} else "[ ] ") if status else ""
    rest = Node("mapping", node.line, node.start)
    used = {"title", "name", "content", "id", "status"}
    rest.fields = {name: one for name, one in node.fields.items() if _key(name) not in used}
    return [f"{lead}- {box}{number}{_indented(title, lead)}", *_list(rest, level + 1)]


def _indented(text: str, lead: str) -> str:
    return text.replace("\n", f"\n{lead}  ")


def _spoken(name: str) -> str:
    """`acceptance_criteria` and `acceptanceCriteria` -> `Acceptance criteria`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:].lower()


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
