"""What a section says about how to run it: `Agent: script`, `Model: opus`, `Risk: Low`, `Files: a.py, b.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orch_tui.plan.model import Hints
from orch_tui.plan.phrases import field, plain, sentence

_WORDS = {
    "agent": "agent",
    "provider": "agent",
    "model": "model",
    "effort": "effort",
    "estimate": "effort",
    "size": "effort",
    "risk": "risk",
    "workflow": "workflow",
}
_LISTS = {
    "file": "files",
    "files": "files",
    "acceptance": "acceptance",
    "acceptance criteria": "acceptance",
    "done when": "acceptance",
    "verify": "verify",
    "verification": "verify",
    "check": "verify",
    "checks": "verify",
}
_INLINE = re.compile(r"(?<=[.;\])])\s+(?:\*\*)?(Agent|Model|Risk|Effort|Budget|Workflow):(?:\*\*)?\s+(?=\S)")
_MONEY = re.compile(r"(?:\$|USD|US\$|€)?\s*(\d{1,6}(?:\.\d{1,4})?)\s*(?:\$|USD)?\s*$", re.IGNORECASE)
_LONGEST = 200
_MOST_LISTED = 50


def read_hints(lines: Sequence[str], inline: str = "") -> Hints:
    """Hints from fields on lines of their own, and from fields within the running text `inline`. The first one wins."""
    found: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for at, line in enumerate(lines):
        named = field(line)
        if not named:
            continue
        name, value = named
        if name in _WORDS or name == "budget":
            found.setdefault(_WORDS.get(name, name), _word(value))
        elif name in _LISTS:
            listed = _listed(value, split=name in {"file", "files"}) if value else _bullets(lines[at + 1 :])
            lists.setdefault(_LISTS[name], listed)
    for opened in _INLINE.finditer(inline):
        name = opened[1].lower()
        value = sentence(inline[opened.end() : opened.end() + _LONGEST])
        found.setdefault(_WORDS.get(name, name), _word(value))
    return Hints(
        agent=found.get("agent", ""),
        model=found.get("model", ""),
        effort=found.get("effort", ""),
        risk=found.get("risk", ""),
        workflow=found.get("workflow", ""),
        budget_usd=_money(found.get("budget", "")),
        files=lists.get("files", ()),
        acceptance=lists.get("acceptance", ()),
        verify=lists.get("verify", ()),
    )


def _word(value: str) -> str:
    return value.strip("*_`. ")[:_LONGEST]


def _money(value: str) -> float | None:
    found = _MONEY.fullmatch(value.strip())
    return float(found[1]) if found else None


def _listed(value: str, *, split: bool) -> tuple[str, ...]:
    parts = value.split(",") if split else [value]
    return tuple(part.strip("` ")[:_LONGEST] for part in parts[:_MOST_LISTED] if part.strip("` "))


def _bullets(lines: Iterable[str]) -> tuple[str, ...]:
    """The list that follows a field without a value."""
    out: list[str] = []
    for line in lines:
        bare = line.strip()
        if not bare and not out:
            continue
        if not bare.startswith(("- ", "* ", "+ ")) or len(out) >= _MOST_LISTED:
            break
        out.append(plain(line).strip("` ")[:_LONGEST])
    return tuple(out)
