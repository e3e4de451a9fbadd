"""Titles told in other words: "Framework setup" for "Set up the framework", "auth/data foundations" for two of them.

Words are compared in all their forms and in any order. It is a guess, made only where nothing else fits, of names that
are meant as names, and only when one single title is like them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from orch_tui.plan.filler import EMPTY
from orch_tui.plan.index import Index
from orch_tui.plan.lookup import Context, Found, Lookup
from orch_tui.plan.names import GENERIC, words
from orch_tui.plan.spelled import bare_name

_ENDINGS_LISTED = """
    e ed es s ing ion ions ation ations al als er ers or ors ment ments ive y ies ication is t te ten en ung ungen n ern
    r ado ada ados adas ção ções ción ciones zione ar o a os as é ée és ées ement eur ure ures
"""
_ENDINGS = frozenset(["", *_ENDINGS_LISTED.split()])
"""Endings in which two forms of a long word may differ."""
_SHORT_ENDINGS = frozenset(["", "e", "s", "es", "ed", "ing", "en"])
_VERB_ENDINGS = frozenset(["er", "ar", "are", "ir", "re", "en"])
_NOUN_ENDINGS = frozenset(["ation", "ations", "ación", "ação", "azione", "ung"])
_LONG = 5
"""Letters that two forms of a long word have in common."""
_SHORT = 3
_HEAD = 3
"""Letters by which titles are found at all."""
_JOINTS = frozenset(["del", "de", "la", "el", "los", "las", "du", "des", "do", "da", "dos", "di", "le", "les", "von"])
"""Words between others that say nothing, in the languages that join what English puts side by side."""
_SAYING_NOTHING = EMPTY | GENERIC | _JOINTS
_MOST_SCANNED = 200
_FEWEST_WORDS = 2
_MOST_LEFT = 3
"""Telling words that a title may have besides."""
_LONGEST = 80
_TWO = re.compile(
    r"(?P<one>[^\W\d_]{2,})(?:\s?/\s?|\s+(?:and|und|y|et|e)\s+|\s?&\s?)(?P<other>[^\W\d_]{2,})\s+"
    r"(?P<noun>[^\W\d_]{3,}(?:\s[^\W\d_]{3,})?)"
)


class Likeness:
    """Which titles are meant by words that are none."""

    def __init__(self, index: Index, lookup: Lookup) -> None:
        self._index = index
        self._lookup = lookup

    def title(self, text: str, context: Context) -> Found | None:
        """The one item whose title has all these words in other forms, and few more."""
        spoken = words(text) if len(text) <= _LONGEST else ()
        telling = _telling(spoken)
        if len(telling) < _FEWEST_WORDS or not telling[0].isalpha():
            return None
        others = (at for at in self._candidates(telling) if at != context.subject)
        found = [at for at in others if self._alike(spoken, self._index.title(at))]
        return Found(found, "part") if len(found) == 1 else None

    def two(self, text: str, context: Context, *, listed: bool) -> list[Found]:
        """The two of "auth/data foundations", which share their last word; `listed` says that "and" joins some words.

        Empty unless each of them is an item or a container, and another one than the other.
        """
        told = _TWO.fullmatch(bare_name(text)) if (listed or "/" in text) and len(text) <= _LONGEST else None
        if not told or {told["one"].lower(), told["other"].lower()} & EMPTY:
            return []
        both = [self._one(one, told["noun"], context, slashed="/" in text) for one in (told["one"], told["other"])]
        met = [one for one in both if one and not one.ambiguous]
        return met if len(met) > 1 and met[0].items != met[1].items else []

    def _one(self, word: str, noun: str, context: Context, *, slashed: bool) -> Found | None:
        whole = f"{word} {noun}"
        found = self._lookup.name(whole, context, sure=True) or self.title(whole, context)
        return found or (self._opening(word.casefold(), context) if slashed else None)

    def _opening(self, word: str, context: Context) -> Found | None:
        """The one item whose title begins with a word."""
        found = [at for at in self._index.by_part((word,)) if at != context.subject]
        begins = len(found) == 1 and len(word) > _SHORT and self._index.title(found[0])[0] == word
        return Found(found, "part") if begins else None

    def _candidates(self, telling: Sequence[str]) -> Iterable[int]:
        """Titles that have, for each of these words, one that begins like it."""
        held = sorted((self._by_head.get(word[:_HEAD], set[int]()) for word in telling), key=len)
        found = held[0].intersection(*held[1:])
        return sorted(found) if len(found) <= _MOST_SCANNED else ()

    @cached_property
    def _by_head(self) -> dict[str, set[int]]:
        out: dict[str, set[int]] = defaultdict(set)
        for at in range(len(self._index.items)):
            for word in self._index.title(at):
                out[word[:_HEAD]].add(at)
        return out

    def _alike(self, spoken: tuple[str, ...], title: tuple[str, ...]) -> bool:
        left = list(_joined(title, spoken))
        for word in _telling(_joined(spoken, title)):
            same = next((own for own in left if _same_word(word, own)), None)
            if same is None:
                return False
            left.remove(same)
        return len(_telling(left)) <= _MOST_LEFT


def _telling(spoken: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in spoken if word not in _SAYING_NOTHING)


def _joined(spoken: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Words with those written as one that are one word among the others: "set up" beside "setup"."""
    whole = {one + next_ for one, next_ in pairwise(spoken)}.intersection(other)
    return tuple(_joining(spoken, whole)) if whole else spoken


def _joining(spoken: tuple[str, ...], whole: set[str]) -> Iterator[str]:
    skip = False
    for word, following in pairwise((*spoken, "")):
        if skip:
            skip = False
        elif word + following in whole:
            skip = True
            yield word + following
        else:
            yield word


def _same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one: "write" and "writing", "migrate" and "migration", "user" and "users"."""
    if one == other:
        return True
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    size = min(len(one), len(other)) if same is None else same
    if size < _SHORT:
        return False
    ends = {_end(one, size), _end(other, size)}
    if size >= _LONG and ends <= _ENDINGS:
        return True
    verb_and_noun = not ends.isdisjoint(_VERB_ENDINGS) and not ends.isdisjoint(_NOUN_ENDINGS)
    return ends <= _SHORT_ENDINGS or (size > _SHORT and verb_and_noun)


def _end(word: str, size: int) -> str:
    """What follows the part that is the same, without a letter that is doubled before it: "plan" and "planning"."""
    end = word[size:]
    return end[1:] if len(end) > 1 and end[0] == word[size - 1] else end
