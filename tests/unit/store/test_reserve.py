"""The room a run keeps for itself, and what the journal's writer does with it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from orch_tui.clock import Clock
from orch_tui.errors import StateError
from orch_tui.store import system
from orch_tui.store.journal import Position, Tail
from orch_tui.store.reserve import Reserve
from orch_tui.store.writer import Writer


class Full(system.Calls):
    """A disk without room until the reserve is given back; then `room` more writes succeed."""

    def __init__(self, reserve: Path, room: int = 1000) -> None:
        self._reserve = reserve
        self._room = room

    def write(self, file: int, data: bytes | memoryview) -> int:
        if self._reserve.exists() or self._room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= 1
        return super().write(file, data)

    def allocate(self, file: int, size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_it_takes_room_of_the_disk_and_gives_it_back(tmp_path: Path):
    reserve = Reserve(tmp_path / "reserve", 1 << 20)
    assert not reserve.whole
    assert reserve.make()
    found = (tmp_path / "reserve").stat()
    assert (found.st_size, found.st_blocks * 512 >= 1 << 20, found.st_mode & 0o777) == (1 << 20, True, 0o600)
    assert reserve.make(), "what is there is not made again"
    assert reserve.release()
    assert not reserve.release()


def test_without_room_for_it_nothing_is_left_of_it(tmp_path: Path):
    with system.replaced(Full(tmp_path / "reserve")):
        assert not Reserve(tmp_path / "reserve", 1 << 20).make()
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_its_place_is_replaced_and_what_it_points_to_stays(tmp_path: Path):
    (tmp_path / "other").write_text("mine")
    (tmp_path / "reserve").symlink_to(tmp_path / "other")
    assert Reserve(tmp_path / "reserve", 4096).make()
    assert (tmp_path / "other").read_text() == "mine"
    assert not (tmp_path / "reserve").is_symlink()


def test_none_is_kept_where_none_is_wanted(tmp_path: Path):
    reserve = Reserve(tmp_path / "reserve", 0)
    assert reserve.make()
    assert list(tmp_path.iterdir()) == []


async def test_a_journal_that_finds_no_room_takes_the_reserve_and_goes_on(tmp_path: Path):
    reserve = Reserve(tmp_path / "reserve", 4096)
    assert reserve.make()
    (tmp_path / "journal").mkdir()
    writer = Writer(tmp_path / "journal", epoch=1, clock=Clock(), last=Position(), spare=reserve.release)
    with system.replaced(Full(tmp_path / "reserve")):
        [record] = writer.append([("Full", "disk", {})])
        await writer.wait(record.seq)
        writer.close()
    assert [record.type for record in Tail(tmp_path / "journal").read()] == ["Full"]
    assert not (tmp_path / "reserve").exists()


async def test_a_journal_whose_reserve_is_used_up_halts_and_says_what_would_help(tmp_path: Path):
    (tmp_path / "journal").mkdir()
    writer = Writer(tmp_path / "journal", epoch=1, clock=Clock(), last=Position())
    with system.replaced(Full(tmp_path / "reserve", room=0)):
        [record] = writer.append([("Full", "disk", {})])
        with pytest.raises(StateError, match="No space left") as error:
            await writer.wait(record.seq)
        assert error.value.hint == "make room on the disk, then retry"
        with pytest.raises(StateError):
            writer.close()
