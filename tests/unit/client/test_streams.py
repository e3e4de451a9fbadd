"""A window on a transcript: clean, bounded, growing."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client import streams
from orch_tui.client.streams import Stream
from orch_tui.clock import Clock
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Reader, Writer


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    (tmp_path / "1").mkdir()
    return AttemptDir(tmp_path / "1")


@pytest.fixture
def writer(attempt, tmp_path) -> Writer:
    return Writer(attempt, tmp_path / "artifacts", Clock())


def texts(stream: Stream) -> list[str]:
    stream.refresh()
    return [row.text for row in stream.rows(0, stream.count())]


def test_a_session_that_said_nothing_yet_is_empty(attempt):
    stream = Stream(attempt)
    assert stream.count() == 0
    assert stream.rows(0, 10) == []
    assert not stream.refresh()


def test_kinds_are_told_apart(attempt, writer):
    writer.append("thinking", text="hm\n")
    writer.append("tool", name="Bash", input="make", id="1")
    writer.append("tool_result", text="made\ntwice", id="1", is_error=False)
    writer.append("tool_result", text="broken", id="2", is_error=True)
    writer.append("ask", request_id="r", ask="permission", title="may I?", detail="rm -rf", options=[])
    writer.append("notice", notice="retry", text="529", until=0)
    writer.append("usage", cost_usd=None, input_tokens=10, output_tokens=2)
    writer.append("ended", outcome="succeeded", failure="", message="", summary="all done")
    stream = Stream(attempt)
    assert [(row.kind, row.text) for row in stream.rows(0, 99)] == [
        ("thinking", "hm"),
        ("tool", "Bash make"),
        ("result", "made\ntwice"),
        ("error", "broken"),
        ("ask", "may I?\nrm -rf"),
        ("notice", "retry: 529"),
        ("dim", "so far cost not known, 12 tokens"),
        ("ended", "succeeded: all done"),
    ]


def test_nothing_is_said_twice_of_a_session_that_was_paused_and_ended(attempt, writer):
    writer.append("notice", notice="paused", text="paused", until=0)
    writer.append("ended", outcome="interrupted", failure="interrupted", message="interrupted", summary="")
    writer.append("ended", outcome="failed", failure="crash", message="the program ended with code 3", summary="")
    assert texts(Stream(attempt)) == ["paused", "interrupted", "failed (crash): the program ended with code 3"]


def test_the_last_line_grows_while_it_is_written(attempt, writer):
    stream = Stream(attempt)
    writer.append("text", text="half a ")
    assert texts(stream) == ["half a"] or texts(stream) == ["half a "]
    writer.append("text", text="line\n")
    assert texts(stream) == ["half a line"]
    writer.append("text", text="next\n")
    assert texts(stream) == ["half a line", "next"]


def test_hostile_bytes_come_out_as_plain_text(attempt, writer):
    writer.append("text", text="\x1b]52;c;aGk=\x07\x1b[31m[/nope] [bold\x9b2J \u202eevil\n")
    writer.append("tool", name="Ba\x1b[2Jsh", input="echo \x1b]0;title\x07hi")
    assert texts(Stream(attempt)) == ["[/nope] [bold evil", "Bash echo hi"]


def test_a_line_of_twenty_megabytes_is_shown_by_its_beginning(attempt, writer):
    for _ in range(20):
        writer.append("text", text="x" * (1 << 20))
    writer.append("text", text="\nafter\n")
    stream = Stream(attempt)
    huge, after = texts(stream)
    assert len(huge) < streams.LONGEST + 300
    assert "20971520 bytes, whole line in artifacts/" in huge
    assert after == "after"


def test_a_window_is_read_without_the_rest(attempt, writer):
    for number in range(5000):
        writer.append("text", text=f"line {number}\n")

    class Counting(Reader):
        read = 0

        def lines(self, start, stop):
            Counting.read += stop - start
            return super().lines(start, stop)

    stream = Stream(attempt, Counting(attempt))
    assert [row.text for row in stream.rows(2500, 2503)] == ["line 2500", "line 2501", "line 2502"]
    assert Counting.read <= streams.PAGE
    assert [row.number for row in stream.rows(4999, 6000)] == [4999]
    for start in range(0, 5000, 100):
        stream.rows(start, start + 50)
    assert len(stream._pages) <= streams.KEPT


def test_search_goes_both_ways_through_chunks_in_any_case(attempt, writer):
    for number in range(2000):
        writer.append("text", text=f"Line {number}{' needle' if number in (3, 1500) else ''}\n")
    stream = Stream(attempt)
    assert stream.find("NEEDLE", 0, 1) == 3
    assert stream.find("needle", 4, 1) == 1500
    assert stream.find("needle", 1501, 1) == -1
    assert stream.find("needle", 1999, -1) == 1500
    assert stream.find("needle", 1499, -1) == 3
    assert stream.find("needle", 2, -1) == -1
