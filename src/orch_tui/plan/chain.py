"""A chain of arrows in one line as pairs: `A → B, C → D`, also with brackets: `1 → (2 → 3) + (4 + 5) → 6`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from orch_tui.plan.later import later
from orch_tui.plan.names import LABEL

_RIGHT = r"(?<![-─━═=~–—−])(?:[-─━═=~–—−]*(?:→|▶|►|➔|➜|⟶|⇒|>>)|[-─━═=~–—−]+>)"
_LEFT = r"(?:←|◀|◄|⟵|⇐|<[-=])[-─━═=]*"
ARROW = later(rf"(?<!\s)\s*(?:(?P<right>{_RIGHT})|(?P<left>{_LEFT}))\s*")
"""An arrow of one line, in either direction; tried once for each run of blanks or strokes, so that it stays linear."""
_GROUP = later(r"\s*(?:,|，|、|&|\+|\||\band\b|\bund\b|\by\b|\bet\b|和|と|及)\s*", re.IGNORECASE)
_BESIDE = later(r"[\s,]*(?:\(?(?:in )?parallel\w*\)?|simultaneously|gleichzeitig|en paralelo|en parallèle)\s*$", re.I)
_ALONGSIDE = later(r",?\s+with\s+[^,→>]{1,60}\s+(?:alongside|in parallel|beside it|running beside)\b.*$", re.IGNORECASE)
"""Whom the last of a chain goes beside: "A → B → C, with D alongside"."""
_MARKUP = "[]{}（）【】`*\"' "
_SENTENCE = later(r"(?<=[a-z]{3})\.\s+(?=[A-Z])|(?<=[\w)])\.(?:\*\*\s+|(?<=\)\.)\s+)(?=[A-Z(])")
"""The end of one: "then Ship. It …", "Phase 5 (tests). Phase 1 …", "4 → 3.** (…"."""
_LED = later(rf"\W*({LABEL})\s+#?\d", re.IGNORECASE)
_NUMBER = later(r"#?\d{1,4}(?:\.\d{1,4})*[a-z]?[.,;:]?")
_DEEPEST = 12
"""Brackets within brackets; what is deeper is no plan's order."""


@dataclass(slots=True, kw_only=True)
class Chain:
    """`pairs` say (before, after); `firsts` and `lasts` are the names at the ends of the chain."""

    firsts: list[str] = field(default_factory=list[str])
    lasts: list[str] = field(default_factory=list[str])
    pairs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def read_chain(text: str, *, backwards: bool = False, depth: int = 0) -> Chain:
    """The names of a chain and which comes before which; `backwards` takes every arrow the other way round."""
    parts, arrows = _split(text, ARROW)
    parts = [within_sentence(part, first=not at) for at, part in enumerate(parts)]
    links = [_group(part, backwards, depth) for part in parts]
    out = Chain(firsts=links[0].firsts, lasts=links[-1].lasts, pairs=[pair for link in links for pair in link.pairs])
    for at, arrow in enumerate(arrows):
        right = (arrow["right"] is not None) != backwards
        before, after = (links[at], links[at + 1]) if right else (links[at + 1], links[at])
        out.pairs += [(one, other) for one in before.lasts for other in after.firsts]
    return out


def spoken(chain: Chain) -> dict[str, str]:
    """What each name of a chain says: the word before the first number holds for those after it, "Phase 0 → 1 → 2"."""
    names = list(dict.fromkeys(name for pair in chain.pairs for name in pair))
    led = next((found for name in chain.firsts[:1] if (found := _LED.match(name))), None)
    return {name: f"{led[1]} {name}" if led and _NUMBER.fullmatch(name) else name for name in names}


def within_sentence(part: str, *, first: bool) -> str:
    """What belongs to the chain: the last sentence before its first arrow, the first one after each."""
    ends = list(_SENTENCE.finditer(part)) if "." in part else []
    if not ends:
        return part
    return part[ends[-1].end() :] if first else part[: ends[0].start()]


def _group(text: str, backwards: bool, depth: int) -> Chain:
    """Names side by side: `A, B`, `(4 + 5) in parallel`."""
    bare = _BESIDE.sub("", _ALONGSIDE.sub("", text.strip().lstrip("-*•·├└─│ ").rstrip(". ").strip(_MARKUP)))
    parts, _ = _split(bare, _GROUP)
    if len(parts) == 1:
        return _single(bare, backwards, depth)
    out = Chain()
    for part in parts:
        link = _single(part.strip(), backwards, depth)
        out.firsts += link.firsts
        out.lasts += link.lasts
        out.pairs += link.pairs
    return out


def _single(text: str, backwards: bool, depth: int) -> Chain:
    bare = _BESIDE.sub("", text).strip(_MARKUP)
    if bare.startswith("(") and bare.endswith(")") and depth < _DEEPEST:
        inner = bare[1:-1]
        return read_chain(inner, backwards=backwards, depth=depth + 1)
    return Chain(firsts=[bare] if bare else [], lasts=[bare] if bare else [])


def _split(text: str, mark: re.Pattern[str]) -> tuple[list[str], list[re.Match[str]]]:
    """A text at the marks that stand in no brackets, and the marks."""
    depth, counted, start = 0, 0, 0
    parts: list[str] = []
    marks: list[re.Match[str]] = []
    for found in mark.finditer(text):
        between = text[counted : found.start()]
        depth = max(0, depth + between.count("(") - between.count(")"))
        counted = found.start()
        if not depth:
            parts.append(text[start : found.start()])
            marks.append(found)
            start = found.end()
    return [*parts, text[start:]], marks
