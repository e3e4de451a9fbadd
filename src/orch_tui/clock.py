"""The only place that asks what time it is; everybody else is handed the answer."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DARWIN = sys.platform == "darwin"  # there, CLOCK_MONOTONIC goes on in sleep, and what Python calls monotonic does not
_WITH_SLEEP: int | None = time.CLOCK_MONOTONIC if _DARWIN else getattr(time, "CLOCK_BOOTTIME", None)
_AWAKE: int = getattr(time, "CLOCK_UPTIME_RAW", time.CLOCK_MONOTONIC) if _DARWIN else time.CLOCK_MONOTONIC


@cache
def boot_id() -> str:
    """The kernel's id of this boot (32 hex digits on Linux), or "" where there is none.

    A monotonic time means something only beside the boot it was taken in.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall time in seconds since the epoch (may jump) and monotonic seconds since boot (never goes back)."""

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()  # noqa: TID251 - this is the rim

    def mono(self) -> float:
        """Monotonic seconds in which the machine was awake; comparable only within one boot."""
        return time.monotonic()

    def boot(self) -> str:
        """Which boot `mono` is of."""
        return boot_id()

    def asleep(self) -> float:
        """Seconds the machine has slept (was suspended) in this boot; 0 where the system does not tell."""
        if _WITH_SLEEP is None:
            return 0.0
        return max(0.0, time.clock_gettime(_WITH_SLEEP) - time.clock_gettime(_AWAKE))


def moment(at: float) -> str:
    """A wall time where the person is."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def duration(seconds: float) -> str:
    """A span of time as people read it: "8s", "3:07", "1:02:09", "2d 3:00:00"."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours}:{minutes:02}:{rest:02}"
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest}s"


def span(seconds: float) -> str:
    """A span of time as it was set: "90 s", "5 min", "2 h", in the largest unit that it is whole in."""
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and not seconds % size:
            return f"{seconds / size:g} {word}"
    return f"{seconds:g} s"
