"""A machine that sleeps, and clocks that are set, seen by clocks that the test moves."""

from dataclasses import dataclass

from orch_tui.clock import Clock
from orch_tui.core.run_events import ClockJumped
from orch_tui.core.state import State
from orch_tui.engine.clock_watch import ClockWatch, set_back


@dataclass(frozen=True, slots=True)
class Moved(Clock):
    """Clocks as the test sets them: [wall, mono, asleep]."""

    at: list[float]

    def wall(self) -> float:
        return self.at[0]

    def mono(self) -> float:
        return self.at[1]

    def asleep(self) -> float:
        return self.at[2]

    def go(self, *, awake: float = 0.0, asleep: float = 0.0, step: float = 0.0) -> None:
        """Time goes by."""
        self.at[:] = [self.at[0] + awake + asleep + step, self.at[1] + awake, self.at[2] + asleep]


def watched() -> tuple[Moved, ClockWatch]:
    clock = Moved(at=[1_000_000.0, 50.0, 0.0])
    return clock, ClockWatch(clock)


def test_time_that_goes_by_is_nothing_to_tell():
    clock, watch = watched()
    clock.go(awake=100_000)
    assert watch.look() is None


def test_a_sleep_is_told_once():
    clock, watch = watched()
    clock.go(awake=5, asleep=8 * 3600)
    assert watch.look() == ClockJumped(asleep=28_800)
    clock.go(awake=1)
    assert watch.look() is None


def test_a_clock_that_is_set_is_told_with_its_direction():
    clock, watch = watched()
    clock.go(awake=1, step=-7200)
    assert watch.look() == ClockJumped(step=-7200)
    clock.go(awake=1, step=3600)
    assert watch.look() == ClockJumped(step=3600)


def test_a_clock_that_is_set_right_after_a_sleep_is_told_as_both():
    clock, watch = watched()
    clock.go(asleep=600, step=-60)
    assert watch.look() == ClockJumped(asleep=600, step=-60)


def test_small_steps_are_not_told_before_they_come_to_something():
    clock, watch = watched()
    for _ in range(3):
        clock.go(awake=60, step=3)
        assert watch.look() is None
    clock.go(awake=60, step=3)
    assert watch.look() == ClockJumped(step=12)


def test_a_clock_that_is_earlier_than_the_last_record_was_set_back():
    assert set_back(State(seq=9, updated_at=1_000_000.0), 996_400.0) == ClockJumped(step=-3600)
    assert set_back(State(seq=9, updated_at=1_000_000.0), 1_090_000.0) is None
    assert set_back(State(), 5.0) is None
