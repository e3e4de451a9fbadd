"""The words in which plans state order: one table, read as a field (`Depends on: …`) or as a phrase in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Relation = Literal["needs", "blocks", "parallel"]
"""needs: the subject waits for what is named; blocks: what is named waits for the subject; parallel: may run beside."""

_NEEDS_FIELDS = """
dependencies, dependency, depends, depends on, dependent on, deps, dep, hard dependencies, blocked by, blocked on,
requires, required, requirements from, needs, prerequisite, prerequisites, pre requisite, pre requisites, prereqs,
after, start after, starts after, can start after, run after, runs after, waits for, wait for, waiting for, waiting on,
follows, builds on, predecessor, predecessors, must follow
"""
_BLOCKS_FIELDS = "blocks, unblocks, enables, prerequisite for, required by, required for, must finish before, before"
_PARALLEL_FIELDS = """
can parallel with, parallel with, can run in parallel with, runs in parallel with, in parallel with,
can be parallel with,
parallelizable with, parallelisable with, can be done in parallel with, concurrent with, can run alongside, alongside,
can run beside, independent of
"""
SOFT = re.compile(
    r"\b(optional(?:ly)?|ideally|nice[ -]to[ -]have|soft|informational|not required|would help|viable|partially"
    r"|preferably|recommended|can start immediately|can start now)\b",
    re.IGNORECASE,
)
"""Words that make a dependency a wish: no edge."""
NONE = re.compile(
    r"(?:none|nothing|no (?:other )?dependenc(?:y|ies)|n/?a|nil|not applicable)(?=$|[\s,.;:()–—-])"
    r"|(?:no|[-–—−]+|∅|\[\s*\]|\{\s*\}|\[\s*none\s*\])[\s.]*$",
    re.IGNORECASE,
)
"""Words that say that there is nothing to wait for; matched at the start of what a field says."""

_SENTENCE = re.compile(
    r"(?:^|(?<=[.;:!?(\[–—,`])\s*|(?<=\s-)\s|(?<=\band )|(?<=\bbut )|(?<=\bit )|(?<=\bonly )"
    r"|(?<=\s)(?=(?-i:Dependencies|Depends on|Blocked by|Requires|Prerequisites)\s*:))"
    r"(?P<words>(?:hard[- ])?depend(?:s|ent)? (?:up)?on|(?:deps|dependenc(?:y|ies)|depends|prerequisites?)(?=\s*:)"
    r"|(?:is )?blocked (?:by|on)"
    r"|requires|needs|(?:can |must |may |only )*(?:starts?|runs?|begins?) (?:only )?after|(?:only )?after"
    r"|waits? (?:for|on)|waiting (?:for|on)|must follow|builds on"
    r"|(?:can (?:run )?)?(?:in )?parallel(?:izable)? with)\b"
    r"(?P<colon>\s*:)?\s*(?=\S)",
    re.IGNORECASE,
)
_FIELD_NAME_LONGEST = 48
_MOST_IN_TEXT = 200
"""Statements read from one line; a line with more is no plan's."""
_FIELD_FOLLOWS = re.compile(r"\s+[A-Z][\w ]{1,24}:")
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A statement of order: what it says about what, and whether it stands as a field or within a sentence.

    `text` is what follows the words of the phrase, `quote` the words with it, both verbatim.
    """

    relation: Relation
    text: str
    quote: str
    field: bool


def _table(*rows: tuple[str, Relation]) -> dict[str, Relation]:
    return {" ".join(name.split()): relation for names, relation in rows for name in names.split(",")}


_FIELDS = _table((_NEEDS_FIELDS, "needs"), (_BLOCKS_FIELDS, "blocks"), (_PARALLEL_FIELDS, "parallel"))


def plain(line: str) -> str:
    """A line without quote marks, bullet, box and emphasis at its start: `> - **Depends on:** A` -> `Depends on: A`."""
    text = line.strip().lstrip("> \t")
    if text[:2] in {"- ", "* ", "+ "}:
        text = text[2:].lstrip()
    if text[:4].lower() in {"[ ] ", "[x] "}:
        text = text[4:].lstrip()
    return text.replace("**", "").replace("__", "").lstrip("*_").strip()


def field(line: str) -> tuple[str, str] | None:
    """(name, value) of a line of the form `Name: value`, the name in lower case with single blanks; None otherwise."""
    if ":" not in line and "\uff1a" not in line:
        return None
    name, _, value = plain(line).replace("\uff1a", ":", 1).partition(":")
    if not name or len(name) > _FIELD_NAME_LONGEST:
        return None
    name = " ".join(_ASIDE.sub(" ", name).replace("_", " ").replace("-", " ").lower().split())
    return name.strip("*_ "), value.strip().lstrip("*_ ").strip()


def field_relation(name: str) -> Relation | None:
    """What a field of this name states, or None when it is no field of order. `name` as `field` gives it."""
    return _FIELDS.get(name)


def in_line(line: str) -> list[Phrase]:
    """The statement a whole line makes: a field, or a sentence that opens with the phrase."""
    named = field(line)
    relation = field_relation(named[0]) if named else None
    if named and relation:
        soft = SOFT.search(plain(line).partition(":")[0])
        value = sentence(named[1], field=True)
        return [] if soft else [Phrase(relation=relation, text=value, quote=line.strip(), field=True)]
    bare = plain(line)
    found = _SENTENCE.match(bare)
    if not found:
        return []
    return [_phrase(found, sentence(bare[found.end() :]), quote=line)]


def in_text(text: str) -> list[Phrase]:
    """Every statement within running text, such as `… Dependencies: [A, B].` or `(after 3)`; not negated ones."""
    found: list[Phrase] = []
    bare = text.replace("**", "")
    opened = _SENTENCE.search(bare)
    while opened and len(found) < _MOST_IN_TEXT:
        start = opened.end()
        following = _SENTENCE.search(bare, start)
        bracketed = bare[start] == "["
        stop = len(bare) if bracketed or not following else following.start("words")
        value = sentence(bare[start:stop], field=bool(opened["colon"]))
        found.append(_phrase(opened, value, quote=bare[opened.start("words") : start + len(value)]))
        if following and following.start() < start + len(value):
            following = _SENTENCE.search(bare, start + len(value))
        opened = following
    return found


def first_at(text: str) -> int:
    """Where the first statement within running text begins, or the length of the text."""
    found = _SENTENCE.search(text)
    return found.start("words") if found else len(text)


def _phrase(found: re.Match[str], text: str, quote: str) -> Phrase:
    parallel = "parallel" in found["words"].lower()
    return Phrase(
        relation="parallel" if parallel else "needs", text=text, quote=quote.strip(), field=bool(found["colon"])
    )


def sentence(text: str, *, field: bool = False) -> str:
    """`text` up to the end of its first sentence or clause; brackets are kept whole, an unopened one ends it.

    A list in square brackets ends with its bracket. In a field a semicolon separates, unless another field follows it.
    """
    depth = 0
    for at, char in enumerate(text):
        if char in "([":
            depth += 1
        elif char in ")]":
            if not depth:
                return text[:at]
            depth -= 1
            if not depth and char == "]" and text[0] == "[":
                return text[: at + 1]
        elif depth or char not in ";.!?" or not (at + 1 == len(text) or text[at + 1].isspace()):
            continue
        elif char != ";" or not field or _FIELD_FOLLOWS.match(text, at + 1):
            return text[:at]
    return text
