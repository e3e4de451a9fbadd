"""The journal: acknowledged appends a second beside raw write and fdatasync, and events folded a second."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from measure import Row, project, records, show
from throughput import layered

from orch_tui.clock import Clock
from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_event
from orch_tui.core.state import State
from orch_tui.store.journal import Position
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


def folds(sections: int) -> tuple[float, int]:
    """Events a second decoded and folded, on the journal of a real run."""
    with project(layered(sections, isolation="none", body="true"), git=False) as place:
        place.call("run", "plan.md", "--headless", "--yes")
        begun = time.perf_counter()
        found = records(place.run())
        state = State()
        for record in found:
            apply(
                state, decode_event(record.type, record.v, record.data), seq=record.seq, at=record.t, cause=record.cause
            )
        return len(found) / (time.perf_counter() - begun), len(found)


def main() -> None:
    quick = "--quick" in sys.argv
    alone, each, sections = (200, 20, 50) if quick else (1000, 100, 300)
    with tempfile.TemporaryDirectory(prefix="orch-bench-") as place:
        base = Path(place)
        for name in ("one", "many"):
            (base / name).mkdir()
        bare = raw(base, alone)
        one = asyncio.run(appends(base / "one", 1, alone))
        many = asyncio.run(appends(base / "many", 64, each))
    rate, count = folds(sections)
    rows = [
        Row(what="acknowledged appends, 1 producer", value=one, unit="/s", bare=bare),
        Row(what="acknowledged appends, 64 producers", value=many, unit="/s", bare=bare),
        Row(what=f"read, checked and folded ({count} events)", value=rate, unit="/s"),
    ]
    show("journal; bare: write and fdatasync of each line", rows)


if __name__ == "__main__":
    main()
