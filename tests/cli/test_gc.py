"""`gc` as a user meets it: it shows what can go and why, and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli_project import over

if TYPE_CHECKING:
    from cli_project import Project


async def test_what_was_landed_goes_after_a_look_and_a_word(project: Project):
    project.repository()
    plan = project.plan("A|echo A > A.txt", "B<-A|echo B > B.txt")
    project.text(plan.read_text().replace("isolation: none\n", ""))
    run = await project.open(plan)
    await project.until(over, run)
    await project.free(run)
    told = project.call("gc")
    assert (told.code, told.out.splitlines()[-1]) == (0, "nothing can go")
    assert "stays: it is over for" in told.out
    told = project.call("gc", "--older-than", "0d", "--dry-run")
    assert told.code == 0
    assert f"stays  branch orch/{run.name}: no branch of yours has all of it" in told.out
    assert f"goes   branch orch-work/{run.name}/a/1: merged into orch/{run.name} at " in told.out.lower()
    assert project.call("land", "--yes").code == 0
    told = project.call("gc", "--older-than", "0d")
    assert (told.code, told.line) == (10, "orch-tui: nothing was removed (--yes does it without a question)")
    assert f"goes   branch orch/{run.name}: merged into main at " in told.out
    assert run.journal.is_dir()
    told = project.call("gc", "--older-than", "0d", "--yes")
    assert told.code == 0, told.err
    assert told.out.splitlines()[-1] == f"removed run {run.name}"
    assert not run.path.exists()
    assert project.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert project.call("gc").out == "nothing can go\n"


async def test_an_age_that_is_none_is_told(project: Project):
    assert project.call("gc", "--older-than", "long").line == (
        "orch-tui: 'long' is no age (a number and a unit: 30d, 12h, 2w, 0d)"
    )
