"""A person looks at what an agent is told, before it runs and afterwards."""

from __future__ import annotations

import json
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


def reporting(project: Project, result: object, *parts: str) -> Path:
    """A plan whose simulated sections all report this."""
    return project.simulated(*parts, reports=json.dumps(result))


async def test_what_an_agent_reports_is_in_the_brief_of_those_who_build_on_it(project: Project) -> None:
    result = {
        "status": "done",
        "summary": "All laid \x1b[2Jout.",
        "interfaces": ["lay(stone: int)"],
        "follow_ups": ["drain it"],
    }
    assert project.call("run", reporting(project, result, "A", "B<-A"), "--headless", "--yes").code == 0
    brief = project.call("brief", "B").out
    assert "Result:\nAll laid out.\n" in brief
    assert "What it offers to you:\n- lay(stone: int)\n" in brief
    assert project.state().sections["A"].summary == "All laid out."
    await project.until(lambda _: "  - left to do: drain it\n" in project.run.progress.read_text())
    left = json.loads(project.run.attempt("A", 1).result.read_text())
    assert left["structured"]["interfaces"] == ["lay(stone: int)"]


def test_an_agent_that_is_blocked_needs_a_person_with_its_reason(project: Project) -> None:
    result = {"status": "blocked", "summary": "No key.", "blocked_reason": "put the key into vault/"}
    told = project.call("run", reporting(project, result, "A", "B<-A"), "--headless", "--yes")
    assert told.code == 10, told
    assert "blocked: put the key into vault/" in project.call("status").out


def test_a_result_that_is_none_fails_its_section_in_words(project: Project) -> None:
    plan = reporting(project, {"status": "done", "summary": "x", "files": ["/etc/passwd"]}, "A", "B<-A")
    settings = project.root / ".orch" / "config.yaml"
    project.config(settings.read_text() + "max_attempts: 1\n")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert "'/etc/passwd', which is not in the working directory" in told.out


async def test_decisions_reach_the_brief_of_every_later_section_until_they_are_struck(project: Project) -> None:
    decisions = ["Use \x1b[31mtabs.", "Name it [bold]Ada[/]."]
    plan = reporting(project, {"status": "done", "summary": "x", "decisions": decisions}, "A", "B<-A", "C<-B")
    assert project.call("run", plan, "--headless").code == 10
    assert project.call("decide").out == "nothing is decided yet\n"
    assert "No new libraries." in project.call("decide", "No", "new", "libraries.").out
    assert project.call("run", plan, "--headless", "--yes").code == 0
    brief = kept(project, "B")
    assert "- No new libraries. (" in brief
    assert "- Use tabs. (section A)\n- Name it [bold]Ada[/]. (section A)\n" in brief
    listed = project.call("decide", "--strike", "2").out.splitlines()
    assert "section A: Use tabs.  (struck by" in listed[1]
    assert project.call("decide", "--strike", "2").line.startswith("orch-tui: refused: decision 2 was struck by")
    assert "(pinned by" in project.call("decide", "--pin", "3").out
    await project.until(lambda _: ", pinned)" in project.run.progress.read_text())
    progress = project.run.progress.read_text()
    assert "## Decided\n\n- Name it [bold]Ada[/]. (section A, 20" in progress
    assert "tabs" not in progress.partition("## Decided")[2]
