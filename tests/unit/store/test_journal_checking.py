"""What a snapshot stands for is checked without being folded: all damage is told, a mended journal is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_journal import lines, made

from orch_tui.errors import DamageError
from orch_tui.store import checking, journal
from orch_tui.store.checking import Checking
from orch_tui.store.record import Position

RECORDS = [made(seq) for seq in range(1, 7)]


def write(directory: Path, *parts: bytes) -> Position:
    """The segments of a journal; returns its end."""
    for number, data in enumerate(parts, 1):
        journal.segment(directory, number).write_bytes(data)
    tail = journal.Tail(directory)
    while tail.read():
        pass
    return tail.position


def check(directory: Path, until: Position) -> int:
    """Check all of it; returns how many steps that took."""
    checked, steps = Checking(directory, until), 0
    while not checked.done:
        checked.step()
        steps += 1
    return steps


def two_segments() -> tuple[bytes, bytes]:
    written = lines(RECORDS)
    return b"".join(written[:3]), b"".join(written[3:])


def test_nothing_is_checked_without_a_snapshot(directory: Path) -> None:
    assert check(directory, Position()) == 0


def test_a_journal_is_checked_in_pieces_up_to_the_snapshot_only(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_segments()
    until = write(directory, first, second)
    monkeypatch.setattr(checking, "_PIECE", 1)
    journal.segment(directory, 2).write_bytes(second + b"a torn tail")
    assert check(directory, until) == len(RECORDS) + 1, "a record each, and one step to the second segment"


def test_every_flipped_byte_is_told_with_its_segment_and_record(directory: Path) -> None:
    parts = two_segments()
    until = write(directory, *parts)
    for number, good in enumerate(parts, 1):
        for place in range(len(good)):
            if until.segment == number and place >= good.rfind(b"\n", 0, -1):
                continue  # the snapshot's own record: it does not fit any more, and is left aside
            journal.segment(directory, number).write_bytes(good[:place] + bytes((good[place] ^ 1,)) + good[place + 1 :])
            record = 3 * (number - 1) + good[:place].count(b"\n") + 1
            with pytest.raises(DamageError, match=f"{number:06d}.jsonl, record {record} "):
                check(directory, until)
        journal.segment(directory, number).write_bytes(good)
    check(directory, until)


def test_a_missing_segment_is_told(directory: Path) -> None:
    until = write(directory, *two_segments())
    journal.segment(directory, 1).unlink()
    with pytest.raises(DamageError, match=r"000001\.jsonl"):
        check(directory, until)


def test_what_a_failed_write_left_is_passed_over_when_the_chain_goes_on(directory: Path) -> None:
    first, second = two_segments()
    check(directory, write(directory, first + second[:20], second))
    check(directory, write(directory, first + b"no record\n", second))
