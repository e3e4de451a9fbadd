"""A host that finds no room on the disk waits, for as long as that is of use."""

from __future__ import annotations

import errno
import os

import pytest

from orch_tui.host.patience import LONGEST, Patience, no_room, once_there_is_room


def full(number: int = errno.ENOSPC) -> OSError:
    return OSError(number, os.strerror(number))


def waiting(*, asked: bool = False) -> tuple[Patience, list[float]]:
    slept: list[float] = []
    return Patience(lambda: asked, slept.append), slept


def test_it_waits_for_room_a_minute_and_then_the_agent_is_ended():
    patience, slept = waiting()
    while sum(slept) < LONGEST:
        patience.wait(full())
    with pytest.raises(OSError, match="No space"):
        patience.wait(full())


def test_on_a_read_only_disk_it_waits_for_as_long_as_it_takes():
    patience, slept = waiting()
    for _ in range(10_000):
        patience.wait(full(errno.EROFS))
    assert sum(slept) > 10 * LONGEST


def test_it_waits_no_more_once_somebody_wants_it_to_end():
    patience, slept = waiting(asked=True)
    with pytest.raises(OSError, match="No space"):
        patience.wait(full())
    other, _ = waiting()
    other.over = True
    with pytest.raises(OSError, match="No space"):
        other.wait(full())
    assert slept == []


def test_how_it_ended_is_written_whenever_that_can_be():
    patience, slept = waiting(asked=True)
    patience.over = patience.endless = True
    for _ in range(10_000):
        patience.wait(full())
    assert len(slept) == 10_000


def test_what_will_not_pass_is_not_waited_for():
    patience, slept = waiting()
    with pytest.raises(OSError, match="Input/output"):
        patience.wait(full(errno.EIO))
    assert slept == []


def test_a_write_is_done_again_until_there_is_room():
    failures = [full(), full(errno.EDQUOT), full(errno.EROFS)]
    slept: list[float] = []

    def write() -> str:
        if failures:
            raise failures.pop()
        return "written"

    assert once_there_is_room(write, slept.append) == "written"
    assert len(slept) == 3


def test_want_of_room_is_known_within_what_a_group_of_tasks_raised():
    assert no_room(BaseExceptionGroup("", [BaseExceptionGroup("", [full()])]))
    assert not no_room(BaseExceptionGroup("", [full(errno.EIO)]))
