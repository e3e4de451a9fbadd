"""A full disk: nothing acknowledged is lost, and the run goes on once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filling import fill, one, small_disk
from running import GATE, Bench, sections

from orch_tui import process
from orch_tui.core.state import Phase
from orch_tui.errors import StateError


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes at the place where the project will be."""
    try:
        with small_disk(tmp_path / "project", "4m") as place:
            yield place
    except PermissionError as error:
        pytest.skip(f"cannot mount here: {error}")


@pytest.fixture
def bench(disk: Path, bench: Bench) -> Bench:
    return bench


NO_FLOORS = "disk: {start: off, end: off, reserve: off}\n"


async def test_a_disk_that_fills_up_ends_the_agents_uncounted_and_all_goes_on_by_itself_when_there_is_room(
    bench: Bench,
):
    await bench.open(sections(f"A|{GATE}", "B<-A", "C<-B"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    ballast = fill(bench.root)
    state = await bench.until(lambda s: s.room == "full" and "A" in s.parked, "A to wait for room")
    assert str(bench.run.path) in state.room_why
    ballast.unlink()
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert state.sections["A"].tries == 0
    assert [e for e in bench.entries() if not e.endswith("begin")] == ["A", "B", "C"]
    assert not bench.run.reserve.exists()
    assert process.marked(str(bench.run.path), name=process.RUN_MARKER) == []


async def test_a_journal_without_any_room_halts_the_runner_which_goes_on_by_itself_when_there_is_some(bench: Bench):
    (bench.root / ".orch").mkdir(mode=0o700)
    (bench.root / ".orch" / "config.yaml").write_text(NO_FLOORS)
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    ballast = fill(bench.root)
    bench.go()
    assert "make room" in await refused(bench)
    epoch = bench.state.epoch
    ballast.unlink()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert state.epoch >= epoch
    assert state.sections["A"].tries == 0, "a host that could not write has lost no attempt"
    assert [e for e in bench.entries() if not e.endswith("begin")].count("B") == 1


async def refused(bench: Bench) -> str:
    """What somebody is told who sends a command."""
    with pytest.raises(StateError, match="No space left") as error:
        await bench.send("pause")
    return error.value.hint


@pytest.mark.parametrize(("step", "leave"), [("open", 8), ("work", 16)])
async def test_a_disk_with_a_few_kilobytes_left_loses_nothing_at_any_step(tmp_path: Path, step: str, leave: int):
    base = tmp_path / "base"
    base.mkdir()
    try:
        await one(base, step, leave)
    except PermissionError as error:
        pytest.skip(f"cannot mount here: {error}")
