"""How much room a disk has: floors by its size, a way back that does not flutter, and what failures mean."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from orch_tui import room
from orch_tui.disk_settings import DiskSettings, disk_of
from orch_tui.errors import ConfigError, GitError, StateError
from orch_tui.room import NO_ROOM, Room, level

MB, GB = 1 << 20, 1 << 30
HERE = Path("/state")


def said(total: int, free: int, before: room.Level = "", settings: DiskSettings | None = None) -> str:
    return level([(HERE, Room(total=total, free=free))], settings or DiskSettings(), before)[0]


@pytest.mark.parametrize(
    ("total", "enough", "low", "full"),
    [
        (500 * GB, 6 * GB, 4 * GB, GB // 2),
        (8 * GB, 500 * MB, 300 * MB, 50 * MB),
        (4 * MB, MB, 150 << 10, 10 << 10),
    ],
    ids=["a large disk", "a small server", "a few megabytes"],
)
def test_the_floors_of_a_small_disk_are_parts_of_it(total: int, enough: int, low: int, full: int):
    assert [said(total, free) for free in (enough, low, full)] == ["", "low", "full"]


def test_a_floor_that_was_passed_is_left_again_only_with_a_tenth_more():
    five = 5 * GB
    assert said(500 * GB, five + MB) == ""
    assert said(500 * GB, five + MB, before="low") == "low"
    assert said(500 * GB, five + GB, before="low") == ""
    assert said(500 * GB, GB + MB, before="full") == "full"
    assert said(500 * GB, 2 * GB, before="full") == "low"


def test_floors_can_be_lowered_and_left_out():
    assert said(500 * GB, 3 * GB, settings=DiskSettings(start=2 * GB)) == ""
    assert said(500 * GB, 0, settings=DiskSettings(start=0, end=0)) == ""


def test_the_worst_of_several_disks_counts_and_is_named_with_what_is_wanted():
    found = [(HERE, Room(total=500 * GB, free=400 * GB)), (Path("/work"), Room(total=100 * GB, free=2 * GB))]
    assert level(found, DiskSettings()) == ("low", "the disk with '/work' has 2.0 GiB left, 5.0 GiB are wanted")


def test_a_disk_can_be_short_of_files_too():
    few = Room(total=500 * GB, free=400 * GB, files=1_000_000, files_free=20)
    assert level([(HERE, few)], DiskSettings()) == ("full", "the disk with '/state' can hold 20 more files only")
    uncounted = Room(total=500 * GB, free=400 * GB)
    assert level([(HERE, uncounted)], DiskSettings())[0] == ""


def test_a_read_only_disk_has_no_room():
    found = level([(HERE, Room(total=500 * GB, free=400 * GB, read_only=True))], DiskSettings())
    assert found == ("full", "the disk with '/state' is read-only")


def test_a_place_that_is_not_there_yet_has_the_room_of_what_is_above(tmp_path: Path):
    found, above = room.look(tmp_path / "not" / "yet"), room.look(tmp_path)
    assert found is not None
    assert above is not None
    assert found.total == above.total


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_what_fails_for_want_of_room_is_known_through_whatever_was_made_of_it(number: int):
    assert room.short(OSError(number, os.strerror(number)))
    told = StateError("the journal cannot be written")
    told.__cause__ = OSError(number, "x")
    assert room.short(told)
    assert room.short(GitError("git commit failed", hint=NO_ROOM))
    assert not room.short(OSError(errno.EIO, "x"))
    assert not room.short(GitError("git commit failed"))


@pytest.mark.parametrize(
    ("words", "size"),
    [("5 GiB", 5 * GB), ("500 MB", 500 * 10**6), ("1.5GiB", 3 * GB // 2), (4096, 4096), (False, 0), ("off", 0)],
)
def test_sizes_are_written_as_people_do(words: object, size: int):
    assert disk_of(DiskSettings(), {"start": words}).start == size


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"begin": 1}, "unknown setting 'disk.begin'"),
        ({"start": "much"}, "is a size, not 'much'"),
        ({"start": -1}, "is a size"),
        ({"start": True}, "is a size"),
        ({"transcript": "10 kB"}, "at least"),
        ([1], "'disk' has names and sizes"),
    ],
)
def test_what_is_no_size_is_told_with_what_would_be(said: object, match: str):
    with pytest.raises(ConfigError, match=match):
        disk_of(DiskSettings(), said)
