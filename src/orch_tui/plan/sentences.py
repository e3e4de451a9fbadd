"""Where a sentence ends in what people write in plans: brackets are kept whole, "v1.2" is no end."""

from __future__ import annotations

import re

_STOPS = re.compile(r"[()\[\]（）【】.;!?。！？；|·]")
_FIELD_FOLLOWS = re.compile(r"\s+[A-Z][\w ]{1,24}:")


def sentence(text: str, *, field: bool = False) -> str:
    """`text` up to the end of its first sentence or clause; brackets are kept whole, an unopened one ends it.

    A list in square brackets ends with its bracket. In a field a semicolon separates, unless another field follows it.
    """
    return text[: sentence_end(text, 0, len(text), field=field)]


def sentence_end(text: str, start: int, stop: int, *, field: bool = False) -> int:
    """Where the first sentence of the part of `text` from `start` to `stop` ends."""
    depth = 0
    for found in _STOPS.finditer(text, start, stop):
        char, at = found[0], found.start()
        if char in "([（【":
            depth += 1
        elif char in ")]）】":
            if not depth:
                return at
            depth -= 1
            if not depth and char == "]" and text[start] == "[":
                return at + 1
        elif not depth and _ends(text, at, stop, field=field):
            return at
    return stop


def _ends(text: str, at: int, stop: int, *, field: bool) -> bool:
    """Whether the sign at a place ends a sentence there."""
    char = text[at]
    if char in "。！？":
        return True
    if char not in "；|·" and not (at + 1 >= stop or text[at + 1].isspace()):
        return False
    return char not in ";；" or not field or bool(_FIELD_FOLLOWS.match(text, at + 1, stop))
