"""One machine in one thread: a clock, a disk, a repository, processes; and faults, at points that the seed chooses.

A *point* is a turn of the runner's event loop, a system call of the store, or a step of git. A runner dies at one of
them, and nothing it has in memory, in its `finally` or on its way is seen again.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import uuid
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from virtual_disk import Disk, Killed, broken, full
from virtual_engine import CommittingWriter, HostingExecutor, Hub, Life
from virtual_git import Git
from virtual_loop import Agenda, VirtualLoop

from orch_tui import process
from orch_tui.clock import Clock
from orch_tui.engine import planning, runner, time_limits
from orch_tui.engine.machine import Machine
from orch_tui.executors import local
from orch_tui.store import lock, system, watch
from orch_tui.store.layout import RunDir
from orch_tui.store.writer import Writer

_FIRST_PID = 10_000_000
"""Above what a kernel gives out: what asks the real machine for one of these finds nobody."""
_BEGAN = 1_790_000_000.0
_PATIENCE = 60.0
"""Seconds between looks without a wake-up; the real figures would make a night a million looks."""


@dataclass(slots=True, eq=False)
class Process:
    """A process that is no runner: a host, an agent, or something an agent started."""

    pid: int
    kind: str
    marker: str
    section: str
    stubborn: bool = False
    """It does not end on SIGTERM."""
    ended: bool = False
    asked: bool = False
    """SIGTERM was sent."""
    wake: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Crash:
    """What happens after so many points, of those whose words have `where` in them."""

    kind: str
    points: int
    where: str = ""


@dataclass(slots=True)
class Counts:
    """Figures of one run."""

    crashes: int = 0
    points: int = 0
    faults: int = 0
    runners: int = 0


class VirtualClock(Clock):
    """The machine's time as its processes see it."""

    __slots__ = ("_machine",)

    def __init__(self, machine: World) -> None:
        object.__setattr__(self, "_machine", machine)

    def wall(self) -> float:
        return _BEGAN + self._machine.agenda.now + self._machine.jumped

    def mono(self) -> float:
        return self._machine.agenda.now - self._machine.booted + 100.0

    def boot(self) -> str:
        return self._machine.boot

    def asleep(self) -> float:
        return self._machine.asleep


class World:
    """See the module's docstring. Everything that is left to chance comes from `random`."""

    def __init__(self, seed: int, run: RunDir, *, faults: bool = True) -> None:
        self.random = Random(seed)
        self.run = run
        self.agenda = Agenda()
        self.jumped = 0.0
        self.asleep = 0.0
        self.booted = 0.0
        self.boot = "boot1"
        self.clock = VirtualClock(self)
        self.disk = Disk(self.random, self._call, self._changed)
        self.git = Git(run.root, self._git_step)
        self.life: Life | None = None
        self.processes: dict[int, Process] = {}
        self.crashes: list[Crash] = []
        self.counts = Counts()
        self.faults = faults
        self.full = False
        self.failing = 0
        """So many of the runner's next system calls that write or sync fail."""
        self.acked: dict[int, int] = {}
        """What a runner was told to be safe: record -> checksum, the last of each commit."""
        self.hosting: Callable[[Path], Process] = lambda _: Process(0, "", "", "")
        self.checked: Callable[[str, Path], None] = lambda _what, _where: None
        self._pids = _FIRST_PID
        self._power = False
        self.told: list[str] = []
        self.lost: set[str] = set()
        """What agents wrote that nobody synced, and a power cut took."""
        self.wrong = ""
        """What was found to be wrong while a runner lived."""
        self.error: Exception | None = None

    # --- points -------------------------------------------------------------------------------------------------------

    def point(self, where: str) -> None:
        """A runner is here now; what was to befall it after so many points may befall it here."""
        if self.life is None:
            return
        self.counts.points += 1
        if not self.crashes:
            return
        crash = self.crashes[0]
        if crash.where not in where:
            return
        crash.points -= 1
        if crash.points > 0:
            return
        self.crashes.pop(0)
        self.counts.crashes += 1
        self.say(f"{crash.kind} at {where}")
        match crash.kind:
            case "kill" | "power":
                self._power = crash.kind == "power"
                self.disk.dead.add(self.life)
                raise Killed(where)
            case "suspend":
                slept = self.random.choice((60.0, 3600.0, 40_000.0))
                self.jumped += slept
                self.asleep += slept
            case "back":
                self.jumped -= self.random.choice((5.0, 3600.0, 90_000.0))
            case "forth":
                self.jumped += self.random.choice((5.0, 3600.0, 90_000.0))
            case "full":
                self.full = True
                self.agenda.after(self.random.choice((1.0, 30.0, 600.0)), self._emptied)
            case "failing":
                self.failing = self.random.choice((1, 1, 2, 3))
            case "term":
                loop = self.life.loop
                if loop is not None and not loop.is_closed() and signal.SIGTERM in loop.handlers:
                    loop.call_soon(loop.handlers[signal.SIGTERM])
            case _:
                raise AssertionError(crash.kind)

    def _emptied(self) -> None:
        self.full = False

    def _call(self, call: str, name: str) -> None:
        if self.full and call in {"write", "mkdir"} and self.random.random() < 0.7:
            self.counts.faults += 1
            raise full()
        if self.disk.owner is not self.life or self.life is None:
            return
        if self.failing and call in {"write", "fsync", "rename", "open"} and self.random.random() < 0.5:
            self.failing -= 1
            self.counts.faults += 1
            self.say(f"EIO from {call} of {name}")
            raise broken()
        self.point(f"{call} {name}")

    def _git_step(self, what: str) -> None:
        self.point(what)

    def _changed(self, path: str) -> None:
        if self.life is not None and self.life.hub is not None:
            self.life.hub.changed(path)
        if path.endswith("/inbox/new"):
            for one in self.processes.values():
                if (
                    one.kind == "host"
                    and not one.ended
                    and path.startswith(f"{self.run.path}/sections/{one.marker.split('/', 1)[1]}/")
                ):
                    one.wake()

    # --- a runner -----------------------------------------------------------------------------------------------------

    def serve(self) -> str:
        """Let one runner live: "ended", "killed", "power", or what it died of by itself."""
        self.counts.runners += 1
        self.life = Life(self._next_pid())
        self._power = False
        how = "ended"
        self.disk.owner = self.life
        try:
            runner.serve(self.run, self._env(), self._machine())
        except Killed:
            how = "power" if self._power else "killed"
        except Exception as error:
            how = f"{type(error).__name__}: {error}"
            self.say(f"the runner died of {how}")
            self.error = error
        finally:
            life, self.life = self.life, None
            self.disk.died(life)
            self.disk.owner = None
        if how == "power":
            self._cut_power()
        return how

    def _machine(self) -> Machine:
        class Opened(CommittingWriter):
            world = self

        return Machine(
            clock=self.clock,
            run=self._run,
            writer=Opened,
            executor=lambda env: HostingExecutor(self, env),
            who=lambda: {
                "pid": self.life.pid if self.life else 0,
                "start_time": 1,
                "boot_id": self.boot,
                "host": "sim",
            },
            session_id=lambda: str(uuid.uuid4()),
            pause=self._pause,
        )

    def _run(self, main: Coroutine[Any, Any, None]) -> None:
        assert self.life is not None
        loop = VirtualLoop(self, self.life)
        self.life.loop, self.life.hub = loop, Hub(self)
        watch._hubs[loop] = self.life.hub  # type: ignore[assignment]
        try:
            loop.run_until_complete(main)
        except Killed:
            self.disk.dead.add(self.life)
            raise
        except Exception:
            loop.let_go()
            raise
        finally:
            watch._hubs.pop(loop, None)
            loop.kill()

    def _pause(self, seconds: float) -> None:
        """The runner sleeps without an event loop."""
        self.point("pause")
        owner, self.disk.owner = self.disk.owner, None
        try:
            self.agenda.pass_time(seconds)
        finally:
            self.disk.owner = owner

    def _room(self, _path: object) -> SimpleNamespace:
        """What `statvfs` says: 100 GiB, of which nearly nothing or half is free."""
        blocks = 100 << 18
        free = 100 if self.full else blocks // 2
        return SimpleNamespace(
            f_frsize=4096, f_bsize=4096, f_blocks=blocks, f_bavail=free, f_files=0, f_favail=0, f_flag=0
        )

    def _env(self) -> dict[str, str]:
        return {"PATH": "/usr/bin", "HOME": ".home", "XDG_STATE_HOME": os.path.abspath(".state")}

    @contextmanager
    def running(self) -> Generator[None]:
        """While this lasts it is a thread of the runner that acts."""
        owner, self.disk.owner = self.disk.owner, self.life
        try:
            yield
        finally:
            self.disk.owner = owner

    def acknowledged(self, writer: Writer) -> None:
        """The writer says that everything up to here is safe."""
        position = writer.position
        self.acked[position.seq] = position.crc

    # --- processes ----------------------------------------------------------------------------------------------------

    def fork(self, attempt: Path) -> int:
        """A host for an attempt, as the nursery makes it."""
        self.checked("spawn", attempt)
        host = self.hosting(attempt)
        self.point("fork")
        return host.pid

    def start(self, kind: str, marker: str, section: str) -> Process:
        """A process."""
        made = Process(self._next_pid(), kind, marker, section)
        self.processes[made.pid] = made
        return made

    def end(self, one: Process) -> None:
        """A process is gone, of itself or by a signal that nobody can refuse."""
        if not one.ended:
            one.ended = True
            self.disk.died(one)

    def signal(self, pid: int, sig: int) -> None:
        """What `kill` does."""
        one = self.processes.get(pid)
        if one is None or one.ended:
            raise ProcessLookupError
        if sig == signal.SIGKILL:
            self.end(one)
        elif sig == signal.SIGTERM:
            one.asked = True
            if one.kind == "host":
                one.wake()
            elif not one.stubborn:
                self.agenda.after(0.1, lambda: self.end(one))

    def living(self, marker: str) -> list[Process]:
        """Who carries a marker: not the host itself, whose environment is its nursery's."""
        everybody = self.processes.values()
        return [one for one in everybody if not one.ended and one.marker == marker and one.kind != "host"]

    async def end_marked(self, marker: str, **_: object) -> int:
        """What `process.end_marked` does: SIGTERM, some seconds, SIGKILL."""
        told: set[int] = set()
        tries = 0
        while left := self.living(marker):
            for one in left:
                self.signal(one.pid, signal.SIGKILL if tries > 3 else signal.SIGTERM)
                told.add(one.pid)
            tries += 1
            await asyncio.sleep(1.0)
        return len(told)

    def _start_time(self, pid: int) -> float | None:
        one = self.processes.get(pid)
        return None if one is None or one.ended else float(pid)

    def _next_pid(self) -> int:
        self._pids += 1
        return self._pids

    def _cut_power(self) -> None:
        for one in list(self.processes.values()):
            self.end(one)
        self.disk.power_cut()
        for tree in self.git.trees.values():
            self.lost |= tree.power_cut(self.random)
        self.full, self.failing = False, 0
        self.booted = self.agenda.now
        self.boot = f"boot{int(self.boot[4:]) + 1}"

    # --- the rest -----------------------------------------------------------------------------------------------------

    def say(self, words: str) -> None:
        """For who looks why a seed failed."""
        self.told.append(f"{self.agenda.now:12.3f} {words}")

    @contextmanager
    def installed(self) -> Generator[None]:
        """Stand in the machine's place for this process."""
        chance = Random(self.random.random())
        kill = os.kill

        def killing(pid: int, sig: int) -> None:
            if pid >= _FIRST_PID:
                self.signal(pid, sig)
            else:
                kill(pid, sig)

        with ExitStack() as stack:
            stack.enter_context(system.replaced(self.disk))
            stack.enter_context(self.git.installed())
            for where, name, what in (
                (planning, "rule_files", lambda root, names, isolated: ((), ())),
                (process, "run", _no_real_program),
                (process, "start_time", self._start_time),
                (process, "alive", lambda pid, start: self._start_time(pid) == start),
                (process, "end_marked", self.end_marked),
                (os, "kill", killing),
                (secrets, "token_hex", lambda size=16: chance.randbytes(size).hex()),
                (uuid, "uuid4", lambda: uuid.UUID(bytes=chance.randbytes(16), version=4)),
                (os, "getpid", lambda: self.life.pid if self.life else _FIRST_PID),
                (os, "statvfs", self._room),
                (runner, "SWEEP_EVERY", _PATIENCE),
                (runner, "LOOK_EVERY", _PATIENCE),
                (local, "_LOOK", _PATIENCE),
                (time_limits, "_LOOK", _PATIENCE),
                (lock, "_TRIES", 1),
                (lock, "refuse_shared", lambda path: None),
            ):
                stack.enter_context(patch.object(where, name, what))
            yield


def _no_real_program(argv: Sequence[str], **_: object) -> object:
    raise AssertionError(f"a real program would be run: {argv}")
