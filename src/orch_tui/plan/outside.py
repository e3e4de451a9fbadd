"""Lines in which a plan lists what it needs from outside: below "External dependencies", "Externe Abhängigkeiten"."""

from __future__ import annotations

import re

from orch_tui.plan.document import Document
from orch_tui.plan.fields import plain
from orch_tui.plan.trie import any_of

_EXTERNAL = any_of("""
    external, third party, third-party, outside, externe, dependencias externas, dépendances externes,
    外部依赖, 外部依存
""")
_NUMBER = re.compile(r"[\d.)\s]*")
_LONGEST = 60
_MOST = 200


def outside_lines(document: Document) -> tuple[str, ...]:
    """The list items below such a heading or line."""
    out: list[str] = []
    indent = -1
    for number, line in enumerate(document.lines, 1):
        bare = line.strip()
        if len(out) >= _MOST:
            break
        if not bare or document.hidden[number]:
            continue
        deep = len(line) - len(line.lstrip())
        if number in document.heading_lines or bare.rstrip("*").endswith(":"):
            indent = deep if _is_head(plain(bare).strip("#*: ")) else -1
        elif indent >= 0 and number in document.item_lines and deep >= indent:
            out.append(bare)
        else:
            indent = -1
    return tuple(out)


def _is_head(words: str) -> bool:
    """ "External dependencies", "3. Externe Abhängigkeiten"."""
    return len(words) < _LONGEST and bool(_EXTERNAL.match(_NUMBER.sub("", words, count=1)))
