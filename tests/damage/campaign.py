"""The parts of the campaign on every byte, for the whole of it and for the tests."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import changes
from doors import Doors
from eventful import eventful
from pure import Journal, Tally

from orch_tui.store import journal
from orch_tui.store.layout import RunDir


@dataclass(frozen=True, slots=True)
class Prepared:
    """The run of every event, and another one."""

    run: RunDir
    foreign: RunDir
    lines: list[bytes]
    place: Path

    @property
    def data(self) -> bytes:
        """Its journal."""
        return b"".join(self.lines)


def prepared(place: Path) -> Prepared:
    """Both runs, below `place`."""
    made: list[RunDir] = []
    for name in ("project", "another"):
        (place / name).mkdir()
        made.append(eventful(place / name).run)
    lines = journal.segment(made[0].journal, 1).read_bytes().splitlines(keepends=True)
    return Prepared(made[0], made[1], lines, place)


def of_lengths(run: Prepared, *, first: int, every: int) -> Tally:
    """Cut at every `every`th length and beside every end of a record; `first` records are in the first segment."""
    kept = Journal(run.place / f"lengths-{first}" / "journal", run.lines, first=first)
    kept.cut_everywhere(every=every)
    return kept.tally


def of_flips(run: Prepared, *, every: int, bits: Sequence[int]) -> Tally:
    """Flip these bits of every `every`th byte."""
    kept = Journal(run.place / "flips" / "journal", run.lines, first=len(run.lines) // 2)
    kept.flip(((at, bit) for at in range(0, len(run.data), every) for bit in bits), resume=True)
    return kept.tally


def of_doors(run: Prepared, chance: random.Random, count: int, *, every: int = 1) -> Doors:
    """`count` cuts and flips, and every `every`th of the other changes, through the real doors."""
    doors = Doors(run.run)
    for at, (what, change) in enumerate(_everything(run, chance)):
        if at % every == 0:
            doors.look(what, change, runner="watermark" not in what)
    for what, change in changes.of_bytes(run.data, chance, count):
        doors.look(what, change)
    return doors


def _everything(run: Prepared, chance: random.Random) -> Iterator[tuple[str, changes.Change]]:
    yield from changes.of_segments(run.lines)
    yield from changes.of_ends(run.lines, chance)
    yield from changes.of_pages(run.data)
    yield from changes.of_lines(run.lines)
    yield from changes.of_other_files(run.run.snapshot.read_bytes(), run.run.watermark.read_bytes(), run.foreign)
