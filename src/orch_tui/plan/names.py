"""How plans name their items: the generic words, what an id looks like, and keys under which spellings are the same."""

from __future__ import annotations

import re
import unicodedata

_GENERIC = (
    "section phase step task part milestone stage slice story epic issue ticket item wave tier feature todo chapter "
    "sprint track workstream group iteration batch block unit module initiative package stream work-package workpackage"
)
LABELS = frozenset(_GENERIC.split())
"""Words that only say "a piece of work"; never part of an id."""
LABEL = (
    "(?:" + "|".join(sorted((re.escape(word).replace("\\-", "[- ]") for word in LABELS), key=len, reverse=True)) + ")"
)
"""Regular expression for one such word, singular."""
ID = r"#?(?:[A-Za-z]{1,20}[-_]?\d{1,9}(?:\.\d{1,9}){0,4}[a-z]?|\d{1,9}(?:\.\d{1,9}){0,4}[a-z]?|[A-Z]{1,2})(?!\w)"
"""Regular expression for an id: `A`, `3`, `2.1`, `T012`, `PROJ-101`, `#42`."""
_FILLER = frozenset(
    ["work", "works", "slices", "tasks", "steps", "items", "the", "a", "an", "sections", "phases", "stories", *LABELS]
)
_KEY_PARTS = re.compile(r"[^\W\d_]+|\d+|[.~-]")
_WORDS = re.compile(r"[^\W_]+")
_LONGEST = 200


def id_key(text: str) -> str:
    """One spelling for all spellings of an id: case, punctuation and leading zeros do not count (`T-012` -> `t12`)."""
    out: list[str] = []
    mark = ""
    for part in _KEY_PARTS.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()):
        if part in {".", "~", "-"}:
            mark = part
            continue
        joint = ""
        if part.isdigit():
            joint = (mark or "-") if out and out[-1][-1].isdigit() else mark.strip(".-")
        out.append(joint + (part.lstrip("0") or "0" if part.isdigit() else part))
        mark = ""
    return "".join(out)


def words(text: str) -> tuple[str, ...]:
    """The words of a title in one spelling; "and" is left out, since plans write "&" as often."""
    found = _WORDS.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold())
    return tuple(word for word in found if word != "and")


def core(title: tuple[str, ...]) -> tuple[str, ...]:
    """Words without generic ones at either end: "the Agent Registry slice" -> "agent registry"; never empties them."""
    first, last = 0, len(title)
    while first < last and title[first] in _FILLER:
        first += 1
    while last > first and title[last - 1] in _FILLER:
        last -= 1
    return title[first:last] or title


def label(word: str) -> str:
    """The generic word in lower-case singular: "Sections" -> "section", "Stories" -> "story"; "" when it is none."""
    bare = word.strip().casefold().replace(" ", "-")
    for candidate in (bare, bare.removesuffix("s"), bare.removesuffix("ies") + "y"):
        if candidate in LABELS:
            return candidate
    return ""


def id_from_title(title: str) -> str:
    """The id of an item that has none: its words in lower case, joined by hyphens, at most 80 characters."""
    found = _WORDS.findall(unicodedata.normalize("NFKC", title[:_LONGEST]).casefold())
    return "-".join(found)[:80].rstrip("-") or "section"
