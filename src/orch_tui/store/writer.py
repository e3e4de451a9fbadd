"""Writing the journal: one writer, natural batching, and never a second try at a failed sync.

While one fdatasync runs, what is appended gathers; the next write takes all of it. A producer alone waits for one sync,
a hundred producers share one (the policy measured best in the project's reliability notes; the idea is PostgreSQL's
group commit without a delay). After a failed write or sync the segment is cut behind the last acknowledged record (the
kernel may have dropped what it could not write, while still showing it to readers) and the rest goes into a new one; a
second failure halts the run read-only.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from orch_tui import room
from orch_tui.clock import Clock
from orch_tui.errors import DamageError, OrchError, StateError
from orch_tui.store import system
from orch_tui.store.files import fsync_dir, opened_to_write, write_all
from orch_tui.store.journal import Position, Record, encode, segment

SEGMENT_BYTES = 64 << 20
_RIDE = 1.0  # seconds after which records that nobody waits for are synced all the same


def taken_over() -> StateError:
    """That the lock was removed or replaced under its holder."""
    return StateError("another runner took over this run", hint="this one is no longer in charge")


class Writer:
    """Appends records. Used from one event loop; a thread of its own writes and syncs."""

    def __init__(
        self,
        directory: Path,
        *,
        epoch: int,
        clock: Clock,
        last: Position,
        owns: Callable[[], bool] = lambda: True,
        segment_bytes: int = SEGMENT_BYTES,
        spare: Callable[[], bool] = lambda: False,
    ) -> None:
        """`spare` gives room back that was kept for a full disk."""
        self._directory = directory
        self._epoch = epoch
        self._clock = clock
        self._owns = owns
        self._limit = segment_bytes
        self._spare = spare
        self._seq, self._crc = last.seq, last.crc
        self._durable = replace(last, epoch=epoch)
        self._pending: list[tuple[int, bytes, int]] = []
        """(seq, line, crc) not yet acknowledged; only the thread removes."""
        self._wanted = 0
        self._waiters: list[tuple[int, int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._order = count()
        self._condition = threading.Condition()
        self._closing = False
        self._closed = False
        self.failed: Exception | None = None
        try:
            self._file = self._begin(last)
        except OSError as error:
            raise _stopped(error) from error
        self._start()

    @property
    def position(self) -> Position:
        """Up to where the journal is durable."""
        with self._condition:
            return self._durable

    @property
    def end(self) -> Position:
        """Where that will be once all that was appended is; elsewhere if another segment is begun meanwhile."""
        with self._condition:
            size = sum(len(line) for _, line, _ in self._pending)
            return replace(self._durable, offset=self._durable.offset + size, seq=self._seq, crc=self._crc)

    def append(self, items: Sequence[tuple[str, str, dict[str, Any]]], *, v: int = 1) -> list[Record]:
        """Queue (type, cause, data) items and return their records at once. Raises StateError after a halt."""
        self._check()
        assert not self._closing, "the journal's writer was closed"
        records: list[Record] = []
        lines: list[tuple[int, bytes, int]] = []
        t, mono, boot = round(self._clock.wall(), 6), round(self._clock.mono(), 6), self._clock.boot()
        for type_, cause, data in items:
            self._seq += 1
            record = Record(
                seq=self._seq, v=v, epoch=self._epoch, t=t, mono=mono, boot=boot, type=type_, cause=cause, data=data
            )
            line, self._crc = encode(record, self._crc)
            records.append(record)
            lines.append((record.seq, line, self._crc))
        with self._condition:
            if not self._pending:
                self._nudge()  # else the thread is at work, or counts the time already
            self._pending += lines
        return records

    async def wait(self, seq: int) -> None:
        """Return when every record up to `seq` is durable. Raises StateError when it cannot be made so."""
        loop = asyncio.get_running_loop()
        with self._condition:
            if self._durable.seq >= seq:
                return
            self._check()
            future: asyncio.Future[None] = loop.create_future()
            heapq.heappush(self._waiters, (seq, next(self._order), loop, future))
            self._wanted = max(self._wanted, seq)
            self._nudge()
        await future

    def close(self) -> None:
        """Make everything durable and stop. Raises StateError when that failed. A second call does nothing."""
        with self._condition:
            self._closing = True
            self._nudge()
        self._finish()
        if not self._closed:
            self._closed = True
            system.calls.close(self._file)
        self._check()

    def _check(self) -> None:
        if self.failed is not None:
            raise _stopped(self.failed) from self.failed

    # --- who commits; a simulation does it on its own clock -----------------------------------------------------------

    def _start(self) -> None:
        """From now on what is appended is committed when it is nudged to be."""
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    def _nudge(self) -> None:
        """There is something to commit, or somebody waits for it; the condition is held."""
        self._condition.notify()

    def _finish(self) -> None:
        """Return when everything appended is committed, or cannot be."""
        self._thread.join()

    # --- in the writer thread -----------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._pending and not self._closing:
                    self._condition.wait()
                if not self._pending:
                    return
                self._condition.wait_for(lambda: self._wanted > self._durable.seq or self._closing, _RIDE)
                batch = list(self._pending)
            if not self._committed(batch):
                return

    def _committed(self, batch: list[tuple[int, bytes, int]]) -> bool:
        """Make a batch durable; False when it cannot be, and nothing will be any more."""
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, every waiter must hear of it
            self._halt(error)
            return False
        return True

    def _write(self, batch: list[tuple[int, bytes, int]]) -> None:
        if not self._owns():
            raise taken_over()
        try:
            self._commit(batch)
        except OSError as error:
            if room.short(error):
                self._spare()
            self._cut()
            self._rotate()
            self._retry(batch)
        if self._durable.offset >= self._limit:
            with contextlib.suppress(OSError):  # no room for another file: the old one will do
                self._rotate()

    def _retry(self, batch: list[tuple[int, bytes, int]]) -> None:
        try:
            self._commit(batch)
        except OSError:
            with contextlib.suppress(OSError):  # the first failure is the one to tell
                self._cut()
            raise

    def _commit(self, batch: list[tuple[int, bytes, int]]) -> None:
        data = b"".join(line for _, line, _ in batch)
        write_all(self._file, data)
        system.calls.fdatasync(self._file)
        seq, _, crc = batch[-1]
        with self._condition:
            done = replace(self._durable, offset=self._durable.offset + len(data), seq=seq, crc=crc)
            self._durable = done
            del self._pending[: len(batch)]
            woken: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
            while self._waiters and self._waiters[0][0] <= seq:
                _, _, loop, future = heapq.heappop(self._waiters)
                woken.append((loop, future))
        _wake(woken, None)

    def _cut(self) -> None:
        """Take away what was written of a batch that could not be acknowledged. Nobody may take it for safe."""
        system.calls.truncate(self._file, self._durable.offset)
        system.calls.fsync(self._file)

    def _rotate(self) -> None:
        """Go on in a new segment."""
        number = self._durable.segment + 1
        file = self._begin(replace(self._durable, segment=number, offset=0))
        system.calls.close(self._file)
        self._file = file
        with self._condition:
            self._durable = replace(self._durable, segment=number, offset=0)

    def _begin(self, last: Position) -> int:
        file = self._open(last.segment)
        size = os.fstat(file).st_size
        if size != last.offset:
            system.calls.close(file)
            raise DamageError(
                f"journal segment {segment(self._directory, last.segment).name!r} has {size} bytes, {last.offset} good",
                hint="cut the torn tail before writing",
            )
        return file

    def _open(self, number: int) -> int:
        path = segment(self._directory, number)
        file = opened_to_write(path, os.O_WRONLY | os.O_APPEND)
        try:
            fsync_dir(self._directory)
        except OSError:
            system.calls.close(file)
            raise
        return file

    def _halt(self, error: Exception) -> None:
        with self._condition:
            self.failed = error
            woken = [(loop, future) for _, _, loop, future in self._waiters]
            self._waiters = []
        _wake(woken, error)


def _stopped(error: Exception) -> StateError:
    hint = error.hint if isinstance(error, OrchError) else "mend the disk, then resume"
    stopped = StateError(f"the journal cannot be written: {error}", hint=room.NO_ROOM if room.short(error) else hint)
    stopped.__cause__ = error
    return stopped


def _wake(waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]], error: Exception | None) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for loop, future in waiters:
        by_loop.setdefault(loop, []).append(future)
    for loop, futures in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, futures, error)


def _resolve(futures: list[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(_stopped(error))
