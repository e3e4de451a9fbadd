"""One runner for one run, from taking the lock to giving it up."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from orch_tui import __version__, process
from orch_tui.config import Config, load
from orch_tui.core import rules
from orch_tui.core.run_events import RunHalted, RunnerStarted, RunnerStopped
from orch_tui.core.state import OVER, Phase, State
from orch_tui.core.validation import under_way
from orch_tui.engine.approved import NotApproved, check_graph
from orch_tui.engine.clock_watch import ClockWatch, set_back
from orch_tui.engine.derived import Derived
from orch_tui.engine.disk_watch import LOOK_EVERY, DiskWatch, wait_for_room, waits_out
from orch_tui.engine.intake import take_in
from orch_tui.engine.loop import Loop
from orch_tui.engine.machine import Machine
from orch_tui.engine.perform import Performer
from orch_tui.engine.planning import MOST_AT_ONCE
from orch_tui.engine.recovery import Before, recover
from orch_tui.engine.runner_log import say
from orch_tui.errors import OrchError
from orch_tui.growing import growing
from orch_tui.invariants.violation import Broken
from orch_tui.store import journal, registry
from orch_tui.store.copies import refuse_copy
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import Lock, holder
from orch_tui.store.replay import Replay
from orch_tui.store.shared_disks import refuse_other_machine
from orch_tui.store.watch import Watch
from orch_tui.store.writer import taken_over

CHECKED_FIRST = 16  # pieces of 4 MB of what a snapshot stands for; what is left is checked beside the work
SWEEP_EVERY = 1.0  # seconds between looks into the inbox when no wake-up comes
THREADS = 2 * MOST_AT_ONCE
OVER_IDLE = 0.3  # seconds a finished run's runner waits for another command


class _Leave(Exception):
    """The runner has nothing left to do."""


def serve(run: RunDir, env: Mapping[str, str], machine: Machine | None = None) -> int:
    """Be the runner of `run` until nothing is left to do. Returns 0 also when another runner is there already.

    A command that arrives while the lock is being given up is not lost: its sender saw the lock held, so this runner
    looks into the inbox once more after letting go.
    """
    for directory in (run.journal, run.inbox / "tmp", run.inbox / "new", run.artifacts):
        private_dir(directory)
    machine = machine or Machine()
    tries = 0
    while True:
        lock, last = Lock(run.lock), holder(run.lock)
        body = machine.who()
        if not lock.acquire(None):  # it says who we are once we know that the run is one for us
            say(f"pid {(last or {}).get('pid')} is the runner of this run already")
            return 0
        _noted(run, env, over=False)
        try:
            machine.run(_Runner(run, lock, body, last, dict(env), machine).run())
            tries = 0
        except (OrchError, OSError, BaseExceptionGroup) as error:
            if not waits_out(error):
                raise
            wait_for_room(run, env, _words(error), tries, machine.pause)
            tries += 1
            continue
        finally:
            lock.release()
        if not any((run.inbox / "new").iterdir()):
            return 0


def _noted(run: RunDir, env: Mapping[str, str], *, over: bool) -> None:
    """Keep the user's list of runs that are not over, which no run depends on."""
    try:
        (registry.cross_off if over else registry.note)(run, env)
    except OSError as error:
        say(f"the list of runs cannot be kept: {error}")


def _words(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseException", error.exceptions[0])
    return error.line() if isinstance(error, OrchError) else str(error)


def _check_approved(loop: Loop) -> None:
    """Halt a run whose graph is not the one that was approved, before anything follows from it."""
    state = loop.state
    if state.phase not in rules.WORKING or state.halted:
        return
    try:
        check_graph(state)
    except NotApproved as error:
        loop.record([RunHalted(why=error.line())], "not what was approved")


class _Runner:
    def __init__(
        self,
        run: RunDir,
        lock: Lock,
        body: dict[str, object],
        last: Mapping[str, object] | None,
        env: dict[str, str],
        machine: Machine,
    ) -> None:
        self._run = run
        self._lock = lock
        self._body = body
        self._last = last
        self._env = env
        self._machine = machine
        self._clock = machine.clock
        self._reason = "nothing left to do"
        self._derived = Derived(run, machine.clock)

    async def run(self) -> None:
        # Steps of git wait for each other in threads; commands and controls must not wait for one with them.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        with growing():
            replay = Replay(self._run)
            for _ in range(CHECKED_FIRST):
                replay.check()
            replay.read_all()
        if replay.state.runner_pid:
            refuse_other_machine(self._run.path, self._last)
        state = replay.state
        refuse_copy(self._run, state.home)
        before = Before.of(state)
        self._machine.at("cut")
        torn = journal.cut_tail(self._run.journal, replay.position)
        self._machine.at("begin")
        epoch = state.epoch + 1
        self._lock.describe({**self._body, "epoch": epoch})
        config = load(self._run.root)
        watch = DiskWatch(self._run, config.disk, self._env, self._machine.room)
        writer = self._machine.writer(
            self._run.journal,
            epoch=epoch,
            clock=self._clock,
            last=replay.position,
            owns=self._lock.owned,
            spare=watch.reserve.release,
        )
        loop = Loop(state, writer, self._clock, self._machine.session_id)
        executor = self._machine.executor({**self._env, process.RUN_MARKER: str(self._run.path)})
        performer = Performer(
            run=self._run,
            state=state,
            executor=executor,
            config=config,
            env=self._env,
            happened=loop.happened,
            mentioned=loop.mentioned,
            clock=self._clock,
        )
        pid, host = cast("int", self._body["pid"]), str(self._body["host"])
        started = RunnerStarted(
            pid=pid,
            epoch=epoch,
            version=__version__,
            host=host,
            torn_bytes=torn,
            home=str(self._run.path),
            boot=self._clock.boot(),
        )
        back = set_back(state, loop.now)
        room = watch.look(state)
        loop.record([started, *([back] if back else []), *([room] if room else [])], "start")
        await loop.durable()
        try:
            async with asyncio.TaskGroup() as group:
                loop.bind(group, performer)
                _check_approved(loop)
                boot, at = self._clock.boot(), self._machine.at
                await recover(loop, performer, group, run=self._run, before=before, boot=boot, at=at)
                group.create_task(self._derived.publish(loop, writer))
                group.create_task(self._derived.snapshots(loop, writer))
                group.create_task(self._derived.check(replay))
                group.create_task(self._wake(loop))
                group.create_task(self._watch_disk(loop, watch))
                group.create_task(self._serve(loop, config))
        except* _Leave:
            pass
        except* Broken:
            self._reason = "an invariant does not hold; agents go on"
        finally:
            await executor.close()
            await self._derived.settled()
        broken = loop.reopen()
        loop.record([RunnerStopped(reason=self._reason)], "stop")
        await loop.durable()
        self._derived.write_all(loop, writer, sound=broken is None)
        if state.phase in OVER | {Phase.NEW}:
            _noted(self._run, self._env, over=True)
        writer.close()
        watch.reserve.release()
        if broken is not None:
            raise broken

    async def _serve(self, loop: Loop, config: Config) -> None:
        """Take in commands until the run needs no runner any more."""
        asyncio_loop = asyncio.get_running_loop()
        wanted = asyncio.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio_loop.add_signal_handler(sig, wanted.set)
        asyncio_loop.add_signal_handler(signal.SIGHUP, lambda: None)
        quiet_since = self._clock.mono()
        with Watch() as watch:
            watch.add(self._run.inbox / "new")
            while True:
                taken = await take_in(loop, self._run)
                if wanted.is_set():
                    self._reason = "asked to end by a signal; agents go on"
                    raise _Leave
                limit = self._idle_limit(loop.state, config)
                if taken or limit is None or loop.busy:
                    quiet_since = self._clock.mono()
                elif self._clock.mono() - quiet_since >= limit:
                    raise _Leave
                await watch.wait(SWEEP_EVERY if limit is None else min(SWEEP_EVERY, limit))

    def _idle_limit(self, state: State, config: Config) -> float | None:
        """Seconds of quiet after which nobody needs a runner; None while something is under way or timed."""
        if under_way(state) is None and (state.phase in OVER or state.phase in {Phase.NEW, Phase.STOPPED}):
            return OVER_IDLE  # work that waits for its commit or merge in a stopped run waits for `resume`
        busy = (
            state.live
            or state.running
            or state.undoing
            or under_way(state) is not None
            or rules.next_wake(state) is not None
            or (state.room and state.phase is Phase.RUNNING)
        )
        return None if busy else config.idle_exit

    async def _wake(self, loop: Loop) -> None:
        """Ask the rules again when a parked section's time has come, and tell of a machine that slept.

        Raises StateError when the lock at its place is not ours any more: somebody else may be the runner by now.
        """
        clocks = ClockWatch(self._clock)
        while True:
            if not self._lock.owned():
                raise taken_over()
            if jumped := clocks.look():
                loop.record([jumped], "clock")
            loop.advance()
            at = rules.next_wake(loop.state)
            # What did not follow though its time has come waits for something else by now.
            delay = SWEEP_EVERY if at is None or at <= loop.now else min(SWEEP_EVERY, at - loop.now)
            await asyncio.sleep(delay)

    async def _watch_disk(self, loop: Loop, watch: DiskWatch) -> None:
        """Tell how much room there is, each time that it makes a difference."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if changed := watch.look(loop.state):
                await loop.happened([changed], "disk")
