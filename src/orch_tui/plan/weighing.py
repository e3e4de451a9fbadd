"""How much work each section is, by the plan's own words for it: "2 days", "3h", "5 points", "XL"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from statistics import median

_MINUTES = {
    "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "minuten": 1,
    "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "std": 60, "stunde": 60, "stunden": 60,
    "d": 480, "day": 480, "days": 480, "tag": 480, "tage": 480, "pt": 480,
    "w": 2400, "wk": 2400, "week": 2400, "weeks": 2400, "woche": 2400, "wochen": 2400,
}  # fmt: skip
"""A day has eight hours, a week five days."""
_SIZES = {
    "xs": 10, "s": 20, "small": 20, "low": 20, "m": 30, "medium": 30, "moderate": 30,
    "l": 50, "large": 50, "high": 50, "xl": 80, "xxl": 130,
}  # fmt: skip
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,3})?)"
_SPAN = re.compile(rf"[~≈<]?\s*(?:ca\.?\s*)?{_NUMBER}(?:\s*(?:-|–|to|bis)\s*{_NUMBER})?\s*([a-z]*)", re.IGNORECASE)
_POINTS = frozenset(["", "points", "point", "pts", "sp"])


def weights(estimates: Mapping[str, str]) -> dict[str, int]:
    """What each section weighs beside the others (1 or more), from the words that say how much work it is.

    Where fewer than half have words of one kind (times, points, sizes), all weigh 1; who has none of it is as the
    middle one.
    """
    read = {name: found for name, words in estimates.items() if words and (found := _read(words))}
    kinds = Counter(kind for kind, _ in read.values()).most_common(1)
    if not kinds or kinds[0][1] * 2 < len(estimates):
        return dict.fromkeys(estimates, 1)
    known = {name: value for name, (kind, value) in read.items() if kind == kinds[0][0]}
    usual = median(known.values())
    return {name: max(1, round(known.get(name, usual))) for name in estimates}


def _read(words: str) -> tuple[str, float] | None:
    """The kind of an estimate and its size; of a span the middle."""
    said = words.strip().lower()
    if size := _SIZES.get(said):
        return "size", size
    found = _SPAN.match(said)
    if not found:
        return None
    low = float(found[1].replace(",", "."))
    value = (low + float(found[2].replace(",", "."))) / 2 if found[2] else low
    if minutes := _MINUTES.get(found[3]):
        return "time", value * minutes
    return ("points", value * 10) if found[3] in _POINTS else None
