"""A person looks at what an agent is told, before it runs and afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orch_tui.core.state import Phase

if TYPE_CHECKING:
    from cli_project import Project


def kept(project: Project, section: str, attempt: int = 1) -> str:
    """The brief in the attempt's directory."""
    return project.run.attempt(section, attempt).brief.read_bytes().decode()


def test_a_brief_is_shown_before_approval_byte_for_byte_as_it_is_sent(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    assert project.call("run", plan, "--headless").code == 10
    before = project.call("brief", "a", plan)
    assert before.code == 0
    assert "# Your section: Part A (A)" in before.out
    assert project.call("brief", "B").err.endswith("not done yet: A\n")
    assert project.call("run", plan, "--headless", "--yes").code == 0
    assert kept(project, "A") == before.out
    after = project.call("brief", "A")
    assert after.out == before.out
    assert "A, attempt 1, would be told now: about" in before.err
    assert "A, attempt 1, was told: about" in after.err


async def test_a_brief_of_another_attempt_is_shown_as_it_is_sent(project: Project, tmp_path: Path) -> None:
    once = tmp_path / "once"
    plan = project.plan("A", f"B<-A|test -e {once} || exit 3")
    assert project.call("run", plan, "--headless", "--yes").code == 1
    again = project.call("brief", "B")
    assert "An earlier attempt at this section did not succeed" in again.out
    assert "said by A" in again.out
    assert project.call("brief", "B", "--attempt", "1").out == kept(project, "B")
    once.touch()
    assert project.call("retry", "B").code == 0
    await project.until(lambda state: state.phase is Phase.DONE)
    assert kept(project, "B", 2) == again.out


def test_what_has_no_brief_is_said_in_one_line(waiting: Project) -> None:
    assert (
        "attempt 2 of section 'A' has no brief (it had none yet)" in waiting.call("brief", "A", "--attempt", "2").line
    )
    told = waiting.call("brief", "Z9")
    assert (told.code, told.line) == (1, "orch-tui: no section 'Z9' (there are A, B, C)")
