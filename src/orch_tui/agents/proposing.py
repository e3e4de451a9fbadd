"""A section that an agent proposes: a schema, and what is made of what it says. Nothing in it is trusted.

Read where the agent says it, so that it is told what is wrong; and once more by whoever keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from orch_tui.agents.base import Proposed
from orch_tui.clean import clean, one_line

MOST = 10
"""Sections that one session proposes."""
_LONGEST: Mapping[str, int] = {"title": 200, "text": 10_000, "why": 1000, "agent": 100}
_LISTS: Mapping[str, tuple[int, int]] = {
    "after": (50, 200),
    "before": (50, 200),
    "files": (100, 300),
    "verify": (20, 300),
}
"""How many entries a list may have, and how many characters each."""
_KEPT = frozenset(["text", "verify"])
"""What is taken sign for sign, white space too: a command says something else with fewer spaces."""
_NEEDED = ("title", "text", "why")
_LARGEST = 60_000
"""Bytes of all texts together, as they are written in a transcript."""


class NotAProposal(ValueError):
    """What is no proposal; the words say what is wrong with it."""


def _text(what: str) -> dict[str, object]:
    return {"type": "string", "description": what}


def _texts(what: str) -> dict[str, object]:
    return {"type": "array", "items": {"type": "string"}, "description": what}


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "title": _text("what the section is called, in a few words"),
        "text": _text("what is to be done, complete enough for a session that knows nothing else"),
        "why": _text("why it is needed, for the person who decides"),
        "after": _texts("the ids of the sections that it builds on"),
        "before": _texts("the ids of the sections that have to wait for it"),
        "files": _texts("the files it will change"),
        "verify": _texts("commands that prove that it is done"),
        "agent": _text("the agent to carry it out, where it matters"),
    },
    "required": list(_NEEDED),
}


def read(given: object) -> Proposed:
    """The proposal in what an agent says. Raises NotAProposal with everything that is wrong."""
    if not isinstance(given, Mapping):
        raise NotAProposal("a proposal is an object with the fields of the schema")
    said = cast("Mapping[str, object]", given)
    wrong: list[str] = []
    texts = {name: _one(name, said.get(name), most, wrong) for name, most in _LONGEST.items()}
    lists = {name: _many(name, said.get(name), limits, wrong) for name, limits in _LISTS.items()}
    wrong += [f"{name} says nothing" for name in _NEEDED if not texts[name] and not wrong]
    if unknown := sorted(one_line(str(name), 80) for name in said.keys() - texts.keys() - lists.keys()):
        wrong.append(f"there is no field {unknown[0]!r}")
    if sum(len(ascii(one)) for one in (*texts.values(), *lists.values())) > _LARGEST:
        wrong.append("it is too long as a whole; say it in fewer words")
    if wrong:
        raise NotAProposal("; ".join(wrong[:8]))
    return Proposed(
        title=texts["title"],
        text=texts["text"],
        why=texts["why"],
        after=lists["after"],
        before=lists["before"],
        files=lists["files"],
        verify=lists["verify"],
        agent=texts["agent"],
    )


def _one(name: str, given: object, most: int, wrong: list[str]) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        wrong.append(f"{name} is a text, not {one_line(repr(given)[:200], 60)}")
        return ""
    if len(given) > most:
        wrong.append(f"{name} has {len(given)} characters, {most} at most")
        return ""
    whole = clean(given, tab_size=0).strip()
    if name == "verify" and not whole.isprintable():
        wrong.append(f"verify has a command that is not one line, or has tabs: {one_line(whole, 60)!r}")
        return ""
    return whole if name in _KEPT else one_line(given, most)


def _many(name: str, given: object, limits: tuple[int, int], wrong: list[str]) -> tuple[str, ...]:
    most, longest = limits
    if given is None:
        return ()
    if not isinstance(given, (list, tuple)):
        wrong.append(f"{name} is a list, not {one_line(repr(given)[:200], 60)}")
        return ()
    entries = cast("Sequence[object]", given)
    if len(entries) > most:
        wrong.append(f"{name} has {len(entries)} entries, {most} at most")
        return ()
    found = (_one(name, one, longest, wrong) for one in entries)
    return tuple(dict.fromkeys(one for one in found if one))
