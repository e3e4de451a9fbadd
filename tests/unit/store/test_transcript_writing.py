"""Transcripts as they are written: lines, pieces, streams, lines too long, and reopening what a killed host left."""

from __future__ import annotations

import json
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from orch_tui.clock import Clock
from orch_tui.store import artifacts, spills, transcripts
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Reader, Writer


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    path = tmp_path / "sections" / "A" / "1"
    path.mkdir(parents=True)
    return AttemptDir(path)


def opened(attempt: AttemptDir) -> Writer:
    return Writer(attempt, attempt.path / "artifacts", Clock())


def records(attempt: AttemptDir) -> list[dict[str, Any]]:
    return [json.loads(line) for line in attempt.transcript.read_bytes().splitlines()]


def shown(attempt: AttemptDir) -> list[str]:
    reader = Reader(attempt)
    return [line.text for line in reader.lines(0, reader.count())]


def test_pieces_become_lines_at_newlines_only(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    for piece in ("one\ntw", "o", "\n\nthr\u2028ee\rthree", "\n", "four"):
        writer.append("text", text=piece)
    writer.close()
    assert shown(attempt) == ["one", "two", "", "thr\u2028ee\rthree", "four"]
    assert [record.get("cont", False) for record in records(attempt)] == [
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    assert [record["n"] for record in records(attempt)] == list(range(1, 9))


def test_every_record_begins_with_n_t_kind(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    writer.append("text", stream="out", text="a\nb")
    writer.append("tool", name="Bash", input="x" * 100_000)
    writer.append("text", text="y" * 100_000)
    writer.close()
    assert all(list(record)[:3] == ["n", "t", "kind"] for record in records(attempt))


def test_streams_do_not_run_into_each_other(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    for stream, text in (("out", "a"), ("out", "b"), ("err", "c"), ("out", "d\n"), ("err", "e\n")):
        writer.append("text", stream=stream, text=text)
    writer.append("thinking", text="f")
    writer.append("tool", name="Bash", input="ls")
    writer.append("text", text="g")
    writer.close()
    assert shown(attempt) == ["ab", "c", "d", "e", "f", "", "g"]


def test_a_line_of_twenty_megabytes_goes_to_an_artifact_in_bounded_memory(attempt: AttemptDir) -> None:
    piece = "é1234567" * 8000
    count = 20_000_000 // len(piece.encode())
    writer = opened(attempt)
    writer.append("text", text="before\n")
    tracemalloc.start()
    writer.append("text", text="begin ")
    for _ in range(count):
        writer.append("text", text=piece)
    writer.append("text", text="\n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    writer.append("text", text="after\n")
    writer.close()
    assert peak < 4_000_000
    assert attempt.transcript.stat().st_size < 1_000_000
    before, long, after = Reader(attempt).lines(0, 3)
    assert (before.text, after.text) == ("before", "after")
    whole = ("begin " + piece * count).encode()
    assert long.fields["bytes"] == len(whole)
    assert artifacts.get(attempt.path / "artifacts", long.fields["spill"]) == whole
    assert long.text.startswith("begin ")
    assert long.text.endswith(f"[{len(whole)} bytes, whole line in artifacts/{long.fields['spill']}]")


def test_a_long_line_in_one_piece_keeps_its_beginning(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    writer.append("text", text="x" * 5_000_000 + "\nnext\n")
    writer.close()
    long, following = Reader(attempt).lines(0, 2)
    assert long.text.startswith("x" * transcripts.LINE_KEPT + " …")
    assert following.text == "next"
    assert artifacts.get(attempt.path / "artifacts", long.fields["spill"]) == b"x" * 5_000_000


def test_an_endless_line_is_kept_up_to_the_limit_in_bytes(attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spills, "LONGEST", 200_001)
    writer = opened(attempt)
    for _ in range(10):
        writer.append("text", text="é" * 50_000)
    writer.close()
    (line,) = Reader(attempt).lines(0, 1)
    assert len(artifacts.get(attempt.path / "artifacts", line.fields["spill"])) == 200_001
    assert "[1000000 bytes, first 200001 in artifacts/" in line.text


def test_long_texts_of_other_kinds_are_cut_too(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    writer.append("tool_result", id="t1", text="y" * 3_000_000, is_error=False)
    writer.close()
    assert attempt.transcript.stat().st_size < 10_000
    (line,) = Reader(attempt).lines(0, 1)
    assert line.fields["is_error"] is False
    assert line.text.startswith("yyy")
    assert artifacts.get(attempt.path / "artifacts", line.fields["spill"]) == b"y" * 3_000_000


def test_any_characters_come_back(attempt: AttemptDir) -> None:
    text = "".join(map(chr, range(0x3000))) + "\udfff\ud800\U0010ffff\x00"
    writer = opened(attempt)
    writer.append("text", text=text)
    writer.close()
    assert "\n".join(shown(attempt)) == text


def test_reopening_cuts_a_torn_line_and_makes_the_index_anew(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    for at in range(5):
        writer.append("text", text=f"line {at}\n")
    writer.close()
    whole, index = attempt.transcript.read_bytes(), attempt.index.read_bytes()
    for length in range(len(whole) + 1):
        attempt.transcript.write_bytes(whole[:length])
        attempt.index.write_bytes(index[: length % 41] + b"\xff" * (length % 9))
        writer = opened(attempt)
        kept = whole[:length].count(b"\n")
        assert writer.append("text", text="more\n") == kept + 1
        writer.close()
        assert shown(attempt) == [f"line {at}" for at in range(kept)] + ["more"], length


def test_reopening_keeps_what_comes_behind_a_damaged_line(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    for at in range(5):
        writer.append("text", text=f"line {at}\n")
    writer.close()
    data = attempt.transcript.read_bytes().replace(b'"line 2"', b'"line 2')
    attempt.transcript.write_bytes(data)
    writer = opened(attempt)
    assert writer.append("text", text="more\n") == 6
    writer.close()
    assert attempt.transcript.read_bytes().startswith(data)
    assert shown(attempt) == ["line 0", "line 1", "line 3", "line 4", "more"]


def test_the_index_is_eight_bytes_a_line(attempt: AttemptDir) -> None:
    writer = opened(attempt)
    writer.append("text", text="a\nbb")
    writer.append("text", text="cc\nd")
    writer.close()
    data, offsets = (
        attempt.transcript.read_bytes(),
        [at for (at,) in struct.iter_unpack("<Q", attempt.index.read_bytes())],
    )
    assert [json.loads(data[at:].split(b"\n")[0])["text"] for at in offsets] == ["a", "bb", "d"]
