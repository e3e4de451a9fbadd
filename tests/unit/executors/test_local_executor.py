"""Hosts of this machine as the runner sees them, at the moments in which they come up."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orch_tui import process
from orch_tui.errors import StateError
from orch_tui.executors import local
from orch_tui.executors.base import CaughtUp, Gone, Job, Message, Ref
from orch_tui.store import inbox, system
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.store.lock import Lock, held
from orch_tui.store.system import Calls


async def test_a_host_that_comes_up_while_it_is_looked_for_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The runner saw the lock free, then the host took it and said so, then the runner saw what it said."""
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    lock = Lock(attempt.lock)
    looks: list[bool] = []

    def comes_up_behind_the_first_look(path: Path) -> bool:
        looks.append(held(path))
        if len(looks) == 1:
            assert lock.acquire({"pid": os.getpid()})
            attempt.host.write_text("{}")
        elif len(looks) == 2:
            lock.release()
        return looks[-1]

    monkeypatch.setattr(local, "held", comes_up_behind_the_first_look)
    job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/1")
    executor = local.LocalExecutor({})
    said = [event async for event in executor.events(Ref(job=job, pid=os.getpid()), after=0)]
    assert said == [CaughtUp(), Gone(exit=None)]
    assert looks == [False, True, False]


async def test_the_first_control_of_an_attempt_finds_an_inbox(tmp_path: Path):
    """An attempt has none before, because most are never told anything."""
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/1")
    for number in (1, 2):
        control = Message(id=f"c{number}", op="steer", args={"text": "mind the gap"})
        await local.LocalExecutor({}).send(Ref(job=job, pid=os.getpid()), control)
    assert sorted(path.stem for path in (attempt.inbox / "new").iterdir()) == ["c1", "c2"]


HOST = """
import os, sys, time
from pathlib import Path
from orch_tui import process
from orch_tui.clock import boot_id
from orch_tui.store import files
from orch_tui.store.layout import AttemptDir
from orch_tui.store.lock import Lock
import json
attempt = AttemptDir(Path(sys.argv[1]))
body = {"pid": os.getpid(), "start_time": process.start_time(os.getpid()), "boot_id": boot_id()}
lock = Lock(attempt.lock)
assert lock.acquire(body)
files.replace(attempt.host, json.dumps(body).encode(), durable=False)
print("up", flush=True)
time.sleep(600)
"""
"""A host that hears nothing but signals."""


@pytest.mark.parametrize(
    "error", [StateError("no space"), OSError(errno.ENOSPC, "no space")], ids=["refused", "from the system"]
)
async def test_a_host_is_ended_by_signals_when_the_disk_is_too_full_to_tell_it(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))

    def full(*_: object) -> str:
        raise error

    monkeypatch.setattr(inbox, "drop", full)
    argv = [sys.executable, "-c", HOST, str(attempt.path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert await asyncio.to_thread(child.stdout.readline) == b"up\n"
            job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/full")
            await local.LocalExecutor({}).end(Ref(job=job, pid=child.pid), grace=0.05)
            assert not held(attempt.lock)
        finally:
            child.kill()


@pytest.mark.parametrize(("told", "sweeps"), [({"alone": True}, 0), ({"alone": False}, 1), ({}, 1), (None, 1)])
async def test_only_a_host_that_left_nothing_below_it_is_not_swept_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, bool] | None, sweeps: int
):
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    if told is not None:
        attempt.exit.write_text(json.dumps({"outcome": "succeeded", **told}))
    swept: list[str] = []

    async def end_marked(marker: str) -> int:
        swept.append(marker)
        return 0

    monkeypatch.setattr(local.process, "end_marked", end_marked)
    job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/1")
    await local.LocalExecutor({}).end(Ref(job=job, pid=0), grace=0.1)
    assert swept == ["r/A/1"] * sweeps


async def test_a_pid_that_a_host_told_in_another_boot_is_never_signalled(tmp_path: Path):
    """Somebody holds the lock, and the pid is that of a process which has nothing to do with it."""
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    lock = Lock(attempt.lock)
    assert lock.acquire({})
    with subprocess.Popen(["sleep", "300"]) as stranger:
        try:
            start = process.start_time(stranger.pid)
            told = {"pid": stranger.pid, "start_time": start, "boot_id": "another boot"}
            attempt.host.write_text(json.dumps(told))
            job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/boot")
            executor = local.LocalExecutor({})
            ref = await executor.adopt(job)
            assert ref == Ref(job=job, pid=0)
            await executor.end(ref, grace=0.01)
            assert stranger.poll() is None
        finally:
            stranger.kill()
    lock.release()


async def test_a_host_that_cannot_be_asked_whether_it_lives_is_ended_all_the_same(tmp_path: Path):
    """A failing disk let an attempt be given up, and its host, which nobody could ask either, go on beside the next."""
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))

    class Failing(Calls):
        def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
            if path == attempt.lock:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().open(path, flags, mode)

    argv = [sys.executable, "-c", HOST, str(attempt.path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert await asyncio.to_thread(child.stdout.readline) == b"up\n"
            job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/eio")
            with system.replaced(Failing()):
                await local.LocalExecutor({}).end(Ref(job=job, pid=child.pid), grace=0.05)
            assert not held(attempt.lock)
        finally:
            child.kill()
