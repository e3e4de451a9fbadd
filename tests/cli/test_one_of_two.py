"""A section that waits for one of two begins when the first is merged, with a real runner that is killed meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING

from cli_project import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from cli_project import Project

    from orch_tui.core.state import State

PLAN = """---
agent: script
concurrency: 4
---
# Tea

## Section A: Kettle

```bash
echo hot > kettle.txt
```

## Section B: Pan

```bash
read -r _ < {root}/pan
echo hot > pan.txt
```

## Section X: Cup

```bash
read -r _ < {root}/cup
```

## Section S: Pour
Depends on: Section A or Section B, and Section X

```bash
cat kettle.txt
test ! -e pan.txt
echo poured > {root}/pan
```
"""


def at_the_cup(state: State) -> bool:
    return state.sections["A"].verdict == "done" and {"B", "X"} <= state.live.keys()


def fill(cup: Path) -> None:
    cup.write_text("full\n")


async def test_the_second_of_two_holds_nobody_back_after_a_kill_either(project: Project) -> None:
    project.repository()
    for name in ("pan", "cup"):
        os.mkfifo(project.root / name)
    plan = project.text(PLAN.format(root=project.root))
    run = await project.open(plan)
    child = project.start("run", plan, "--headless", "--yes")
    first = (await project.until(at_the_cup)).epoch
    os.kill(json.loads(run.lock.read_text())["pid"], signal.SIGKILL)
    state = await project.until(lambda state: state.epoch > first and state.recovered)
    pour = state.sections["S"]
    assert (pour.status.value, pour.unmet, pour.open_choices) == ("waiting", 1, 0)
    assert "waiting for 1 of 2: X running" in project.call("status").out
    edges = json.loads(project.call("graph", plan, "-f", "json").out)["edges"]
    assert {edge["from"]: edge.get("satisfied_by") for edge in edges} == {"A": None, "B": "A", "X": None}
    await asyncio.to_thread(fill, project.root / "cup")
    out, _ = await asyncio.to_thread(child.communicate, timeout=LIMIT)
    assert child.returncode == 0, f"B ends only once S has poured: {out}"
    row = next(row for row in json.loads(run.status.read_text())["sections"] if row["id"] == "S")
    assert row["one_of"] == [{"options": [["A"], ["B"]], "satisfied_by": ["A"]}]
    brief = (run.path / "sections/S/1/brief.md").read_text().partition("# Your section")[2]
    assert ("Kettle (A): done" in brief, "Pan (B)" in brief) == (True, False)
