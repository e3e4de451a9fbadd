"""The journal's writer: what is acknowledged was synced, what gathers is synced together, what fails is told."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orch_tui.clock import Clock
from orch_tui.errors import DamageError, StateError
from orch_tui.store import journal
from orch_tui.store.record import Position, Record
from orch_tui.store.writer import Writer

Sync = Callable[[int], None]


def opened(directory: Path, **more: Any) -> Writer:
    return Writer(directory, epoch=1, clock=Clock(), last=more.pop("last", Position()), **more)


def one(text: str = "x") -> list[tuple[str, str, dict[str, Any]]]:
    return [("Noted", "me", {"text": text})]


def read(directory: Path) -> list[Record]:
    tail = journal.Tail(directory)
    found: list[Record] = []
    while records := tail.read():
        found += records
    return found


class Disk:
    """fdatasync that counts, waits at a gate and fails when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = os.fdatasync
        self.calls = 0
        self.fail: list[int] = []
        """Errors of the next calls, 0 for none."""
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        monkeypatch.setattr(os, "fdatasync", self)

    def __call__(self, file: int) -> None:
        self.calls += 1
        self.entered.set()
        assert self.gate.wait(30)
        error = self.fail.pop(0) if self.fail else 0
        if error:
            raise OSError(error, os.strerror(error))
        self._real(file)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


async def test_what_waits_while_a_sync_runs_shares_the_next_one(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    disk.gate.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(writer.wait(writer.append(one())[-1].seq))
        await asyncio.to_thread(disk.entered.wait, 30)
        rest = [group.create_task(writer.wait(writer.append(one(str(at)))[-1].seq)) for at in range(200)]
        await asyncio.sleep(0)
        assert not first.done()
        assert not any(task.done() for task in rest)
        disk.gate.set()
    assert disk.calls == 2
    writer.close()
    assert [record.seq for record in read(directory)] == list(range(1, 202))
    assert [record.data["text"] for record in read(directory)[1:]] == [str(at) for at in range(200)]


async def test_wait_returns_at_once_for_what_is_safe(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    writer.append(one())
    await writer.wait(1)
    await writer.wait(1)
    assert disk.calls == 1
    assert writer.position.seq == 1
    assert journal.fits(directory, writer.position)
    writer.close()
    writer.close()


async def test_records_that_nobody_waits_for_are_synced_soon(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    writer.append(one())
    assert await asyncio.to_thread(disk.entered.wait, 10)
    writer.close()
    assert len(read(directory)) == 1


async def test_closing_makes_everything_safe(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    for _ in range(100):
        writer.append(one())
    writer.close()
    assert disk.calls >= 1
    assert writer.position.seq == 100
    assert len(read(directory)) == 100


async def test_a_writer_goes_on_where_another_ended(directory: Path) -> None:
    writer = opened(directory, segment_bytes=1000)
    for at in range(30):
        await writer.wait(writer.append(one(str(at)))[-1].seq)
    writer.close()
    second = Writer(directory, epoch=2, clock=Clock(), last=writer.position, segment_bytes=1000)
    second.append(one("more"))
    second.close()
    found = read(directory)
    assert [record.seq for record in found] == list(range(1, 32))
    assert found[-1].epoch == 2
    assert len(journal.segments(directory)) > 4


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
async def test_one_failed_sync_costs_a_segment_and_no_record(directory: Path, disk: Disk, error: int) -> None:
    writer = opened(directory)
    await writer.wait(writer.append(one("safe"))[-1].seq)
    safe = journal.segment(directory, 1).read_bytes()
    disk.fail = [error]
    writer.append(one("first"))
    await writer.wait(writer.append(one("again"))[-1].seq)
    await writer.wait(writer.append(one("after"))[-1].seq)
    writer.close()
    assert journal.segments(directory) == [1, 2]
    assert journal.segment(directory, 1).read_bytes() == safe
    assert [record.data["text"] for record in read(directory)] == ["safe", "first", "again", "after"]


async def test_a_reader_sees_every_record_once_through_a_failed_sync(directory: Path, disk: Disk) -> None:
    writer, tail = opened(directory), journal.Tail(directory)
    await writer.wait(writer.append(one("1"))[-1].seq)
    disk.entered.clear()
    disk.gate.clear()
    disk.fail = [errno.EIO]
    async with asyncio.TaskGroup() as group:
        group.create_task(writer.wait(writer.append(one("2"))[-1].seq))
        await asyncio.to_thread(disk.entered.wait, 30)
        seen = [record.seq for record in tail.read()]
        disk.gate.set()
    await writer.wait(writer.append(one("3"))[-1].seq)
    seen += [record.seq for record in tail.read()]
    writer.close()
    assert seen == [1, 2, 3]


async def test_a_second_failure_halts_and_leaves_nothing_unsafe_behind(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    await writer.wait(writer.append(one("safe"))[-1].seq)
    disk.fail = [errno.EIO] * 2
    seq = writer.append(one("lost"))[-1].seq
    with pytest.raises(StateError, match="Input/output error") as error:
        await writer.wait(seq)
    assert "disk" in error.value.hint
    with pytest.raises(StateError):
        writer.append(one())
    with pytest.raises(StateError):
        await asyncio.wait_for(writer.wait(seq), 5)
    await writer.wait(1)  # it was safe before, and is
    with pytest.raises(StateError):
        writer.close()
    assert disk.calls == 3
    assert [record.data["text"] for record in read(directory)] == ["safe"]


async def test_every_waiter_hears_of_a_halt(directory: Path, disk: Disk) -> None:
    writer = opened(directory)
    disk.fail = [errno.EIO] * 2
    seqs = [writer.append(one())[-1].seq for _ in range(20)]
    found = await asyncio.wait_for(asyncio.gather(*map(writer.wait, seqs), return_exceptions=True), 10)
    assert all(isinstance(error, StateError) for error in found)


async def test_a_short_write_is_cut_and_written_again(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = opened(directory)
    await writer.wait(writer.append(one("safe"))[-1].seq)
    real, calls = os.write, 0

    def short(file: int, data: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 1:
            return real(file, bytes(data)[:40])
        if calls == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", short)
    await writer.wait(writer.append(one("again"))[-1].seq)
    monkeypatch.undo()
    writer.close()
    assert [record.data["text"] for record in read(directory)] == ["safe", "again"]
    assert journal.segments(directory) == [1, 2]


async def test_a_writer_that_lost_its_lock_writes_nothing_more(directory: Path) -> None:
    mine = True
    writer = opened(directory, owns=lambda: mine)
    await writer.wait(writer.append(one("safe"))[-1].seq)
    mine = False
    with pytest.raises(StateError, match="another runner") as error:
        await writer.wait(writer.append(one("no"))[-1].seq)
    assert "disk" not in error.value.hint
    with pytest.raises(StateError):
        writer.close()
    assert len(read(directory)) == 1


async def test_it_stays_in_its_segment_when_there_is_no_room_for_another(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(directory, segment_bytes=10)
    real = os.open

    def full(path: Any, *args: Any, **more: Any) -> int:
        if str(path).endswith("000002.jsonl"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", full)
    for at in range(3):
        await writer.wait(writer.append(one(str(at)))[-1].seq)
    monkeypatch.undo()
    writer.close()
    assert len(read(directory)) == 3


def test_it_does_not_write_behind_a_torn_tail(directory: Path) -> None:
    journal.segment(directory, 1).write_bytes(b'{"seq":1,"v"')
    with pytest.raises(DamageError, match="12 bytes, 0 good"):
        opened(directory)


def test_a_directory_that_cannot_be_written_is_told(directory: Path) -> None:
    with pytest.raises(StateError, match="cannot be written"):
        opened(directory / "nowhere")


def test_a_loop_that_closed_while_it_waited_does_not_halt_the_writer(directory: Path, disk: Disk) -> None:
    disk.gate.clear()

    async def leave() -> Writer:
        writer = opened(directory)
        seq = writer.append(one())[-1].seq
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(writer.wait(seq), 0.01)
        return writer

    writer = asyncio.run(leave())
    disk.gate.set()
    writer.append(one())
    writer.close()
    assert len(read(directory)) == 2
