"""Landing a run's work on the user's branch, and taking a section back, as a user meets them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from cli_project import over

from orch_tui.testing.forge_stand_in import StandIn

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
    assert "  as a merge commit of yours; your hooks run" in told.out
    assert "A.txt" in told.out
    assert project.git("log", "--format=%s") == "start"
    told = project.call("land", "--strategy", "squash", "--yes")
    assert told.code == 0
    assert project.git("log", "--format=%s").splitlines() == ["Plan", "start"]
    assert "- A: Part A" in project.git("log", "-1", "--format=%B")
    assert (project.root / "B.txt").read_text() == "B\n"


async def test_land_refuses_what_it_cannot_do(project: Project) -> None:
    await merged(project, "A|echo A > A.txt", "B<-A|exit 1")
    told = project.call("land", "--yes")
    assert told.code == 1
    assert "is failed: 1 of 2 sections are through (--partial lands" in told.line
    assert (
        "'octopus' is not one of 'merge', 'squash', 'rebase', 'ff'"
        in project.call("land", "--strategy", "octopus").line
    )
    project.text("mine\n", name="A.txt")
    assert "would be overwritten: 'A.txt'" in project.call("land", "--partial", "--yes").line
    (project.root / "A.txt").unlink()
    assert project.call("land", "--partial", "--dry-run").code == 0
    assert project.git("log", "--format=%s") == "start"
    assert project.call("land", "--partial", "--yes", "--strategy", "ff").code == 0
    assert (project.root / "A.txt").exists()


async def test_a_run_in_place_has_nothing_to_land(project: Project) -> None:
    run = await project.open(project.plan("A", "B<-A"))
    await project.until(over, run)
    assert "has no branch to land" in project.call("land", "--yes").line


async def test_undo_shows_what_it_takes_back_and_does_it_again(project: Project) -> None:
    again = 'echo once >> "$(git rev-parse --path-format=absolute --git-common-dir)/../../ledger"'
    await merged(project, f"A|echo A > A.txt; {again}", f"B<-A|echo B > B.txt; {again}", "C|echo C > C.txt")
    told = project.call("undo", "a")
    assert (told.code, told.line) == (10, "orch-tui: nothing was undone (--yes does it without a question)")
    assert told.out.splitlines()[:4] == [
        f"2 merges reverted on orch/{project.run.name}",
        "to be done again:",
        "  A: Part A",
        "  B: Part B",
    ]
    assert project.call("undo", "A", "--dry-run").code == 0
    told = project.call("undo", "A", "--yes")
    assert (told.code, told.out.splitlines()[-1]) == (0, "undone: A, B")
    state = await project.until(over)
    assert {name: len(section.attempts) for name, section in state.sections.items()} == {"A": 2, "B": 2, "C": 1}
    subjects = project.git("log", "--first-parent", "--format=%s", f"orch/{project.run.name}").splitlines()
    assert sum(subject.startswith("Revert ") for subject in subjects) == 2
    files = project.git("ls-tree", "-r", "--name-only", f"orch/{project.run.name}").split()
    assert files == ["A.txt", "B.txt", "C.txt", "README.md"]


async def test_undo_refuses_what_it_cannot_do(project: Project) -> None:
    await merged(project, "A|echo A > A.txt", "B<-A|exit 1", "C<-A|echo C > A.txt")
    assert project.call("undo", "B", "--yes").line == "orch-tui: section 'B' is not done, it is failed"
    assert "no section 'Z'" in project.call("undo", "Z", "--yes").line
    assert project.call("undo").code == 1
    project.git("checkout", "-q", f"orch/{project.run.name}")
    assert "is checked out in" in project.call("undo", "C", "--yes").line


async def test_a_run_lands_as_one_pull_request(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    forge = StandIn(tmp_path_factory.mktemp("forge"))
    project.env["PATH"] = f"{forge.program.parent}{os.pathsep}{project.env['PATH']}"
    await merged(project)
    project.git("remote", "add", "origin", str(forge.repository))
    project.git("push", "-q", "origin", "main")
    told = project.call("land", "--strategy", "pull-request")
    assert (told.code, forge.pull) == (10, {})
    assert "-> origin/main: 4 commits, 2 files" in told.out
    told = project.call("land", "--strategy", "pull-request", "--yes")
    assert (told.code, told.out.splitlines()[-1]) == (0, "pull request 1 is open: https://forge.example/pull/1")
    assert forge.pull["title"] == "Plan"
    assert "- B: Part B" in forge.pull["body"]
    assert project.git("log", "--format=%s") == "start"
