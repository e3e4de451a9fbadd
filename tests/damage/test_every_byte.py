"""A fast part of the campaign on every byte; `make bytes` plays all of it."""

from __future__ import annotations

import json
import random
from pathlib import Path

from campaign import of_doors, of_flips, of_lengths, prepared

from orch_tui.core.codec import EVENTS


def test_the_journal_that_is_damaged_has_every_type_of_event(tmp_path: Path) -> None:
    """Whoever adds a type lets it happen in `eventful.py` too."""
    assert {json.loads(line)["type"] for line in prepared(tmp_path).lines} == set(EVENTS)


def test_a_cut_anywhere_leaves_what_was_before_it_or_is_told(tmp_path: Path) -> None:
    run = prepared(tmp_path)
    for first in (len(run.lines), len(run.lines) // 2):
        tally = of_lengths(run, first=first, every=97)
        assert not tally.wrong, tally.wrong[:5]
        assert tally.shorter > 400
        assert (tally.told > 200) == (first < len(run.lines))


def test_a_flipped_bit_is_told_or_costs_the_last_record_only(tmp_path: Path) -> None:
    run = prepared(tmp_path)
    tally = of_flips(run, every=61, bits=(random.Random(len(run.data)).randrange(8),))
    assert not tally.wrong, tally.wrong[:5]
    assert tally.told > 600


def test_through_every_door_a_changed_run_is_told_or_the_same(tmp_path: Path) -> None:
    doors = of_doors(prepared(tmp_path), random.Random(5), 8, every=23)
    assert not doors.wrong, doors.wrong[:5]
    assert doors.told > 20
    assert doors.same > 4
