"""A journal that lost its last records whole looks like one that never had them; its watermark tells."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from orch_tui.core.codec import encode_event
from orch_tui.core.run_events import RunPaused, RunResumed
from orch_tui.errors import DamageError
from orch_tui.store import journal, system, watermark
from orch_tui.store.layout import RunDir, private_dir, run_dir
from orch_tui.store.record import Position, Record, encode
from orch_tui.store.replay import Replay, write_snapshot


def written(run: RunDir, records: int, *, by: str = "me") -> list[bytes]:
    """A journal of one segment; its lines."""
    private_dir(run.journal)
    crc, lines = 0, list[bytes]()
    for seq in range(1, records + 1):
        type_, fields = encode_event((RunPaused if seq % 2 else RunResumed)(by=by))
        record = Record(seq=seq, v=1, epoch=1, t=seq, mono=seq, boot="", type=type_, cause="c", data=fields)
        line, crc = encode(record, crc)
        lines.append(line)
    journal.segment(run.journal, 1).write_bytes(b"".join(lines))
    return lines


def read(run: RunDir) -> Replay:
    found = Replay(run)
    found.read_all()
    return found


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """A run of six records, all of them safe."""
    made = run_dir(tmp_path, "r")
    written(made, 6)
    watermark.write(made, read(made).position)
    return made


def test_a_journal_as_long_as_its_watermark_or_longer_is_whole(run: RunDir) -> None:
    assert read(run).state.seq == 6
    written(run, 9)
    assert read(run).state.seq == 9


@pytest.mark.parametrize("snapshot", [False, True], ids=["folded", "with a snapshot"])
@pytest.mark.parametrize("kept", range(6))
def test_records_lost_behind_the_watermark_are_damage_and_no_torn_tail(run: RunDir, kept: int, snapshot: bool) -> None:
    if snapshot:
        found = read(run)
        write_snapshot(run, found.state, found.position)
    lines = written(run, 6)
    journal.segment(run.journal, 1).write_bytes(b"".join(lines[:kept]) + lines[kept][:9])
    with pytest.raises(DamageError, match=rf"record {kept} of 000001\.jsonl, but .* record 6 was safe") as told:
        read(run)
    assert "watermark.json" in told.value.hint
    run.watermark.unlink()
    assert read(run).state.seq == kept


def test_a_lost_journal_is_told(run: RunDir) -> None:
    journal.segment(run.journal, 1).unlink()
    with pytest.raises(DamageError, match="record 6 was safe"):
        read(run)


def test_records_lost_before_an_empty_segment_are_told(run: RunDir) -> None:
    mark = watermark.read(run)
    watermark.write(run, Position(segment=2, offset=0, seq=6, crc=mark.crc, epoch=1))
    journal.segment(run.journal, 2).touch()
    assert read(run).state.seq == 6
    journal.segment(run.journal, 1).write_bytes(b"".join(written(run, 6)[:5]))
    with pytest.raises(DamageError, match="record 6 was safe"):
        read(run)


@pytest.mark.parametrize("records", [6, 9])
def test_the_journal_of_another_run_is_told(run: RunDir, records: int) -> None:
    written(run, records, by="somebody else")
    with pytest.raises(DamageError, match="holds another record 6"):
        read(run)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"seq": 9}', b"\0" * 80])
def test_a_watermark_that_cannot_be_read_knows_nothing(run: RunDir, content: bytes) -> None:
    run.watermark.write_bytes(content)
    written(run, 3)
    assert read(run).state.seq == 3


def test_a_watermark_that_cannot_be_written_leaves_the_one_before(run: RunDir) -> None:
    class Full(system.Calls):
        def write(self, file: int, data: bytes | memoryview) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with system.replaced(Full()), pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        watermark.write(run, Position(seq=7))
    assert watermark.read(run).seq == 6
