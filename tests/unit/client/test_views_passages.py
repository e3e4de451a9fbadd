"""What the review says about a section."""

from __future__ import annotations

from pathlib import Path

from orch_tui.client import passages
from orch_tui.core.events import Settings
from orch_tui.plan.blocks import shell_blocks
from orch_tui.plan.model import Finding
from orch_tui.testing.stage import Stage

PLAN = """# Plan

## Section A: Make
Dependencies: none

```bash
echo one
```

```python
print("not run")
```

~~~sh
echo two
~~~

## Section B: Use
Dependencies: Section A (the [bold] file)
"""


def stage(tmp_path: Path, **options: object) -> Stage:
    return Stage(root=tmp_path, text=PLAN, settings=Settings(agent="script"), **options)


def test_edges_are_seen_from_both_ends_with_line_and_words(tmp_path):
    state = stage(tmp_path).state
    (up,) = passages.edges(state, "B")
    assert (up.direction, up.other, up.line, up.needs) == ("waits for", "A", 19, "the [bold] file")
    assert up.quote == "Dependencies: Section A (the [bold] file)"
    (down,) = passages.edges(state, "A")
    assert (down.direction, down.other) == ("before", "B")


def test_the_blocks_shown_are_the_blocks_that_run(tmp_path):
    made = stage(tmp_path)
    section = made.state.sections["A"]
    rows = passages.will_run(passages.split(PLAN), section)
    first, last = section.lines
    run = shell_blocks("\n".join(PLAN.splitlines()[first - 1 : last]))
    assert ["\n".join(row.lines) + "\n" for row in rows] == [block.text for block in run]
    assert [(row.shell, row.line) for row in rows] == [("bash", 6), ("sh", 14)]


def test_other_agents_run_no_blocks(tmp_path):
    made = stage(tmp_path, agents={"A": "claude"})
    assert passages.will_run(passages.split(PLAN), made.state.sections["A"]) == ()


def test_text_has_the_line_numbers_of_the_file(tmp_path):
    lines = passages.section_text(passages.split(PLAN), stage(tmp_path).state.sections["B"])
    assert (lines[0].number, lines[0].text) == (18, "## Section B: Use")


def test_what_forbids_approval_comes_first(tmp_path):
    found = (
        Finding(type="contradiction", ids=("A",), line=4, message="odd"),
        Finding(type="too-many-dependencies", ids=("A", "B"), line=3, message="A and B name too much"),
    )
    state = stage(tmp_path, findings=found).state
    assert [(row.type, row.blocking) for row in passages.findings(state)] == [
        ("too-many-dependencies", True),
        ("contradiction", False),
    ]
    assert [row.type for row in passages.findings(state, "B")] == ["too-many-dependencies"]
