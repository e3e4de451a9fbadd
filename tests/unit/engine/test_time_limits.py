"""The time a phase may take, by a clock that the test moves."""

import asyncio
import os
from pathlib import Path

import pytest

from orch_tui.engine import time_limits
from orch_tui.flow.workflow import Timeout

START = 1_000_000.0


class Hand:
    """A clock that goes a second at each look, and a transcript with the time of its last record."""

    def __init__(self, transcript: Path) -> None:
        self.at = START
        self.transcript = transcript
        self.asks: range = range(0)
        transcript.touch()
        self.sign()

    def sign(self) -> None:
        """The agent said something."""
        os.utime(self.transcript, (self.at, self.at))

    def now(self) -> float:
        """Another second."""
        self.at += 1
        return self.at

    def waits(self) -> bool:
        """Whether a person is asked now."""
        return int(self.at - START) in self.asks


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    async def at_once(_: float) -> None:
        pass

    monkeypatch.setattr(asyncio, "sleep", at_once)
    return Hand(tmp_path / "transcript.jsonl")


async def told(hand: Hand, limits: Timeout, *, talks: bool = False) -> list[tuple[int, str, str]]:
    """Each limit that is exceeded, with the second it was told in."""
    found: list[tuple[int, str, str]] = []

    def waits() -> bool:
        if talks:
            hand.sign()
        return hand.waits()

    async for kind, words in time_limits.exceeded(limits, hand.transcript, started=START, waits=waits, now=hand.now):
        found.append((int(hand.at - START), kind, words))
    return found


async def test_a_warning_comes_once_and_then_the_end(hand: Hand):
    assert await told(hand, Timeout(soft=60, hard=180)) == [
        (61, "soft", "at work for 1 min"),
        (181, "over", "not done within 3 min"),
    ]


async def test_silence_is_counted_from_the_last_sign_of_life(hand: Hand):
    assert await told(hand, Timeout(idle=90)) == [(91, "over", "no sign of life for 90 s")]


async def test_who_talks_is_not_silent(hand: Hand):
    assert await told(hand, Timeout(idle=5, hard=7200), talks=True) == [(7201, "over", "not done within 2 h")]


async def test_time_in_which_a_person_is_asked_does_not_count(hand: Hand):
    hand.asks = range(10, 110)
    assert await told(hand, Timeout(idle=30, hard=7200)) == [(131, "over", "no sign of life for 30 s")]


async def test_without_limits_nothing_is_watched(hand: Hand):
    assert await told(hand, Timeout()) == []


async def test_a_transcript_that_is_not_there_is_a_silence_from_the_start(hand: Hand):
    hand.transcript.unlink()
    assert await told(hand, Timeout(idle=30)) == [(31, "over", "no sign of life for 30 s")]
