"""A reader that follows the journal: growth, half lines, rotation, repair, long records, positions of snapshots."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from made_journal import lines, made
from msgspec.structs import replace

from orch_tui.errors import DamageError
from orch_tui.store import journal
from orch_tui.store.record import Position

RECORDS = [made(seq) for seq in range(1, 9)]
LINES = lines(RECORDS)


def add(directory: Path, number: int, data: bytes) -> None:
    with journal.segment(directory, number).open("ab") as file:
        file.write(data)


def test_it_follows_growth_over_a_rotation(directory: Path) -> None:
    tail = journal.Tail(directory)
    assert tail.read() == []
    for at, line in enumerate(LINES):
        add(directory, 1 + at // 3, line)
        assert tail.read() == [RECORDS[at]]
        assert tail.read() == []


def test_a_line_that_comes_byte_by_byte_is_read_when_it_is_whole(directory: Path) -> None:
    add(directory, 1, LINES[0])
    tail = journal.Tail(directory)
    assert tail.read() == [RECORDS[0]]
    for place in range(len(LINES[1]) - 1):
        add(directory, 1, LINES[1][place : place + 1])
        assert tail.read() == []
        assert tail.torn == place + 1
    add(directory, 1, b"\n")
    assert tail.read() == [RECORDS[1]]
    assert tail.torn == 0


def test_a_record_and_a_rotation_between_two_looks_are_no_damage(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes were read before the record came, the directory was listed after the next segment came."""
    add(directory, 1, LINES[0])
    tail = journal.Tail(directory)
    assert tail.read() == [RECORDS[0]]
    listed = journal.segments

    def late(path: Path) -> list[int]:
        numbers = listed(path)
        monkeypatch.setattr(journal, "segments", listed)
        add(directory, 1, LINES[1])
        add(directory, 2, LINES[2])
        return numbers

    monkeypatch.setattr(journal, "segments", late)
    assert tail.read() == [RECORDS[1]]
    assert tail.read() == [RECORDS[2]]


def test_a_repair_that_cuts_the_tail_is_followed(directory: Path) -> None:
    add(directory, 1, LINES[0] + LINES[1][:30])
    tail = journal.Tail(directory)
    assert tail.read() == [RECORDS[0]]
    assert journal.cut_tail(directory, tail.position) == 30
    add(directory, 1, LINES[1])
    assert tail.read() == [RECORDS[1]]


def test_records_cut_and_written_again_into_a_new_segment_come_once(directory: Path) -> None:
    """What a writer does whose sync failed; this reader had seen the records before."""
    add(directory, 1, b"".join(LINES[:4]))
    tail = journal.Tail(directory)
    assert tail.read() == RECORDS[:4]
    with journal.segment(directory, 1).open("r+b") as file:
        file.truncate(len(b"".join(LINES[:2])))
    assert tail.read() == []
    add(directory, 2, b"".join(LINES[2:6]))
    assert tail.read() == RECORDS[4:6]


@pytest.mark.parametrize("number", [1, 2])
def test_records_taken_back_for_others_are_told(directory: Path, number: int) -> None:
    add(directory, 1, b"".join(LINES[:2]))
    tail = journal.Tail(directory)
    assert tail.read() == RECORDS[:2]
    with journal.segment(directory, 1).open("r+b") as file:
        file.truncate(len(LINES[0]))
    _, *others = lines([RECORDS[0], replace(made(2), cause="other"), replace(made(3), data={"x": "y" * 500})])
    add(directory, number, b"".join(others))
    with pytest.raises(DamageError, match="taken back"):
        tail.read()


@pytest.mark.parametrize("size", [3 << 20, (4 << 20) - 400, 4 << 20, 9 << 20])
def test_long_records_cross_the_chunks_they_are_read_in(directory: Path, size: int) -> None:
    records = [made(1), replace(made(2), data={"text": "é" + "x" * size}), made(3), made(4)]
    add(directory, 1, b"".join(lines(records)))
    tail = journal.Tail(directory)
    found = tail.read()
    while more := tail.read():
        found += more
    assert found == records
    assert tail.torn == 0


@pytest.mark.parametrize("shift", range(-3, 4))
def test_a_chunk_may_end_anywhere_in_a_line(directory: Path, shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_CHUNK", len(LINES[0] + LINES[1]) + shift)
    add(directory, 1, b"".join(LINES))
    tail = journal.Tail(directory)
    found = tail.read()
    while more := tail.read():
        found += more
    assert found == RECORDS


def test_a_position_goes_on_where_it_stands(directory: Path) -> None:
    add(directory, 1, b"".join(LINES[:3]))
    add(directory, 2, b"".join(LINES[3:]))
    for seq in range(len(RECORDS) + 1):
        position = standing(seq)
        assert journal.fits(directory, position)
        assert Position.of(position.as_dict()) == position
        found = [*(tail := journal.Tail(directory, position)).read(), *tail.read()]
        assert found == RECORDS[seq:]


def standing(seq: int) -> Position:
    """The position after record `seq` in two segments of three records and the rest."""
    crc = int(LINES[seq - 1][-11:-3], 16) if seq else 0
    number, first = (1, 0) if seq <= 3 else (2, 3)
    return Position(segment=number, offset=len(b"".join(LINES[first:seq])), seq=seq, crc=crc, epoch=min(seq, 1))


def test_a_snapshot_newer_than_the_journal_is_told_and_the_beginning_is_the_way_out(directory: Path) -> None:
    add(directory, 1, b"".join(LINES[:3]))
    position = standing(5)
    assert not journal.fits(directory, position)
    with pytest.raises(DamageError, match="snapshot") as error:
        journal.Tail(directory, position).read()
    assert "remove" in error.value.hint
    assert journal.Tail(directory).read() == RECORDS[:3]


def test_a_position_of_another_journal_is_told(directory: Path) -> None:
    add(directory, 1, b"".join(LINES[:3]))
    good = standing(2)
    for wrong in (
        dataclasses.replace(good, seq=3),
        dataclasses.replace(good, crc=good.crc ^ 1),
        dataclasses.replace(good, offset=good.offset - 1),
        dataclasses.replace(good, segment=7),
        dataclasses.replace(good, offset=10**6),
        Position(offset=5),
    ):
        assert not journal.fits(directory, wrong), wrong
        with pytest.raises(DamageError, match="snapshot"):
            journal.Tail(directory, wrong).read()


def test_a_snapshot_without_a_position_is_told() -> None:
    with pytest.raises(DamageError, match="position"):
        Position.of({"segment": 1, "place": 2})
