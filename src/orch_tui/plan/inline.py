"""Inline Markdown as people read it: links as their words, emphasis without its underscores."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_UNDERLINED = re.compile(r"(?<![\w/])__(?=\S)([^_\n]{1,200}(?:_[^_\n]{1,200}){0,9})__(?![\w./])")


def unlinked(text: str) -> str:
    """A text with its Markdown links as their words: `[T3](https://…)` -> `T3`."""
    return _LINK.sub(r"\1", text) if "](" in text else text


def not_underlined(text: str) -> str:
    """A text without `__emphasis__`; `__init__.py` is none."""
    return _UNDERLINED.sub(r"\1", text) if "__" in text else text
