"""Links, pipes, directories and files with two names at each place of a run: nothing is followed, nobody waits."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui.appending import appended_to
from orch_tui.clock import Clock
from orch_tui.engine.approved import read_text
from orch_tui.errors import OrchError
from orch_tui.store import artifacts, files, journal, replay, watermark
from orch_tui.store.layout import AttemptDir, RunDir, private_dir, run_dir
from orch_tui.store.lock import Lock, held, holder
from orch_tui.store.record import Position
from orch_tui.store.transcripts import Follow, Reader, Writer
from orch_tui.store.writer import Writer as Journal

SECRET = b'{"n":1,"t":0,"kind":"text","text":"of somebody else","pid":1}\n'
SHA = "0" * 64


def _link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def _second_name(path: Path, other: Path) -> None:
    path.hardlink_to(other)


def _pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def _directory(path: Path, _: Path) -> None:
    path.mkdir()


def _device(path: Path, _: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS = {"link": _link, "second name": _second_name, "pipe": _pipe, "directory": _directory, "endless": _device}


def _transcript(attempt: AttemptDir) -> object:
    return [line.text for line in Reader(attempt).lines(0, 10)], Follow(attempt.transcript).read()


def _write_transcript(attempt: AttemptDir) -> None:
    writer = Writer(attempt, attempt.path.parents[2] / "artifacts", Clock())
    writer.append("text", text="ours\n")
    writer.close()


def _journal(run: RunDir) -> object:
    return journal.Tail(run.journal).read()


def _write_journal(run: RunDir) -> None:
    Journal(run.journal, epoch=1, clock=Clock(), last=Position()).close()


def _write_lock(path: Path) -> None:
    lock = Lock(path)
    lock.acquire({"pid": 1})
    lock.release()


def _log(path: Path) -> None:
    os.close(appended_to(path))


Way = Callable[[RunDir, AttemptDir], object]
PLACES: dict[str, tuple[Callable[[RunDir, AttemptDir], Path], Way, Way]] = {
    "transcript": (lambda _, a: a.transcript, lambda _, a: _transcript(a), lambda _, a: _write_transcript(a)),
    "index": (lambda _, a: a.index, lambda _, a: _transcript(a), lambda _, a: _write_transcript(a)),
    "spec": (lambda _, a: a.spec, lambda _, a: files.read_bytes(a.spec), lambda _, a: files.replace(a.spec, b"{}")),
    "brief": (lambda _, a: a.brief, lambda _, a: files.read_bytes(a.brief), lambda _, a: files.replace(a.brief, b"")),
    "host": (lambda _, a: a.host, lambda _, a: files.read_json(a.host), lambda _, a: files.replace(a.host, b"{}")),
    "exit": (lambda _, a: a.exit, lambda _, a: files.read_json(a.exit), lambda _, a: files.replace(a.exit, b"{}")),
    "result": (
        lambda _, a: a.result,
        lambda _, a: files.read_json(a.result),
        lambda _, a: files.replace(a.result, b"{}"),
    ),
    "host lock": (lambda _, a: a.lock, lambda _, a: (held(a.lock), holder(a.lock)), lambda _, a: _write_lock(a.lock)),
    "host log": (lambda _, a: a.log, lambda _, a: files.read_bytes(a.log), lambda _, a: _log(a.log)),
    "segment": (
        lambda r, _: journal.segment(r.journal, 1),
        lambda r, _: _journal(r),
        lambda r, _: _write_journal(r),
    ),
    "snapshot": (
        lambda r, _: r.snapshot,
        lambda r, _: replay.Replay(r).state.seq,
        lambda r, _: replay.keep_snapshot(r, b"{}"),
    ),
    "watermark": (
        lambda r, _: r.watermark,
        lambda r, _: watermark.read(r),
        lambda r, _: watermark.write(r, Position()),
    ),
    "status": (
        lambda r, _: r.status,
        lambda r, _: files.read_json(r.status),
        lambda r, _: files.replace(r.status, b"{}"),
    ),
    "runner lock": (lambda r, _: r.lock, lambda r, _: (held(r.lock), holder(r.lock)), lambda r, _: _write_lock(r.lock)),
    "runner log": (lambda r, _: r.log, lambda r, _: files.read_bytes(r.log), lambda r, _: _log(r.log)),
    "plan": (
        lambda r, _: r.plan(SHA),
        lambda r, _: read_text(r, SHA, "me"),
        lambda r, _: files.replace(r.plan(SHA), b"# Plan\n"),
    ),
    "artifact": (
        lambda r, _: r.artifacts / SHA,
        lambda r, _: artifacts.get(r.artifacts, SHA),
        lambda r, _: artifacts.put(r.artifacts, b"ours"),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_is_neither_followed_nor_waited_for(place: str, kind: str, tmp_path: Path) -> None:
    run = run_dir(tmp_path, "r")
    for directory in (run.journal, run.plans, run.artifacts):
        private_dir(directory)
    attempt = run.attempt("A", 1)
    attempt.make()
    other = tmp_path / "other"
    other.write_bytes(SECRET)
    where, read, write = PLACES[place]
    KINDS[kind](where(run, attempt), other)
    if kind != "second name":  # it is a file like others to whoever reads it
        with contextlib.suppress(OSError, OrchError):
            assert "of somebody else" not in str(read(run, attempt))
    with contextlib.suppress(OSError, OrchError):
        write(run, attempt)
    assert other.read_bytes() == SECRET


def test_a_planted_transcript_counts_as_none(tmp_path: Path) -> None:
    attempt = run_dir(tmp_path, "r").attempt("A", 1)
    attempt.path.mkdir(parents=True)
    for path in (attempt.transcript, attempt.index):
        path.symlink_to("/dev/zero")
    assert Reader(attempt).count() == 0
    assert Reader(attempt).lines(0, 5) == []


def test_a_planted_segment_is_refused_in_words(tmp_path: Path) -> None:
    run = run_dir(tmp_path, "r")
    private_dir(run.journal)
    journal.segment(run.journal, 1).symlink_to("/dev/zero")
    with pytest.raises(OrchError, match=r"000001.jsonl': it is a link"):
        journal.Tail(run.journal).read()
