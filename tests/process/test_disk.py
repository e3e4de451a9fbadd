"""A full disk: nothing acknowledged is lost, and the run goes on once there is room."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import GATE, Bench, sections

from orch_tui import process
from orch_tui.core.state import Phase
from orch_tui.errors import StateError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes at the place where the project will be."""
    place = tmp_path / "project"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", str(place)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.decode()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def bench(small_disk: Path, bench: Bench) -> Bench:
    return bench


def fill(place: Path) -> Path:
    """Use up every free byte."""
    ballast = place / "ballast"
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 16, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    os.write(file, b"x" * size)
    finally:
        os.close(file)
    return ballast


async def test_a_disk_that_fills_up_stops_the_runner_cleanly_and_it_goes_on_when_there_is_room(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A", "C<-B"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    ballast = fill(bench.root)
    bench.go()
    await bench.free()  # the journal cannot be written: the runner halts
    assert "journal cannot be written" in bench.run.log.read_text() or bench.run.log.stat().st_size == 0
    with pytest.raises(StateError, match="No space left"):
        await bench.send("pause")
    ballast.unlink()
    assert await bench.send("pause") == ""
    assert await bench.send("resume") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert [e for e in bench.entries() if not e.endswith("begin")].count("C") == 1
    assert process.marked(str(bench.run.path), name=process.RUN_MARKER) == []
