"""A host that is killed takes its agent along, also where no runner is there to see it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest
from running import GATE, LIMIT, Bench, sections

from orch_tui import process
from orch_tui.core.state import Phase, Status
from orch_tui.store.lock import held

HIDING = 'env -i setsid sleep 300 > /dev/null 2>&1 & echo $! > "$ROOT/hiding"'


def at_work(bench: Bench) -> list[int]:
    """What the first attempt at A has started, what cleared its environment too."""
    hiding = bench.root.parent / "hiding"
    hidden = [int(hiding.read_text())] if hiding.exists() else []
    every = [*process.marked(f"{bench.run.name}/A/1"), *hidden]
    return [pid for pid in every if process.start_time(pid) is not None and pid != bench.host_of("A")]


async def gone(bench: Bench) -> None:
    async with asyncio.timeout(LIMIT):
        while at_work(bench):
            await asyncio.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
async def test_a_host_that_is_killed_while_no_runner_lives_leaves_nobody_at_work(bench: Bench):
    await bench.open(sections(f"A|{HIDING}; trap '' TERM; (setsid sleep 300 &); {GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: (bench.root.parent / "hiding").exists() and len(at_work(bench)) > 2, "A at work")
    bench.kill_runner()
    await bench.free()
    os.kill(bench.host_of("A"), signal.SIGKILL)
    await gone(bench)
    assert not held(bench.run.lock), "no runner did it"
    async with asyncio.timeout(LIMIT):
        while bench.left_over():  # who looked after the host leaves when nothing is left to look after
            await asyncio.sleep(0.02)
    bench.go()
    assert await bench.send("pause") == ""
    assert await bench.send("resume") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.entries().count("A") == 1


async def test_hosts_go_on_when_their_runner_leaves_and_so_does_who_looks_after_them(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    os.kill(bench.state.runner_pid, signal.SIGTERM)
    await bench.free()
    os.kill(bench.host_of("A"), signal.SIGKILL)
    await gone(bench)
    assert not held(bench.run.lock)
    assert bench.state.sections["A"].status is Status.RUNNING
    bench.go()
    await bench.open()
    assert (await bench.done()).phase is Phase.DONE
    assert bench.left_over() == []


async def test_a_host_that_lives_on_is_left_alone_by_who_looks_after_it(bench: Bench):
    await bench.open(sections(f'A|setsid sleep 300 & echo $! > "$ROOT/beside"; {GATE}', "B<-A"))
    await bench.approve()
    beside = bench.root.parent / "beside"
    await bench.until(lambda _: beside.exists() and beside.read_text().strip(), "A at work")
    host = bench.host_of("A")
    bench.kill_runner()
    await bench.free()
    await bench.open()
    assert await bench.send("pause") == ""
    assert bench.host_of("A") == host
    assert process.start_time(int(beside.read_text())) is not None
    bench.go()
    assert await bench.send("resume") == ""
    assert {name: len(one.attempts) for name, one in (await bench.done()).sections.items()} == {"A": 1, "B": 1}
