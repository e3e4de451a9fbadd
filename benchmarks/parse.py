"""Reading plans of every shape, in CPU time: 60 and 600 KB, and 5 MB with `--large`, which takes minutes.

Patterns compiled before, nothing remembered of the text. A name of a shape or several measure those alone.

The baseline is a bare scan of the same text in the same run: split into lines, each searched by one regular expression.
Where a kind is read in linear time, its figure per KB stays the same from size to size.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

from measure import Row, show
from shapes import KINDS

from orch_tui.plan.parsing import parse

SIZES = (60_000, 600_000)
LARGE = 5_000_000
TARGET = {60_000: "under 200 ms"}
TIMES = 5
"""Small plans are read so often, and the best time counts."""
_SCANNED = re.compile(r"\b(?:depends on|after|once|blocks|requires)\b|^\s*(?:[-*+]|\d+[.)]|#{1,6})\s", re.IGNORECASE)


def scan(text: str) -> int:
    """The baseline: lines that one regular expression finds."""
    return sum(bool(_SCANNED.search(line)) for line in text.splitlines())


def cpu(work: Callable[[], object], times: int, before: Callable[[], None] = lambda: None) -> float:
    """Milliseconds of processor time, the best of some; what is done before each is not counted."""
    taken: list[float] = []
    for _ in range(times):
        before()
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return min(taken)


def forget() -> None:
    """Drop what earlier readings remembered, so that the next one finds all out anew, as in a fresh process."""
    for name, module in list(sys.modules.items()):
        if name.startswith("orch_tui.plan"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def main() -> None:
    sizes = SIZES[:1] if "--quick" in sys.argv else (*SIZES, LARGE) if "--large" in sys.argv else SIZES
    rows: list[Row] = []
    for name, made in [kind for kind in KINDS if kind[0] in sys.argv] or KINDS:
        for size in sizes:
            text = made(size)
            taken = cpu(lambda text=text: parse(text), TIMES if size < 100_000 else 1, forget)
            bare = cpu(lambda text=text: scan(text), 1)
            what = f"{name}, {len(text) // 1000:,} KB: {taken * 1000 / len(text):.2f} ms/KB"
            rows.append(Row(what=what, value=taken, unit="ms", bare=bare, target=TARGET.get(size, "")))
    show("reading plans (processor time)", rows)


if __name__ == "__main__":
    main()
