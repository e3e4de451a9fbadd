"""Every length and every bit of a journal, through the reader alone: what is read is the truth up to somewhere.

A state is the fold of what was read, so a prefix of the records is never a wrong state; that it is no shorter than what
was safe is the watermark's business (see `doors`).
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from orch_tui.errors import DamageError
from orch_tui.store import journal
from orch_tui.store.record import Position, Record


@dataclass(slots=True)
class Tally:
    """How often a change was told as damage, and how often it left a shorter journal or none the worse."""

    told: int = 0
    shorter: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return (
            f"{self.told + self.shorter} changes: {self.told} told, {self.shorter} a torn tail, {len(self.wrong)} WRONG"
        )


def read(directory: Path, position: Position | None = None) -> list[Record]:
    """All records from a position on. Raises DamageError."""
    tail = journal.Tail(directory, position)
    found: list[Record] = []
    while records := tail.read():
        found += records
    return found


class Journal:
    """A directory with one journal, to be changed and put back."""

    def __init__(self, directory: Path, lines: list[bytes], *, first: int | None = None) -> None:
        """`first` is how many lines are in the first of two segments."""
        directory.mkdir(parents=True, exist_ok=True)
        cut = len(lines) if first is None else first
        self.directory = directory
        self.parts = [b"".join(part) for part in (lines[:cut], lines[cut:]) if part]
        self.tally = Tally()
        self._ends = list(accumulate(map(len, lines)))
        self._last = sum(map(len, lines[:-1]))
        for number, part in enumerate(self.parts, 1):
            journal.segment(directory, number).write_bytes(part)
        self.whole = read(directory)
        assert len(self.whole) == len(lines)

    def cut_everywhere(self, *, every: int = 1, beside: int = 2) -> None:
        """Cut each segment at every `every`th length, and at those `beside` the end of a record."""
        for number, part in enumerate(self.parts, 1):
            begin = sum(map(len, self.parts[: number - 1]))
            ends = {at - begin + more for at in self._ends for more in range(-beside, beside + 1)}
            file = os.open(journal.segment(self.directory, number), os.O_WRONLY)
            for length in sorted({*range(0, len(part), every), *ends} & set(range(len(part)))):
                os.ftruncate(file, length)
                last = number == len(self.parts)
                self._look(f"segment {number} cut to {length} bytes", shorter=last, at=begin + length)
                os.pwrite(file, part[length:], length)
            os.close(file)

    def flip(self, places: Iterable[tuple[int, int]], *, resume: bool = False) -> None:
        """Flip a bit (byte of the whole journal, bit) after the other; with `resume` read from just before it on."""
        before = [self._after(seq) for seq in range(len(self.whole))] if resume else []
        sizes = [len(part) for part in self.parts]
        files = [os.open(journal.segment(self.directory, at), os.O_WRONLY) for at in range(1, len(sizes) + 1)]
        data = b"".join(self.parts)
        for place, bit in places:
            file, at = (files[0], place) if place < sizes[0] else (files[1], place - sizes[0])
            os.pwrite(file, bytes([data[place] ^ 1 << bit]), at)
            start = before[max(0, bisect_right(self._ends, place) - 1)] if resume else Position()
            what = f"bit {bit} of byte {place} flipped"
            self._look(what, shorter=place >= self._last, at=self._last, start=start)
            os.pwrite(file, data[place : place + 1], at)
        for file in files:
            os.close(file)

    def _after(self, seq: int) -> Position:
        tail = journal.Tail(self.directory, limit=seq)
        while tail.position.seq < seq and tail.read():
            pass
        return tail.position

    def _look(self, what: str, *, shorter: bool, at: int, start: Position | None = None) -> None:
        """`shorter`: it may be taken for a journal that ends before byte `at`, with a torn tail."""
        start = start or Position()
        try:
            found = self.whole[: start.seq] + read(self.directory, start)
        except DamageError as error:
            self.tally.told += 1
            if ".jsonl, record " not in str(error) or not error.hint:
                self.tally.wrong.append(f"{what}: told without file, record and help: {error}")
        except Exception as error:
            self.tally.wrong.append(f"{what}: {error!r}")
        else:
            self.tally.shorter += 1
            whole = bisect_right(self._ends, at)
            if not shorter or found != self.whole[:whole]:
                self.tally.wrong.append(f"{what}: {len(found)} records read, where {whole} were")
