"""Foreign text made safe to show: the one sanitiser, used where text of agents, plans and programs is read.

What passes here reaches terminals as plain text: it cannot move the cursor, set a title, write the clipboard, reorder
what a person reads or break a column. The control functions are those of ECMA-48; what bidirectional overrides can do
is described in "Trojan Source" (Boucher and Anderson, 2021). Markup is another matter: widgets take `Content`.
"""

from __future__ import annotations

import re

TAB = 8
"""Columns between tab stops."""

# ZERO WIDTH JOINER (200D), NON-JOINER (200C) and variation selectors stay: emoji and several scripts need them.
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_SUSPECT = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_INVISIBLE}]")
_DROPPED = re.compile(f"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f{_INVISIBLE}]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INTRODUCER = re.compile("[\x1b\x90\x98\x9b\x9d-\x9f]")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
# No alternative can fail after its first two characters, so matching is linear. A control sequence without its end goes
# as far as its parameters, a string (OSC, DCS, SOS, PM, APC) to the end of the line.
_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequence
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\x9c\n]*(?:\x1b\\\\|[\x07\x18\x1a\x9c])?"  # strings
    "|\x1b[ -/]*[0-~]?"  # two or three characters, and ESC alone
)
_SPACE = re.compile(r"\s+")
_LONGEST = 65_536  # characters of a text that `one_line` looks at


def clean(text: str, *, tab_size: int = TAB) -> str:
    """`text` without anything a terminal obeys; newlines stay, tabs become spaces up to the next stop.

    A `tab_size` of 0 keeps the tabs, for text that is not shown but handed on (to an agent, a file).

    Escape sequences vanish (also unterminated ones), of a line redrawn by carriage returns the last version stays,
    backspaces take back the character before them, lone surrogates become U+FFFD. Linear in the length, idempotent.
    """
    if not _SUSPECT.search(text):
        return text
    if _INTRODUCER.search(text):
        text = _ESCAPES.sub("", text)
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
    if "\r" in text:
        text = "\n".join(map(_redrawn, text.replace("\r\n", "\n").split("\n")))
    if "\b" in text:
        text = "\n".join(map(_taken_back, text.split("\n")))
    return _SURROGATE.sub("\ufffd", text.expandtabs(tab_size) if tab_size else text)


def one_line(text: str, limit: int = 200) -> str:
    """`text` cleaned, its white space (newlines too) collapsed to single spaces, cut to `limit` characters with "…"."""
    plain = text.isascii() and text.isprintable() and "  " not in text
    short = text[:_LONGEST].strip() if plain else _SPACE.sub(" ", clean(text[:_LONGEST])).strip()
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"


def _redrawn(line: str) -> str:
    return line.rstrip("\r").rpartition("\r")[2] if "\r" in line else line


def _taken_back(line: str) -> str:
    if "\b" not in line:
        return line
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)
