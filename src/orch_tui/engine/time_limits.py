"""The time a phase may take: a warning, a silence that is too long, an end. Time in which a person is asked is not held
against it.

Measured by the wall clock from when the attempt started, so that it counts through the death of a runner.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

from orch_tui.clock import span
from orch_tui.flow.workflow import Timeout

_LOOK = 2.0  # seconds between looks at most


async def exceeded(
    limits: Timeout,
    transcript: Path,
    *,
    started: float,
    waits: Callable[[], bool],
    now: Callable[[], float],
) -> AsyncIterator[tuple[Literal["soft", "over"], str]]:
    """Each limit as it is exceeded, with words; nothing after "over".

    `started` is a wall time; `waits` says whether it is a person who is waited for just now. A sign of life is a
    record in `transcript`.
    """
    warned, excused, looked = not limits.soft, 0.0, now()
    while limits.soft or limits.idle or limits.hard:
        here = now()
        if waits():
            excused += here - looked
        looked = here
        used = here - started - excused
        if not warned and used > limits.soft:
            warned = True
            yield "soft", f"at work for {span(limits.soft)}"
        if limits.hard and used > limits.hard:
            yield "over", f"not done within {span(limits.hard)}"
            return
        silent = here - max(started, _last_sign(transcript)) - excused
        if limits.idle and silent > limits.idle:
            yield "over", f"no sign of life for {span(limits.idle)}"
            return
        nearest = min(limit for limit in (limits.soft, limits.idle, limits.hard) if limit)
        await asyncio.sleep(min(_LOOK, nearest / 4))


def _last_sign(transcript: Path) -> float:
    try:
        return transcript.stat().st_mtime
    except OSError:
        return 0.0
