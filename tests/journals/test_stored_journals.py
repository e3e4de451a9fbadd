"""Journals of real runs, as earlier versions wrote them, are replayed for ever. Never edit one, and never make it anew.

Where one of these fails, what was written is not read as it was meant any more: mend `core/upcast.py` or `apply`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from summing_up import summary

from orch_tui.core.state import State
from orch_tui.invariants.reading import read
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Position
from orch_tui.store.replay import Replay, write_snapshot

HERE = Path(__file__).parent
STORED = sorted(HERE.glob("version-*.jsonl"))
SUMS = dict(line.split("  ")[::-1] for line in (HERE / "SHA256SUMS").read_text().splitlines())


def folded(run: RunDir, *, snapshot: bool = True) -> tuple[State, Position]:
    found = Replay(run, snapshot=snapshot)
    found.read_all()
    return found.state, found.position


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    made = RunDir(tmp_path / "run")
    made.journal.mkdir(parents=True)
    return made


def test_a_stored_journal_is_never_edited() -> None:
    files = [*STORED, *(path.with_suffix(".txt") for path in STORED)]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == SUMS


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_a_stored_journal_comes_to_what_it_came_to(stored: Path, run: RunDir) -> None:
    journal.segment(run.journal, 1).write_bytes(stored.read_bytes())
    assert summary(folded(run)[0]) == stored.with_suffix(".txt").read_text(encoding="utf-8")
    assert [found.text for found in read(run).findings if not found.harmless] == []


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_a_snapshot_anywhere_and_the_records_behind_it_are_what_all_records_are(stored: Path, run: RunDir) -> None:
    lines = stored.read_bytes().splitlines(keepends=True)
    path = journal.segment(run.journal, 1)
    path.write_bytes(b"".join(lines))
    whole = folded(run)
    for cut in range(1, len(lines), max(1, len(lines) // 5)):
        path.write_bytes(b"".join(lines[:cut]))
        state, position = folded(run, snapshot=False)
        write_snapshot(run, state, position)
        path.write_bytes(b"".join(lines))
        assert Replay(run).state.seq == position.seq, "the snapshot is not used"
        assert folded(run) == whole
        run.snapshot.unlink()
        assert folded(run) == whole, "thrown away and folded anew"
