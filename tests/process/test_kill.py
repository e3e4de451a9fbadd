"""Kill anything: nothing acknowledged is lost, nothing runs twice, nothing is orphaned."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import psutil
import pytest
from running import GATE, LIMIT, Bench, sections

from orch_tui import process
from orch_tui.client import send
from orch_tui.client.follow import Follower
from orch_tui.core.attempt_events import AgentStarted
from orch_tui.core.run_events import Recovered
from orch_tui.core.state import Phase, Status
from orch_tui.store.layout import RunDir
from orch_tui.store.transcripts import Reader


async def test_a_plan_goes_from_text_to_merged_work_without_touching_the_users_checkout(bench: Bench):
    await bench.open(sections("A", "B<-A", "C<-A", "D<-B,C"))
    before = (bench.git("rev-parse", "HEAD"), bench.git("status", "--porcelain"), bench.git("branch", "--show-current"))
    assert bench.state.phase is Phase.REVIEW
    assert bench.entries() == []
    await bench.approve()
    state = await bench.done()
    assert state.phase is Phase.DONE
    files = bench.git("ls-tree", "-r", "--name-only", f"orch/{bench.run.name}").split()
    assert {"A.txt", "B.txt", "C.txt", "D.txt", "README.md"} == set(files)
    after = (bench.git("rev-parse", "HEAD"), bench.git("status", "--porcelain"), bench.git("branch", "--show-current"))
    assert after == before
    assert bench.left_over() == []


async def test_killing_the_runner_leaves_hosts_working_and_the_next_one_adopts_them(bench: Bench):
    slow = f"for i in 1 2 3 4 5; do echo line $i; done; {GATE}; for i in 6 7 8 9 10; do echo line $i; done"
    await bench.open(sections(f"A|{slow}", f"B|{slow}", "C<-A,B"))
    await bench.approve()
    await bench.until(lambda s: bench.host_of("A") and bench.host_of("B"), "both at work")
    hosts = bench.host_of("A"), bench.host_of("B")
    bench.kill_runner()
    await bench.free()
    assert all(process.start_time(pid) is not None for pid in hosts)
    await bench.open()
    assert await bench.send("pause") == ""  # the first client that needs one starts a runner
    state = await bench.until(lambda s: s.recovered, "recovery")
    assert "adopted: A, B" in state.recovered
    assert (bench.host_of("A"), bench.host_of("B")) == hosts
    bench.go()
    assert await bench.send("resume") == ""
    state = await bench.done()
    assert {name: len(s.attempts) for name, s in state.sections.items()} == {"A": 1, "B": 1, "C": 1}
    assert sorted(e for e in bench.entries() if e.endswith("begin")) == ["A-begin", "B-begin", "C-begin"]
    text = [line.text for line in Reader(bench.run.attempt("A", 1)).lines(0, 1000) if line.kind == "text"]
    assert text == ["hello from A", *(f"line {i}" for i in range(1, 11))]


async def test_killing_runner_and_hosts_at_once_ends_their_trees_and_tries_again(bench: Bench):
    await bench.open(sections(f"A|sleep 300 & {GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.host_of("A") and bench.entries(), "A at work")
    tools = process.marked(f"{bench.run.name}/A/1")
    assert tools
    bench.kill_runner()
    os.kill(bench.host_of("A"), signal.SIGKILL)
    await bench.free()
    assert await bench.send("pause") == ""
    state = await bench.until(lambda s: "lost: A" in s.recovered, "recovery")
    await bench.until(lambda s: s.sections["A"].status is Status.PARKED, "A parked")
    assert not any(process.start_time(pid) for pid in tools)
    bench.go()
    assert await bench.send("resume") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert len(state.sections["A"].attempts) == 2
    assert bench.entries().count("A") == 1  # only one attempt came to its end
    assert bench.left_over() == []


async def test_a_command_whose_runner_died_before_it_was_answered_is_answered_by_the_next_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    start, started = send.ensure_runner, []

    def killed_at_first(run: RunDir) -> None:
        started.append(run)
        if len(started) > 1:
            start(run)

    monkeypatch.setattr(send, "ensure_runner", killed_at_first)
    await bench.open(sections("A", "B<-A"))
    assert bench.state.phase is Phase.REVIEW


async def test_a_killed_host_is_a_lost_attempt_its_tree_is_ended_and_policy_tries_again(bench: Bench):
    await bench.open(sections(f"A|setsid sleep 300 & {GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    os.kill(bench.host_of("A"), signal.SIGKILL)
    state = await bench.until(lambda s: s.sections["A"].status is Status.PARKED, "A parked")
    assert state.sections["A"].attempts[0].failure == "lost"
    assert process.marked(f"{bench.run.name}/A/1") == []
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert len(state.sections["A"].attempts) == 2


async def test_a_host_that_ends_while_no_runner_looks_is_taken_in_from_its_exit(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    bench.kill_runner()
    bench.go()
    exit_file = bench.run.attempt("A", 1).exit
    async with asyncio.timeout(LIMIT):
        while not exit_file.exists():
            await asyncio.sleep(0.02)
    await bench.free()
    await bench.open()  # opening the plan again is enough
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.entries().count("A") == 1
    assert len(state.sections["A"].attempts) == 1


async def test_stopping_ends_every_process_and_resume_goes_on(bench: Bench):
    await bench.open(sections("A|(setsid sleep 60 &) ; sleep 60", "B|sleep 60"))
    await bench.approve()
    await bench.until(lambda s: len([e for e in bench.entries() if e.endswith("begin")]) == 2, "both at work")
    assert await bench.send("stop") == ""
    await bench.until(lambda s: s.phase is Phase.STOPPED, "the stop")
    await bench.free()
    assert bench.left_over() == []
    assert {s.status for s in bench.state.sections.values()} == {Status.READY}
    (bench.root / "plan.md").write_text("edited: not used")
    assert await bench.send("resume") == ""
    await bench.until(lambda s: len(s.live) == 2, "both again")
    assert await bench.send("cancel") == ""
    state = await bench.done()
    assert state.phase is Phase.CANCELLED
    assert bench.left_over() == []


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
async def test_what_cleared_its_environment_does_not_outlive_its_section(bench: Bench):
    hiding = 'env -i setsid sleep 300 > /dev/null 2>&1 & echo $! > "$ROOT/hiding"'
    await bench.open(sections(f"A|{hiding}", "B<-A"))
    await bench.approve()
    assert (await bench.done()).phase is Phase.DONE
    assert process.start_time(int((bench.root.parent / "hiding").read_text())) is None


async def test_a_second_runner_is_refused_by_the_lock_and_leaves_with_a_word(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    epoch = bench.state.epoch
    argv = [os.sys.executable, "-m", "orch_tui.engine", str(bench.run.path)]
    done = await asyncio.to_thread(process.run, argv, timeout=LIMIT)
    assert done.code == 0
    assert f"pid {bench.state.runner_pid} is the runner of this run already" in done.err.decode()
    assert bench.state.epoch == epoch
    bench.go()
    await bench.done()


async def test_killing_the_runner_again_and_again_runs_every_section_once(bench: Bench):
    await bench.open(sections("A|sleep 0.3", "B<-A|sleep 0.3", "C<-A|sleep 0.3", "D<-B,C|sleep 0.3"))
    await bench.approve()
    for _ in range(8):
        if bench.state.phase is Phase.DONE:
            break
        await asyncio.sleep(0.25)
        bench.kill_runner()
        await bench.free()
        await bench.send("resume")  # refused or not: it starts a runner
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert sorted(e for e in bench.entries() if not e.endswith("begin")) == ["A", "B", "C", "D"]
    assert bench.left_over() == []


async def test_a_killed_nursery_is_replaced(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    children = psutil.Process(bench.state.runner_pid).children()
    nursery = next(child for child in children if "--nursery" in child.cmdline())
    nursery.kill()
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert len(state.sections["A"].attempts) == 1


async def test_recovery_and_agent_starts_are_in_the_journal(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    bench.kill_runner()
    await bench.free()
    await bench.send("resume")
    await bench.until(lambda s: s.recovered, "recovery")
    bench.go()
    await bench.done()
    bench.run.snapshot.unlink()
    seen = [item.event for item in Follower(bench.run).poll()]
    assert len([event for event in seen if isinstance(event, AgentStarted) and event.section == "A"]) == 1
    assert [event.adopted for event in seen if isinstance(event, Recovered)] == [("A",)]
