"""Lines of a plan, as editors count them: what reads, shows and runs a plan must agree on them."""

from __future__ import annotations

import re

_ENDING = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """The lines of `text` without their endings (LF, CRLF or CR).

    Unlike str.splitlines it does not cut at form feeds and Unicode separators, which editors do not count and which may
    stand in the middle of a shell command.
    """
    return _ENDING.split(text)
