"""A person asks why a section does not run, and who decided how it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli_project import Project


def test_each_rule_that_holds_a_section_is_told_by_name(waiting: Project) -> None:
    told = waiting.call("why", "b")
    assert told.code == 0
    assert "held by  the plan is not approved yet (rule phase)\n" in told.out
    assert "(rule dependencies)\n" in told.out
    assert told.out.startswith("B  Part B\n")


def test_what_is_done_says_who_decided_on_its_agent_and_is_held_by_nothing(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    assert project.call("run", plan, "--headless", "--yes").code == 0
    told = project.call("why", "B", plan)
    lines = {words[0]: words[1:] for words in map(str.split, told.out.splitlines())}
    assert lines["status"] == ["✓", "done"]
    assert lines["agent"] == ["script", "(plan)"], told.out
    assert "held" not in lines


def test_a_section_there_is_none_of_is_said_with_those_there_are(waiting: Project) -> None:
    told = waiting.call("why", "Z9")
    assert (told.code, told.line) == (1, "orch-tui: no section 'Z9' (there are A, B, C)")
