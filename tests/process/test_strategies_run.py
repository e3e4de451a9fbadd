"""Sections squashed or replayed in runs with real processes, and killed in between; and one branch for a whole plan."""

from __future__ import annotations

import pytest
from running import GATE, Bench, sections
from test_merging_run import git_held, on_the_branch

from orch_tui.core.state import Phase

TWICE = "echo first > first.txt; git add -A; git commit -qm 'first'"


async def begin(bench: Bench, front: str, *parts: str) -> None:
    await bench.open(sections(*parts).replace("agent: script\n", f"agent: script\n{front}"))
    await bench.approve()


def line(bench: Bench) -> list[str]:
    return bench.git("log", "--first-parent", "--format=%s", f"orch/{bench.run.name}").splitlines()


@pytest.mark.parametrize(
    ("strategy", "made"), [("squash", ["A: Part A"]), ("rebase", ["A: Part A", "first"])], ids=["squash", "rebase"]
)
async def test_killed_while_the_branch_is_about_to_be_moved_a_section_is_merged_once_and_taken_back_whole(
    bench: Bench, strategy, made
):
    await begin(bench, f"merge_strategy: {strategy}\nbranches: plan\n", f"A|{GATE}; {TWICE}", "B<-A")
    await bench.until(lambda _: "A-begin" in bench.entries(), "A at work")
    with git_held(bench):
        bench.go()
        await bench.until(lambda s: s.merging == "A", "the merge to be intended")
        bench.kill_runner()
        await bench.free()
    await bench.send("resume")  # refused or not: it starts a runner
    await bench.done()
    assert line(bench) == ["B: Part B", *made, "start"]
    assert "Orch-Section: B" in bench.git("log", "-1", "--format=%(trailers)", f"orch/{bench.run.name}")
    files = on_the_branch(bench)
    assert bench.git("for-each-ref", "refs/heads/orch-work", "refs/orch") == "", "one branch for the plan"
    assert await bench.send("undo", section="A") == ""
    state = await bench.until(lambda s: not s.undoing and s.phase is Phase.DONE, "A and B to be done again")
    assert {name: len(section.attempts) for name, section in state.sections.items()} == {"A": 2, "B": 2}
    assert line(bench) == ["B: Part B", *made, "Revert A: Part A", "Revert B: Part B", "B: Part B", *made, "start"]
    assert on_the_branch(bench) == files
    await bench.done()
    assert bench.git("for-each-ref", "refs/heads/orch-work", "refs/orch") == ""


async def test_a_section_that_was_squashed_and_works_on_is_squashed_again_without_a_conflict_with_itself(bench: Bench):
    path = bench.root / ".orch" / "workflows" / "local.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "name: local\nstart: a\nphases:\n  a: {type: agent, on_success: m}\n"
        "  m: {type: script, do: merge, on_success: b}\n"
        "  b: {type: script, run: [sh, -c, 'echo more >> A.txt; echo b > b.txt'], on_success: n}\n"
        "  n: {type: script, do: merge, on_success: done}\n  done: {type: terminal}\n"
    )
    await begin(bench, "merge_strategy: squash\nworkflow: local\nchecks: ['test -e A.txt']\n", "A", "B")
    assert await bench.send("skip", section="B") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert line(bench) == ["A: Part A", "A: Part A", "start"]
    assert bench.git("show", f"orch/{bench.run.name}:A.txt").split() == ["A", "more"]
    assert [one.files for one in state.sections["A"].attempts if one.commit] == [("A.txt",), ("A.txt", "b.txt")]


async def test_why_a_section_is_not_replayed_as_it_was_asked_for_is_told(bench: Bench):
    merged = "git add -A; git commit -qm t; git checkout -q -; git merge -q --no-ff --no-edit t"
    await begin(bench, "merge_strategy: rebase\n", f"A|git checkout -qb t; echo t > t.txt; {merged}", "B<-A")
    assert await bench.send("skip", section="B") == ""
    state = await bench.done()
    assert state.sections["A"].attempts[0].notice.startswith("squashed, not rebased: ")
    assert line(bench) == ["A: Part A", "start"]


async def test_with_one_branch_for_the_plan_work_that_was_not_merged_is_kept_and_told(bench: Bench):
    fails_once = 'test -e "$ROOT/go" || { echo try > try.txt; git add -A; git commit -qm try; exit 1; }'
    await begin(bench, "branches: plan\n", f"A|{fails_once}", "B<-A")
    await bench.until(lambda s: s.sections["A"].verdict == "failed", "A to fail")
    bench.go()
    assert await bench.send("retry", section="A") == ""
    assert await bench.send("skip", section="B") == ""
    state = await bench.until(lambda s: s.phase is Phase.DONE and s.sections["A"].attempts[0].notice, "it to be told")
    ref = f"refs/orch/rescue/{bench.run.name}/A/1"
    assert state.sections["A"].attempts[0].notice == f"what it left and is on no branch is kept as {ref}"
    assert bench.git("log", "-1", "--format=%s", ref) == "try"
    await bench.done()
    assert bench.git("for-each-ref", "refs/heads/orch-work") == ""
