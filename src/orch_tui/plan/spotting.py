"""A quick no: whether a text can hold any of some phrases at all, told by the words in it.

Most paragraphs of a plan state no order, and searching each for hundreds of phrases is what reading one costs. A phrase
stands in a text only with its longest word, and the words of a text are found once for all that is looked for in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from orch_tui.plan.remembered import remembered

_WORD = re.compile(r"[a-z0-9]+")


class Spotter:
    """Tells of a text whether it may hold one of the phrases. Sure of "no" only, and of texts in ASCII only.

    Phrases must begin and end at the ends of words wherever they are matched.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._telling = frozenset(
            max(_WORD.findall(phrase.lower()), key=len) for phrase in phrases if phrase.isascii() and phrase.strip()
        )

    def may_be_in(self, text: str) -> bool:
        """Whether it is worth looking for the phrases in `text`."""
        return not text.isascii() or not self._telling.isdisjoint(_words(text))


@remembered
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
