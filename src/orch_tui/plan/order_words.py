"""Where words of order stand in a sentence, and where the same words say something else."""

from __future__ import annotations

import re
from typing import Literal

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.trie import Phrases, alternatives
from orch_tui.plan.vocabulary import phrases

_Kind = Literal["needs", "blocks", "parallel", "later", "earlier", "behind", "ahead", "field"]


_STARTS = r"(?:(?<![\w-])(?=\w)|(?=(?-i:[\u3000-\U0010ffff])))"
"""Where a phrase can begin at all, so that not every one is tried at every letter."""


def phrase_list(*attributes: str) -> str:
    """A pattern for all phrases of some kinds; Latin ones stand between word boundaries, and `…` spans other words."""
    plain, spanning, glued = list[str](), list[str](), list[str]()
    for phrase in (phrase for attribute in attributes for phrase in phrases(attribute)):
        if "…" in phrase:
            first, _, last = phrase.partition("…")
            spanning.append(rf"{re.escape(first.strip())}(?=\s[^.;!?]{{1,200}}?\s{re.escape(last.strip())}\b)")
        elif ord(phrase[0]) > 0x2FFF:
            glued.append(phrase)
        else:
            plain.append(phrase)
    parts = [rf"(?<![\w-])(?:{'|'.join(spanning)})"] if spanning else []
    if plain:
        parts.append(rf"(?<![\w-])(?:{alternatives(plain)})(?:(?<=['’])|(?![\w-]))")
    if glued:
        parts.append(alternatives(glued))
    return rf"{_STARTS}(?:{'|'.join(parts)})"


def any_phrase(*attributes: str) -> Phrases:
    return Phrases(phrase_list(*attributes), _spotter(*attributes))


def _spotter(*attributes: str) -> Spotter:
    return Spotter(phrase.replace("…", " ") for attribute in attributes for phrase in phrases(attribute))


SOFT = any_phrase("soft")
"""Words that make a dependency a wish: no edge."""
_AT_ONCE = later(r"\b(?:immediately|now)\s*$", re.IGNORECASE)
"""Before "after" it makes no wish: "can start immediately after 2"."""
_NEAR = 80
NEVER = any_phrase("never")
"""Words that deny what is said."""
_KINDS: tuple[_Kind, ...] = ("needs", "blocks", "parallel", "later", "earlier", "behind", "ahead")
MARKER = Phrases(rf"{_STARTS}(?:{'|'.join(f'(?P<{kind}>{phrase_list(kind)})' for kind in _KINDS)})", _spotter(*_KINDS))
FIELD_WORDS = _spotter("needs_fields", "blocks_fields", "parallel_fields")
"""Any word of the name of a field."""
WORTH_A_LOOK = _spotter(*_KINDS, "needs_fields", "blocks_fields", "parallel_fields", "free")
"""Any word that may state order; most paragraphs have none, and this tells them in one search."""
_TO = re.compile(r"\s+(?:to|not)\b", re.IGNORECASE)
_BETWEEN = later(rf"[\dA-Z]\s?(?i:bis)\s+(?:(?i:{LABEL})\s+)?(?:[A-Z]*\d|[A-Z]\b)")
"""A range of ids, "1 bis 3", and no word for "until"."""
_ONE_BEFORE_IT = later(rf"\b(?:{LABEL}|ones?)\s+before\s+(?:it|this|that)\b", re.IGNORECASE)
""" "The step before it": one that is meant, and no order."""
_NEEDS_GLUED = "需要"
_OPENS = later(rf"(?:.*[，。；：,;:—–-])?\s*(?:(?:{LABEL}{GAP})?{ID}\s*)?", re.DOTALL | re.IGNORECASE)
"""What stands before the word where it means that items are needed; elsewhere it means "to have to"."""


def wished(left: str, *, after: bool) -> bool:
    """Whether the words before a marker make a wish of it; `after`: it says that something comes later."""
    return bool(SOFT.search((_AT_ONCE.sub("", left) if after else left)[-_NEAR:]))


def markers(masked: str) -> list[re.Match[str]]:
    """The words of order in a sentence, its brackets blanked; the `lastgroup` of each is its kind."""
    wishes = [found.span() for found in SOFT.finditer(masked)]
    return [
        found
        for found in MARKER.finditer(masked)
        if not _no_marker(found, masked) and not any(_inside(found, wish) for wish in wishes)
    ]


def _inside(found: re.Match[str], wish: tuple[int, int]) -> bool:
    """Whether a marker is but a part of a wish: "when" in "when possible"."""
    return wish[0] <= found.start() and found.end() <= wish[1] and found.end() - found.start() < wish[1] - wish[0]


def _no_marker(found: re.Match[str], masked: str) -> bool:
    """ "needs to", and a marker that is the end of a list of words nothing follows or precedes."""
    if found.lastgroup in {"behind", "ahead"}:
        return not masked[: found.start()].strip()
    if found[0].lower() == "bis" and _BETWEEN.match(masked[max(0, found.start() - 2) : found.end() + 20]):
        return True
    if found[0].lower() == "before" and _ONE_BEFORE_IT.search(masked[max(0, found.start() - 40) : found.end() + 8]):
        return True
    if found[0] == _NEEDS_GLUED and not _OPENS.fullmatch(masked, 0, found.start()):
        return True
    return bool(found.lastgroup == "needs" and _TO.match(masked, found.end())) or not masked[found.end() :].strip()
