"""Finding quoted words in a document, whatever became of spaces, punctuation, dashes, case and emphasis.

Models quote with straight marks where the author has curly ones, across line breaks, without asterisks and commas. What
is found is given back in the document's own words, so that a person can look at the line and see them. Of a plan in
JSON they may quote what its escapes mean.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from orch_tui.clean import clean, one_line
from orch_tui.plan.lines import split_lines

SHORTEST = 4
"""Letters and digits a quote must have: fewer are found anywhere and prove nothing."""
LONGEST = 300
"""Characters of a quote that are kept."""

# What models add, leave out or write otherwise. Arrows and comparisons stay: turned around they say something else.
_DROPPED = frozenset(
    "*_`,.;:\"'\u00ad\u200b\u200c\u200d\u2060\ufeff"
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2026\u2039\u203a\u00ab\u00bb\u00b4"
    "\u3001\u3002\u300c\u300d\u300e\u300f\uff0c\uff0e\uff1a\uff1b"
)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrtbf\"\\/])")
"""An escape of JSON."""
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Words of a document: the line they begin in (from 1), verbatim but on one line."""

    line: int
    words: str


class Quotable:
    """A document in which quotes are looked for; `text` is it without terminal escapes, line for line."""

    def __init__(self, text: str) -> None:
        self.text = "\n".join(clean(line, tab_size=0).replace("\n", " ") for line in split_lines(text))
        self._plain = _plain(self.text)
        self._starts = [0, *(at + 1 for at, character in enumerate(self.text) if character == "\n")]

    def find(self, quote: str, near: Sequence[tuple[int, int]] = ()) -> Found | None:
        """Where the words of `quote` stand: inside the line ranges `near` where they are, else the first place.

        None when they are not in the document.
        """
        wanted = _plain(quote)[0].strip()
        if not wanted:
            return None
        return self._first(wanted, near, *self._plain) or self._first(wanted, near, *self._meant)

    @cached_property
    def _meant(self) -> tuple[str, list[int]]:
        """The document with its escapes read, "" when it has none."""
        return _plain(self.text, escapes=True) if _ESCAPE.search(self.text) else ("", [])

    def _first(self, wanted: str, near: Sequence[tuple[int, int]], plain: str, places: list[int]) -> Found | None:
        first: Found | None = None
        at = plain.find(wanted)
        while at >= 0:
            found = self._found(places[at], places[at + len(wanted) - 1])
            first = first or found
            if not near or any(low <= found.line <= high for low, high in near):
                return found
            at = plain.find(wanted, at + 1)
        return first

    def _found(self, begin: int, last: int) -> Found:
        return Found(
            line=bisect_right(self._starts, begin),
            words=one_line(self.text[begin : last + 1], LONGEST),
        )


def proves(quote: str) -> bool:
    """Whether a quote is long enough to say something. A character of Chinese or Japanese counts for two."""
    letters = [character for character in quote if character.isalnum()]
    return len(letters) + sum(ord(character) > 0x2E7F for character in letters) >= SHORTEST


def _plain(text: str, *, escapes: bool = False) -> tuple[str, list[int]]:
    """`text` reduced to what must agree, and for each of its characters the place it comes from.

    With `escapes`, what stands in them is the character they mean.
    """
    characters: list[str] = []
    places: list[int] = []
    spaced = True  # leading space is dropped
    for at, character in _meanings(text) if escapes else enumerate(text):
        if character in _DROPPED:
            continue
        if character.isspace() or character == "|":  # the cells of a table
            if not spaced:
                characters.append(" ")
                places.append(at)
            spaced = True
            continue
        spaced = False
        plain = character if character.isascii() else unicodedata.normalize("NFKC", character.translate(_DASHES))
        for part in plain.casefold():
            characters.append(part)
            places.append(at)
    return "".join(characters), places


def _meanings(text: str) -> Iterator[tuple[int, str]]:
    """The characters of `text` with their places; an escape is the one that it means, at its backslash."""
    start = 0
    for found in _ESCAPE.finditer(text):
        yield from enumerate(text[start : found.start()], start)
        yield found.start(), str(json.loads(f'"{found[0]}"'))
        start = found.end()
    yield from enumerate(text[start:], start)
