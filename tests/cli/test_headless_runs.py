"""`run --headless` from beginning to end: what it says, how it ends, and that it can be left and come back to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from cli_project import LIMIT, PROGRAM, over

from orch_tui.core.state import Phase
from orch_tui.store import layout
from orch_tui.store.lock import held

if TYPE_CHECKING:
    from cli_project import Project


async def test_a_run_prints_its_events_and_says_done_everywhere_when_it_exits(project: Project) -> None:
    told = project.call("run", project.plan("A", "B<-A"), "--headless", "--yes")
    assert (told.code, told.err) == (0, "")
    assert [
        word
        for word in ("approved by", "A Part A: attempt 1 started (script)", "B Part B: done", "run done")
        if word not in told.out
    ] == []
    assert told.out.index("A Part A: done") < told.out.index("B Part B: attempt 1 started")
    assert "note: Isolation 'none': sections work in place" in told.out
    assert json.loads(project.run.status.read_text())["phase"] == "done"
    assert "2 of 2 sections" in project.run.progress.read_text()
    assert not held(project.run.lock)


async def test_without_yes_nothing_runs_and_the_exit_code_is_ten(project: Project) -> None:
    told = project.call("run", project.plan("A|touch ran", "B<-A"), "--headless")
    assert told.code == 10
    assert "waiting for approval" in told.out
    assert "run again with --yes" in told.out
    assert not (project.root / "ran").exists()


async def test_running_again_attaches_to_the_unfinished_run(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    first = project.run
    assert project.call("run", plan, "--headless", "--yes").code == 0
    assert layout.runs(project.root) == [first]
    assert project.call("run", plan, "--headless", "--yes").code == 0
    assert len(layout.runs(project.root)) == 2, "a finished run is not attached to"


async def test_two_who_open_a_plan_in_the_same_moment_get_one_run(project: Project) -> None:
    plan = project.plan("A|true", "B<-A|true")
    both = [project.start("run", plan, "--headless") for _ in range(2)]
    told = [child.communicate(timeout=LIMIT)[0] for child in both]
    assert [child.returncode for child in both] == [10, 10]
    assert len({words.split()[1] for words in told}) == 1
    assert [run.name for run in layout.runs(project.root)] == [told[0].split()[1]]


async def test_attaching_with_other_wishes_is_refused(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    told = project.call("run", plan, "--headless", "--agent", "simulated")
    assert told.code == 1
    assert "has agent 'script', not 'simulated'" in told.line
    assert f"orch-tui cancel --run {project.run.name}" in told.line


async def test_an_unfinished_run_is_found_though_its_plan_file_is_gone(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    plan.unlink()
    told = project.call("run", plan, "--headless")
    assert told.code == 10
    assert "cannot be read any more" in told.out


async def test_a_failed_section_ends_the_run_with_one_and_blocks_what_depends_on_it(project: Project) -> None:
    told = project.call("run", project.plan("A|exit 3", "B<-A|touch ran", "C"), "--headless", "--yes")
    assert told.code == 1
    assert "A Part A: failed: block 1" in told.out
    assert "ended with code 3" in told.out
    assert "B blocked: something it depends on failed" in told.out
    assert "C Part C: done" in told.out
    assert not (project.root / "ran").exists()


async def test_interrupting_detaches_and_the_run_goes_on(project: Project) -> None:
    plan = project.plan("A|until [ -e go ]; do read -rt 0.05 <> <(:) || true; done", "B<-A|touch end")
    run = await project.open(plan)
    await project.until(lambda state: state.sections["A"].status.value == "running", run)
    child = project.children[0]
    os.kill(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "detached, the run goes on" in err
    assert f"orch-tui run {plan} --headless" in err
    assert f"orch-tui stop --run {run.name}" in err
    assert "Traceback" not in err
    (project.root / "go").touch()
    assert (await project.until(over, run)).phase is Phase.DONE


async def test_a_run_whose_runner_was_killed_before_it_told_the_end_is_put_right(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    assert project.call("run", plan, "--headless", "--yes").code == 0
    told = json.loads(project.run.status.read_text())
    project.run.status.write_text(json.dumps({**told, "phase": "running"}))
    again = project.call("run", plan, "--headless", "--yes")
    assert (again.code, again.err) == (0, "")
    assert len(layout.runs(project.root)) == 1
    assert json.loads(project.run.status.read_text())["phase"] == "done"


async def test_a_reader_that_goes_away_detaches_too(project: Project) -> None:
    plan = project.plan("A|until [ -e go ]; do read -rt 0.05 <> <(:) || true; done", "B<-A")
    child = project.start("run", plan, "--headless", "--yes")
    assert child.stdout is not None
    while "approved by" not in child.stdout.readline():
        pass
    child.stdout.close()
    (project.root / "go").touch()
    assert child.stderr is not None
    assert "detached, the run goes on" in child.stderr.read()
    assert child.wait(60) == 141
    assert (await project.until(over)).phase is Phase.DONE


async def test_a_reader_that_goes_away_before_the_approval_is_told_that_nothing_runs(project: Project) -> None:
    child = project.start("run", project.plan("A|touch ran", "B<-A"), "--headless", bufsize=0)
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=60)
    assert child.returncode == 141
    assert "nothing runs, the plan is not approved; come back: orch-tui run " in err
    assert not (project.root / "ran").exists()


async def test_closed_and_full_outputs_are_no_reason_for_a_traceback(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    shell = '"$@" >&-; echo $? ; "$@" >/dev/full; echo $?'
    for words in (("parse", str(plan)), ("run", str(plan), "--headless", "--yes"), ("query",), ("status",)):
        done = subprocess.run(
            ["bash", "-c", shell, "-", *PROGRAM, *words],
            cwd=project.root,
            env=project.env,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stdout.split()[1] == "1", (words, done)
        assert "No space left on device" in done.stderr, (words, done.stderr)


async def test_parse_into_head_is_quiet(project: Project) -> None:
    plan = project.plan(*(f"S{number}" for number in range(3000)))
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -1; echo ${PIPESTATUS[0]}', "-", *PROGRAM, "parse", str(plan)],
        cwd=project.root,
        env=project.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.split("\n")[1] == "141"


async def test_a_run_in_worktrees_names_its_branch(project: Project) -> None:
    project.repository()
    plan = project.plan("A|echo a > a.txt", "B<-A|cat a.txt > b.txt")
    plan.write_text(plan.read_text().replace("isolation: none\n", ""))
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 0
    branch = f"orch/{project.run.name}"
    assert f"branch  {branch}" in told.out
    assert project.git("show", f"{branch}:b.txt") == "a"
    assert not (project.root / "a.txt").exists()
    assert project.git("status", "--porcelain") == "?? plan.md"


async def test_a_first_plan_that_nothing_checks_says_so_beforehand_and_asks_each_time(
    newcomer: Project,
) -> None:
    newcomer.repository()
    plan = newcomer.plan("A|echo a > a.txt", "B<-A|cat a.txt > b.txt")
    plan.write_text(plan.read_text().replace("isolation: none\n", ""))
    told = newcomer.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    assert told.line.startswith("note: Nothing checks any of the 2 sections so far: after its work each will ask you")
    assert "A asks: Nothing checks this section. Look at its work; accept it, or have it redone." in told.out
    assert newcomer.git("log", "--format=%s", f"orch/{newcomer.run.name}") == "start", "nothing is merged unseen"
    assert newcomer.call("answer", *newcomer.state().asks, "accept").code == 0
    assert newcomer.call("run", plan, "--headless").code == 10
    assert newcomer.call("answer", *newcomer.state().asks, "accept").code == 0
    assert (await newcomer.until(over)).phase is Phase.DONE
    assert newcomer.git("show", f"orch/{newcomer.run.name}:b.txt") == "a"


@pytest.mark.parametrize("in_git", [True, False])
async def test_a_project_with_a_makefile_checks_a_first_plan_by_itself(newcomer: Project, in_git: bool) -> None:
    newcomer.text("test:\n\ttest -s a.txt\n", name="Makefile")
    if in_git:
        newcomer.repository()
    plan = newcomer.plan("A|echo a > a.txt", "B<-A|cat a.txt > b.txt")
    plan.write_text(plan.read_text().replace("isolation: none\n", ""))
    told = newcomer.call("run", plan, "--headless", "--yes")
    assert (told.code, told.err) == (0, "")
    assert told.out.count("verify, attempt 2 started") == 2


async def test_the_demo_builds_a_program_headless_and_checks_each_part(newcomer: Project) -> None:
    told = newcomer.call("demo", "--headless", "--keep", newcomer.root / "demo")
    assert told.code == 0
    assert told.out.count("verify, attempt 2 started") == 8
    assert "wordtally/__main__.py" in told.out
    again = newcomer.call("demo", "--headless", "--keep", newcomer.root / "demo")
    assert again.code == 1
    assert "is not empty (name a new directory)" in again.line
