"""Worktrees are given what they need and set up, with real processes and a real repository."""

from __future__ import annotations

from running import GATE, Bench, sections

from orch_tui.core.state import Phase, State
from orch_tui.flow.workflow import SETUP


async def test_worktrees_are_set_up_once_and_what_that_made_is_used_again(bench: Bench):
    (bench.root / ".git" / "info" / "exclude").write_text(".env\n.worktreeinclude\ndeps/\n")
    (bench.root / ".env").write_text("KEY=from the user\n")
    (bench.root / ".worktreeinclude").write_text(".env\n")
    front = (
        "agent: script\nconcurrency: 1\nworktree:\n"
        f"  setup: ['echo setup >> {bench.ledger}; mkdir deps; cp .env deps/made; touch junk']\n"
        "  cache: [deps]\n  cache_key: [README.md]\n"
    )
    body = f'cat deps/made >> "{bench.ledger}"; test ! -e junk; test "$ORCH_SLOT:$ORCH_PORT_BASE" = 1:20000'
    plan = sections(f"A|{body}", f"B<-A|{body}").replace("agent: script\n", front)
    await bench.open(plan)
    await bench.approve()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.entries().count("setup") == 1
    assert bench.entries().count("KEY=from") == 2
    assert [one.phase for one in state.sections["B"].attempts] == [SETUP, "implement"]
    files = bench.git("ls-tree", "-r", "--name-only", f"orch/{bench.run.name}").split()
    assert sorted(files) == ["A.txt", "B.txt", "README.md"]
    assert bench.left_over() == []


async def test_of_worktrees_that_begin_at_once_one_is_set_up_and_the_others_take_that_over(bench: Bench):
    (bench.root / ".git" / "info" / "exclude").write_text("deps/\n")
    setup = f'echo setup >> "{bench.ledger}"; until [ -e "{bench.root.parent}/go" ]; do sleep 0.05; done; mkdir deps'
    front = f"agent: script\nconcurrency: 3\nworktree: {{setup: ['{setup}'], cache: [deps], cache_key: [README.md]}}\n"
    plan = sections("A|test -d deps", "B|test -d deps", "C|test -d deps")
    await bench.open(plan.replace("agent: script\n", front))
    await bench.approve()
    state = await bench.until(lambda state: _standing(state) == 3 and bench.entries(), "three worktrees")
    waits = next(name for name, section in state.sections.items() if not section.attempts[0].pid)
    assert await bench.send("skip", section=waits) == ""
    await bench.until(lambda state: state.sections[waits].attempts[0].ended_at, "one that is skipped to wait no more")
    assert bench.entries() == ["setup"]
    bench.go()
    assert (await bench.done()).phase is Phase.DONE
    assert bench.entries().count("setup") == 1


def _standing(state: State) -> int:
    return sum(bool(one.path) for section in state.sections.values() for one in section.attempts)


async def test_a_setup_that_fails_waits_for_a_person_and_shows_what_it_printed(bench: Bench):
    front = "agent: script\nworktree: {setup: ['echo no such package >&2; exit 7']}\n"
    await bench.open(sections("A", "B<-A").replace("agent: script\n", front))
    await bench.approve()
    state = await bench.until(lambda state: state.sections["A"].attention, "attention")
    assert "no such package" in state.sections["A"].detail
    assert "A-begin" not in bench.entries()
    assert await bench.send("cancel") == ""
    await bench.done()


async def test_what_proves_a_merged_result_is_set_up_before_its_checks(bench: Bench):
    (bench.root / ".git" / "info" / "exclude").write_text("deps/\n")
    front = (
        "agent: script\nworkflow: local\nconcurrency: 2\nchecks: ['test -e deps/made']\n"
        "worktree: {setup: ['mkdir deps; touch deps/made']}\n"
    )
    await bench.open(sections("A", f"B|{GATE}").replace("agent: script\n", front))
    await bench.approve()
    await bench.until(lambda state: state.sections["A"].status.value == "done", "A to be merged")
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    proving = [one for one in state.sections["B"].attempts if one.proves]
    assert [one.outcome for one in proving] == ["succeeded"]


OWN = """
name: own
start: do
phases:
  do: {type: agent, on_success: ask}
  ask: {type: approval, ask: "Go on?", on_success: look}
  look: {type: script, run: [test, -d, deps], on_success: done}
  done: {type: terminal}
"""


async def test_a_worktree_that_somebody_removed_is_made_again_and_set_up_again(bench: Bench):
    (bench.root / ".git" / "info" / "exclude").write_text("deps/\n.orch/\n")
    (bench.root / ".orch" / "workflows").mkdir(parents=True)
    (bench.root / ".orch" / "workflows" / "own.yaml").write_text(OWN)
    front = "agent: script\nworkflow: own\nworktree: {setup: ['mkdir deps']}\n"
    await bench.open(sections("A", "B<-A").replace("agent: script\n", front))
    await bench.approve()
    state = await bench.until(lambda state: state.asks, "a question")
    bench.git("worktree", "remove", "--force", state.sections["A"].attempts[0].path)
    assert await bench.send("answer", request_id=next(iter(state.asks)), choice="success") == ""
    state = await bench.until(lambda state: state.sections["A"].verdict, "A to come to its end")
    assert state.sections["A"].verdict == "done"
    assert [one.phase for one in state.sections["A"].attempts] == [SETUP, "do", "look", SETUP, "look"]
    assert await bench.send("cancel") == ""
    await bench.done()
