"""Reading plans, in CPU time: free-form and framework plans of 60 and 600 KB.

The baseline is a bare scan of the same text in the same run: split into lines, each searched by one regular expression.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable

from measure import Row, show

from orch_tui.plan.parsing import parse

SIZES = (60_000, 600_000)
TARGET = {60_000: "under 200 ms", 600_000: "ten times as much"}
TIMES = 3
"""Small plans are read so often, and the best time counts."""
_SCANNED = re.compile(r"\b(?:depends on|after|once|blocks|requires)\b|^\s*(?:[-*+]|\d+[.)]|#{1,6})\s", re.IGNORECASE)
_WORDS_LISTED = """
    adapter archive batch billing broker cache cluster column config cursor daemon deploy digest driver export field
    filter gateway handle import index journal kernel layout ledger loader mapper meter monitor network packet parser
    planner policy probe proxy queue record replica report router runner sample schema screen shard signal socket
    stream switch table tenant ticket token tracer trigger vector viewer window worker
"""
_WORDS = _WORDS_LISTED.split()


def free_form(size: int) -> str:
    """Phases, numbered steps below them with boxes and bullets, a table of who waits for whom, sentences between."""
    words = random.Random(size)
    parts, length, number = ["# The plan\n\n## Overview\n\n" + _prose(words, 40)], 0, 0
    while length < size:
        number += 1
        before = (
            f"Depends on: Step {words.randint(max(1, number - 9), number - 1)}" if number > 1 else "Depends on: none"
        )
        heading = f"\n## Phase {number // 8 + 1}: {_title(words)}\n" if number % 8 == 1 else ""
        boxes = "\n".join(f"- [ ] {_title(words)}: {_prose(words, 9)}" for _ in range(5))
        steps = "\n".join(f"{at}. {_title(words)} after the {_title(words).lower()}" for at in (1, 2, 3))
        part = (
            f"{heading}\n### Step {number}: {_title(words)}\n\n{before}\n\n{_prose(words, 50)}\n\n{boxes}\n\n{steps}\n"
        )
        parts.append(part)
        length += len(part)
    return "\n".join(parts)


def framework(size: int) -> str:
    """Task lists as Spec Kit writes them: phases, ids, `[P]`, stories and file paths."""
    words = random.Random(size)
    parts, length, number = ["# Tasks: The feature\n\n**Input**: Design documents from `/specs/001/`\n"], 0, 0
    while length < size:
        phase = number // 12 + 1
        lines = [
            f"\n## Phase {phase}: User Story {phase} - {_title(words)} (Priority: P1)\n",
            f"**Goal**: {_prose(words, 12)}\n",
        ]
        for _ in range(12):
            number += 1
            beside = "[P] " if words.random() < 0.4 else ""
            lines.append(f"- [ ] T{number:04} {beside}[US{phase}] {_prose(words, 9)} in src/{words.choice(_WORDS)}.py")
        parts.append("\n".join(lines))
        length += len(parts[-1])
    return "\n".join([*parts, "\n## Dependencies\n", "- Phase 2 depends on Phase 1", "- Phase 3 depends on Phase 2\n"])


def _title(words: random.Random) -> str:
    return " ".join(words.sample(_WORDS, 3)).capitalize()


def _prose(words: random.Random, count: int) -> str:
    return " ".join(words.choices(_WORDS, k=count)).capitalize() + "."


def scan(text: str) -> int:
    """The baseline: lines that one regular expression finds."""
    return sum(bool(_SCANNED.search(line)) for line in text.splitlines())


def cpu(work: Callable[[], object], times: int) -> float:
    """Milliseconds of processor time, the best of some."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return min(taken)


def forgetful(text: str) -> Callable[[], object]:
    """Reading as in a fresh process: what was remembered of the same text is dropped before."""

    def read() -> object:
        for name, module in list(sys.modules.items()):
            if name.startswith("orch_tui.plan"):
                for value in list(vars(module).values()):
                    if hasattr(value, "cache_clear"):
                        value.cache_clear()
        return parse(text)

    return read


def main() -> None:
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    for name, made in (("free-form", free_form), ("framework", framework)):
        rows: list[Row] = []
        for size in sizes:
            text = made(size)
            plan = parse(text)
            times = TIMES if size < 1_000_000 else 1
            bare = cpu(lambda text=text: scan(text), TIMES)
            what = f"{len(text) // 1000:,} KB, {len(plan.sections):,} sections, {plan.reader}"
            rows.append(
                Row(what=what, value=cpu(forgetful(text), times), unit="ms", bare=bare, target=TARGET.get(size, ""))
            )
        show(f"reading {name} plans (processor time)", rows)


if __name__ == "__main__":
    main()
