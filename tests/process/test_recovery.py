"""A new runner takes a run up, and is killed at each step of it; copies, moved directories, and a lock that is gone."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from running import GATE, LIMIT, Bench, sections

from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.core.events import Event
from orch_tui.core.run_events import Recovered, RunnerStarted
from orch_tui.core.state import Phase, Status
from orch_tui.engine.recovery import STEPS
from orch_tui.store import inbox
from orch_tui.store.journal import segment
from orch_tui.store.layout import RunDir

DIES = """
import os, signal, sys
from pathlib import Path
from orch_tui.engine.machine import Machine
from orch_tui.engine.runner import serve
from orch_tui.store.layout import RunDir

def dies_at(step):
    def at(name):
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)
    return Machine(at=at)

for step in sys.argv[2:]:
    pid = os.fork()
    if not pid:
        os.setsid()
        os._exit(serve(RunDir(Path(sys.argv[1])), dict(os.environ), dies_at(step)))
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


REBOOTED = """
import os, sys
from pathlib import Path
from orch_tui.clock import Clock
from orch_tui.engine.machine import Machine
from orch_tui.engine.runner import serve
from orch_tui.store.layout import RunDir

class Rebooted(Clock):
    def boot(self):
        return "another boot"

sys.exit(serve(RunDir(Path(sys.argv[1])), dict(os.environ), Machine(clock=Rebooted())))
"""


async def runners_that_die(run: RunDir, *steps: str) -> None:
    """Runners one after the other, each killed before another step of its start; forked, since a start takes long."""
    argv = [sys.executable, "-c", DIES, str(run.path), *steps]
    done = await asyncio.to_thread(subprocess.run, argv, timeout=LIMIT, capture_output=True, text=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(steps), done.stdout + done.stderr


async def runner_words(run: RunDir) -> tuple[int, str]:
    """A runner of its own, which leaves: its code and what it said."""
    argv = [sys.executable, "-m", "orch_tui.engine", str(run.path)]
    done = await asyncio.to_thread(subprocess.run, argv, timeout=LIMIT, capture_output=True, text=True)
    return done.returncode, done.stderr


def journalled(bench: Bench) -> list[Event]:
    """Everything that happened, from the whole journal."""
    bench.run.snapshot.unlink(missing_ok=True)
    return [seen.event for seen in Follower(bench.run).poll()]


async def test_a_runner_killed_at_any_step_of_its_start_is_followed_by_one_that_goes_on(bench: Bench):
    """A works on, B and its host were killed with work in its tree, C ended unseen, and the tail is torn."""
    draft = 'echo draft > draft.txt; touch "$ROOT/b"; sleep 300'
    once = f'if [ ! -e "$ROOT/b" ]; then {draft}; fi'
    ends = 'until [ -e "$ROOT/c" ]; do sleep 0.05; done'
    await bench.open(sections(f"A|{GATE}", f"B|{once}", f"C|{ends}", "D<-A,B,C"))
    await bench.approve()
    outside = bench.root.parent
    await bench.until(lambda _: len(bench.entries()) == 3 and (outside / "b").exists(), "all at work")
    host = bench.host_of("A")
    tree = Path(bench.state.sections["B"].attempts[0].path)
    bench.kill_runner()
    os.kill(bench.host_of("B"), signal.SIGKILL)
    (outside / "c").touch()
    async with asyncio.timeout(LIMIT):
        while not bench.run.attempt("C", 1).exit.exists():
            await asyncio.sleep(0.02)
    await bench.free()
    with segment(bench.run.journal, 1).open("ab") as file:
        file.write(b'{"seq":99999,"v":2,"torn')
    await runners_that_die(bench.run, *STEPS)
    bench.go()
    await bench.open()
    state = await bench.done()
    assert state.phase is Phase.DONE, bench.run.log.read_text()
    assert {name: len(section.attempts) for name, section in state.sections.items()} == {"A": 1, "B": 2, "C": 1, "D": 1}
    assert sorted(entry for entry in bench.entries() if not entry.endswith("begin")) == ["A", "B", "C", "D"]
    assert bench.git("show", f"refs/orch/rescue/{bench.run.name}/B/1:draft.txt") == "draft"
    assert host != 0
    assert not tree.exists()
    assert len(bench.git("for-each-ref", "refs/orch/rescue").splitlines()) == 1
    assert any((bench.run.path / "quarantine").iterdir())
    assert bench.left_over() == []
    seen = journalled(bench)
    last = [at for at, event in enumerate(seen) if isinstance(event, RunnerStarted)][-1]
    kinds = [type(event).__name__ for event in seen[last:]]
    assert kinds.index("Recovered") < kinds.index("SectionParked") < kinds.index("AttemptIntended")
    told = [event for event in seen if isinstance(event, Recovered)]
    assert any("A" in one.adopted for one in told)
    assert [one.rescued for one in told if one.rescued] == [(f"refs/orch/rescue/{bench.run.name}/B/1",)]


async def test_after_a_reboot_what_was_under_way_is_lost_and_tried_again(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    bench.kill_runner()
    os.kill(bench.host_of("A"), signal.SIGKILL)
    await process.end_marked(str(bench.run.path), name=process.RUN_MARKER)
    await bench.free()
    bench.go()
    argv = [sys.executable, "-c", REBOOTED, str(bench.run.path)]
    done = await asyncio.to_thread(subprocess.run, argv, timeout=LIMIT, capture_output=True)
    assert done.returncode == 0, done.stderr
    state = bench.state
    assert (state.phase, len(state.sections["A"].attempts)) == (Phase.DONE, 2)
    assert state.recovered == "the machine was started anew; lost: A"
    assert [event.restarted for event in journalled(bench) if isinstance(event, Recovered)] == [True]


async def test_a_stop_asked_for_while_no_runner_was_there_comes_before_anything_new_begins(bench: Bench):
    await bench.open(sections("A|exit 1", "B"))
    state = bench.state
    bench.kill_runner()
    await bench.free()
    inbox.drop(
        bench.run.inbox,
        {"op": "approve", "args": {"plan_sha": state.plan_sha, "graph_sha": state.graph_sha}, "actor": "me"},
    )
    inbox.drop(bench.run.inbox, {"op": "stop", "args": {}, "actor": "me"})
    code, words = await runner_words(bench.run)
    assert (code, words) == (0, "")
    assert bench.state.phase is Phase.STOPPED
    assert bench.entries() == []
    assert not any(section.attempts for section in bench.state.sections.values())


async def test_a_copy_of_a_run_is_not_carried_out(bench: Bench, tmp_path: Path):
    """Its runner would have ended the agents of the original, whose marks and worktrees it has."""
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    copy = tmp_path / "copied" / "project"
    shutil.copytree(bench.root, copy, symlinks=True, ignore=lambda *_: ["bell"])
    code, words = await runner_words(RunDir(copy / bench.run.path.relative_to(bench.root)))
    assert code == 1
    assert f"is a copy of the run in {str(bench.run.path)!r}" in words
    assert process.start_time(bench.host_of("A")) is not None
    bench.go()
    state = await bench.done()
    assert (state.phase, len(state.sections["A"].attempts)) == (Phase.DONE, 1)


async def test_a_project_that_was_moved_goes_on_in_its_new_place(bench: Bench, tmp_path: Path):
    draft = 'echo draft > draft.txt; touch "$ROOT/b"; sleep 300'
    await bench.open(sections(f'A|if [ ! -e "$ROOT/b" ]; then {draft}; fi', "B<-A"))
    await bench.approve()
    await bench.until(lambda _: (bench.root.parent / "b").exists(), "A at work")
    bench.kill_runner()
    await bench.free()
    moved = tmp_path / "moved"
    bench.root.rename(moved)
    there = Bench(moved)
    there.ledger = bench.ledger
    there.run = RunDir(moved / bench.run.path.relative_to(bench.root))
    await process.end_marked(str(bench.run.path), name=process.RUN_MARKER)
    await runners_that_die(there.run, "go on")
    kept = there.git("for-each-ref", "--format=%(refname)", "refs/orch/rescue")
    assert there.git("show", f"{kept}:draft.txt") == "draft"
    bench.run, bench.root = there.run, moved


async def test_a_runner_whose_lock_was_removed_gives_way_to_the_next_one(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    first = bench.state.runner_pid
    bench.run.lock.unlink()
    async with asyncio.timeout(LIMIT):
        while process.start_time(first) is not None:  # nothing happens in the run meanwhile
            process.reap()
            await asyncio.sleep(0.05)
    assert "another runner took over" in bench.run.log.read_text()
    await bench.open()
    await bench.until(lambda state: state.epoch == 2, "another runner")
    bench.go()
    state = await bench.done()
    assert (state.phase, len(state.sections["A"].attempts)) == (Phase.DONE, 1)
    assert state.sections["A"].status is Status.DONE
