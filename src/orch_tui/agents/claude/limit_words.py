"""When a usage limit lifts, read from the words that older versions of Claude Code end with, for want of fields.

"Claude AI usage limit reached|1749924000", "Your limit will reset at 9am (America/Chicago)", "You've hit your session
limit · resets 12:50am (America/Los_Angeles)", "resets Mar 10, 3:39am (UTC)".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_STAMPED = re.compile(r"\s*Claude AI usage limit reached\|(\d{9,11})\s*")
_LIMIT = re.compile(r"\blimit\b", re.IGNORECASE)
_RESET = re.compile(
    r"\bresets?(?:\s+at)?\s+(?:(?P<month>[A-Z][a-z]{2})[a-z]*\s+(?P<day>\d{1,2}),?\s+(?:at\s+)?)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap]m)\b(?:\s*\((?P<zone>[\w/+-]+)\))?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATE = timedelta(hours=1)
"""A time of day that is past by less is one that was to be today: limits lift late."""


def stamped(text: str) -> float:
    """The reset (seconds since the epoch) of a text that is just the oldest form; 0 when it is another."""
    found = _STAMPED.fullmatch(text)
    return float(found[1]) if found else 0.0


def reset_of(text: str, now: float) -> float:
    """The reset (seconds since the epoch) that an error speaks of at wall time `now`; 0 when it speaks of none."""
    if at := stamped(text):
        return at
    found = _RESET.search(text)
    if found is None or not _LIMIT.search(text) or not 1 <= int(found["hour"]) <= 12:
        return 0.0
    hour, minute = int(found["hour"]) % 12 + 12 * (found["half"].lower() == "pm"), int(found["minute"] or 0)
    here = datetime.fromtimestamp(now, _zone(found["zone"]))
    try:
        at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if found["month"]:
            at = at.replace(month=_MONTHS.index(found["month"].lower()) + 1, day=int(found["day"]))
            return (at if at > here - timedelta(days=30) else at.replace(year=at.year + 1)).timestamp()
    except ValueError:
        return 0.0
    return (at if at > here - _LATE else at + timedelta(days=1)).timestamp()


def _zone(name: str | None) -> tzinfo | None:
    """A zone by its name; that of this machine when none is named, or one that nobody knows here."""
    if not name or name.upper() == "UTC":
        return UTC if name else None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
