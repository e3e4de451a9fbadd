"""Session hosts on this machine: forked from a nursery, found again by their locks, watched through their files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from orch_tui import process
from orch_tui.clock import Clock
from orch_tui.errors import OrchError, StateError
from orch_tui.executors.base import CaughtUp, Gone, HostEvent, HostStatus, Job, Message, Node, Ref, Said
from orch_tui.executors.nurseries import Nurseries
from orch_tui.store import files, inbox
from orch_tui.store.bell import ring
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.store.lock import Lock, held
from orch_tui.store.transcripts import Follow
from orch_tui.store.watch import Watch

_LOOK = 0.5  # seconds between looks when no wake-up comes
_REPORTED = frozenset({"started", "usage", "ask", "ask_closed", "notice", "proposed", "counted"})
_VOID = {"outcome": "void", "message": "nobody was hosting it when a new runner looked"}


class LocalExecutor:
    """Executor for this machine; see Executor for what each method promises."""

    def __init__(self, env: Mapping[str, str], clock: Clock | None = None) -> None:
        """`env` is the environment of hosts; with the run's marker in it, a sweep of the run finds them too."""
        self._clock = clock or Clock()
        self._nurseries = Nurseries(env)

    def describe(self) -> Sequence[Node]:
        """One node; slots are the run's own limit."""
        return [Node(name=os.uname().nodename, free=None)]

    async def submit(self, job: Job) -> Ref:
        """Fork a host from the nursery."""
        return Ref(job=job, pid=await self._nurseries.host(job))

    async def events(self, ref: Ref, after: int) -> AsyncIterator[HostEvent]:
        """Tail the transcript until the host is gone."""
        attempt = AttemptDir(ref.job.directory)
        follow = Follow(attempt.transcript, kinds=_REPORTED)
        with Watch() as watch, _Alive(attempt, ref.pid) as alive:
            watch.add(ref.job.directory)
            watch.add_fd(alive.fd)
            gone = caught_up = False
            while True:
                for record in follow.read():
                    n, kind = int(record["n"]), str(record["kind"])
                    if n > after and kind in _REPORTED:
                        yield Said(n=n, kind=kind, fields=record)
                if not caught_up:
                    caught_up = True
                    yield CaughtUp()
                if gone:
                    break
                gone = not alive.still()
                if not gone:
                    await watch.wait(_LOOK)
        yield Gone(exit=self._exit(attempt))

    def _exit(self, attempt: AttemptDir) -> Mapping[str, object] | None:
        told = _told(attempt.exit)
        return None if told is None or told.get("outcome") == "void" else told

    async def send(self, ref: Ref, message: Message) -> None:
        """Drop the control into the attempt's inbox."""
        body = {"id": message.id, "op": message.op, "args": dict(message.args), "actor": "runner"}
        attempt = AttemptDir(ref.job.directory)
        await asyncio.to_thread(_drop, attempt, body)
        ring(attempt.bell)

    async def end(self, ref: Ref, *, grace: float) -> int:
        """Control, then SIGTERM, then SIGKILL for the host; then everything that carries the marker.

        A host that had nothing left below it when it ended says so, and then there is nothing to look for.
        """
        attempt = AttemptDir(ref.job.directory)
        with _Alive(attempt, ref.pid) as alive:
            if alive.still():  # also one that has not taken its lock yet: it finds the control when it is up
                with contextlib.suppress(OrchError, OSError):  # a full disk: then signals must do
                    await self.send(ref, Message(id=f"end-{ref.job.attempt}", op="end", args={}))
                await alive.gone(grace)
            for sig in (signal.SIGTERM, signal.SIGKILL):
                if alive.still():
                    self._signal(attempt, ref.pid, sig)
                    await alive.gone(grace)
        left = self._exit(attempt)
        return 0 if left is not None and left.get("alone") is True else await process.end_marked(ref.job.marker)

    def _signal(self, attempt: AttemptDir, pid: int, sig: int) -> None:
        """Signal the host: the process that told who it is, or the one just forked that has not got so far."""
        told = _told(attempt.host)
        start: object = process.start_time(pid) if pid else None
        if told is not None and told.get("boot_id") == self._clock.boot():
            pid, start = told.get("pid", 0), told.get("start_time")
        if isinstance(start, (int, float)) and process.alive(pid, start):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)

    def status(self, ref: Ref) -> HostStatus:
        """By lock and exit.json."""
        attempt = AttemptDir(ref.job.directory)
        if held(attempt.lock):
            return "running"
        return "exited" if self._exit(attempt) is not None else "lost"

    async def adopt(self, job: Job) -> Ref | None:
        """By lock: whoever holds it is the host. Nobody: take it, and leave the word that keeps a late host out."""
        attempt = AttemptDir(private_dir(job.directory))
        lock = Lock(attempt.lock)
        body = {
            "pid": os.getpid(),
            "start_time": 0,
            "boot_id": self._clock.boot(),
            "host": os.uname().nodename,
            "epoch": 0,
        }
        if held(attempt.lock) or not lock.acquire(body):  # to try for a lock that is held takes a while
            told = _told(attempt.host) or {}
            pid = told.get("pid") if told.get("boot_id") == self._clock.boot() else 0  # else anybody's by now
            return Ref(job=job, pid=pid if isinstance(pid, int) else 0)
        try:
            if not attempt.exit.exists():
                files.replace(attempt.exit, json.dumps(_VOID).encode())
        finally:
            lock.release()
        return None

    async def close(self) -> None:
        """Leave the nursery alone; its hosts go on."""
        await self._nurseries.close()


def _drop(attempt: AttemptDir, body: Mapping[str, object]) -> None:
    attempt.make_inbox()
    inbox.drop(attempt.inbox, body)


def _told(path: Path) -> dict[str, Any] | None:
    """What a host left in a file; None too when that cannot be read, because the agent, say, wrote over it."""
    try:
        return files.read_json(path)
    except OrchError:
        return None


class _Alive:
    """Whether a host lives: its pid (through a pidfd where there is one) and its lock, which is the proof."""

    def __init__(self, attempt: AttemptDir, pid: int) -> None:
        self._attempt = attempt
        self._pid = pid
        self._seen = False
        self.fd = -1
        if pid and hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self.fd = os.pidfd_open(pid)

    def __enter__(self) -> _Alive:
        return self

    def __exit__(self, *_: object) -> None:
        if self.fd >= 0:
            os.close(self.fd)

    def still(self) -> bool:
        """Whether the host is there. Until it took its lock for the first time its pid counts, later only the lock.

        Whether it was up is looked at before the lock: a host that comes up between the two looks holds its lock by
        the time it says so, and looked at the other way round it would be taken for gone, and ended.
        """
        was_up = self._seen or self._attempt.host.exists()
        try:
            if held(self._attempt.lock):
                self._seen = True
                return True
        except StateError:  # out of descriptors, a disk that fails: who cannot be asked passes for alive
            return True
        return not was_up and self._pid > 0 and process.start_time(self._pid) is not None

    async def gone(self, seconds: float) -> bool:
        """Wait until it is gone, `seconds` at most."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        pause = 0.005
        while self.still():
            if loop.time() >= until:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.1)
        return True
