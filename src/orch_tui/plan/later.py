"""Regular expressions compiled when they are first used: no plan needs all of them, and compiling them takes long."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


class _Later:
    def __init__(self, written: str, flags: re.RegexFlag) -> None:
        self._written = written
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Asked for what is not there yet: the methods of the compiled one take their places."""
        compiled = re.compile(self._written, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def later(written: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """What `re.compile` gives, with its work put off; a match's own `re` is the compiled one, never this."""
    return cast("re.Pattern[str]", _Later(written, flags))
