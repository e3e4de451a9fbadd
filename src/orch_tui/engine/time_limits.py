"""The time a phase may take: a warning, a silence that is too long, an end. Time in which a person is asked is not held
against it.

Measured in seconds in which the machine was awake, from when the attempt's host began: it counts through the death of a
runner, and neither a clock that is set nor a machine that sleeps makes anybody late, since agents stand still then.
After a sleep everybody gets `AMNESTY` more, because connections have to be made anew. Silence is counted from when a
runner began to listen.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal, Protocol

from orch_tui.clock import span
from orch_tui.core.state import AttemptState
from orch_tui.errors import OrchError
from orch_tui.flow.workflow import Timeout
from orch_tui.store import files
from orch_tui.store.layout import AttemptDir
from orch_tui.store.pieces import pieces

AMNESTY = 120.0
"""Seconds by which every limit is longer after the machine slept."""
_SLEPT = 1.0  # seconds of sleep that count as one
_LOOK = 2.0  # seconds between looks at most


class Watched(Protocol):
    """The clocks this needs of `clock.Clock`."""

    def wall(self) -> float:
        """Seconds since the epoch."""
        ...

    def mono(self) -> float:
        """Seconds awake."""
        ...

    def asleep(self) -> float:
        """Seconds asleep."""
        ...

    def boot(self) -> str:
        """Which boot of the machine this is."""
        ...


async def exceeded(
    limits: Timeout,
    attempt: AttemptState,
    directory: AttemptDir,
    *,
    waits: Callable[[], bool],
    clock: Watched,
) -> AsyncIterator[tuple[Literal["soft", "over"], str]]:
    """Each limit as it is exceeded, with words; nothing after "over".

    `waits` says whether it is a person who is waited for just now. A sign of life is that the transcript grows.
    """
    transcript, excused = directory.transcript, _waited(attempt, clock.wall())
    started = _begun(attempt, directory, clock)
    warned, looked, slept = not limits.soft, clock.mono(), clock.asleep()
    heard, sign = max(started, looked), _sign(transcript)
    while limits.soft or limits.idle or limits.hard:
        here, asleep = clock.mono(), clock.asleep()
        if asleep - slept >= _SLEPT:
            excused, heard = excused + AMNESTY, here + AMNESTY
        slept = asleep
        if waits():
            excused, heard = excused + here - looked, max(heard, here)
        looked = here
        used = here - started - excused
        if not warned and used > limits.soft:
            warned = True
            yield "soft", f"at work for {span(limits.soft)}"
        if limits.hard and used > limits.hard:
            yield "over", f"not done within {span(limits.hard)}"
            return
        if (now := _sign(transcript)) != sign:
            heard, sign = max(heard, here), now
        if limits.idle and here - heard > limits.idle:
            yield "over", f"no sign of life for {span(limits.idle)}"
            return
        nearest = min(limit for limit in (limits.soft, limits.idle, limits.hard) if limit)
        await asyncio.sleep(min(_LOOK, nearest / 4))


def _begun(attempt: AttemptState, directory: AttemptDir, clock: Watched) -> float:
    """When the attempt began, in seconds of `clock.mono`: its host says so, else by the wall clock."""
    try:
        told = files.read_json(directory.host) or {}
    except OrchError:
        told = {}
    mono = told.get("mono")
    if isinstance(mono, (int, float)) and told.get("boot_id") == clock.boot():
        return float(mono)
    return clock.mono() - max(0.0, clock.wall() - attempt.started_at)


def _waited(attempt: AttemptState, now: float) -> float:
    """Seconds until wall time `now` in which a person was waited for, as the journal has it."""
    return attempt.waited + (max(0.0, now - attempt.waits_since) if attempt.waits_since else 0.0)


def _sign(transcript: Path) -> tuple[int, int]:
    last = next(reversed(pieces(transcript)), None)
    try:
        return (last.end, last.path.stat().st_mtime_ns) if last is not None else (0, 0)
    except OSError:
        return 0, 0
