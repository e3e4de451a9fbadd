"""When a runner is started again by somebody who looks on."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orch_tui import process
from orch_tui.client import send
from orch_tui.client.follow import Follower
from orch_tui.client.reviving import STAYS, Reviving
from orch_tui.errors import StateError
from orch_tui.store import layout
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import Lock


def test_a_runner_may_be_away_for_a_moment():
    reviving = Reviving()
    assert not reviving.look(wanted=True, alive=False, now=10)
    assert not reviving.look(wanted=True, alive=True, now=12)
    assert not reviving.look(wanted=True, alive=False, now=14)
    assert not reviving.words


def test_a_runner_that_stays_away_is_started_once_and_then_ever_more_rarely():
    reviving = Reviving()
    starts = [now for now in range(60) if reviving.look(wanted=True, alive=False, now=now)]
    assert starts == [3, 9, 21, 45]
    assert "no runner stays (3 tried)" in reviving.words


def test_nothing_is_started_for_a_run_that_waits_for_a_person():
    reviving = Reviving()
    assert not any(reviving.look(wanted=False, alive=False, now=now) for now in range(60))


def test_a_runner_that_is_seen_again_and_stays_ends_the_alarm():
    reviving = Reviving()
    for now in range(5):
        reviving.look(wanted=True, alive=False, now=now)
    assert reviving.words
    reviving.look(wanted=True, alive=True, now=6)
    assert (reviving.words, reviving.started) == ("", 1)
    reviving.look(wanted=True, alive=True, now=6 + STAYS)
    assert reviving.started == 0


def test_a_runner_that_dies_soon_after_each_start_is_started_ever_more_rarely_too():
    reviving = Reviving()
    starts: list[int] = []
    for now in range(60):
        if reviving.look(wanted=True, alive=bool(starts) and now == starts[-1] + 1, now=now):
            starts.append(now)
    assert starts == [3, 11, 25, 51]


def test_when_no_runner_stays_that_is_an_error_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = layout.run_dir(tmp_path, "run")
    private_dir(run.path)
    run.log.write_text("orch-tui runner: the disk is on fire\n")
    started: list[RunDir] = []
    monkeypatch.setattr(send, "ensure_runner", started.append)
    follower, reviving = Follower(run), Reviving(patience=0.0)
    for _ in range(send.TRIES):
        send.revive(follower, reviving, wanted=True)
    assert started == [run] * send.TRIES
    with pytest.raises(StateError, match="no runner stays") as told:
        send.revive(follower, reviving, wanted=True)
    assert "the disk is on fire" in told.value.hint


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Pids of runners that are started; they do nothing."""
    pids: list[int] = []

    def start(_argv: list[str], **given: Any) -> int:
        pids.append(process.spawn_detached(["sleep", "300"], **given))
        return pids[-1]

    monkeypatch.setattr(send, "process", SimpleNamespace(**{**vars(process), "spawn_detached": start}))
    yield pids
    for pid in pids:
        kill(pid)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_a_runner_that_takes_long_to_its_lock_is_not_started_twice(tmp_path: Path, started: list[int]):
    run = layout.run_dir(tmp_path, "run")
    private_dir(run.path)
    send.ensure_runner(run)
    send.ensure_runner(run)
    assert send.starting(run)
    assert len(started) == 1
    kill(started[0])
    assert not send.starting(run)
    send.ensure_runner(run)
    assert len(started) == 2


def test_a_runner_that_has_had_the_lock_is_leaving_and_another_one_is_started(tmp_path: Path, started: list[int]):
    run = layout.run_dir(tmp_path, "run")
    private_dir(run.path)
    send.ensure_runner(run)
    lock = Lock(run.lock)
    lock.acquire({"pid": started[0]})
    lock.release()
    send.ensure_runner(run)
    assert len(started) == 2
