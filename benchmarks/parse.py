"""Reading plans of every kind, in CPU time: 60 and 600 KB, and 5 MB with `--large`, which takes minutes.

The baseline is a bare scan of the same text in the same run: split into lines, each searched by one regular expression.
Where a kind is read in linear time, its figure per KB stays the same from size to size.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable

from measure import Row, show

from orch_tui.plan.parsing import parse

SIZES = (60_000, 600_000)
LARGE = 5_000_000
TARGET = {60_000: "under 200 ms"}
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


def prose(size: int) -> str:
    """Sections whose sentences name others by title and by number, and deny it."""
    words = random.Random(size)
    titles: list[str] = []

    def part(number: int) -> str:
        titles.append(_title(words))
        near = words.randint(max(1, number - 8), number)
        return (
            f"\n## {number}. {titles[-1]}\n\nThis starts once the {words.choice(titles[-40:]).lower()} has landed; it"
            f" also builds on section {near}. {_prose(words, 30)} It must be finished before"
            f" {words.choice(titles[-9:])} is touched, and it does not depend on {words.choice(titles)}. After step"
            f" {near}, {_prose(words, 20)}\n"
        )

    return _filled("# Plan\n", size, part)


def table(size: int) -> str:
    """One table of tasks with a column of dependencies."""
    words = random.Random(size)
    head = "# Plan\n\n| ID | Title | Depends on | Status |\n|---|---|---|---|\n"

    def part(number: int) -> str:
        before = ", ".join(f"T{words.randint(max(1, number - 20), number - 1)}" for _ in range(min(2, number - 1)))
        return f"| T{number} | {_title(words)} | {before or '-'} | todo |\n"

    return _filled(head, size, part)


def checklist(size: int) -> str:
    """Numbered boxes with the order in brackets, and a detail below each."""
    words = random.Random(size)
    return _filled(
        "# Plan\n\n",
        size,
        lambda number: (
            f"- [ ] {number}. {_title(words)} (after {max(1, number - words.randint(1, 9))})\n  - {_prose(words, 6)}\n"
        ),
    )


def fenced(size: int) -> str:
    """Two sections, and code."""
    return "# P\n\n## Step 1: A\n\n```bash\n" + "echo a -- b | c\n" * (size // 16) + "```\n\n## Step 2: B\n\nAfter 1.\n"


def data(size: int) -> str:
    """Tasks as JSON."""
    tasks = [
        {"id": number, "title": f"do thing {number}", "dependencies": [number - 1] if number > 1 else []}
        for number in range(1, size // 85)
    ]
    return json.dumps({"tasks": tasks}, indent=1)


def one_line(size: int) -> str:
    """A single line that names two sections over and over."""
    return "# P\n\n## Step 1: A\n\nx\n\n## Step 2: B\n\n" + "It needs step 1 and much more. " * (size // 31) + "\n"


def signs(size: int) -> str:
    """Lines of blanks, dashes, stars, brackets, pipes, backticks and quotes."""
    runs = [" " * 400 + "x", "-" * 400, "*a " * 130, "[" * 400, "|" * 400, "`a" * 200, "> " * 200, "(a" * 200]
    return _filled("# P\n\n## Step 1: A\n\n", size, lambda number: runs[number % len(runs)] + "\n\n")


def nested(size: int) -> str:
    """Lists sixty levels deep."""
    return _filled("# P\n\n", size, lambda number: "  " * (number % 60) + f"- item {number} after item {number - 1}\n")


KINDS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("free-form", free_form),
    ("prose", prose),
    ("framework", framework),
    ("table", table),
    ("checklist", checklist),
    ("data", data),
    ("fenced", fenced),
    ("one line", one_line),
    ("signs", signs),
    ("nested lists", nested),
)


def _filled(head: str, size: int, part: Callable[[int], str]) -> str:
    parts, length, number = [head], 0, 0
    while length < size:
        number += 1
        parts.append(part(number))
        length += len(parts[-1])
    return "".join(parts)


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
    sizes = SIZES[:1] if "--quick" in sys.argv else (*SIZES, LARGE) if "--large" in sys.argv else SIZES
    rows: list[Row] = []
    for name, made in KINDS:
        for size in sizes:
            text = made(size)
            taken = cpu(forgetful(text), TIMES if size < 100_000 else 1)
            bare = cpu(lambda text=text: scan(text), 1)
            what = f"{name}, {len(text) // 1000:,} KB: {taken * 1000 / len(text):.2f} ms/KB"
            rows.append(Row(what=what, value=taken, unit="ms", bare=bare, target=TARGET.get(size, "")))
    show("reading plans (processor time)", rows)


if __name__ == "__main__":
    main()
