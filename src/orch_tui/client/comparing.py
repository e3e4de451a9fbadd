"""Two versions of a text, line by line: what is the same, what is gone, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from orch_tui.client.passages import PlanLine

CONTEXT = 3
"""Unchanged lines shown around a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Lines in a row: the same in both (then `old` and `new` differ in their numbers only), or one for the other.

    `skipped` counts unchanged lines that are not shown; then both are empty.
    """

    same: bool
    old: tuple[PlanLine, ...] = ()
    new: tuple[PlanLine, ...] = ()
    skipped: int = 0


def compare(old: Sequence[PlanLine], new: Sequence[PlanLine], *, context: int = CONTEXT) -> tuple[Stretch, ...]:
    """What leads from `old` to `new`, with at most `context` unchanged lines around each change."""
    stretches = _stretches(old, new)
    last = len(stretches) - 1
    shown: list[Stretch] = []
    for at, stretch in enumerate(stretches):
        if stretch.same:
            shown += _around(stretch, before=0 if at == 0 else context, after=0 if at == last else context)
        else:
            shown.append(stretch)
    return tuple(shown)


def _stretches(old: Sequence[PlanLine], new: Sequence[PlanLine]) -> list[Stretch]:
    ours, theirs = [line.text for line in old], [line.text for line in new]
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    found: list[Stretch] = []
    if head:
        found.append(Stretch(same=True, old=tuple(old[:head]), new=tuple(new[:head])))
    # what both begin and end with is taken off first: the usual edit is small, and the rest is quadratic at worst
    matcher = SequenceMatcher(None, ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    for tag, a, b, c, d in matcher.get_opcodes():
        part = Stretch(same=tag == "equal", old=tuple(old[head + a : head + b]), new=tuple(new[head + c : head + d]))
        found.append(part)
    if tail:
        found.append(Stretch(same=True, old=tuple(old[len(old) - tail :]), new=tuple(new[len(new) - tail :])))
    return found


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    count = 0
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            break
        count += 1
    return count


def _around(stretch: Stretch, *, before: int, after: int) -> list[Stretch]:
    """An unchanged stretch of which only what stands near a change is kept."""
    count = len(stretch.old)
    if count <= before + after + 1:
        return [stretch]
    parts = [
        Stretch(same=True, old=stretch.old[:before], new=stretch.new[:before]),
        Stretch(same=True, skipped=count - before - after),
        Stretch(same=True, old=stretch.old[count - after :], new=stretch.new[count - after :]),
    ]
    return [part for part in parts if part.old or part.skipped]
