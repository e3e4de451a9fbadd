"""What a runner keeps beside the journal and could do without: status.json, progress.md, watermark, snapshot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from orch_tui.clock import Clock
from orch_tui.engine.cadence import Cadence
from orch_tui.engine.loop import Loop
from orch_tui.engine.publish import Publisher
from orch_tui.engine.runner_log import say
from orch_tui.errors import DamageError
from orch_tui.store import watermark
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay, drop_snapshot, encode_snapshot, keep_snapshot, write_snapshot
from orch_tui.store.writer import Writer

STATUS_EVERY = 0.1  # seconds between two replacements of status.json, at least
STATUS_FRESH = 0.2  # seconds after which it holds what happened, at most
PROGRESS_EVERY = 1.0
PROGRESS_FRESH = 5.0
SNAPSHOT_EVERY = 20_000  # records


class Derived:
    """The derived files of one run. Where one cannot be written (a full disk) the run goes on."""

    def __init__(self, run: RunDir, clock: Clock) -> None:
        self._run = run
        self._clock = clock
        self._publisher = Publisher(run)
        self._status = Cadence(every=STATUS_EVERY, fresh=STATUS_FRESH)
        self._progress = Cadence(every=PROGRESS_EVERY, fresh=PROGRESS_FRESH)
        self._marked = 0
        self._snapshot_seq = 0
        self._due = asyncio.Event()
        """Set when there should be another snapshot: just after status.json was written, since it takes a while."""
        self._keeping: asyncio.Future[None] | None = None
        self._complained: int | None = 0

    async def publish(self, loop: Loop, writer: Writer) -> None:
        """Keep status.json, progress.md and the watermark fresh."""
        told = 0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if told == self._marked == loop.state.seq else PROGRESS_EVERY):
                    await loop.changed.wait()
            if loop.changed.is_set():
                await asyncio.sleep(self._status.pause(self._clock.mono()))
                loop.changed.clear()
                self._timed(self._status, lambda: self._publisher.write_status(loop.state, loop.now))
            if not self._progress.pause(self._clock.mono()):
                told = loop.state.seq
                self._timed(self._progress, lambda: self._publisher.write_progress(loop.state))
                self._mark(writer)
            if loop.state.seq - self._snapshot_seq >= SNAPSHOT_EVERY:
                self._due.set()

    async def snapshots(self, loop: Loop, writer: Writer) -> None:
        """Keep a snapshot that is not far behind.

        The state is encoded at one moment. What is slow, its way to the disk, is waited for in a thread, once the
        journal holds everything the snapshot stands for.
        """
        while True:
            await self._due.wait()
            end = writer.end
            data = encode_snapshot(loop.state, end)
            self._snapshot_seq = end.seq
            self._due.clear()
            await writer.wait(end.seq)
            self._keeping = asyncio.get_running_loop().run_in_executor(
                None, self._write, partial(keep_snapshot, self._run, data)
            )
            await asyncio.shield(self._keeping)

    async def check(self, replay: Replay) -> None:
        """Check what the snapshot stands for, beside the work. Raises DamageError; the next runner folds all then."""
        try:
            left = True
            while left:
                left = replay.check()
                await asyncio.sleep(0)
        except DamageError:
            await self.settled()
            self._write(lambda: drop_snapshot(self._run))
            raise

    async def settled(self) -> None:
        """Return when no thread writes a snapshot any more."""
        if self._keeping is not None:
            await self._keeping

    def write_all(self, loop: Loop, writer: Writer, *, sound: bool) -> None:
        """Write every file once more, at the end, when all of the journal is on disk.

        Of a state that is not `sound` there is to be no snapshot: it may be what is wrong; the next runner folds anew.
        """
        self._mark(writer)
        self._write(lambda: self._publisher.write_status(loop.state, loop.now))
        self._write(lambda: self._publisher.write_progress(loop.state))
        if sound:
            self._write(lambda: write_snapshot(self._run, loop.state, writer.position))
        else:
            self._write(lambda: drop_snapshot(self._run))

    def _mark(self, writer: Writer) -> None:
        """Say up to where the journal is safe."""
        position = writer.position
        if position.seq > self._marked:
            self._write(lambda: watermark.write(self._run, position))
            self._marked = position.seq

    def _timed(self, cadence: Cadence, write: Callable[[], None]) -> None:
        begun = self._clock.mono()
        self._write(write)
        cadence.wrote(begun, self._clock.mono())

    def _write(self, write: Callable[[], None]) -> None:
        """Write a derived file: the journal alone must be written."""
        try:
            write()
        except OSError as error:
            if error.errno != self._complained:
                self._complained = error.errno
                say(f"a derived file cannot be written: {error}")
