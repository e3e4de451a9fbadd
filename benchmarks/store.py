"""The journal: acknowledged appends a second beside raw write and fdatasync, events folded a second, and recovery."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from long_run import begin, carry_out
from measure import Row, show

from orch_tui.clock import Clock
from orch_tui.engine.derived import SNAPSHOT_EVERY
from orch_tui.engine.runner import CHECKED_FIRST
from orch_tui.store import journal
from orch_tui.store.journal import Position
from orch_tui.store.layout import RunDir
from orch_tui.store.record import follows
from orch_tui.store.replay import Replay, encode_snapshot, keep_snapshot
from orch_tui.store.writer import Writer

DATA = {"section": "S0001", "attempt": 1, "n": 42, "cost_usd": 0.01, "input_tokens": 1200, "output_tokens": 340}


async def appends(directory: Path, producers: int, each: int) -> float:
    """Records a second that are on disk when their producer goes on."""
    writer = Writer(directory, epoch=1, clock=Clock(), last=Position())

    async def one() -> None:
        for _ in range(each):
            (record,) = writer.append([("UsageReported", "bench", DATA)])
            await writer.wait(record.seq)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(producers):
            group.create_task(one())
    rate = producers * each / (time.perf_counter() - begun)
    writer.close()
    return rate


def raw(directory: Path, count: int) -> float:
    """Lines a second written and synced one by one."""
    line = b"x" * 250 + b"\n"
    file = os.open(directory / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    begun = time.perf_counter()
    for _ in range(count):
        os.write(file, line)
        os.fdatasync(file)
    rate = count / (time.perf_counter() - begun)
    os.close(file)
    return rate


def bare_read(run: RunDir) -> float:
    """Lines a second of which the checksum is followed and the JSON read, and nothing made."""
    begun, count, crc = time.process_time(), 0, 0
    for number in journal.segments(run.journal):
        with journal.segment(run.journal, number).open("rb") as file:
            for line in file:
                crc = follows(line, crc)
                json.loads(line)
                count += 1
    assert crc >= 0
    return count / (time.process_time() - begun)


def taken_up(run: RunDir) -> tuple[Replay, float]:
    """A run taken up from its directory, and the seconds of processor that took."""
    gc.collect()
    begun = time.process_time()
    replay = Replay(run)
    for _ in range(CHECKED_FIRST):
        replay.check()
    replay.read_all()
    return replay, time.process_time() - begun


def recovery(base: Path, sections: int, each: int) -> list[Row]:
    """A run that was killed at the end, taken up without a snapshot and with one that is 20,000 records behind."""
    made = begin(base / ".orch" / "runs" / "long", sections)
    carry_out(made, each)
    run, count = made.run, made.state.seq
    bare = bare_read(run)
    replay, whole = taken_up(run)
    early = Replay(run)
    while early.position.seq < count - SNAPSHOT_EVERY and early.read():
        pass
    begun = time.process_time()
    data = encode_snapshot(early.state, early.position)
    encoded = time.process_time() - begun
    keep_snapshot(run, data)
    again, quick = taken_up(run)
    assert again.state == replay.state == made.state
    begun = time.process_time()
    while again.check():
        pass
    rest = time.process_time() - begun
    words = f"{count:,} events, {sections:,} sections"
    return [
        Row(what=f"fold, {words}", value=count / whole, unit="/s", bare=bare),
        Row(what="  recovery without snapshot", value=whole, unit="s", bare=count / bare, target="< 6 for 1,000,000"),
        Row(what="  recovery with one", value=quick, unit="s", target="< 1"),
        Row(what="  then beside the work: the rest of the check", value=rest, unit="s"),
        Row(what=f"  encoding the snapshot, {len(data) / 1e6:.1f} MB", value=encoded, unit="s"),
    ]


def main() -> None:
    quick = "--quick" in sys.argv
    alone, each = (200, 20) if quick else (1000, 100)
    with tempfile.TemporaryDirectory(prefix="orch-bench-") as place:
        base = Path(place)
        bare = raw(base, alone)
        rows: list[Row] = []
        for producers in (1, 64, 512):
            (base / str(producers)).mkdir()
            rate = asyncio.run(appends(base / str(producers), producers, alone if producers == 1 else each))
            words = "producer" if producers == 1 else "producers"
            rows.append(Row(what=f"acknowledged appends, {producers} {words}", value=rate, unit="/s", bare=bare))
        show("journal; bare: write and fdatasync of each line", rows)
        shapes = ((200, 100),) if quick else ((2000, 480), (10_000, 95))
        rows = [row for sections, each in shapes for row in recovery(base / str(sections), sections, each)]
    show("recovery, processor time; bare: the checksum and json.loads of each line", rows)


if __name__ == "__main__":
    main()
