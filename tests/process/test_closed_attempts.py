"""The look after every test finds a process that outlives its attempt."""

from __future__ import annotations

import os
import subprocess

from running import GATE, Bench, sections

from closed_attempts import outlived


async def test_a_process_that_carries_the_marker_of_a_closed_attempt_is_found_and_one_of_an_open_one_is_not(
    bench: Bench,
):
    await bench.open(sections("A", f"B|{GATE}"))
    await bench.approve()
    await bench.until(lambda state: state.sections["A"].verdict and "B-begin" in bench.entries(), "A done, B at work")
    assert outlived([bench.run], 0.0) == ""
    child = subprocess.Popen(["sleep", "60"], env={**os.environ, "ORCH_ATTEMPT": f"{bench.run.name}/A/1"})
    try:
        assert f"{child.pid} of {bench.run.name}/A/1" in outlived([bench.run], 0.0)
    finally:
        child.kill()
        child.wait()
    bench.go()
    await bench.done()
