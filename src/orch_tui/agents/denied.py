"""Shell commands that settings deny: patterns with `*` and `?`, matched from any word of a command on.

`git push` denies `git push origin`, `sudo git push` and `cd x && git push`. It is no parser of shells: words in quotes
count too, so it rather denies too much, and who hides a command well enough is found by what it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_BETWEEN = re.compile(r"[;&|\n(){}`]+|\$\(")
_QUOTING = str.maketrans("", "", "\"'\\")


def denied(command: str, patterns: Iterable[str]) -> str:
    """The first of `patterns` that a command in shell text matches; "" when none does."""
    parts = [part.split() for part in _BETWEEN.split(command.replace("\\\n", " ").translate(_QUOTING))]
    rests = [" ".join(part[at:]) for part in parts for at in range(len(part))]
    for pattern in patterns:
        wanted = " ".join(pattern.split())
        if any(fnmatchcase(rest, wanted) or fnmatchcase(rest, wanted + " *") for rest in rests):
            return pattern
    return ""
