"""Landing a run's work on the user's branch, and taking a section back, as a user meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli_project import over

if TYPE_CHECKING:
    from cli_project import Project


async def merged(project: Project, *parts: str) -> None:
    """A run in worktrees that is over."""
    project.repository()
    plan = project.plan(*(parts or ("A|echo A > A.txt", "B<-A|echo B > B.txt")))
    project.text(plan.read_text().replace("isolation: none\n", ""))
    run = await project.open(plan)
    await project.until(over, run)
    await project.free(run)


async def test_land_shows_what_comes_and_asks_before_it_comes(project: Project) -> None:
    await merged(project)
    told = project.call("land")
    assert (told.code, told.line) == (10, "orch-tui: nothing was landed (--yes does it without a question)")
    assert "-> main: 4 commits, 2 files" in told.out
    assert "A.txt" in told.out
    assert project.git("log", "--format=%s") == "start"
    told = project.call("land", "--squash", "--yes")
    assert told.code == 0
    assert project.git("log", "--format=%s").splitlines() == ["Plan", "start"]
    assert "- A: Part A" in project.git("log", "-1", "--format=%B")
    assert (project.root / "B.txt").read_text() == "B\n"


async def test_land_refuses_what_it_cannot_do(project: Project) -> None:
    await merged(project, "A|echo A > A.txt", "B<-A|exit 1")
    told = project.call("land", "--yes")
    assert told.code == 1
    assert "is failed: 1 of 2 sections are through (--partial lands" in told.line
    assert project.call("land", "--ff", "--squash").line == "orch-tui: --squash and --ff exclude each other"
    project.text("mine\n", name="A.txt")
    assert "would be overwritten: 'A.txt'" in project.call("land", "--partial", "--yes").line
    (project.root / "A.txt").unlink()
    assert project.call("land", "--partial", "--dry-run").code == 0
    assert project.git("log", "--format=%s") == "start"
    assert project.call("land", "--partial", "--yes", "--ff").code == 0
    assert (project.root / "A.txt").exists()


async def test_a_run_in_place_has_nothing_to_land(project: Project) -> None:
    run = await project.open(project.plan("A", "B<-A"))
    await project.until(over, run)
    assert "has no branch to land" in project.call("land", "--yes").line
