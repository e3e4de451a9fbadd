"""What a runner keeps beside the journal: checked and written beside the work, and never wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orch_tui.clock import Clock
from orch_tui.core.run_events import RunPaused, RunResumed, Settings
from orch_tui.engine import derived
from orch_tui.engine.derived import Derived
from orch_tui.engine.loop import Loop
from orch_tui.errors import DamageError
from orch_tui.store import checking, journal
from orch_tui.store.replay import Replay, write_snapshot
from orch_tui.store.writer import Writer
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="simulated", isolation="none"))
    stage.approve()
    replay = Replay(stage.run)
    replay.read_all()
    write_snapshot(stage.run, replay.state, replay.position)
    return stage


async def test_damage_found_beside_the_work_ends_the_runner_and_drops_the_snapshot(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = journal.segment(stage.run.journal, 1)
    good = path.read_bytes()
    at = good.index(b"\n", good.index(b"\n") + 1) - 30
    path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
    monkeypatch.setattr(checking, "_PIECE", 1)
    replay = Replay(stage.run)
    replay.read_all()
    turns = 0

    async def work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def runner() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(work())
            group.create_task(Derived(stage.run, Clock()).check(replay))

    with pytest.raises(ExceptionGroup) as told:
        await runner()
    assert told.group_contains(DamageError, match="record 2 ")
    assert turns > 1, "the work went on between the pieces"
    assert not stage.run.snapshot.exists()
    with pytest.raises(DamageError, match="record 2 "):
        Replay(stage.run).read_all()


async def test_a_snapshot_is_taken_while_the_journal_grows_and_fits_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.run.snapshot.unlink()
    monkeypatch.setattr(derived, "SNAPSHOT_EVERY", 10)
    kept = asyncio.Event()
    here = asyncio.get_running_loop()

    def keeping(*words: object) -> None:
        real(*words)  # type: ignore[arg-type]
        here.call_soon_threadsafe(kept.set)

    real = derived.keep_snapshot
    monkeypatch.setattr(derived, "keep_snapshot", keeping)
    replay = Replay(stage.run)
    replay.read_all()
    writer = Writer(stage.run.journal, epoch=1, clock=Clock(), last=replay.position)
    loop, own = Loop(replay.state, writer, Clock()), Derived(stage.run, Clock())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(own.publish(loop, writer)), group.create_task(own.snapshots(loop, writer))]
        while not kept.is_set():
            loop.record([RunPaused(by="me"), RunResumed(by="me")], "c")
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
    await own.settled()
    writer.close()
    again = Replay(stage.run)
    assert 10 <= again.state.seq <= replay.state.seq, "it began with the snapshot"
    again.read_all()
    assert again.state == replay.state
