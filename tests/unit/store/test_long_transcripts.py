"""A transcript that grows beyond its limit keeps its beginning and its end, and every reader stays right."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from orch_tui.client.streams import Stream
from orch_tui.clock import Clock
from orch_tui.store import system
from orch_tui.store.layout import AttemptDir
from orch_tui.store.pieces import pieces, size
from orch_tui.store.transcripts import NOT_KEPT, Follow, Reader, Writer

LIMIT = 16_384


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    found = AttemptDir(tmp_path / "sections" / "A" / "1")
    found.path.mkdir(parents=True)
    return found


def filled(attempt: AttemptDir, lines: int, first: int = 0) -> Writer:
    """A transcript of so many lines of text, numbered."""
    writer = Writer(attempt, attempt.path / "artifacts", Clock(), limit=LIMIT)
    for number in range(first, lines):
        writer.append("text", text=f"line {number}\n")
    return writer


def kept(attempt: AttemptDir) -> int:
    return sum(one.end - one.start for one in pieces(attempt.transcript))


def test_its_beginning_and_its_end_are_kept_and_no_more_than_the_limit(attempt: AttemptDir):
    filled(attempt, 1000).close()
    assert kept(attempt) <= LIMIT + 200
    assert sum(one.end - one.start for one in pieces(attempt.index)) <= LIMIT // 4 + 8
    assert size(attempt.transcript) > 2 * LIMIT
    reader = Reader(attempt)
    assert reader.count() == 1000
    shown = reader.lines(0, 1000)
    assert len(shown) == 1000, "every line has its place"
    texts = [line.text for line in shown if line.kind != NOT_KEPT]
    assert texts[:100] == [f"line {number}" for number in range(100)]
    assert texts[-60:] == [f"line {number}" for number in range(940, 1000)]
    assert all(line.text in {"", f"line {number}"} for number, line in enumerate(shown))
    assert 0 < sum(line.kind == NOT_KEPT for line in shown) < 800


def test_any_window_of_it_is_what_the_whole_shows_there(attempt: AttemptDir):
    filled(attempt, 1000).close()
    reader = Reader(attempt)
    whole = reader.lines(0, 1000)
    for start in range(0, 1000, 7):
        assert reader.lines(start, start + 20) == whole[start : start + 20]
    assert Stream(attempt).rows(400, 410)[0].text == NOT_KEPT


def test_a_short_one_is_one_file_as_ever(attempt: AttemptDir):
    filled(attempt, 20).close()
    assert sorted(path.name for path in attempt.path.iterdir()) == ["transcript.idx", "transcript.jsonl"]


def test_who_follows_it_as_it_grows_misses_nothing(attempt: AttemptDir):
    follow = Follow(attempt.transcript)
    writer = Writer(attempt, attempt.path / "artifacts", Clock(), limit=LIMIT)
    seen: list[int] = []
    for number in range(2000):
        writer.append("notice", notice="note", text=f"{number}")
        if number % 13 == 0:
            seen += [record["n"] for record in follow.read()]
    writer.close()
    seen += [record["n"] for record in follow.read()]
    assert seen == list(range(1, 2001))


def test_who_comes_late_reads_the_beginning_and_the_end(attempt: AttemptDir):
    filled(attempt, 1000).close()
    seen = [record["n"] for record in Follow(attempt.transcript).read()]
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (1, 1000)
    assert len(seen) < 1000


def test_a_writer_that_takes_it_up_goes_on_behind_it(attempt: AttemptDir):
    filled(attempt, 1000).close()
    filled(attempt, 1500, first=1000).close()
    reader = Reader(attempt)
    assert reader.count() == 1500
    assert [line.text for line in reader.lines(1480, 1500)] == [f"line {number}" for number in range(1480, 1500)]
    assert [line.n for line in reader.lines(1499, 1500)] == [1500]


def test_what_is_too_long_goes_to_artifacts_up_to_the_limit_as_well(attempt: AttemptDir, tmp_path: Path):
    artifacts = attempt.path / "artifacts"
    writer = Writer(attempt, artifacts, Clock(), limit=200_000)
    for number in range(6):
        writer.append("notice", notice="long", text=f"{number}" + "x" * 100_000)
    writer.close()
    assert sum(path.stat().st_size for path in artifacts.iterdir()) <= 200_000
    last = Reader(attempt).lines(5, 6)[0]
    assert last.fields["text"].endswith("[100001 bytes, not kept]")


class _Full(system.Calls):
    """A disk that has no room for the next `times` writes, of which each writes a part."""

    def __init__(self, times: int, number: int = errno.ENOSPC) -> None:
        self.times = times
        self._number = number

    def write(self, file: int, data: bytes | memoryview) -> int:
        if not self.times:
            return super().write(file, data)
        self.times -= 1
        super().write(file, bytes(data)[:5])
        raise OSError(self._number, os.strerror(self._number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_record_that_finds_no_room_is_written_once_there_is_some_and_only_once(attempt: AttemptDir, number: int):
    waits: list[OSError] = []
    writer = Writer(attempt, attempt.path / "artifacts", Clock(), wait=waits.append)
    writer.append("text", text="before\n")
    with system.replaced(_Full(3, number)):
        writer.append("text", text="one\ntwo\n")
    writer.close()
    assert len(waits) == 3
    assert [record["n"] for record in Follow(attempt.transcript).read()] == [1, 2, 3]
    assert [line.text for line in Reader(attempt).lines(0, 9)] == ["before", "one", "two"]


def test_without_patience_what_was_written_in_part_is_taken_back(attempt: AttemptDir):
    writer = Writer(attempt, attempt.path / "artifacts", Clock())
    with system.replaced(_Full(1)), pytest.raises(OSError, match="No space"):
        writer.append("text", text="one\n")
    assert attempt.transcript.stat().st_size == attempt.index.stat().st_size == 0


def test_a_long_text_that_finds_no_room_as_a_whole_keeps_its_beginning(attempt: AttemptDir):
    class NoArtifacts(system.Calls):
        def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
            if path.parent.name == "artifacts":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().open(path, flags, mode)

    writer = Writer(attempt, attempt.path / "artifacts", Clock())
    with system.replaced(NoArtifacts()):
        writer.append("notice", notice="long", text="y" * 100_000)
        writer.append("text", text="z" * 100_000 + "\n")
    writer.close()
    first, second = Reader(attempt).lines(0, 2)
    assert first.fields["text"].endswith("[100000 bytes, not kept]")
    assert second.text.endswith("[100000 bytes, not kept]")
