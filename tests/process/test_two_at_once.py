"""Two who act at once: exactly one counts, and the other is told who that was. And a run whose runner is gone."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from running import GATE, LIMIT, Bench, sections

from orch_tui.client.follow import Follower
from orch_tui.client.send import outcome, send
from orch_tui.core.state import Phase


async def both(bench: Bench, op: str, ann: dict[str, object], bob: dict[str, object]) -> tuple[str, str]:
    """What ann and bob are told, who send the same command at the same time, each from a client of their own."""

    async def told(actor: str, args: dict[str, object]) -> str:
        follower = Follower(bench.run)
        try:
            return await outcome(follower, send(bench.run, op, args, actor=actor), timeout=LIMIT)
        finally:
            follower.close()

    first, second = await asyncio.gather(told("ann", ann), told("bob", bob))
    return first, second


async def test_of_two_who_mend_and_approve_at_once_one_counts_and_the_other_is_told_who(bench: Bench):
    await bench.open(sections("A", "B"))
    seen = {"plan_sha": bench.state.plan_sha, "graph_sha": bench.state.graph_sha}
    edge = {"edit": "add-edge", "upstream": "A", "downstream": "B"}
    told = await both(bench, "mend", {"edits": [edge]}, {"edits": [edge]})
    assert sorted(told)[0] == ""
    assert "waits for 'A' already" in sorted(told)[1]
    winner = "ann" if not told[0] else "bob"
    assert f"the last mend is {winner}'s" in await bench.send("approve", **seen)
    seen = {"plan_sha": bench.state.plan_sha, "graph_sha": bench.state.graph_sha}
    told = await both(bench, "approve", seen, seen)
    assert sorted(told) == ["", f"{'ann' if not told[0] else 'bob'} approved it already"]
    state = await bench.done()
    assert (state.phase, [len(one.attempts) for one in state.sections.values()]) == (Phase.DONE, [1, 1])


async def test_resume_goes_on_with_a_run_whose_runner_was_killed(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    bench.kill_runner()
    await bench.free()
    argv = [sys.executable, "-m", "orch_tui", "resume", "-C", str(bench.root)]
    done = await asyncio.to_thread(subprocess.run, argv, capture_output=True, text=True, timeout=LIMIT)
    assert (done.returncode, done.stdout) == (0, "the runner was gone; another one goes on\n")
    assert bench.state.epoch == 2
    assert "the run is running, not paused or stopped" in await bench.send("resume")
    bench.go()
    assert (await bench.done()).phase is Phase.DONE
