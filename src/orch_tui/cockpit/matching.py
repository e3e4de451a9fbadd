"""Finding by a few typed letters among very many: the filter behind every picker.

Quicker than a general fuzzy matcher, because it sorts into tiers instead of scoring: 10,000 entries take a few
milliseconds a key. The order of tiers is what people expect of fzf and of editors' "go to" dialogs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain


def folded(text: str) -> str:
    """`text` as it is compared: without case, and without accents ("Über" is found by "uber")."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


class Index:
    """Entries by a key ("B", "2.1") and words; both are folded once."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self._keys = [folded(key) for key, _ in entries]
        self._texts = [f"{key} {folded(words)}" for key, (_, words) in zip(self._keys, entries, strict=True)]

    def find(self, query: str) -> list[int]:
        """The places of what matches, best first: key, beginning of the key, whole words, parts of words.

        Words of the query may stand in any order. Only when nothing holds them all, scattered letters count. Within a
        tier the given order stays; "" finds everything.
        """
        words = folded(query).split()
        if not words:
            return list(range(len(self._texts)))
        tiers: tuple[list[int], ...] = ([], [], [], [])
        whole = " ".join(words)
        for at, text in enumerate(self._texts):
            if all(word in text for word in words):
                tiers[self._tier(at, text, whole, words)].append(at)
        return list(chain.from_iterable(tiers)) or self._scattered("".join(words))

    def _tier(self, at: int, text: str, whole: str, words: Sequence[str]) -> int:
        key = self._keys[at]
        if key == whole:
            return 0
        if key.startswith(whole):
            return 1
        return 2 if all(f" {word}" in f" {text}" for word in words) else 3

    def _scattered(self, letters: str) -> list[int]:
        # possessive, so that no text is looked at twice
        pattern = re.compile("".join(f"[^{re.escape(letter)}]*+{re.escape(letter)}" for letter in letters), re.DOTALL)
        return [at for at, text in enumerate(self._texts) if pattern.match(text)]
