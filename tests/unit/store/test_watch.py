"""Wake-ups: watches on directories and file descriptors, and the bell on an inbox."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from orch_tui.store import watch
from orch_tui.store.bell import Bell, ring
from orch_tui.store.watch import Watch

LONG = 30.0  # seconds; nothing here waits so long unless it is broken


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_new_file_and_a_longer_one_wake(tmp_path: Path) -> None:
    with Watch() as watching:
        watching.add(tmp_path)
        assert not await watching.wait(0)
        (tmp_path / "a").touch()
        assert await watching.wait(LONG)
        while await watching.wait(0.01):
            pass
        with (tmp_path / "a").open("ab", buffering=0) as file:
            file.write(b"x")
            assert await watching.wait(LONG)


async def test_a_renamed_file_wakes_every_watch_on_its_directory(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a").touch()
    with Watch() as first, Watch() as second, Watch() as other:
        for watching in (first, second, second):
            watching.add(tmp_path / "there")
        other.add(tmp_path)
        second.close()
        (tmp_path / "a").rename(tmp_path / "there" / "a")
        assert await first.wait(LONG)
        assert not await other.wait(0.01)
        with Watch() as third:
            third.add(tmp_path / "there")
            (tmp_path / "there" / "b").touch()
            assert await first.wait(LONG)
            assert await third.wait(LONG)


async def test_a_missing_and_a_removed_directory_do_no_harm(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with Watch() as watching:
        watching.add(tmp_path / "never")
        watching.add(gone)
        watching.add(tmp_path)
        gone.rmdir()
        while await watching.wait(0.01):
            pass
        (tmp_path / "a").touch()
        assert await watching.wait(LONG)


async def test_a_descriptor_wakes_once(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    try:
        with Watch() as watching:
            watching.add_fd(-1)
            watching.add_fd(reading)
            assert not await watching.wait(0)
            os.write(writing, b"x")
            assert await watching.wait(LONG)
            assert not await watching.wait(0.01)
    finally:
        os.close(reading)
        os.close(writing)


async def test_waking_by_hand(tmp_path: Path) -> None:
    with Watch() as watching:
        watching.wake()
        assert await watching.wait(LONG)
        assert not await watching.wait(0)


def test_two_loops_one_after_the_other_leave_nothing_open(tmp_path: Path) -> None:
    async def once() -> None:
        with Watch() as watching, Watch() as other:
            watching.add(tmp_path)
            other.add(tmp_path)
            (tmp_path / os.urandom(4).hex()).touch()
            assert await watching.wait(LONG)
        watching.close()

    asyncio.run(once())
    before = descriptors()
    for _ in range(3):
        asyncio.run(once())
    assert descriptors() == before


@pytest.mark.parametrize("where", ["_Hub", "add"])
async def test_a_machine_without_watches_left_is_looked_at_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def none_left(*_: object) -> int:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(watch if where == "_Hub" else watch._Hub, where, none_left)
    with Watch() as watching:
        watching.add(tmp_path)
        assert await asyncio.wait_for(watching.wait(LONG), 10)


async def test_a_bell_wakes_its_reader_however_often_it_rang(tmp_path: Path) -> None:
    path = tmp_path / "bell"
    ring(path)  # nobody is there yet
    with Bell(path) as bell:
        await bell.wait(0.01)
        for _ in range(70_000):
            ring(path)  # more than a pipe holds
        await asyncio.wait_for(bell.wait(LONG), 10)
        ring(path)
        await asyncio.wait_for(bell.wait(LONG), 10)
    ring(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with Bell(path) as bell:  # another host
        ring(path)
        await asyncio.wait_for(bell.wait(LONG), 10)


async def test_a_file_where_the_bell_should_be_is_replaced_and_never_written(tmp_path: Path) -> None:
    path = tmp_path / "bell"
    path.write_text("")
    ring(path)
    assert path.read_text() == ""
    (tmp_path / "link").symlink_to(path)
    ring(tmp_path / "link")
    before = descriptors()
    with Bell(path) as bell:
        ring(path)
        await asyncio.wait_for(bell.wait(LONG), 10)
    assert descriptors() == before
