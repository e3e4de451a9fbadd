"""Plans that are data, as a user runs them: what is approved, briefed and run is the text made of their fields."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING

import pytest
from cli_project import LIMIT, forge_snapshot, over

from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from cli_project import Project

SOWN = "Sow it.\n\n```bash\nprintf 'a\\tb\\n' > \"field.txt\"\n```"
TASKS = json.dumps(
    {
        "master": {
            "tasks": [
                {"id": 1, "title": "Sow", "description": SOWN, "testStrategy": "```sh\ntest -s field.txt\n```"},
                {"id": 2, "title": "Reap", "details": "```bash\ncp field.txt barn.txt\n```", "dependencies": [1]},
            ]
        }
    }
)
BEADS = "\n".join(
    json.dumps(issue)
    for issue in (
        {"id": "f-1", "title": "Sow", "description": SOWN, "status": "open"},
        {
            "id": "f-2",
            "title": "Reap",
            "design": "```bash\ncp field.txt barn.txt\n```",
            "status": "open",
            "dependencies": [{"issue_id": "f-2", "depends_on_id": "f-1", "type": "blocks"}],
        },
    )
)
YAML = """tasks:
  - id: sow
    title: Sow
    description: |
      Sow it.

      ```bash
      printf 'a\\tb\\n' > "field.txt"
      ```
  - id: reap
    title: Reap
    depends_on: [sow]
    notes: "```bash\\ncp field.txt barn.txt\\n```"
"""


def brief(run: RunDir, section: str) -> str:
    """What the agent was told of its section."""
    text = (run.path / "sections" / section / "1" / "brief.md").read_text()
    return text.partition("# Your section: ")[2].partition("\n# ")[0].strip()


@pytest.mark.parametrize(
    ("name", "text", "first"), [("tasks.json", TASKS, "1"), ("issues.jsonl", BEADS, "f-1"), ("plan.yaml", YAML, "sow")]
)
async def test_the_blocks_in_a_plan_of_data_are_run(project: Project, name: str, text: str, first: str) -> None:
    told = project.call("run", project.text(text, name=name), "--headless", "--yes", "--agent", "script")
    assert (told.code, told.err) == (0, "")
    assert (project.root / "barn.txt").read_text() == "a\tb\n"
    assert brief(project.run, first).startswith(f"Sow ({first})\n\n{SOWN}")


async def test_a_failing_block_is_named_without_a_line_that_it_does_not_have(project: Project) -> None:
    plan = project.text(TASKS.replace("test -s field.txt", "exit 3"), name="tasks.json")
    told = project.call("run", plan, "--headless", "--yes", "--agent", "script")
    assert told.code == 1
    assert "'exit 3' ended with code 3" in told.out


async def test_a_text_in_a_snapshot_that_is_not_the_approved_one_is_not_run(project: Project) -> None:
    waiting = "Wait.\\n```sh\\nuntil [ -e go ]; do sleep 0.1; done\\n```"
    plan = project.text(TASKS.replace("Sow it.", waiting), name="tasks.json")
    run = await project.open(plan, "--agent", "script")
    await project.until(lambda state: "1" in state.live, run)
    os.kill(json.loads(run.lock.read_text())["pid"], signal.SIGTERM)
    await project.free(run)
    forge_snapshot(run, "2", text="```sh\ntouch stolen\n```")
    project.call("pause", "2")
    async with asyncio.timeout(LIMIT):
        while not json.loads(run.status.read_text()).get("halted"):
            await asyncio.sleep(0.02)
    assert "its journal or snapshot was changed" in json.loads(run.status.read_text())["halted"]


async def test_a_task_edited_after_its_approval_is_read_as_what_changed_of_its_text(project: Project) -> None:
    plan = project.text(TASKS, name="tasks.json")
    assert project.call("run", plan, "--headless", "--yes", "--agent", "script").code == 0
    plan.write_text(json.dumps(json.loads(TASKS), indent=2))
    laid_out_otherwise = project.call("revise")
    assert (laid_out_otherwise.code, "reworded" in laid_out_otherwise.out) == (0, False)
    plan.write_text(TASKS.replace("barn.txt", "shed.txt"))
    told = project.call("revise").out
    assert "~ 2  Reap: reworded" in told
    assert "Sow: " not in told
    assert project.call("approve", "--redo", "2").code == 0
    await project.until(over)
    assert (project.root / "shed.txt").read_text() == "a\tb\n"
