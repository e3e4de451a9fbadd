"""Looking at a graph, mending it, approving it, and changing the plan while it runs, each as its own process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_project import LIMIT, forge_snapshot, over

from orch_tui import process
from orch_tui.client.send import send
from orch_tui.core.state import Phase, State
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from cli_project import Project

LONG = 300.0  # seconds; nothing here waits for a section to end by itself


def working(*names: str):
    """Whether all of these sections have a running agent."""
    return lambda state: all(name in state.live and state.sections[name].last.step == "working" for name in names)


def reviewed(project: Project, *parts: str) -> RunDir:
    """A run that waits for its approval."""
    told = project.call("run", project.plan(*parts), "--headless")
    assert told.code == 10, told.err
    return project.run


async def test_an_edited_plan_is_not_said_to_be_the_same(project: Project) -> None:
    reviewed(project, "A", "B<-A")
    reworded(project.root / "plan.md", "Part B", "Part Beta")
    told = project.call("diff").out
    assert told.startswith("plan.md was edited since it was read; read it again with: orch-tui revise")


def reworded(plan: Path, old: str, new: str) -> None:
    text = plan.read_text()
    assert old in text
    plan.write_text(text.replace(old, new))


def edges(project: Project) -> list[str]:
    found = json.loads(project.call("graph", "-f", "json").out)["edges"]
    return [f"{edge['from']}>{edge['to']}" for edge in found]


# --- graph ---


def test_a_plan_is_drawn_as_a_tree_with_waves(project: Project) -> None:
    told = project.call("graph", project.plan("A", "B<-A", "C<-A", "D<-B,C", "E"))
    assert told.out == (
        "Plan\n"
        "5 sections, 3 waves; longest chain: A -> B -> D\n"
        "\n"
        "A  Part A  [wave 1]\n"
        "|- B  Part B  [wave 2]\n"
        "|  `- -> D (*)\n"
        "`- C  Part C  [wave 2]\n"
        "   `- D  Part D  [wave 3; after B too]\n"
        "E  Part E  [wave 1]\n"
    )


@pytest.mark.parametrize(("form", "first"), [("mermaid", "flowchart TD"), ("dot", "digraph plan {"), ("json", "{")])
def test_a_plan_is_drawn_for_other_programs(project: Project, form: str, first: str) -> None:
    told = project.call("graph", project.plan("A", "B<-A"), "--format", form)
    assert told.out.splitlines()[0] == first


def test_a_plan_is_drawn_with_the_mends_that_stand_beside_it(project: Project) -> None:
    plan = project.plan("A", "B<-A", "C")
    project.text(
        "mends:\n- {by: kim, edits: [{add: C, after: B}, {set: C, budget: 2}]}\n"
        "- edits: [{exclude: A}, {done: B}, {note: C, text: x}, {done: Z}]\n",
        name="plan.orch.yaml",
    )
    told = project.call("graph", plan)
    assert told.err.splitlines() == [
        "with 5 edits from plan.orch.yaml; --as-read leaves them out",
        "plan.orch.yaml, line 3: not applied: 'Z' done already: no section 'Z'; there are A, B, C",
    ]
    assert told.out.splitlines()[3:] == [
        "A  Part A  [wave 1; left out]",
        "`- B  Part B  [wave 2; done]",
        "   `- C  Part C  [wave 3]",
    ]
    data = json.loads(project.call("graph", plan, "-f", "json").out)
    drawn = [(edge["from"], edge["to"], edge.get("by")) for edge in data["edges"]]
    assert drawn == [("A", "B", None), ("B", "C", "kim")]
    a, b, c = data["sections"]
    assert (b["done"], c["hints"]["budget_usd"], c["notes"][0]["text"]) == (True, 2.0, "x")
    assert a["left_out"].startswith("left out by ")
    read = project.call("graph", plan, "--as-read")
    assert (read.err, "C  Part C  [wave 1]" in read.out) == ("", True)
    assert "--as-read is about a plan" in project.call("graph", "--as-read").line


def test_the_longest_chain_leaves_out_whom_nobody_waits_for_before_and_in_a_run(project: Project) -> None:
    either = "# P\n\n## Task 1: Redis ✅\n\n## Task 2: Memory\n\n## Task 3: API\nDepends on: Task 1 or Task 2\n"
    plan = project.text(either)
    beside = project.call("graph", plan).out, json.loads(project.call("graph", plan, "-f", "json").out)
    assert project.call("run", plan, "--headless", "--agent", "script").code == 10
    of_run = project.call("graph", plan).out, json.loads(project.call("graph", plan, "-f", "json").out)
    for text, data in (beside, of_run):
        assert "3 sections, 2 waves; longest chain: 2\n" in text
        assert data["critical_path"] == ["2"]
    assert of_run[1]["run"]


def test_a_plan_with_a_circle_is_drawn_all_the_same(project: Project) -> None:
    told = project.call("graph", project.plan("A<-B", "B<-A", "C"))
    assert told.code == 0
    assert "Can never start: in or behind a cycle:\nA  Part A  [after B too]" in told.out


def test_a_graph_of_nothing_says_what_would_help(project: Project) -> None:
    assert "start one with `orch-tui PLAN`" in project.call("graph").line
    assert "no such file" in project.call("graph", "nowhere.md").line
    plan = project.plan("A", "B")
    assert "not both" in project.call("graph", plan, "--run", "x").line


# --- mend, approve, run ---


async def test_what_is_mended_and_approved_is_what_runs(project: Project) -> None:
    plan = project.plan("A|echo a >> log", "B|echo b >> log", "C<-A|echo c >> log", "D|echo d >> log")
    assert project.call("run", plan, "--headless").code == 10
    assert "mended: 'A' waits for 'B'" in project.call("mend", "add", "a", "--after", "b", "--why", "B first").out
    assert project.call("mend", "drop", "C", "--after", "A").code == 0
    assert project.call("mend", "add", "B", "--after", "C").code == 0
    assert project.call("mend", "exclude", "D", "--why", "not today").code == 0
    assert edges(project) == ["B>A", "C>B"]
    drawn = project.call("graph", plan)
    assert drawn.err == f"as run {project.run.name} has it\n"
    assert drawn.out == project.call("graph").out
    assert "A  Part A  [wave 3]" in drawn.out
    assert project.call("approve").out.startswith("approved: 3 of 4 sections to carry out\n")
    state = await project.until(over)
    assert (project.root / "log").read_text() == "c\nb\na\n"
    assert state.phase is Phase.DONE
    assert state.sections["D"].detail.endswith(": not today")
    made = next(edge for edge in state.dependencies if edge.downstream == "A")
    assert (made.kind, made.evidence.quote) == ("mended", "B first")
    assert made.evidence.by
    assert made.evidence.at > 0


async def test_a_section_that_a_person_adds_is_carried_out_and_goes_with_the_plan(project: Project) -> None:
    plan = project.plan("A|echo a >> log", "B<-A|echo b >> log")
    assert project.call("run", plan, "--headless").code == 10
    text = "Do.\n\n```sh\necho n >> log\n```\n"
    (project.root / "new.md").write_text(text)
    told = project.call(
        "mend", "new", "Between", "--from", "new.md", "--after", "a", "--before", "B", "--why", "it lacks"
    )
    assert told.out.startswith("mended: new section 'N1': Between; 'N1' waits for 'A'; 'B' waits for 'N1'\n")
    assert "the section needs words" in project.call("mend", "new", "Wordless").line
    assert edges(project) == ["A>B", "A>N1", "N1>B"]
    assert "note on 'N1'" in project.call("mend", "note", "n1", "mind", "it").out
    assert project.call("approve").code == 0
    await project.until(over)
    assert (project.root / "log").read_text() == "a\nn\nb\n"
    assert project.call("mend", "export").code == 0
    read = json.loads(project.call("graph", plan, "--format", "json").out)
    assert [(one["id"], one["lines"], one["added_by"]) for one in read["sections"]][2][:2] == ("N1", None)
    beside = project.root / "plan.orch.yaml"
    assert "      - new: N1\n        title: Between\n" in beside.read_text()


def test_a_plan_is_drawn_with_the_sections_that_are_added_beside_it(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    mends = "mends:\n- {by: kim, edits: [{new: N1, title: Between, text: Do.}, {add: N1, after: A}]}\n"
    project.text(mends, name="plan.orch.yaml")
    assert "- N1  Between  [wave 2]" in project.call("graph", plan).out
    (new,) = json.loads(project.call("graph", plan, "-f", "json").out)["sections"][2:]
    assert (new["id"], new["lines"], new["added_by"], new["depends_on"]) == ("N1", None, "kim", ["A"])


def test_leaving_out_says_what_becomes_of_what_waits(project: Project) -> None:
    reviewed(project, "A", "B<-A", "C<-B", "D<-C")
    told = project.call("mend", "exclude", "B").out
    assert told.startswith("mended: 'B' left out (going on without it: C)\n")
    told = project.call("mend", "exclude", "A", "--with-dependants").out
    assert told.startswith("mended: 'A' and what waits for it left out (left out too: B; going on without it: C)\n")
    told = project.call("mend", "exclude", "B", "--with-dependants").out
    assert told.startswith("mended: 'B' and what waits for it left out (left out too: C, D)\n")


async def test_notes_and_assignments_reach_the_agent(project: Project) -> None:
    project.simulated("A", "B", duration=0.1)
    assert project.call("run", "plan.md", "--headless").code == 10
    assert project.call("mend", "note", "B", "mind", "the", "gap").code == 0
    assert project.call("mend", "set", "A", "B", "model=opus", "priority=3", "effort=high").code == 0
    assert project.call("approve").code == 0
    state = await project.until(over)
    attempt = project.run.attempt(state.sections["B"].slug, 1)
    assert "mind the gap" in attempt.brief.read_text()
    assert json.loads(attempt.spec.read_text())["model"] == "opus"
    assert json.loads(attempt.spec.read_text())["effort"] == "high"


def test_a_circle_is_refused_with_the_circle_shown(waiting: Project) -> None:
    told = waiting.call("mend", "add", "A", "--after", "C")
    assert told.code == 1
    assert re.search(r"closes a circle: A \(line \d+\) -> B \(line \d+\) -> C \(line \d+\) -> A", told.line)
    assert waiting.call("mend").out == "nothing is mended: the graph is as the plan was read\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mend", "add", "A", "--after", "Q"), "no section 'Q' (there are A, B, C)"),
        (("mend", "add", "B", "--after", "A"), "section 'B' waits for 'A' already (line "),
        (("mend", "drop", "A", "--after", "B"), "it is the other way round"),
        (("mend", "set", "A", "budget=much"), "a budget is a number of US dollars such as 2.50, not 'much'"),
        (("mend", "set", "A", "agent=gpt"), "there is no agent 'gpt'; known: "),
        (("mend", "set", "A", "colour=red"), "nothing to set in 'A colour=red' (NAME=VALUE with one of agent, "),
        (("mend", "set", "budget=1"), "no section is named"),
        (("mend", "undo"), "there is no mend to take back"),
        (("mend", "redo"), "no mend was taken back that could be made again"),
        (("proposals", "accept"), "which proposals to accept? (name their ids, or --all)"),
        (("proposals", "accept", "p1"), "there is no proposal 'p1'; there are none"),
        (("proposals", "dismiss", "--all"), "no proposal is open"),
        (("discard",), "there is no other edition of the plan to give up"),
        (("approve", "--running", "A"), "--running 'A' is not SECTION=CHOICE (CHOICE is one of leave, restart, stop)"),
        (("approve", "--redo", "A"), "nothing ran yet"),
        (("approve", "--graph-sha", "beef"), "not 'beef' (look at it again)"),
    ],
)
def test_what_makes_no_sense_is_one_line_with_what_would_help(
    waiting: Project, words: tuple[str, ...], said: str
) -> None:
    told = waiting.call(*words)
    assert told.code == 1
    assert said in told.line


def test_a_retired_plan_is_approved_on_the_second_word_only(project: Project) -> None:
    plan = project.plan("A", "B<-A", head="status: superseded\n")
    assert project.call("run", plan, "--headless").code == 10
    told = project.call("approve")
    assert (told.code, told.out) == (10, "")
    assert "no longer in use" in told.line
    assert "(`orch-tui approve --confirm` says that you mean it)" in told.line
    assert project.call("approve", "--confirm").code == 0


def test_who_has_confirmed_is_not_told_to_confirm_when_something_else_is_refused(project: Project) -> None:
    plan = project.plan("A", "B<-A", head="status: superseded\n")
    assert project.call("run", plan, "--headless").code == 10
    told = project.call("approve", "--confirm", "--running", "A=restart")
    assert told.code not in {0, 10}
    assert "refused" in told.line
    assert "mean it" not in told.line


def test_a_run_that_was_to_be_approved_at_once_says_how_to_mean_it(project: Project) -> None:
    plan = project.plan("A|touch ran", "B<-A", head="status: superseded\n")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    assert "no longer in use" in told.line
    assert "(`orch-tui approve --confirm` says that you mean it)" in told.line
    assert not (project.root / "ran").exists()


def test_mends_are_listed_undone_and_made_again(project: Project) -> None:
    run = reviewed(project, "A", "B<-A")
    assert project.call("mend", "done", "A", "--why", "by hand").code == 0
    assert project.call("mend", "exclude", "B", "--run", run.name).code == 0
    assert project.call("mend", "undo").out.startswith("taken back: 'B' left out\n")
    assert project.call("mend").out.splitlines()[0::2] == ["'A' done already", "undone: 'B' left out"]
    told = json.loads(project.call("mend", "redo", "--json").out)
    assert [(row["words"], row["why"]) for row in told["mends"]] == [
        (["'A' done already"], "by hand"),
        (["'B' left out"], ""),
    ]
    assert "~ A  Part A: to do -> done\n~ B  Part B: to do -> excluded" in project.call("diff").out


def test_an_edited_plan_is_read_again_before_it_is_approved_and_mends_stay(project: Project) -> None:
    run = reviewed(project, "A", "B<-A")
    assert project.call("mend", "exclude", "B").code == 0
    project.plan("A", "B<-A", "C")
    told = project.call("approve")
    assert f"'plan.md' was edited since it was read (`orch-tui revise --run {run.name}` reads it again)" in told.line
    assert project.call("revise").code == 0
    assert project.call("revise").out == "nothing changed: the file says what was read\n"
    assert list(project.state().sections) == ["A", "B", "C"]
    assert project.call("approve").out.startswith("approved: 2 of 3 sections")


async def test_of_two_who_mend_at_once_the_second_has_to_look_again(project: Project) -> None:
    run = reviewed(project, "A", "B", "C")
    seen = project.state(run).seq
    one = {"edits": [{"edit": "add-edge", "upstream": "A", "downstream": "B"}], "why": "one"}
    other = {"edits": [{"edit": "add-edge", "upstream": "B", "downstream": "A"}], "why": "other"}
    first = send(run, "mend", one, actor="kim", if_seq=seen)
    second = send(run, "mend", other, actor="lu", if_seq=seen)
    state = await project.until(lambda state: {first, second} <= set(state.commands), run)
    assert state.commands[first] == ""
    assert "the run moved on" in state.commands[second]
    assert [edge.evidence.by for edge in state.dependencies] == ["kim"]


# --- the plan changes while it runs ---


async def begun(project: Project, *parts: str, **options: object) -> RunDir:
    """A run of simulated sections, the first of which works."""
    run = await project.open(project.simulated(*parts, **{"duration": LONG, **options}))
    await project.until(working(parts[0].partition("<-")[0]), run)
    return run


async def test_a_running_section_is_left_restarted_or_stopped_by_choice(project: Project) -> None:
    run = await begun(project, "A", "B", "C", "D<-A,B,C")
    await project.until(working("A", "B", "C"), run)
    plan = project.root / "plan.md"
    for name in "ABC":
        reworded(plan, f"echo said by {name}", f"echo said by {name} anew")
    told = project.call("revise")
    assert "~ A  Part A: reworded\n    running: goes on (--running A=… to restart or stop it)" in told.out
    assert project.state(run).candidate is not None
    told = project.call("approve", "--running", "B=restart", "--running", "C=stop")
    assert told.code == 0, told.err
    state = await project.until(
        lambda state: working("A", "B")(state) and state.sections["B"].last.number == 2 and "C" not in state.live, run
    )
    assert state.sections["A"].last.number == 1
    assert (state.sections["C"].status.value, state.sections["C"].by != "") == ("paused", True)
    brief = run.attempt(state.sections["B"].slug, 2).brief.read_text()
    assert "echo said by B anew" in brief
    assert project.call("resume", "C").code == 0
    state = await project.until(working("C"), run)
    assert "echo said by C anew" in run.attempt(state.sections["C"].slug, 2).brief.read_text()


async def test_sections_that_come_and_go_while_it_runs(project: Project) -> None:
    run = await begun(project, "A", "B<-A", "C<-A")
    text = (project.root / "plan.md").read_text()
    before, _, last = text.partition("## Section C")
    assert last
    before = before.replace("# Plan\n", "# Plan\n\nIn this tone.\n", 1)
    (project.root / "plan.md").write_text(before + "## Section E: Part E\nDependencies: none\n\n```bash\necho e\n```\n")
    told = project.call("revise", "--json")
    assert [(row["kind"], row["id"]) for row in json.loads(told.out)["changes"]] == [("new", "E"), ("gone", "C")]
    assert "- C  Part C\n    waiting: is dropped" in project.call("diff").out
    assert project.call("diff").out.startswith(
        "~ the words before the sections, which sessions that begin from now on "
    )
    assert project.call("approve").code == 0
    state = await project.until(working("A", "E"), run)
    assert list(state.sections) == ["A", "B", "E"]


async def test_a_finished_run_goes_on_with_a_new_section_and_redoes_what_it_is_told_to(project: Project) -> None:
    plan = project.plan("A|echo a >> log", "B<-A|echo b >> log")
    assert project.call("run", plan, "--headless", "--yes").code == 0
    reworded(plan, "echo a >> log", "echo aa >> log")
    plan.write_text(
        plan.read_text() + "\n## Section C: Part C\nDependencies: Section B\n\n```bash\necho c >> log\n```\n"
    )
    told = project.call("revise")
    assert "~ A  Part A: reworded\n    done: stays done (--redo A does it again)" in told.out
    assert "+ C  Part C: waits for B" in told.out
    assert project.call("approve").code == 0
    await project.until(lambda state: over(state) and "C" in state.sections)
    assert "✓ A  Part A  done  its text changed since it was done; retry does it again\n" in project.call("status").out
    assert project.call("mend", "note", "A", "anew").code == 0
    assert project.call("approve", "--redo", "a").code == 0
    state = await project.until(lambda state: over(state) and len(state.sections["A"].attempts) == 2)
    assert state.phase is Phase.DONE
    assert sorted((project.root / "log").read_text().split()) == ["a", "aa", "b", "c"]


async def test_a_candidate_is_given_up_and_the_run_goes_on_as_approved(project: Project) -> None:
    run = await begun(project, "A", "B<-A")
    told = project.call("mend", "exclude", "B").out.splitlines()
    assert told[0] == "mended: 'B' left out (nothing waits for it)"
    assert told[1].startswith("not approved yet: a candidate beside")
    assert "~ B  Part B: to do -> excluded" in project.call("diff").out
    assert "B  Part B  [wave 2; left out]" in project.call("graph", "plan.md").out
    assert "left out" not in project.call("graph").out
    assert project.call("discard").out == "discard: accepted\n"
    assert project.state(run).candidate is None
    assert project.call("diff").out == "nothing is different\n"


async def killed(run: RunDir) -> None:
    """Kill the runner. The headless client that opened the run may start the next one at any moment."""
    holder = json.loads(run.lock.read_text())
    os.kill(holder["pid"], signal.SIGKILL)
    async with asyncio.timeout(LIMIT):
        while process.alive(holder["pid"], holder["start_time"]):
            await asyncio.sleep(0.02)


async def test_killed_between_revision_and_approval_nothing_is_lost(project: Project) -> None:
    run = await begun(project, "A", "B<-A")
    plan = project.root / "plan.md"
    plan.write_text(plan.read_text() + "\n## Section Z: Part Z\nDependencies: none\n\n```bash\necho z\n```\n")
    assert project.call("revise").code == 0
    assert project.call("mend", "set", "Z", "priority=9").code == 0
    epoch = project.state(run).epoch
    await killed(run)
    plan.unlink()  # the run has its own copy
    assert project.call("approve").code == 0
    state = await project.until(lambda state: state.epoch > epoch and working("A", "Z")(state), run)
    assert state.sections["Z"].priority == 9
    assert len(state.sections["A"].attempts) == 1, "its agent went on and was adopted"
    assert project.call("mend", "set", "A", "priority=8").code == 0
    await killed(run)
    assert project.call("approve", "--running", "A=restart").code == 0
    await killed(run)
    assert project.call("pause", "B").code == 0  # which starts a runner
    state = await project.until(lambda state: working("A", "Z")(state) and state.live["A"] > 1, run)
    assert (state.sections["A"].priority, state.live["Z"]) == (8, 1)


# --- not what was approved ---


async def stopped_by_signal(project: Project, run: RunDir) -> None:
    os.kill(json.loads(run.lock.read_text())["pid"], signal.SIGTERM)
    await project.free(run)


def halted(state: State) -> bool:
    return bool(state.halted)


async def test_a_stored_plan_that_was_changed_halts_the_run_for_a_person(project: Project) -> None:
    run = await begun(project, "A", "B<-A", "C")
    await stopped_by_signal(project, run)
    stored = run.plan(project.state(run).plan_sha)
    stored.write_text(stored.read_text().replace("said by B", "said by a stranger"))
    assert project.call("skip", "A").code == 0
    state = await project.until(halted, run)
    assert state.phase is Phase.PAUSED
    assert "is not the text that" in state.halted
    assert "orch-tui revise" in project.call("status").out
    async with asyncio.timeout(LIMIT):  # status.json follows the journal by a tenth of a second
        while json.loads(project.call("query").out)["halted"] != state.halted:
            await asyncio.sleep(0.02)
    assert "B" not in state.live


async def test_a_snapshot_with_another_graph_halts_the_run_for_a_person(project: Project) -> None:
    run = await begun(project, "A", "B<-A")
    await stopped_by_signal(project, run)
    forge_snapshot(run, "B", agent="script")
    project.call("pause", "B")
    async with asyncio.timeout(LIMIT):
        while not json.loads(run.status.read_text()).get("halted"):
            await asyncio.sleep(0.02)
    assert "its journal or snapshot was changed" in json.loads(run.status.read_text())["halted"]
