"""Segments change at their size limit while many write; a crash before any call of that costs nothing acknowledged."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from orch_tui.clock import Clock
from orch_tui.store import journal, system
from orch_tui.store.record import Position, Record
from orch_tui.store.writer import Writer

LIMIT = 900  # bytes of a segment: some five records


class Watched(system.Calls):
    """Keeps what is on disk before each call, and what was acknowledged by then."""

    def __init__(self, directory: Path) -> None:
        self.seen: list[tuple[dict[str, bytes], int]] = []
        self.safe = 0
        self._directory = directory

    def _look(self) -> None:
        safe = self.safe
        self.seen.append(({path.name: path.read_bytes() for path in self._directory.iterdir()}, safe))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._look()
        return super().open(path, flags, mode)

    def close(self, file: int) -> None:
        self._look()
        super().close(file)

    def write(self, file: int, data: bytes | memoryview) -> int:
        self._look()
        return super().write(file, data[: max(1, len(data) // 2)])

    def fsync(self, file: int) -> None:
        self._look()
        super().fsync(file)

    def fdatasync(self, file: int) -> None:
        self._look()
        super().fdatasync(file)


def opened(directory: Path, last: Position) -> Writer:
    return Writer(directory, epoch=1, clock=Clock(), last=last, segment_bytes=LIMIT)


def one(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [("Noted", "me", {"text": text})]


def read(directory: Path) -> tuple[list[Record], Position]:
    tail = journal.Tail(directory)
    found: list[Record] = []
    while records := tail.read():
        found += records
    return found, tail.position


async def written(directory: Path) -> tuple[Watched, list[Record]]:
    layer = Watched(directory)
    with system.replaced(layer):
        writer = opened(directory, Position())

        async def some(name: int) -> None:
            for turn in range(6):
                (record,) = writer.append(one(f"{name}.{turn}"))
                await writer.wait(record.seq)
                layer.safe = max(layer.safe, record.seq)

        async with asyncio.TaskGroup() as group:
            for name in range(4):
                group.create_task(some(name))
        writer.close()
    return layer, read(directory)[0]


async def test_segments_change_under_load_and_the_chain_goes_on(directory: Path) -> None:
    _, whole = await written(directory)
    assert [record.seq for record in whole] == list(range(1, 25))
    assert len(journal.segments(directory)) > 2


async def test_a_crash_before_any_call_of_a_rotation_costs_nothing_acknowledged(
    directory: Path, tmp_path: Path
) -> None:
    layer, whole = await written(directory)
    assert len(layer.seen) > 60
    for number, (files, safe) in enumerate(layer.seen):
        there = tmp_path / f"crash-{number}" / "journal"
        there.mkdir(parents=True)
        for name, data in files.items():
            (there / name).write_bytes(data)
        found, at = read(there)
        assert len(found) >= safe, number
        assert found == whole[: len(found)], number
        journal.cut_tail(there, at)
        writer = opened(there, at)
        writer.append(one("gone on"))
        writer.close()
        assert read(there)[0][:-1] == found, number
