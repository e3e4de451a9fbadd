"""From the bytes of a plan file to its text; nothing is guessed or replaced."""

from __future__ import annotations

from orch_tui.errors import PlanError

LARGEST = 64 * 1024 * 1024
"""Bytes of a plan file."""
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(data: bytes) -> str:
    """The text of a plan file: UTF-8, with or without byte order mark, or UTF-16 with one.

    Raises PlanError for an empty, binary or too large file, and for bytes that are not UTF-8, with their line and
    offset. Nothing is guessed or replaced: the text may hold commands that will be run as they stand.
    """
    if len(data) > LARGEST:
        raise PlanError(f"the plan has {len(data)} bytes, more than {LARGEST}", hint="split it into several plans")
    encoding = _UTF16.get(data[:2])
    if encoding is None and b"\x00" in data:
        at = data.index(b"\x00")
        raise PlanError(f"this is a binary file (a zero byte at offset {at}), not a plan", hint="give a Markdown file")
    text = _utf8(data) if encoding is None else _utf16(data, encoding)
    if "\x00" in text:
        raise PlanError("this is a binary file (it holds zero characters), not a plan", hint="give a Markdown file")
    if not text.strip():
        raise PlanError("the file is empty", hint="write at least two sections, see `orch-tui demo` for an example")
    return text


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(
            f"line {line} is not UTF-8 ({data[error.start : error.start + 4]!r} at offset {error.start})",
            hint="save the file as UTF-8, for instance with `iconv -f latin1 -t utf-8`",
        ) from error


def _utf16(data: bytes, encoding: str) -> str:
    try:
        return data[2:].decode(encoding)
    except UnicodeDecodeError as error:
        raise PlanError(
            f"the file begins like UTF-16 and is not ({error.reason} at offset {error.start + 2})",
            hint="save the file as UTF-8",
        ) from error
