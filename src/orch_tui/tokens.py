"""How many tokens a text has, by its bytes: no model's own counter works without its service."""

from __future__ import annotations

BYTES_PER_TOKEN = 3.0
"""Of UTF-8. English prose has between 3 and 4, a Chinese character (3 bytes) is about a token."""


def tokens_of(text: str) -> int:
    """About how many tokens `text` has, rather too many than too few."""
    return int(size(text) / BYTES_PER_TOKEN) + 1


def size(text: str) -> int:
    """The bytes of `text` as it is sent."""
    return len(text.encode("utf-8", "surrogatepass"))
