"""Windows into a transcript, and following it as it grows."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from orch_tui.clock import Clock
from orch_tui.store import transcripts
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Follow, Reader, Writer


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    path = tmp_path / "sections" / "A" / "1"
    path.mkdir(parents=True)
    return AttemptDir(path)


@pytest.fixture
def writer(attempt: AttemptDir) -> Writer:
    return Writer(attempt, attempt.path / "artifacts", Clock())


def test_a_window_anywhere_is_a_part_of_the_whole(attempt: AttemptDir, writer: Writer) -> None:
    for at in range(40):
        writer.append("text", text=f"{at} ")
        writer.append("text", text="x" * at)
        writer.append("tool" if at % 3 else "text", text=f"{at}\n", name="Bash")
    writer.close()
    reader = Reader(attempt)
    whole = reader.lines(0, 10_000)
    assert len(whole) == reader.count()
    for start in range(-2, len(whole) + 2):
        for stop in (start - 1, start, start + 1, start + 7, len(whole), len(whole) + 5):
            assert reader.lines(start, stop) == whole[max(0, start) : max(0, stop)], (start, stop)


def test_a_growing_transcript_is_read_up_to_its_last_whole_record(attempt: AttemptDir, writer: Writer) -> None:
    reader = Reader(attempt)
    assert (reader.count(), reader.lines(0, 5)) == (0, [])
    for at in range(20):
        writer.append("text", text=f"{at}")
        assert [line.text for line in reader.lines(at, at + 1)] == [f"{at}"]
        writer.append("text", text="!\n")
        assert [line.text for line in reader.lines(0, 100)] == [f"{line}!" for line in range(at + 1)]
    with attempt.transcript.open("ab") as file:
        file.write(b'{"n":99,"t":1,"kind":"text","te')
    assert len(reader.lines(0, 100)) == 20


def test_the_last_window_may_hold_many_megabytes(attempt: AttemptDir, writer: Writer) -> None:
    for _ in range(128):
        writer.append("text", text="\u1234" * 20_000 + "\n")
    writer.append("text", text="the end")
    assert attempt.transcript.stat().st_size > 8 << 20
    lines = Reader(attempt).lines(0, 129)
    assert len(lines) == 129
    assert lines[-1].text == "the end"


@pytest.mark.parametrize("index", [b"", b"\xff" * 40, struct.pack("<5Q", 10**9, 3, 2, 1, 0), b"\0" * 43])
def test_an_index_that_does_not_fit_breaks_nothing(attempt: AttemptDir, writer: Writer, index: bytes) -> None:
    for at in range(5):
        writer.append("text", text=f"{at}\n")
    attempt.index.write_bytes(index)
    reader = Reader(attempt)
    for start in range(6):
        assert all(len(line.text) <= 1 for line in reader.lines(start, start + 3))
    attempt.transcript.unlink()
    assert reader.lines(0, 3) == []


def test_following_gives_every_record_once(attempt: AttemptDir, writer: Writer) -> None:
    follow = Follow(attempt.transcript)
    assert follow.read() == []
    seen: list[int] = []
    for at in range(50):
        writer.append("text", text=f"{at}\n" * (at % 4))
        writer.append("usage", cost_usd=at)
        seen += [record["n"] for record in follow.read()]
    assert seen == list(range(1, len(seen) + 1))
    assert seen[-1] == writer.append("usage", cost_usd=0) - 1


def test_only_the_kinds_asked_for_come_and_exactly_these(attempt: AttemptDir, writer: Writer) -> None:
    follow = Follow(attempt.transcript, kinds=frozenset({"ask", "notice"}))
    writer.append("text", text='"kind":"ask" {"n":1,"t":2,"kind":"ask"}\n')
    writer.append("tool", input={"kind": "ask"}, name="x")
    writer.append("asked", text="")
    writer.append("ask", request_id="r" * 500)
    writer.append("ask_closed", request_id="r")
    writer.append("notice", notice="limit")
    assert [record["kind"] for record in follow.read()] == ["ask", "notice"]


def test_a_record_that_comes_byte_by_byte_is_read_when_it_is_whole(attempt: AttemptDir) -> None:
    follow = Follow(attempt.transcript)
    line = b'{"n":1,"t":2.5,"kind":"notice"}\n'
    for place in range(len(line)):
        assert follow.read() == []
        with attempt.transcript.open("ab") as file:
            file.write(line[place : place + 1])
    assert follow.read() == [{"n": 1, "t": 2.5, "kind": "notice"}]


def test_a_torn_line_that_was_replaced_is_not_mixed_up(attempt: AttemptDir, writer: Writer) -> None:
    follow = Follow(attempt.transcript)
    writer.append("notice", text="1")
    with attempt.transcript.open("ab") as file:
        file.write(b'{"n":2,"t":1,"kind":"notice","text":"to')
    assert [record["n"] for record in follow.read()] == [1]
    again = Writer(attempt, attempt.path / "artifacts", Clock())
    for _ in range(3):
        again.append("notice", text="whole")
    assert [record["n"] for record in follow.read()] == [2, 3, 4]


def test_a_file_that_was_replaced_is_read_from_its_beginning(attempt: AttemptDir) -> None:
    def line(n: int) -> bytes:
        return json.dumps({"n": n, "t": 1, "kind": "notice"}, separators=(",", ":")).encode() + b"\n"

    attempt.transcript.write_bytes(line(1) + line(2))
    follow = Follow(attempt.transcript)
    assert len(follow.read()) == 2
    attempt.transcript.write_bytes(line(1))
    assert [record["n"] for record in follow.read()] == [1]
    attempt.transcript.unlink()
    assert follow.read() == []


def test_a_record_longer_than_what_is_read_at_once_comes_whole(
    attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[dict[str, Any]] = [
        {"n": n, "t": 1, "kind": "notice", "text": "x" * size} for n, size in enumerate((3, 700, 2, 64, 900))
    ]
    attempt.transcript.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    for size in (1, 7, 64, 100, 1000):
        monkeypatch.setattr(transcripts, "_READ", size)
        assert Follow(attempt.transcript).read() == rows


def test_lines_that_are_no_records_are_passed_over(attempt: AttemptDir) -> None:
    attempt.transcript.write_bytes(b'\xff\n[1]\n{"n":"1"}\n\n' + b"[" * 100_000 + b'\n{"n":1,"t":2,"kind":"text"}\n')
    assert [record["n"] for record in Follow(attempt.transcript).read()] == [1]
