"""Derived files are written soon, not too often, and never too late: all of it on a clock of the test's own."""

from __future__ import annotations

from itertools import pairwise

import pytest

from orch_tui.engine.cadence import Cadence


def writes(took: float, *, every: float = 0.1, fresh: float = 0.2, count: int = 50) -> list[tuple[float, float]]:
    """Begin and end of each write of a file that has something new all the time."""
    cadence, now, found = Cadence(every=every, fresh=fresh), 100.0, list[tuple[float, float]]()
    for _ in range(count):
        begun = now + cadence.pause(now)
        now = begun + took
        cadence.wrote(begun, now)
        found.append((begun, now))
    return found


def test_the_first_change_is_written_at_once() -> None:
    assert Cadence(every=0.1, fresh=0.2).pause(5.0) == 0.0


def test_a_change_after_a_quiet_time_is_written_at_once() -> None:
    cadence = Cadence(every=0.1, fresh=0.2)
    cadence.wrote(5.0, 5.001)
    assert cadence.pause(5.2) == 0.0
    assert cadence.pause(5.04) == pytest.approx(0.06)


@pytest.mark.parametrize("took", [0.0, 0.0001, 0.001, 0.005, 0.01, 0.03, 0.05, 0.06])
def test_what_happens_just_after_a_write_began_is_in_the_file_within_200_ms(took: float) -> None:
    found = writes(took)
    for (begun, _), (_, done) in pairwise(found):
        assert done - begun <= 0.2 + 1e-9


@pytest.mark.parametrize("took", [0.0, 0.0001, 0.001, 0.005, 0.01, 0.03, 0.05, 0.06, 0.3, 2.0])
def test_it_is_written_ten_times_a_second_at_most_and_half_of_the_time_is_left_to_others(took: float) -> None:
    found = writes(took)
    for (begun, _), (again, _) in pairwise(found):
        assert again - begun >= 0.1 - 1e-9
        assert again - begun >= 2 * took - 1e-9


def test_a_file_that_may_be_older_takes_a_twentieth_of_the_time() -> None:
    (first, _), (second, _), *_ = writes(0.1, every=1.0, fresh=5.0)
    assert second - first == pytest.approx(2.0)
