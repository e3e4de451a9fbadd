"""Ids of several units in one heading: `M4a/M4b`, "Tasks 4 and 5", "Weeks 3-4"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import ID, label
from orch_tui.plan.value import value

_JOINT = r"\s?/\s?|\s?[&+]\s?|,\s|,?\s(?:and|und|y|et)\s"
_MAY_BE = re.compile(r"\d[a-z]?\]?\s?(?:[/&+,–-]|and\b|und\b|y\b|et\b)\s?[#A-Za-z]{0,12}[ -]?\d")
_WORD = r"[^\W\d_]{1,14}"
_SEVERAL = later(
    rf"\W*(?:(?P<label>{_WORD})[\s:#_]{{1,3}})?(?P<first>{ID})(?P<more>(?:(?:{_JOINT})(?:{_WORD}[\s:#_]{{1,3}})?{ID})+)"
    r"(?P<gap>\s*[:.)–—−：|-]+\s*|\s+|$)(?P<title>.*)"
)
_RANGE = later(
    rf"\W*(?P<label>{_WORD})[\s:#_]{{1,3}}(?P<first>[1-9]\d{{0,2}})\s?[-–]\s?(?P<last>[1-9]\d{{0,2}})"
    r"(?P<gap>\s*[:.)–—−：|-]+\s*|\s*$)(?P<title>.*)"
)
_PIECE = later(rf"(?:{_JOINT})(?:(?P<label>{_WORD})[\s:#_]{{1,3}})?(?P<id>{ID})")
_SHAPE = re.compile(r"\d+[a-z]?")
_PARTS = re.compile(r"(?P<first>[1-9]\d{0,2})-(?P<last>[1-9]\d{0,2})")
_NEAR = 40
"""Characters in which the first two ids stand."""
_WIDEST = 50
"""Numbers from the first to the last; more are no units of one heading."""


@value
class Joint:
    """The generic word, the id of all together (`M4a/M4b`, `3-4`), and the title."""

    label: str
    id: str
    title: str


def joint(text: str) -> Joint | None:
    """What a heading says that is several units at once; None for any other."""
    if not _MAY_BE.search(text, 0, _NEAR):
        return None
    found = _RANGE.match(text)
    if found and label(found["label"]):
        first, last = int(found["first"]), int(found["last"])
        return _joint(found, f"{first}-{last}") if first < last < first + _WIDEST else None
    found = _SEVERAL.match(text)
    pieces = list(_PIECE.finditer(found["more"])) if found else []
    if not found or not all(label(one["label"]) for one in (found, *pieces) if one["label"]):
        return None
    ids = [found["first"], *(piece["id"] for piece in pieces)]
    numbers = [int(one) for one in ids if one.isdecimal()]
    if len({_SHAPE.sub("0", one) for one in ids}) > 1 or not found["first"][-2:].strip("abcdefghijklmnopqrstuvwxyz"):
        return None
    loose = not found["gap"].strip() and found["title"] and "/" not in found["more"]
    if loose or (numbers and not found["label"]) or (numbers and max(numbers) - min(numbers) >= _WIDEST):
        return None
    return _joint(found, "/".join(one.lstrip("#") for one in ids))


def _joint(found: re.Match[str], id_: str) -> Joint:
    return Joint(label=label(found["label"] or ""), id=id_, title=found["title"])


def parts(id_: str, kind: str) -> tuple[str, ...]:
    """The ids that are joined in one, none for an id of one unit; `kind` is the generic word that it came with."""
    if "/" in id_:
        return tuple(id_.split("/"))
    ranged = _PARTS.fullmatch(id_) if kind else None
    return tuple(map(str, range(int(ranged["first"]), int(ranged["last"]) + 1))) if ranged else ()
