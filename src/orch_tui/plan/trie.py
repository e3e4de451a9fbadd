"""One regular expression for many fixed phrases, shaped as a tree so that matching does not try them one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

from orch_tui.plan.spotting import Spotter, words_in

_Node: TypeAlias = "dict[str, _Node]"
_END = ""
_FIRST_IDEOGRAPH = 0x3000
"""From here on scripts are written without blanks between words."""


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern that matches the longest of the phrases at a place; blanks match any run of white space."""
    root: _Node = {}
    for phrase in phrases:
        node = root
        for char in phrase:
            node = node.setdefault(char, {})
        node[_END] = {}
    return _pattern(root)


def _pattern(node: _Node) -> str:
    branches = [
        (r"\s+" if char == " " else re.escape(char)) + _pattern(after) for char, after in node.items() if char != _END
    ]
    if not branches:
        return ""
    if len(branches) == 1 and (len(branches[0]) == 1 or _END not in node):
        listed = branches[0]
    elif all(len(branch) == 1 for branch in branches):
        listed = f"[{''.join(branches)}]"
    else:
        listed = f"(?:{'|'.join(branches)})"
    return listed + "?" if _END in node else listed


class Phrases:
    """Phrases to be looked for in many texts, of which most hold none of them."""

    def __init__(self, pattern: str, spotter: Spotter) -> None:
        self.written = pattern
        self.telling = spotter.telling

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Compiled when it is needed first: no plan needs all of them."""
        return re.compile(self.written, re.IGNORECASE)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The phrase that stands at a place of `text`."""
        return None if self.telling.isdisjoint(words_in(text)) else self._pattern.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The phrase that `text` is."""
        return None if self.telling.isdisjoint(words_in(text)) else self._pattern.fullmatch(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first of the phrases from a place of `text` on."""
        return None if self.telling.isdisjoint(words_in(text)) else self._pattern.search(text, start)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """All of them, one after another."""
        return () if self.telling.isdisjoint(words_in(text)) else self._pattern.finditer(text)

    def sub(self, new: str, text: str, count: int = 0) -> str:
        """The text with `new` in place of them."""
        return text if self.telling.isdisjoint(words_in(text)) else self._pattern.sub(new, text, count)


def told_by(words: str, pattern: str) -> Phrases:
    """What a pattern matches, case aside; each text that it matches holds one of the words, set off by blanks."""
    return Phrases(pattern, Spotter(words.split()))


def phrases_of(listed: str) -> list[str]:
    """The phrases of a list set off by commas, however its lines are broken."""
    return [" ".join(phrase.split()) for phrase in listed.split(",") if phrase.strip()]


def alternatives_in(listed: str) -> str:
    """The same pattern for phrases that a list sets off by commas."""
    return alternatives(phrases_of(listed))


def any_of(listed: str) -> Phrases:
    """A list of phrases set off by commas; Latin ones match whole words only."""
    words = phrases_of(listed)
    latin = [word for word in words if ord(word[0]) < _FIRST_IDEOGRAPH]
    glued = [word for word in words if ord(word[0]) >= _FIRST_IDEOGRAPH]
    parts = [rf"(?<![\w-])(?:{alternatives(latin)})(?![\w-])"] if latin else []
    return Phrases("|".join([*parts, *([alternatives(glued)] if glued else [])]), Spotter(words))
