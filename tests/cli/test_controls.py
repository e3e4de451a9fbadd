"""The verbs that change a run, each as its own process, answered by the run's journal."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orch_tui.core.state import Phase, Status

if TYPE_CHECKING:
    from cli_project import Project

    from orch_tui.store.layout import RunDir

LONG = 300.0  # seconds; nothing here waits for a section to end by itself


def working(*names: str):
    """Whether all of these sections have a running agent."""
    return lambda state: all(name in state.live and state.sections[name].last.step == "working" for name in names)


async def opened(project: Project, *parts: str, **options: object) -> RunDir:
    """A run of simulated sections, the first of which works."""
    run = await project.open(project.simulated(*parts, **{"duration": LONG, **options}))
    await project.until(working(parts[0].partition("<-")[0]), run)
    return run


async def test_pause_and_resume_a_run(project: Project) -> None:
    await opened(project, "A", "B<-A")
    assert project.call("pause").out == "pause: accepted\n"
    assert project.state().phase is Phase.PAUSED
    told = project.call("pause")
    assert told.code == 1
    assert told.line == "orch-tui: refused: the run is paused, not running"
    assert project.call("resume").code == 0
    assert project.state().phase is Phase.RUNNING


async def test_pause_and_resume_a_section_by_any_case(project: Project) -> None:
    await opened(project, "A", "B<-A")
    assert project.call("pause", "a").out == "pause a: accepted\n"
    assert project.state().sections["A"].status is Status.PAUSED
    assert project.call("resume", "A").code == 0
    assert project.state().sections["A"].status is Status.RUNNING


async def test_a_paused_run_says_how_to_go_on(project: Project) -> None:
    run = await opened(project, "A", "B<-A")
    assert project.call("pause", "A").code == 0  # or its agent would work on to its end
    assert project.call("pause").code == 0
    child = project.children[0]
    child.communicate(timeout=60)
    assert child.returncode == 10
    told = project.call("run", "plan.md", "--headless")
    assert told.code == 10
    assert f"go on with: orch-tui resume --run {run.name}" in told.out


async def test_skip_a_running_section_and_what_depends_on_it_goes_on(project: Project) -> None:
    run = await opened(project, "A", "B<-A")
    assert project.call("skip", "A").code == 0
    state = await project.until(working("B"), run)
    assert state.sections["A"].status is Status.SKIPPED


async def test_cancel_a_section_then_retry_it(project: Project) -> None:
    run = await opened(project, "A", "B<-A")
    assert project.call("cancel", "A").code == 0
    state = await project.until(lambda state: "A" not in state.live and state.phase is Phase.FAILED, run)
    assert (state.sections["A"].status, state.sections["B"].status) == (Status.FAILED, Status.BLOCKED)
    assert project.call("retry", "--run", run.name).code == 0
    state = await project.until(working("A"), run)
    assert state.sections["A"].last.number == 2


async def test_steer_reaches_the_agent(project: Project) -> None:
    run = await opened(project, "A", "B<-A")
    assert project.call("steer", "A", "keep", "the", "flag").code == 0
    transcript = run.attempt("A", 1).transcript
    async with asyncio.timeout(60):
        while "keep the flag" not in transcript.read_text():
            await asyncio.sleep(0.02)


async def test_steering_what_does_not_run_is_refused(project: Project) -> None:
    await opened(project, "A", "B<-A")
    assert "section 'B' has no running agent, it is waiting" in project.call("steer", "B", "hello").line
    assert "no section 'Q'; there are A, B" in project.call("skip", "Q").line


async def test_a_question_ends_with_ten_says_how_to_answer_and_the_answer_counts_once(project: Project) -> None:
    plan = project.simulated("A", "B<-A", duration=0.2, question=True)
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    found = re.search(r"answer with: orch-tui (answer .*)", told.out)
    assert found is not None, told.out
    assert f"--run {project.run.name}" in found[1]
    (ask,) = json.loads(project.call("query").out)["asks"]
    words = ["answer", ask["request_id"], (ask["options"] or ["yes"])[0]]
    first, second = project.start(*words), project.start(*words)
    ends = [(*child.communicate(timeout=60), child.returncode) for child in (first, second)]
    assert sorted(code for _, _, code in ends) == [0, 1]
    (refusal,) = [err for _, err, code in ends if code == 1]
    assert re.fullmatch(r"orch-tui: refused: \S+ answered it already\n", refusal), refusal
    await project.until(lambda state: [asked.section for asked in state.asks.values()] == ["B"])
    again = project.call("run", plan, "--headless")
    assert again.code == 10
    assert "\nB asks: " in again.out


@pytest.mark.parametrize(("choice", "written"), [("allow", True), ("deny", False)])
async def test_a_permission_is_answered_by_the_section_that_asks(project: Project, choice: str, written: bool) -> None:
    plan = project.simulated("A", "B<-A", duration=0.2, permission=True, file="made.txt")
    assert project.call("run", plan, "--headless", "--yes").code == 10
    assert "'allow', 'always', 'deny' or 'never', not 'perhaps'" in project.call("answer", "A", "perhaps").line
    assert project.call("answer", "A", choice).code == 0
    await project.until(lambda state: "A" not in state.live)
    assert (project.root / "made.txt").exists() == written


async def test_stop_ends_every_process_and_resume_goes_on(project: Project) -> None:
    plan = project.plan("A|setsid sleep 1000 & sleep 1000", "B|sleep 1000", "C<-A,B", head="concurrency: 4\n")
    run = await project.open(plan)
    await project.until(working("A", "B"), run)
    async with asyncio.timeout(60):
        while sum("sleep 1000" in words for words in project.left_over(run)) < 3:  # one of them left its session
            await asyncio.sleep(0.02)
    told = project.call("stop")
    assert told.out == f"stopped: no process of run {run.name} is left\n"
    assert project.left_over(run) == []
    child = project.children[0]
    child.communicate(timeout=60)
    assert child.returncode == 10
    state = project.state(run)
    assert state.sections["A"].status is Status.READY
    assert project.call("resume").code == 0
    await project.until(working("A", "B"), run)


async def test_cancelling_a_run_is_for_good_and_its_reader_exits_with_eleven(project: Project) -> None:
    run = await opened(project, "A", "B<-A")
    told = project.call("cancel")
    assert told.out == f"cancelled: no process of run {run.name} is left\n"
    child = project.children[0]
    child.communicate(timeout=60)
    assert child.returncode == 11
    assert json.loads(run.status.read_text())["phase"] == "cancelled"
    assert "the run was cancelled" in project.call("skip", "A").line
    assert "the run is cancelled already" in project.call("cancel").line


async def test_two_unfinished_runs_are_never_chosen_between(project: Project) -> None:
    first, second = project.plan("A", "B", name="one.md"), project.plan("A", "B", name="two.md")
    for plan in (first, second):
        assert project.call("run", plan, "--headless").code == 10
    told = project.call("cancel")
    assert told.code == 1
    assert "2 runs are not over: " in told.line
    assert "name one with --run" in told.line
    one = json.loads(project.call("query", first).out)["run"]
    assert project.call("cancel", "--run", one).code == 0
    assert project.call("cancel").code == 0, "only one is left to mean"


async def test_a_run_that_does_not_exist_is_named_with_the_nearest(project: Project) -> None:
    project.call("run", project.plan("A", "B"), "--headless")
    name = project.run.name
    assert f"no run called {name[:-1] + 'x'!r}" in project.call("pause", "--run", name[:-1] + "x").line
    assert f"did you mean {name!r}?" in project.call("pause", "--run", name[:-1] + "x").line
    assert "start one with `orch-tui PLAN`" in project.call("stop", "-C", project.root.parent).line


async def test_status_says_why_each_section_does_not_run(project: Project) -> None:
    await opened(project, "A", "B<-A")
    told = project.call("status")
    assert told.code == 0
    assert re.search(r"A +Part A +running", told.out)
    assert re.search(r"B +Part B +waiting  waiting for 1 of 1: A running", told.out)


async def test_an_agent_that_is_not_set_up_is_said_in_full_with_what_would_help(project: Project) -> None:
    """`status` cut the sentence in the middle of the variable to set."""
    plan = project.plan("A", "B<-A")
    project.text(plan.read_text().replace("agent: script", "agent: claude"))
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    for out in (told.out, project.call("status").out):
        assert "Claude Code is not logged in: run `claude` once and log in, or set ANTHROPIC_API_KEY" in out
        assert "orch-tui retry A" in out


async def test_query_and_status_json_say_the_same(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless", "--yes")
    queried = json.loads(project.call("query").out)
    assert (queried["phase"], queried["sections_total"]) == ("done", 2)
    for words in (
        ("status", "--json"),
        ("query", plan),
        ("query", "--run", queried["run"]),
        ("query", f"--run={queried['run']}"),
    ):
        assert json.loads(project.call(*words).out) == queried
    assert json.loads(project.call("query", "-C", project.root, cwd=Path("/")).out) == queried
    told = project.call("query", "--run", "../" + queried["run"])
    assert told.code == 1
    assert "no run called" in told.line
