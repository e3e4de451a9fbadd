"""Real ends of a writer: killed in the middle, and a disk that is really full."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orch_tui.clock import Clock
from orch_tui.errors import StateError
from orch_tui.store import journal
from orch_tui.store.record import Position, Record
from orch_tui.store.writer import Writer

CHILD = """
import asyncio, os, sys
from pathlib import Path
from orch_tui.clock import Clock
from orch_tui.store import journal
from orch_tui.store.writer import Writer

directory = Path(sys.argv[1])
tail = journal.Tail(directory)
while tail.read():
    pass
journal.cut_tail(directory, tail.position)
writer = Writer(directory, epoch=tail.position.epoch + 1, clock=Clock(), last=tail.position, segment_bytes=20_000)

async def producer():
    while True:
        seq = writer.append([("Noted", "me", {"text": "x" * 50}) for _ in range(3)])[-1].seq
        await writer.wait(seq)
        os.write(1, b"%d\\n" % seq)

async def main():
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(producer())

asyncio.run(main())
"""


def read(directory: Path) -> tuple[list[Record], Position]:
    tail = journal.Tail(directory)
    found: list[Record] = []
    while records := tail.read():
        found += records
    return found, tail.position


def test_what_was_acknowledged_survives_twenty_kills(directory: Path) -> None:
    acknowledged = 0
    env = {"PATH": os.environ["PATH"], "HOME": str(directory)}
    for cycle in range(20):
        argv = [sys.executable, "-c", CHILD, str(directory)]
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, env=env)
        assert child.stdout is not None
        heard = b"".join(child.stdout.readline() for _ in range(1 + cycle * 7))
        child.send_signal(signal.SIGKILL)
        heard += child.stdout.read()
        child.stdout.close()
        child.wait()
        told = [int(line) for line in heard.split(b"\n")[:-1]]
        acknowledged = max(acknowledged, *told)
        found, position = read(directory)
        assert [record.seq for record in found] == list(range(1, len(found) + 1))
        assert len(found) >= acknowledged
        journal.cut_tail(directory, position)
        assert read(directory)[0] == found
    assert found[-1].epoch == 20
    assert len(journal.segments(directory)) > 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    path = tmp_path / "small"
    path.mkdir()
    argv = [mount or "", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(path)]
    if (
        os.geteuid() != 0
        or not mount
        or not umount
        or subprocess.run(argv, check=False, capture_output=True).returncode
    ):
        pytest.skip("needs the right to mount a small file system")
    yield path
    subprocess.run([umount, str(path)], check=True)


async def test_a_full_disk_halts_the_writer_and_keeps_what_it_acknowledged(small_disk: Path) -> None:
    directory = small_disk / "run" / "journal"
    directory.mkdir(parents=True)
    writer = Writer(directory, epoch=1, clock=Clock(), last=Position(), segment_bytes=200_000)
    acknowledged = 0

    async def fill() -> None:
        nonlocal acknowledged
        while True:
            acknowledged = await appended(writer)

    with pytest.raises(StateError, match="No space left") as error:
        await asyncio.wait_for(fill(), 60)
    assert "make room" in error.value.hint
    with pytest.raises(StateError):
        writer.close()
    found, position = read(directory)
    assert len(found) == acknowledged > 20
    (small_disk / "run" / "quarantine").mkdir()
    assert journal.cut_tail(directory, position) == 0
    assert read(directory)[1] == position


async def appended(writer: Writer) -> int:
    seq = writer.append([("Noted", "me", {"text": "x" * 20_000})])[-1].seq
    await writer.wait(seq)
    return seq
