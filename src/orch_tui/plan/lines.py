"""Lines of a plan, as editors count them: what reads, shows and runs a plan must agree on them."""

from __future__ import annotations

import re

_ENDING = re.compile(r"\r\n|\n|\r")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2015\ufe58\ufe63\uff0d", "--–——--")
_RARE = re.compile(f"[{''.join(map(chr, _DASHES))}−\t]")
_TIGHT_MINUS = re.compile(r"(?<=\S)−(?=\S)")
_TAB_AFTER_A_MARKER = re.compile(r"(?<![^\r\n])([ \t]*+(?:[-*+]|\d{1,9}[.)]|#{1,6}))\t")


def split_lines(text: str) -> list[str]:
    """The lines of `text` without their endings (LF, CRLF or CR).

    Unlike str.splitlines it does not cut at form feeds and Unicode separators, which editors do not count and which may
    stand in the middle of a shell command.
    """
    return _ENDING.split(text)


def commonly_written(text: str) -> str:
    """`text` with the signs people type for the rare ones an editor puts in their place, sign for sign.

    Hyphens that do not break, the other dashes, a minus within a word, and a tab after the sign of a list or heading.
    """
    if not _RARE.search(text):
        return text
    return _TAB_AFTER_A_MARKER.sub(r"\1 ", _TIGHT_MINUS.sub("-", text.translate(_DASHES)))
