"""Sections by a workflow of several phases, with real processes and a real repository, and killed between them."""

from __future__ import annotations

import os
import signal

import pytest
from running import GATE, Bench, sections

from orch_tui.core.state import Phase, State
from orch_tui.errors import UserError

ROOT = 'ROOT="$(git rev-parse --path-format=absolute --git-common-dir)/../.."; '


async def begin(bench: Bench, *, check: str = "") -> None:
    """Approve a plan by the workflow local, in which B only waits; a command checks A, or nothing does."""
    checks = f"checks: ['{check}']\n" if check else ""
    await bench.open(sections("A", "B<-A").replace("agent: script\n", f"agent: script\nworkflow: local\n{checks}"))
    await bench.approve()


async def asked(bench: Bench, *, besides: str = "") -> str:
    """Wait until a person is asked about A, and not `besides`; returns the id of the question."""
    state = await bench.until(lambda s: s.asks.keys() - {besides}, "a question")
    [ask] = state.asks.values()
    return ask.request_id


async def alone(bench: Bench) -> State:
    """Wait until the run is over, without B."""
    assert await bench.send("skip", section="B") == ""
    return await bench.done()


async def test_a_section_is_done_when_its_checks_passed_and_its_work_is_merged(bench: Bench):
    check = f'{ROOT}echo check-$(ls *.txt) >> "$ROOT/ledger"; touch junk; test -s A.txt'
    await begin(bench, check=check)
    state = await alone(bench)
    assert state.phase is Phase.DONE
    assert bench.entries() == ["A-begin", "A", "check-A.txt"]
    files = bench.git("ls-tree", "-r", "--name-only", f"orch/{bench.run.name}").split()
    assert sorted(files) == ["A.txt", "README.md"], "what checks leave behind is no work"
    assert bench.left_over() == []


async def test_red_checks_go_back_with_what_they_printed_and_then_fail_the_section(bench: Bench):
    await begin(bench, check="echo two of five fail; exit 3")
    state = await bench.done()
    assert {name: section.status.value for name, section in state.sections.items()} == {"A": "failed", "B": "blocked"}
    assert [(one.phase, one.visit) for one in state.sections["A"].attempts] == [
        ("implement", 1),
        ("verify", 1),
        ("implement", 2),
        ("verify", 2),
        ("implement", 3),
        ("verify", 3),
    ]
    assert "gone through 3 times" in state.sections["A"].detail
    assert "two of five fail" in bench.run.attempt("A", 3).brief.read_text()
    assert bench.git("log", "--format=%s", f"orch/{bench.run.name}") == "start", "nothing red is merged"


async def test_killed_during_its_checks_a_section_goes_on_with_its_checks(bench: Bench):
    await begin(bench, check=f'{ROOT}echo check-begin >> "$ROOT/ledger"; {GATE}; test -s A.txt')
    await bench.until(lambda _: "check-begin" in bench.entries(), "the checks to run")
    bench.kill_runner()
    await bench.free()
    os.kill(bench.host_of("A", 2), signal.SIGKILL)
    bench.go()
    await bench.open()
    state = await alone(bench)  # the first client that needs one starts a runner
    assert state.phase is Phase.DONE
    assert [one.phase for one in state.sections["A"].attempts] == ["implement", "verify", "verify"]
    assert bench.entries().count("A-begin") == 1, "what was implemented is not implemented again"
    assert bench.left_over() == []


async def test_without_checks_a_person_decides_and_can_say_why_not(bench: Bench):
    await begin(bench)
    first = await asked(bench)
    assert await bench.send("answer", request_id=first, choice="redo", text="say hello twice") == ""
    again = await asked(bench, besides=first)
    assert "say hello twice" in bench.run.attempt("A", 3).brief.read_text()
    bench.kill_runner()
    await bench.free()
    await bench.open()
    assert await bench.send("answer", request_id=again, choice="accept") == ""
    state = await alone(bench)
    assert state.sections["A"].status.value == "done"


async def test_a_worktree_that_somebody_removed_between_two_phases_is_made_again(bench: Bench):
    await begin(bench)
    first = await asked(bench)
    bench.git("worktree", "remove", "--force", bench.state.sections["A"].attempts[0].path)
    assert await bench.send("answer", request_id=first, choice="redo") == ""
    again = await asked(bench, besides=first)
    assert await bench.send("answer", request_id=again, choice="accept") == ""
    await alone(bench)
    assert "A.txt" in bench.git("ls-tree", "--name-only", f"orch/{bench.run.name}").split()


def own(bench: Bench, phases: str) -> None:
    """A workflow `own` of the project, with these phases besides `done`."""
    path = bench.root / ".orch" / "workflows" / "own.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"name: own\nstart: a\nphases:\n{phases}  done: {{type: terminal}}\n")


async def begin_own(bench: Bench) -> None:
    """Approve a plan by the workflow `own`, in which B only waits."""
    await bench.open(sections("A", "B<-A"), workflow="own")
    await bench.approve()


async def test_a_poll_looks_again_until_something_happened_and_takes_no_slot(bench: Bench):
    go = bench.root.parent / "go"
    own(
        bench,
        "  a: {type: agent, on_success: b}\n"
        f"  b: {{type: poll, run: [test, -e, '{go}'], interval: 0.1, codes: {{3: never}}, on_success: done}}\n",
    )
    await bench.open(sections("A", "C", "B<-A"), workflow="own", concurrency=1)
    await bench.approve()
    state = await bench.until(lambda s: s.polling == {"A", "C"}, "both to look")
    assert state.settings.concurrency == 1
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert {len(section.attempts) for section in state.sections.values()} == {2}


async def test_an_attempt_that_takes_longer_than_its_phase_may_is_ended_and_its_failure_leads_on(bench: Bench):
    own(
        bench,
        "  a: {type: script, run: [sleep, '600'], timeout: {soft: 0.2, hard: 1}, on_success: done, on_failure: b}\n"
        "  b: {type: script, run: ['true'], on_success: done}\n",
    )
    (bench.root / ".orch" / "config.yaml").write_text("max_attempts: 1\n")
    await begin_own(bench)
    await bench.until(lambda s: s.sections["A"].verdict, "A to end")
    state = await alone(bench)
    first, second = state.sections["A"].attempts
    assert (first.failure, first.message, first.notice) == ("timeout", "not done within 1 s", "not done within 1 s")
    assert (second.phase, state.sections["A"].verdict) == ("b", "done")
    assert bench.left_over() == []


async def test_a_phase_without_an_outcome_for_it_is_told_before_anything_is_created(bench: Bench):
    own(bench, "  a: {type: agent, on_success: nowhere}\n")
    with pytest.raises(UserError, match=r"own\.yaml:4: there is no phase 'nowhere'"):
        await bench.open(sections("A", "B<-A"), workflow="own")


async def test_sent_to_its_merge_a_section_is_merged_with_what_its_agent_had_done(bench: Bench):
    begin_with = "{type: approval, ask: 'Begin?', on_success: work, on_failure: done}"
    own(
        bench,
        f"  a: {begin_with}\n"
        "  work: {type: agent, on_success: land}\n"
        "  land: {type: script, do: merge, on_success: done}\n",
    )
    await bench.open(sections(f"A|echo half > half.txt; {GATE}", "B<-A"), workflow="own")
    await bench.approve()
    request = await asked(bench)
    assert bench.state.sections["A"].attempts == []
    bench.kill_runner()
    await bench.free()
    await bench.open()
    assert await bench.send("answer", request_id=request, choice="success") == ""
    worktree = await bench.until(
        lambda s: (last := s.sections["A"].last) and last.started_at and last.path, "A to begin"
    )
    path = worktree.sections["A"].attempts[0].path
    await bench.until(lambda _: os.path.exists(f"{path}/half.txt"), "half of it")
    assert await bench.send("dispatch", section="A", phase="land") == ""
    state = await alone(bench)
    assert state.phase is Phase.DONE
    assert "half.txt" in bench.git("ls-tree", "--name-only", f"orch/{bench.run.name}").split()
    assert bench.left_over() == []
