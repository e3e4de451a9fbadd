"""What the plan itself says about a section."""

from __future__ import annotations

from pathlib import Path

from orch_tui.client import passages
from orch_tui.core.plan_text import PlanText
from orch_tui.core.run_events import Settings
from orch_tui.plan.blocks import shell_blocks
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


def test_the_blocks_shown_are_the_blocks_that_run(tmp_path):
    made = stage(tmp_path)
    section = made.state.sections["A"]
    rows = passages.will_run(PlanText(PLAN), section)
    first, last = section.lines
    run = shell_blocks("\n".join(PLAN.splitlines()[first - 1 : last]))
    assert ["".join(f"{line.text}\n" for line in row.lines) for row in rows] == [block.text for block in run]
    assert [(row.shell, row.lines[0].number) for row in rows] == [("bash", 7), ("sh", 15)]


def test_other_agents_run_no_blocks(tmp_path):
    made = stage(tmp_path, agents={"A": "claude"})
    assert passages.will_run(PlanText(PLAN), made.state.sections["A"]) == ()


def test_text_has_the_line_numbers_of_the_file(tmp_path):
    lines = passages.section_text(PlanText(PLAN), stage(tmp_path).state.sections["B"])
    assert (lines[0].number, lines[0].text) == (18, "## Section B: Use")


def test_a_text_made_of_data_has_no_line_numbers_and_says_what_it_is_made_of(tmp_path):
    section = stage(tmp_path).state.sections["A"]
    assert passages.place(section) == "lines 3 to 17"
    section.text = "Say:\n```sh\necho \x1b[1mone\n```\n" + "x" * 5000
    lines = passages.section_text(PlanText(PLAN), section)
    assert [(line.margin, line.text[:9]) for line in lines] == [
        ("", "Say:"),
        ("", "```sh"),
        ("", "echo one"),
        ("", "```"),
        ("", "xxxxxxxxx"),
    ]
    (row,) = passages.will_run(PlanText(PLAN), section)
    assert ([(line.margin, line.text) for line in row.lines], row.hidden) == ([("", "echo one")], True)
    assert passages.left_out(PlanText(PLAN), section, 3) == 2
    assert passages.place(section) == "made of lines 3 to 17"
