"""A quick no: whether a text can hold any of some phrases at all, told by the words in it.

Most paragraphs of a plan state no order, and searching each for hundreds of phrases is what reading one costs. A phrase
stands in a text only with its longest word, the last of two such (it is the rarer one), and the words of a text are
found once for all that is looked for in it. Of scripts without blanks between words every sign counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from orch_tui.plan.remembered import remembered

_WORD = re.compile(r"[a-zß-ɏ]+|[ɐ-\U0010ffff]")
_ALIKE = str.maketrans({"ı": "i", "ſ": "s", "\u0307": None})
"""Letters that regular expressions take for others when case does not count; also the dot that `İ` loses."""


class Spotter:
    """Tells of a text whether it may hold one of the phrases. Sure of "no" only.

    The phrases of all languages must be there, and begin and end where words do wherever they are matched, or where
    another script begins.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.telling = frozenset(max(words[::-1], key=len) for phrase in phrases if (words := _found_in(phrase)))

    def may_be_in(self, text: str) -> bool:
        """Whether it is worth looking for the phrases in `text`."""
        return not self.telling.isdisjoint(words_in(text))


@remembered
def words_in(text: str) -> frozenset[str]:
    """The words of a text, as spotters tell them."""
    return frozenset(_found_in(text))


def _found_in(text: str) -> list[str]:
    lower = text.lower()
    return _WORD.findall(lower if lower.isascii() else lower.translate(_ALIKE))
