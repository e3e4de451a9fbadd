"""Inline Markdown as people read it: links as their words, emphasis in one spelling."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_CODE = "(?P<code>`[^`]*`)"
_STRONG = re.compile(rf"{_CODE}|(?<![\w/])__(?=[^\s_])(?P<text>[^_]{{1,200}}(?:_[^_]{{1,200}}){{0,9}})__(?![\w/]|\.\w)")
_FIELD = re.compile(rf"{_CODE}|(?<![\w*])\*(?=[^\s*])(?P<text>[^*:：]{{1,48}}[:：][^*]{{1,200}})(?<!\s)\*(?![\w*])")


def unlinked(text: str) -> str:
    """A text with its Markdown links as their words: `[T3](https://…)` -> `T3`."""
    return _LINK.sub(r"\1", text) if "](" in text else text


def unmarked(text: str) -> str:
    """A text without bold marks, and with its Markdown links as their words."""
    return unlinked(text.replace("**", ""))


def commonly_emphasised(line: str) -> str:
    """A line with `__strong__` as `**strong**` and `*Name: value*` as `_Name: value_`, sign for sign."""
    if "__" in line:
        line = _STRONG.sub(lambda found: found["code"] or f"**{found['text']}**", line)
    if "*" in line and (":" in line or "：" in line):
        line = _FIELD.sub(lambda found: found["code"] or f"_{found['text']}_", line)
    return line
