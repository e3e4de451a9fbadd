"""Turning the bytes of a program's pipe into pieces of text: no line limit, any bytes, few events, bounded memory."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncGenerator

CHUNK = 64 * 1024
HOLD = 0.05
"""Seconds an unfinished line is held back for its rest: 20 pieces a second at most."""


async def pieces(pipe: asyncio.StreamReader, *, hold: float = HOLD) -> AsyncGenerator[str, None]:
    """Text of `pipe` until its end. A piece ends with a newline, or was held for `hold` seconds, or is `CHUNK` long.

    Bytes that are not UTF-8 become U+FFFD; a character split between two reads is put together.
    """
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    kept = ""
    while True:
        try:
            async with asyncio.timeout(hold if kept else None):
                chunk = await pipe.read(CHUNK)
        except TimeoutError:
            yield kept
            kept = ""
            continue
        kept += decode(chunk, final=not chunk)
        if kept and (not chunk or kept.endswith("\n") or len(kept) >= CHUNK // 2):
            yield kept
            kept = ""
        if not chunk:
            return


class Tail:
    """The last lines of an output that may be endless."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._text = ""

    def add(self, text: str) -> None:
        """Remember `text`, forgetting what is too old."""
        self._text = (self._text + text[-self._size :])[-self._size :]

    def lines(self, count: int = 3, width: int = 200) -> str:
        """The last `count` non-empty lines, each cut to `width` characters."""
        found = [line.strip() for line in self._text.splitlines() if line.strip()]
        return "\n".join(line if len(line) <= width else line[: width - 1] + "…" for line in found[-count:])
