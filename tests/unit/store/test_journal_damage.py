"""Every way a small journal can be cut or changed: a torn tail is mended, damage is told, nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_journal import lines, made
from msgspec.structs import replace

from orch_tui.errors import DamageError
from orch_tui.store import journal
from orch_tui.store.record import Record, encode

RECORDS = [made(seq) for seq in range(1, 7)]


def write(directory: Path, *parts: bytes) -> None:
    for number, data in enumerate(parts, 1):
        journal.segment(directory, number).write_bytes(data)


def read(directory: Path) -> list[Record]:
    tail = journal.Tail(directory)
    found: list[Record] = []
    while records := tail.read():
        found += records
    return found


def two_segments() -> tuple[bytes, bytes]:
    written = lines(RECORDS)
    return b"".join(written[:3]), b"".join(written[3:])


def test_what_is_written_is_read_over_two_segments(directory: Path) -> None:
    write(directory, *two_segments())
    assert read(directory) == RECORDS


def test_every_cut_of_the_last_segment_leaves_a_prefix_and_is_mended(directory: Path) -> None:
    first, second = two_segments()
    for length in range(len(second) + 1):
        write(directory, first, second[:length])
        found = read(directory)
        assert found == RECORDS[: 3 + second[:length].count(b"\n")], length
        good = len(b"".join(lines(RECORDS)[3 : len(found)]))
        at = after(directory, len(found))
        assert journal.cut_tail(directory, at) == length - good
        assert journal.segment(directory, 2).read_bytes() == second[:good]
        kept = list((directory.parent / "quarantine").glob("*")) if length > good else []
        assert [path.read_bytes() for path in kept] == [second[good:length]] * (length > good)
        assert read(directory) == found
        for path in kept:
            path.unlink()


def after(directory: Path, seq: int) -> journal.Position:
    tail = journal.Tail(directory)
    while tail.read():
        pass
    assert tail.position.seq == seq
    return tail.position


def test_every_cut_of_an_earlier_segment_is_told(directory: Path) -> None:
    first, second = two_segments()
    for length in range(len(first)):
        write(directory, first[:length], second)
        with pytest.raises(DamageError, match="damaged"):
            read(directory)


def test_a_flipped_bit_of_each_byte_is_told_or_costs_the_last_record_only(directory: Path) -> None:
    first, second = two_segments()
    whole = first + second
    last = len(whole) - len(lines(RECORDS)[-1])
    told = 0
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8  # all eight of each are flipped in a longer journal, in tests/damage
        write(directory, bytes(changed[: len(first)]), bytes(changed[len(first) :]))
        try:
            found = read(directory)
        except DamageError as error:
            told += bool("0000" in str(error) and "record" in str(error) and error.hint)
        else:
            assert place >= last, place
            assert found == RECORDS[:-1], place
    assert told >= last


@pytest.mark.parametrize("index", range(6))
def test_a_dropped_line_is_told(directory: Path, index: int) -> None:
    written = lines(RECORDS)
    del written[index]
    write(directory, b"".join(written))
    if index == 5:
        assert read(directory) == RECORDS[:-1]  # nothing in the file can know
    else:
        with pytest.raises(DamageError, match=f"record {index + 1} "):
            read(directory)


@pytest.mark.parametrize("index", range(6))
def test_a_line_written_twice_is_told(directory: Path, index: int) -> None:
    written = lines(RECORDS)
    written.insert(index, written[index])
    write(directory, b"".join(written))
    with pytest.raises(DamageError, match=f"record {index + 2} "):
        read(directory)


@pytest.mark.parametrize("index", range(5))
def test_two_lines_in_the_wrong_order_are_told(directory: Path, index: int) -> None:
    written = lines(RECORDS)
    written[index], written[index + 1] = written[index + 1], written[index]
    write(directory, b"".join(written))
    with pytest.raises(DamageError, match=f"record {index + 1} "):
        read(directory)


def test_a_gap_in_the_numbers_is_told_although_the_sums_are_right(directory: Path) -> None:
    write(directory, b"".join(lines([made(1), made(3)])))
    with pytest.raises(DamageError, match="record 2 "):
        read(directory)


def test_an_epoch_that_goes_back_is_told(directory: Path) -> None:
    write(directory, b"".join(lines([made(1, epoch=2), made(2, epoch=1)])))
    with pytest.raises(DamageError, match="record 2 "):
        read(directory)


def test_a_missing_first_segment_is_told(directory: Path) -> None:
    write(directory, *two_segments())
    journal.segment(directory, 1).unlink()
    with pytest.raises(DamageError, match=r"000001\.jsonl.*missing"):
        read(directory)


def test_a_missing_segment_between_is_told(directory: Path) -> None:
    written = lines(RECORDS)
    write(directory, b"".join(written[:2]), b"".join(written[2:4]), b"".join(written[4:]))
    journal.segment(directory, 2).unlink()
    with pytest.raises(DamageError, match=r"000002\.jsonl.*missing"):
        read(directory)


def test_no_directory_and_an_empty_one_hold_nothing(directory: Path, tmp_path: Path) -> None:
    assert read(directory) == []
    assert read(tmp_path / "nowhere") == []
    assert journal.cut_tail(directory, journal.Position()) == 0


def test_an_empty_segment_at_the_end_is_where_it_goes_on(directory: Path) -> None:
    write(directory, *two_segments(), b"")
    assert read(directory) == RECORDS
    assert after(directory, 6).segment == 3


def test_a_torn_segment_before_an_empty_one_is_a_torn_tail(directory: Path) -> None:
    first, second = two_segments()
    write(directory, first, second[:-5], b"")
    found = read(directory)
    assert found == RECORDS[:-1]
    assert journal.cut_tail(directory, after(directory, 5)) > 0
    assert read(directory) == found
    assert after(directory, 5).segment == 3


def test_what_a_failed_write_left_is_passed_over_when_the_chain_goes_on(directory: Path) -> None:
    first, second = two_segments()
    write(directory, first + second[:20], second)
    assert read(directory) == RECORDS
    write(directory, first + b"no record\n", second)
    assert read(directory) == RECORDS


def test_a_hole_at_the_end_is_a_torn_tail(directory: Path) -> None:
    first, second = two_segments()
    write(directory, first, second + b"\0" * 5000)
    assert read(directory) == RECORDS
    assert journal.cut_tail(directory, after(directory, 6)) == 5000
    last = lines(RECORDS)[-1]
    write(directory, first, second[: -len(last)] + b"\0" * 60 + last[60:])
    assert read(directory) == RECORDS[:-1]


def test_damage_behind_a_torn_looking_line_is_found_beyond_any_chunk(directory: Path) -> None:
    """A broken record followed by one of more than a chunk used to pass for a torn tail, and both were cut."""
    long = replace(made(2), data={"text": "x" * (9 << 20)})
    written = lines([made(1), long])
    broken = written[0].replace(b'"pid":12', b'"pid":13')
    write(directory, broken + written[1])
    with pytest.raises(DamageError, match="record 1 "):
        read(directory)


def test_other_files_in_the_directory_are_left_alone(directory: Path) -> None:
    write(directory, *two_segments())
    for name in ("1.jsonl", "000003.jsonl.bak", "notes.jsonl", "٠٠٠٠٠٤.jsonl"):
        (directory / name).write_bytes(b"x\n")
    assert read(directory) == RECORDS


def test_a_line_that_checks_out_but_is_no_record_is_told(directory: Path) -> None:
    import zlib

    body = b'{"seq":1,"v":1,"other":2'
    line = b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))
    write(directory, line)
    with pytest.raises(DamageError, match="record 1 "):
        read(directory)


def test_a_record_keeps_its_bytes() -> None:
    line, crc = encode(made(1), 0)
    assert line.startswith(b'{"seq":1,"v":1,"epoch":1,"t":1000000001.0,"mono":0.5,"boot":"0b0b')
    assert line.endswith(b',"crc":"%08x"}\n' % crc)
