"""What the first name of a list lends to the bare numbers after it: "Sections A, B", "SPEC-03, 04", "A1/2"."""

from __future__ import annotations

from orch_tui.plan.later import later
from orch_tui.plan.names import LABEL, label
from orch_tui.plan.spelled import BARE, bare_name
from orch_tui.plan.trie import told_by

_EVERY_ONE = told_by(
    "everything all every both alle toda todas todos toute toutes tous",
    r"^(?:everything (?:from|in|of)|all|every|both|alle|todas?|todos|toutes?|tous)(?: (?:of|the|las|los|les))*\s+",
)
_LABEL_BEHIND = later(rf"(?<=[\dA-Z])\s+(?i:{LABEL})$")
"""In "all Phase 1 and 2 tasks"."""
_OPENED = later(r"#?([A-Za-z]{1,20}(?:-[A-Z]{1,12}){0,2}[-_]?)\d{1,6}[a-zA-Z]?")
"""An id of letters and a number."""
_NUMBER = later(r"\d{1,6}[a-zA-Z]?(?:\s?[-–—]\s?\d{1,6})?")


def carried(text: str) -> str:
    """What a name lends to bare numbers behind it: its generic word and a blank, or the letters its id opens with."""
    bare = bare_name(text)
    first, _, rest = _EVERY_ONE.sub("", bare).partition(" ")
    if kind := label(first) if rest else "":
        return f"{kind} "
    opened = _OPENED.fullmatch(bare)
    return opened[1] if opened and not label(opened[1]) else ""


def lent(before: str, text: str) -> tuple[str, ...]:
    """What a name of a list may mean where `before` was lent to it, the likeliest first.

    A generic word holds for every bare id after it, the letters of an id for numbers that are nobody's own.
    """
    if not before:
        return (text,)
    text = _LABEL_BEHIND.sub("", text)
    bare = bare_name(text)
    if before.endswith(" "):
        return (f"{before}{text}", text) if BARE.fullmatch(bare) else (text,)
    return (text, f"{before}{bare}") if _NUMBER.fullmatch(bare) else (text,)
