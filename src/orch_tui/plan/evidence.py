"""How sure a reading is, which words it rests on, and what exactly is needed of the upstream section."""

from __future__ import annotations

import re
from typing import Literal

from orch_tui.clean import one_line
from orch_tui.plan.model import Evidence, Need
from orch_tui.plan.remembered import remembered

Way = Literal["id", "range", "title", "part", "container", "all", "ambiguous"]
"""How words were matched to a section: its id, a range of ids, its full title, part of it, its phase, "all prior"."""

_SURE: dict[Way, float] = {
    "id": 1.0,
    "range": 0.95,
    "title": 0.95,
    "container": 0.85,
    "all": 0.9,
    "part": 0.8,
    "ambiguous": 0.5,
}
_IN_PROSE = 0.8
_ONE_OF_SEVERAL = 0.7
_LONGEST_QUOTE = 300

_ASIDE = re.compile(r"[(（]([^()（）]{3,160})[)）][.;\s]*$")
_ONE_BY_ONE = re.compile(
    r"\b(?P<kind>[^\W\d_]{3,})\s[^,;()]{1,40}(?:\([^()]*\)\s*)?[,;]\s*(?P=kind)\s[^,;()]{1,60}\([^()]*\)[.;\s]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:[A-Z]{1,4}-?)?\d+(?:\.\d+)?[a-z]?\b(?!\s*%)")
_DENIES = re.compile(r"not?\b|nicht\b|without\b", re.IGNORECASE)
_DRAWN = re.compile(r"[─│├└┌┐┘→▶]")
_WORD = re.compile(r"[^\W\d_]{3}|[\u3040-\u9fff]{2}")

_NEEDS: tuple[tuple[Need, re.Pattern[str]], ...] = (
    ("tests", re.compile(r"\b(tests?|passe?[sd]?|passing|green|verified|ci|coverage)\b")),
    ("convention", re.compile(r"\b(conventions?|naming|style|patterns?|agreed|decisions?|decided|standards?|known)\b")),
    ("files", re.compile(r"\b(files?|folders?|director(?:y|ies)|structure|skeleton|scaffold\w*|layout|exists?)\b")),
    (
        "output",
        re.compile(r"\b(outputs?|results?|data|api|endpoints?|artifacts?|artefacts?|report|schema|interface)\b"),
    ),
)


def confidence(way: Way, *, prose: bool = False, alternative: bool = False) -> float:
    """0..1: how sure it is that the words mean this edge. `prose`: not a field but a sentence; `alternative`: an OR."""
    sure = _SURE[way]
    if prose:
        sure = min(sure, _IN_PROSE)
    if alternative:
        sure = min(sure, _ONE_OF_SEVERAL)
    return sure


def need(text: str) -> Need:
    """What kind of thing the words ask for: "file structure must exist" -> "files"; "" for no words, else "other"."""
    if not text.strip():
        return ""
    lowered = text.lower()
    for kind, words in _NEEDS:
        if words.search(lowered):
            return kind
    return "other"


@remembered
def aside(words: str, *, least: int = 1) -> str:
    """The note in brackets at the end of the words of an edge, when it has `least` words and only words."""
    found = _ASIDE.search(words)
    note = found[1].strip() if found else ""
    says = note and _WORD.search(note) and not (_NUMBERED.search(note) or _DENIES.match(note) or _DRAWN.search(words))
    return note if says and len(note.split()) >= least else ""


@remembered
def of_the_last(words: str) -> bool:
    """Whether the note at the end is of the last alone: in "Section B, Section C (note)", not in "B and C (note)"."""
    return words.endswith((")", ").", ");")) and _ONE_BY_ONE.search(words) is not None


@remembered
def evidence(line: int, words: str) -> Evidence:
    """The words an edge was read from, without terminal escapes; very long ones are cut and end in an ellipsis."""
    return Evidence(line=line, quote=one_line(words, _LONGEST_QUOTE))
