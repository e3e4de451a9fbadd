"""Plans of every shape and of any size, made up alike each time: what the reading of plans is measured with."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

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


def sections(size: int) -> str:
    """Headed sections with a field of order each, and fields that say how to run them."""
    words = random.Random(size)

    def part(number: int) -> str:
        before = f"Section {words.randint(max(1, number - 9), number - 1)}" if number > 1 else "None"
        return (
            f"## Section {number}: {_title(words)}\nDependencies: {before} ({_prose(words, 4)[:-1].lower()})\n"
            f"Can parallel with: {f'Section {number - 1}' if number % 3 == 0 else 'Nothing'}\nFiles: src/"
            f"{words.choice(_WORDS)}.py\n\n{_prose(words, 25)}\n\n"
        )

    return _filled("# Plan\n\n", size, part)


def short_sections(size: int) -> str:
    """Headings with nothing below them but what they depend on."""
    words = random.Random(size)
    return _filled(
        "# Plan\n\n",
        size,
        lambda number: (
            f"## Section {number}: {words.choice(_WORDS)} part {number}\n\nDepends on: Section {max(1, number - 1)}\n\n"
        ),
    )


def phases(size: int) -> str:
    """Phases of boxes that each state their order in brackets."""
    words = random.Random(size)

    def part(number: int) -> str:
        boxes = (
            f"- [ ] {number}.{box} {_prose(words, 6)[:-1].lower()} (depends on {number}.{max(1, box - 1)})\n"
            for box in range(1, 6)
        )
        return f"## Phase {number}: {_title(words)}\n\n{''.join(boxes)}\n"

    return _filled("# Plan\n\n", size, part)


def wordy_table(size: int) -> str:
    """A table whose column of dependencies holds words beside the ids."""
    words = random.Random(size)

    def part(number: int) -> str:
        near, far = max(1, number - 1), words.randint(1, number)
        return f"| A-{number} | {_prose(words, 6)[:-1]} | A-{near}, A-{far} and the {_two(words)} |\n"

    return _filled("# Plan\n\n| ID | Task | Depends on |\n|---|---|---|\n", size, part)


def tables(size: int) -> str:
    """Many tables, one below each phase, and the owner and the size of each task in further columns."""
    words = random.Random(size)

    def part(number: int) -> str:
        rows = (
            f"| {number}.{row} | {_title(words)} | {_two(words)} | {words.randint(1, 8)} days"
            f" | {f'{number}.{row - 1}' if row > 1 else '-'} |\n"
            for row in range(1, 7)
        )
        head = "| # | Task | Owner | Effort | Prerequisites |\n|---|---|---|---|---|\n"
        return f"## Phase {number}: {_title(words)}\n\n{head}{''.join(rows)}\n"

    return _filled("# Plan\n\n", size, part)


def dense_prose(size: int) -> str:
    """Sections of sentences in which every clause names others."""
    words = random.Random(size)

    def part(number: int) -> str:
        near, far, any_ = max(1, number - 3), words.randint(max(1, number - 30), number), words.randint(1, number)
        return (
            f"## T{number}: {_title(words)}\n\nT{number} builds on T{near} and waits for T{far}, but not T{any_}; once"
            f" {_two(words)} has landed, {_prose(words, 5)[:-1].lower()} before T{number + 1} starts. The {_two(words)}"
            f" from T{near} must be finished before {_two(words)}.\n\nAfter T{max(1, number - 2)}-T{max(1, number - 1)}"
            f" the {_prose(words, 9)[:-1].lower()}; it needs {_two(words)} and T{any_}. {_prose(words, 20)}\n\n"
        )

    return _filled("# Plan\n\n", size, part)


def one_paragraph(size: int) -> str:
    """A section that is one paragraph of words of order without a name."""
    words = random.Random(size)
    head = "# Plan\n\n## Step 1: First\n\nx\n\n## Step 2: Second\n\n"
    return _filled(
        head,
        size,
        lambda number: (
            f"{_prose(words, 6)[:-1]} after {_two(words)} and before {_prose(words, 3).lower()}"
            f"{' ' if number % 3 else chr(10)}"
        ),
    )


def tickets(size: int) -> str:
    """Bold paragraphs as tickets, with a list of fields."""
    words = random.Random(size)
    return _filled(
        "# Plan\n\n",
        size,
        lambda number: (
            f"**T{number} — {_title(words)}** depends on T{max(1, number - 1)}\n\n- Owner: {words.choice(_WORDS)}\n"
            f"- Files: `src/{words.choice(_WORDS)}.py`\n- Estimate: 2h\n\n{_prose(words, 12)}\n\n"
        ),
    )


def steps(size: int) -> str:
    """Tasks of boxes and code, as plans for agents are written."""
    words = random.Random(size)

    def part(number: int) -> str:
        file = f"{words.choice(_WORDS)}_{words.choice(_WORDS)}.py"
        code = "\n".join(f"def {one}_{number}() -> None: ...  # after {one}" for one in words.choices(_WORDS, k=8))
        return (
            f"### Task {number}: {_title(words)}\n\n**Files:**\n- Create: `src/{file}`\n- Test: `tests/test_{file}`\n\n"
            f"- [ ] **Step 1: Write the failing test**\n\n```python\n{code}\n```\n\n- [ ] **Step 2: Run it**\n\n"
            f"Run: `pytest tests/test_{file} -v`\nExpected: it fails\n\n- [ ] **Step 3: Commit**\n\n"
        )

    return _filled("# Plan\n\n**Goal:** The feature.\n\n", size, part)


def numbered_tasks(size: int) -> str:
    """Boxes in two levels with details and requirements below, as specifications are carried out."""
    words = random.Random(size)

    def part(number: int) -> str:
        parts = "".join(
            f"  - [ ] {number}.{at} {_prose(words, 5)[:-1]}\n    - {_prose(words, 10)[:-1]}\n"
            f"    - {_prose(words, 8)[:-1]}\n    - _Requirements: {number}.{at}, {number}.{at + 1}_\n"
            for at in range(1, 5)
        )
        return f"- [ ] {number}. {_title(words)}\n{parts}"

    return _filled("# Implementation Plan\n\n", size, part)


def chart(size: int) -> str:
    """One drawing of boxes and arrows in a fence, with headings for its nodes."""
    words = random.Random(size)
    lines = _filled("", size // 2, lambda number: f"  T{number}[{_two(words)}] --> T{number + 1}\n")
    many = lines.count("\n")
    headings = "".join(f"## T{number}: {_title(words)}\n\n{words.choice(_WORDS)}\n\n" for number in range(1, many))
    return f"# Plan\n\n```mermaid\ngraph TD\n{lines}```\n\n{headings}"


def lone_chart(size: int) -> str:
    """Nothing but a drawing."""
    words = random.Random(size)
    head = "# Plan\n\n```mermaid\ngraph TD\n"
    return _filled(head, size, lambda number: f"  A{number}[{_two(words)}] --> A{number + 1}\n") + "```\n"


def front_matter(size: int) -> str:
    """Tasks in the YAML before a text about them."""
    words = random.Random(size)
    tasks = _filled(
        "",
        size * 3 // 4,
        lambda number: (
            f"  - id: task-{number}\n    content: {_title(words)}\n    status: pending\n    dependencies:"
            f" [{f'task-{number - 1}' if number > 1 else ''}]\n"
        ),
    )
    text = _filled("", size // 4, lambda number: f"## About {number}\n\n{_prose(words, 30)}\n\n")
    return f"---\nname: Plan\ntodos:\n{tasks}---\n\n# Plan\n\n{text}"


def yaml(size: int) -> str:
    """Tasks as YAML."""
    words = random.Random(size)
    return _filled(
        "name: Plan\ntasks:\n",
        size,
        lambda number: (
            f"  - id: {number}\n    title: {_title(words)}\n    description: {_prose(words, 12)}\n"
            f"    depends_on: [{number - 1 if number > 1 else ''}]\n"
        ),
    )


_LANGUAGES = (
    ("Phase", "Aufgabe", "Abhängigkeiten: {0}", "Erst wenn {0} fertig ist, beginnt diese; sie blockiert {1}."),
    ("Fase", "Tarea", "Depende de: {0}", "Empieza después de {0} y bloquea {1}."),
    ("Phase", "Tâche", "Dépend de : {0}", "Elle commence après {0} et bloque {1}."),
    ("Fase", "Tarefa", "Depende de: {0}", "Começa depois de {0} e bloqueia {1}."),
    ("阶段", "任务", "依赖：{0}", "完成{0}之后再开始，{1}依赖本任务。"),
    ("フェーズ", "タスク", "依存: {0}", "{0}が完了してから開始し、その後{1}に進む。"),
    ("단계", "작업", "의존성: {0}", "{0} 완료 후에 시작한다. {1} 이전에 끝낸다."),
)


def languages(size: int) -> str:
    """Headings, fields and sentences in seven languages."""
    words = random.Random(size)

    def part(number: int) -> str:
        phase, task, field, sentence = _LANGUAGES[number // 8 % len(_LANGUAGES)]
        before, after = f"{task} {max(1, number - 1)}", f"{task} {number + 1}"
        head = f"## {phase} {number // 8 + 1}: {_title(words)}\n\n" if number % 8 == 0 else ""
        return (
            f"{head}### {task} {number}: {_title(words)}\n\n{field.format(before)}\n\n{_prose(words, 12)}"
            f" {sentence.format(before, after)}\n\n- [ ] {_prose(words, 6)[:-1]}\n\n"
        )

    return _filled("# Plan\n\n", size, part)


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
    ("sections", sections),
    ("short sections", short_sections),
    ("phases of boxes", phases),
    ("table with words", wordy_table),
    ("tables", tables),
    ("dense prose", dense_prose),
    ("one paragraph", one_paragraph),
    ("tickets", tickets),
    ("steps and code", steps),
    ("numbered tasks", numbered_tasks),
    ("chart", chart),
    ("chart alone", lone_chart),
    ("front matter", front_matter),
    ("yaml", yaml),
    ("languages", languages),
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


def _two(words: random.Random) -> str:
    return " ".join(words.sample(_WORDS, 2))
