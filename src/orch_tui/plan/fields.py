"""Fields and their names: `Depends on: A` is a field of the name "depends on", which states order."""

from __future__ import annotations

import re
from typing import Literal

from orch_tui.plan.inline import unlinked
from orch_tui.plan.order_words import any_phrase
from orch_tui.plan.remembered import remembered
from orch_tui.plan.vocabulary import phrases

Relation = Literal["needs", "blocks", "parallel", "sequence"]
"""needs: the subject waits for what is named; blocks: what is named waits for the subject; parallel: may run beside.

sequence: the items of the scope, or the containers that are named, run one after another."""

_BOLD = re.compile(r"\*\*([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ -]{2,30})\*\*[ \t]+(?=[^\s:：–—−-])")
_LONGEST_NAME = 48
_NONE = any_phrase("none")
_DASHES = re.compile(r"(?:no|[-–—−]+|∅|\[\s*\]|\{\s*\}|\[\s*none\s*\])[\s.]*$", re.IGNORECASE)
_NONE_ENDS = re.compile(r"$|[\s,.;:()，。；（）–—−-]")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_GERMAN_ENDS = ("voraussetzung", "voraussetzungen", "abhängigkeit", "abhängigkeiten")
_COMPOUND = re.compile(r"(?!system|hardware|software|teilnahme|zugangs|paket|modul|code|laufzeit)[a-zäöüß]{3,40}")
"""What a German writes in one word: "Startvoraussetzung", "Phasenabhängigkeiten"; nobody waits for packages."""
_FIELD_NAMES: dict[str, Relation] = {
    **dict.fromkeys(phrases("parallel_fields"), "parallel"),
    **dict.fromkeys(phrases("blocks_fields"), "blocks"),
    **dict.fromkeys(phrases("needs_fields"), "needs"),
}


@remembered
def plain(line: str) -> str:
    """A line without quote marks, bullet, box and emphasis at its start: `> - **Depends on:** A` -> `Depends on: A`."""
    text = line.strip().lstrip("> \t")
    if text[:2] in {"- ", "* ", "+ "}:
        text = text[2:].lstrip()
    if text[:4].lower() in {"[ ] ", "[x] "}:
        text = text[4:].lstrip()
    if "**" in text:
        text = with_colons(text).replace("**", "")
    return unlinked(text).lstrip("*").removeprefix("_").strip()


def with_colons(text: str) -> str:
    """A text in which `**Dependencies** T1` is a field as `**Dependencies:** T1` is."""
    return _BOLD.sub(_with_colon, text)


def _with_colon(found: re.Match[str]) -> str:
    """`**Dependencies** T1` is a field as well, when its name is one."""
    name = " ".join(found[1].replace("-", " ").lower().split())
    return f"{found[1]}: " if name in _FIELD_NAMES else found[0]


@remembered
def field(line: str) -> tuple[str, str] | None:
    """(name, value) of a line of the form `Name: value`, the name in lower case with single blanks; None otherwise."""
    if ":" not in line and "\uff1a" not in line:
        return None
    name, _, value = plain(line).replace("\uff1a", ":", 1).partition(":")
    if not name or len(name) > _LONGEST_NAME:
        return None
    name = " ".join(_ASIDE.sub(" ", name).replace("_", " ").replace("-", " ").replace("`", "").lower().split())
    return name.strip("*_ "), value.strip().lstrip("*_ ").strip()


def field_relation(name: str) -> Relation | None:
    """What a field of this name states, or None when it is no field of order. `name` as `field` gives it."""
    known = _FIELD_NAMES.get(name)
    return known or ("needs" if name.endswith(_GERMAN_ENDS) and _COMPOUND.fullmatch(name) else None)


def is_field(line: str) -> bool:
    """Whether a line is a field of order, be it a wish."""
    named = field(line)
    return bool(named and field_relation(named[0]))


def is_none(text: str) -> bool:
    """Whether a field's value begins by saying that there is nothing to wait for: "None", "n/a", "–", "keine"."""
    found = _NONE.match(text)
    return bool((found and _NONE_ENDS.match(text, found.end())) or _DASHES.match(text))
