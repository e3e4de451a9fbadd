"""The service at work: a runner that was killed while nobody looked on is followed by another one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from running import GATE, LIMIT, Bench, sections

from orch_tui.core.state import Phase
from orch_tui.store import registry

SERVICE = [sys.executable, "-m", "orch_tui", "service"]


async def test_a_runner_that_dies_unseen_is_followed_by_another_one_and_a_stopped_run_stays_stopped(
    bench: Bench, tmp_path: Path
):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: bench.entries(), "A at work")
    assert registry.known(os.environ) == [bench.run]
    bench.kill_runner()
    await bench.free()
    log = tmp_path / "service.log"
    with log.open("wb") as output:
        service = subprocess.Popen([*SERVICE, "run"], stdout=output, stderr=output, start_new_session=True)
    try:
        await bench.until(lambda state: state.epoch == 2, "another runner")
        assert await bench.send("stop") == ""
        await bench.until(lambda state: state.phase is Phase.STOPPED, "the stop")
        await bench.free()
    finally:
        service.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(service.wait, LIMIT) == 0, log.read_text()
    assert log.read_text().count("one is started") == 1
    bench.go()
    assert await bench.send("resume") == ""
    assert (await bench.done()).phase is Phase.DONE
    assert registry.known(os.environ) == []
