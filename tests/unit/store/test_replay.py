"""A snapshot is never needed: one that does not fit its journal is left aside."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from orch_tui.core.codec import VERSION, encode_event
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted, RunPaused, RunResumed
from orch_tui.core.state import State
from orch_tui.errors import DamageError
from orch_tui.store import journal, replay
from orch_tui.store.layout import RunDir, private_dir, run_dir
from orch_tui.store.record import Position, Record, encode


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """A run of six records."""
    made = run_dir(tmp_path, "r")
    private_dir(made.journal)
    crc, data = 0, b""
    for seq in range(1, 7):
        type_, fields = encode_event((RunPaused if seq % 2 else RunResumed)(by="me"))
        record = Record(seq=seq, v=1, epoch=1, t=seq, mono=seq, boot="", type=type_, cause="c", data=fields)
        line, crc = encode(record, crc)
        data += line
    journal.segment(made.journal, 1).write_bytes(data)
    return made


def folded(run: RunDir) -> tuple[State, Position, int]:
    """The state, its position, and how many records were read for it."""
    found, count = replay.Replay(run), 0
    while seen := found.read():
        count += len(seen)
    return found.state, found.position, count


def test_a_snapshot_saves_reading_what_it_holds(run: RunDir) -> None:
    state, position, count = folded(run)
    assert (state.seq, position.seq, count) == (6, 6, 6)
    replay.write_snapshot(run, state, position)
    assert folded(run) == (state, position, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"position": {"segment": 1, "offset": 5, "seq": 6, "crc": 1, "epoch": 1}},
        {"position": {"segment": 1}},
        {"position": {"segment": "1", "offset": "0", "seq": "6", "crc": "1", "epoch": "1"}},
        {"position": []},
        {"position": Position().as_dict()},
        {"version": 99},
        {"state": "?"},
    ],
)
def test_a_snapshot_that_does_not_fit_is_left_aside(run: RunDir, change: dict[str, Any]) -> None:
    whole = folded(run)
    replay.write_snapshot(run, *whole[:2])
    run.snapshot.write_text(json.dumps({**json.loads(run.snapshot.read_text()), **change}))
    assert folded(run) == whole


def test_a_snapshot_in_which_a_letter_is_another_one_is_left_aside(run: RunDir) -> None:
    """It was taken for what the journal says: nothing but its place in the journal was checked."""
    whole = folded(run)
    replay.write_snapshot(run, *whole[:2])
    good = run.snapshot.read_bytes()
    assert folded(run)[2] == 0
    for said, wrong in ((b'"running"', b'"stopped"'), (b'"me"', b'"we"'), (b'"epoch": 1', b'"epoch": 0')):
        assert said in good
        run.snapshot.write_bytes(good.replace(said, wrong, 1))
        assert folded(run) == whole


def test_a_snapshot_newer_than_a_restored_journal_is_left_aside(run: RunDir) -> None:
    state, position, _ = folded(run)
    replay.write_snapshot(run, state, position)
    path = journal.segment(run.journal, 1)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    state, position, count = folded(run)
    assert (state.seq, position.seq, count) == (3, 3, 3)


def test_a_snapshot_that_is_no_json_is_left_aside(run: RunDir) -> None:
    run.snapshot.write_bytes(b"{")
    assert folded(run)[2] == 6


def test_no_garbage_is_looked_for_while_a_run_is_taken_up_and_again_afterwards(
    run: RunDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, position, _ = folded(run)
    replay.write_snapshot(run, state, position)
    looked: list[bool] = []

    def refusing(_: object) -> None:
        looked.append(gc.isenabled())

    monkeypatch.setattr(replay, "decode_state", refusing)
    assert folded(run) == (state, position, 6)
    assert looked == [False]
    assert gc.isenabled()


def with_a_command(run: RunDir, events: list[Event]) -> list[bytes]:
    """The lines of a command that led to `events`, as they follow the run's six records."""
    told = CommandAccepted(id="x", op="stop", actor="me", events=len(events))
    _, at, _ = folded(run)
    crc, out = at.crc, list[bytes]()
    for seq, event in enumerate([told, *events], at.seq + 1):
        type_, fields = encode_event(event)
        record = Record(seq=seq, v=1, epoch=1, t=seq, mono=seq, boot="", type=type_, cause="x", data=fields)
        line, crc = encode(record, crc)
        out.append(line)
    return out


def test_what_a_command_led_to_is_folded_when_all_of_it_is_there(run: RunDir) -> None:
    lines = with_a_command(run, [RunPaused(by="you"), RunResumed(by="you"), RunPaused(by="you")])
    found = replay.Replay(run)
    found.read_all()
    before = found.position
    with journal.segment(run.journal, 1).open("ab") as file:
        for line in lines[:-1]:
            file.write(line)
            file.flush()
            assert found.read() == []
            assert (found.state.seq, found.position) == (6, before)
        file.write(lines[-1])
    assert [record.seq for record, _ in found.read()] == [7, 8, 9, 10]
    assert found.state.phase_by == "you"
    assert found.state.commands == {"x": ""}


def test_half_of_a_command_at_the_end_is_cut_like_a_torn_record(run: RunDir) -> None:
    lines = with_a_command(run, [RunPaused(by="you"), RunResumed(by="you")])
    path = journal.segment(run.journal, 1)
    whole = path.read_bytes()
    path.write_bytes(whole + lines[0] + lines[1])
    state, position, count = folded(run)
    assert (state.seq, count, state.commands) == (6, 6, {})
    assert journal.cut_tail(run.journal, position) == len(lines[0] + lines[1])
    assert path.read_bytes() == whole


def test_half_of_the_very_first_command_is_cut_too(run: RunDir) -> None:
    journal.segment(run.journal, 1).write_bytes(b"")
    lines = with_a_command(run, [RunPaused(by="you"), RunResumed(by="you")])
    journal.segment(run.journal, 1).write_bytes(lines[0] + lines[1])
    state, position, count = folded(run)
    assert (state.seq, position, count) == (0, Position(), 0)
    assert journal.cut_tail(run.journal, position) == len(lines[0] + lines[1])


def test_a_command_larger_than_what_is_read_at_once_is_folded_all_the_same(
    run: RunDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_CHUNK", 256)
    lines = with_a_command(run, [RunPaused(by="you" * 200), RunResumed(by="you")])
    with journal.segment(run.journal, 1).open("ab") as file:
        file.write(b"".join(lines))
    state, _, count = folded(run)
    assert (state.seq, count) == (9, 9)


def test_commands_of_an_older_version_say_not_how_many_events_they_led_to(run: RunDir) -> None:
    with journal.segment(run.journal, 1).open("ab") as file:
        file.write(with_a_command(run, [])[0])
    assert folded(run)[0].commands == {"x": ""}


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("SectionDone", {"section": "nowhere", "summary": ""}),
        ("NoticeRaised", {"section": "nowhere", "attempt": 7, "n": 1, "kind": "", "text": ""}),
        ("RevisionApproved", {"plan_sha": "0", "graph_sha": "0", "by": "nobody"}),
    ],
)
def test_a_record_that_checks_out_and_does_not_fit_is_damage(run: RunDir, type_: str, fields: dict[str, Any]) -> None:
    """Whoever wrote it knew how to chain it; it used to end the reader with a traceback."""
    _, at, _ = folded(run)
    foreign = Record(
        seq=at.seq + 1, v=VERSION, epoch=at.epoch, t=1.0, mono=1.0, boot="", type=type_, cause="", data=fields
    )
    path = journal.segment(run.journal, at.segment)
    path.write_bytes(path.read_bytes() + encode(foreign, at.crc)[0])
    with pytest.raises(DamageError, match=type_):
        folded(run)
