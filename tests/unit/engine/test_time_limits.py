"""The time a phase may take, by clocks that the test moves."""

import asyncio
import json
from pathlib import Path

import pytest

from orch_tui.core.state import AttemptState
from orch_tui.engine import time_limits
from orch_tui.flow.workflow import Timeout
from orch_tui.store.layout import AttemptDir

START = 1_000_000.0
"""Wall seconds."""
AWAKE = 5_000.0
"""Monotonic seconds."""


class Hand:
    """Clocks that go a second at each look, and the directory of an attempt whose agent says something when told to."""

    def __init__(self, path: Path) -> None:
        self.seconds = 0
        self.slept = 0.0
        self.set = 0.0
        self.asks: range = range(0)
        self.sleeps_at = self.set_at = -1
        self.directory = AttemptDir(path)
        self.attempt = AttemptState(number=1, agent="script", session_id="", marker="r/a/1", started_at=START)
        self.sign()

    def sign(self) -> None:
        """The agent said something."""
        with self.directory.transcript.open("a") as file:
            file.write("x")

    def hosted(self, **told: object) -> None:
        """What the host told of itself."""
        self.directory.host.write_text(json.dumps({"boot_id": self.boot(), **told}))

    def mono(self) -> float:
        """Another second."""
        self.seconds += 1
        if self.seconds == self.sleeps_at:
            self.slept += 8 * 3600
        if self.seconds == self.set_at:
            self.set += 5 * 3600
        return AWAKE + self.seconds

    def asleep(self) -> float:
        """Seconds asleep so far."""
        return self.slept

    def boot(self) -> str:
        """Which boot it is."""
        return "b"

    def wall(self) -> float:
        """What the clock on the wall says, right or wrong."""
        return START + self.seconds + self.slept + self.set

    def waits(self) -> bool:
        """Whether a person is asked now."""
        return self.seconds in self.asks


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    async def at_once(_: float) -> None:
        pass

    monkeypatch.setattr(asyncio, "sleep", at_once)
    return Hand(tmp_path)


async def told(hand: Hand, limits: Timeout, *, talks: bool = False) -> list[tuple[int, str, str]]:
    """Each limit that is exceeded, with the second it was told in."""
    found: list[tuple[int, str, str]] = []

    def waits() -> bool:
        if talks:
            hand.sign()
        return hand.waits()

    watched = time_limits.exceeded(limits, hand.attempt, hand.directory, waits=waits, clock=hand)
    async for kind, words in watched:
        found.append((hand.seconds, kind, words))
    return found


async def test_a_warning_comes_once_and_then_the_end(hand: Hand):
    hand.hosted(mono=AWAKE)
    assert await told(hand, Timeout(soft=60, hard=180)) == [
        (61, "soft", "at work for 1 min"),
        (181, "over", "not done within 3 min"),
    ]


async def test_silence_is_counted_from_the_last_sign_of_life(hand: Hand):
    hand.hosted(mono=AWAKE)
    assert await told(hand, Timeout(idle=90)) == [(92, "over", "no sign of life for 90 s")]


async def test_who_talks_is_not_silent(hand: Hand):
    hand.hosted(mono=AWAKE)
    assert await told(hand, Timeout(idle=5, hard=7200), talks=True) == [(7201, "over", "not done within 2 h")]


async def test_time_in_which_a_person_is_asked_does_not_count(hand: Hand):
    hand.hosted(mono=AWAKE)
    hand.asks = range(10, 110)
    assert await told(hand, Timeout(hard=60)) == [(161, "over", "not done within 1 min")]


async def test_silence_begins_anew_when_a_person_has_answered(hand: Hand):
    hand.hosted(mono=AWAKE)
    hand.asks = range(10, 110)
    assert await told(hand, Timeout(idle=30, hard=7200)) == [(140, "over", "no sign of life for 30 s")]


async def test_without_limits_nothing_is_watched(hand: Hand):
    assert await told(hand, Timeout()) == []


async def test_a_transcript_that_is_not_there_is_a_silence(hand: Hand):
    hand.hosted(mono=AWAKE)
    hand.directory.transcript.unlink()
    assert await told(hand, Timeout(idle=30)) == [(32, "over", "no sign of life for 30 s")]


async def test_a_clock_that_is_set_makes_nobody_late(hand: Hand):
    hand.hosted(mono=AWAKE)
    hand.set_at = 30
    assert await told(hand, Timeout(hard=60)) == [(61, "over", "not done within 1 min")]


async def test_a_machine_that_slept_gives_everybody_two_minutes_more(hand: Hand):
    hand.hosted(mono=AWAKE)
    hand.sleeps_at = 30
    assert await told(hand, Timeout(idle=40, hard=60)) == [(181, "over", "not done within 1 min")]


async def test_time_is_counted_through_the_death_of_a_runner(hand: Hand):
    hand.hosted(mono=AWAKE - 50)
    assert await told(hand, Timeout(hard=60)) == [(11, "over", "not done within 1 min")]


async def test_a_clock_that_was_set_while_no_runner_was_there_makes_nobody_late(hand: Hand):
    hand.hosted(mono=AWAKE - 50)
    hand.set = -7200.0
    assert await told(hand, Timeout(hard=60)) == [(11, "over", "not done within 1 min")]


async def test_a_host_of_an_earlier_version_is_timed_by_the_wall(hand: Hand):
    hand.hosted(pid=1)
    hand.attempt.started_at = START - 40
    assert await told(hand, Timeout(hard=60)) == [(21, "over", "not done within 1 min")]


async def test_what_a_person_took_before_this_runner_began_does_not_count(hand: Hand):
    """An attempt that had waited for an answer for hours used to be ended when its runner was restarted."""
    hand.hosted(mono=AWAKE - 5000)
    hand.attempt.waited, hand.attempt.waits_since = 3000.0, START - 1980
    assert await told(hand, Timeout(hard=60)) == [(41, "over", "not done within 1 min")]
