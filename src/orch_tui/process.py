"""Child processes: the only place that spawns and ends them.

Every child gets a session of its own (`start_new_session`, never `preexec_fn`: that is three times slower and unsafe
beside threads), so a hang-up of the terminal or a kill of the caller does not reach it. A process tree cannot be ended
by its group alone, because agent programs put every tool call into a session of its own; therefore each tree carries a
marker in its environment, which children inherit, and is found again by it, whoever their parent is by then.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence, Set
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orch_tui import proctable
from orch_tui.appending import appended_to
from orch_tui.errors import MachineError
from orch_tui.proctable import TICKS

if TYPE_CHECKING:
    import asyncio

MARKER = "ORCH_ATTEMPT"
"""Environment variable that marks every process of one attempt."""
RUN_MARKER = "ORCH_RUN"
"""Environment variable that marks every process of one run."""

start_time = proctable.start_time
_LINUX = sys.platform == "linux"
_SET_CHILD_SUBREAPER = 36  # prctl(2)
_UNKILLABLE = 30.0  # seconds after SIGKILL: what is there then hangs in the kernel
_detached: set[int] = set()
_adopting = False
_waiting: set[int] = set()
"""Children that had ended when `reap_orphans` last looked."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A child that ran to its end. `code` is negative for the signal that ended it."""

    code: int
    out: bytes
    err: bytes


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    timeout: float | None = None,
    pass_fds: Sequence[int] = (),
    most: int = 0,
) -> Completed:
    """Run a program to its end and collect its output; without `stdin` it reads end-of-file.

    `pass_fds` are file descriptors it keeps open (a lock that must outlive us). When it has printed `most` bytes or
    more it is ended, and what it complains of is not read; 0: whatever it prints.
    After `timeout` seconds the program and its descendants are ended. Raises MachineError then, and when it cannot be
    started.
    """
    with _startable(argv, cwd):
        child = _Child(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if most else subprocess.PIPE,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    with child:
        try:
            out, err = (_beginning(child, most), b"") if most else child.communicate(stdin, timeout=timeout)
        except BaseException as error:
            _end_tree(child)
            if isinstance(error, subprocess.TimeoutExpired):
                message = f"{argv[0]!r} was ended: it took longer than {timeout:g} seconds"
                raise MachineError(message, hint=f"the command was {' '.join(argv)!r}") from None
            raise
    return Completed(child.returncode, out, err)


def spawn_detached(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> int:
    """Start a program that outlives the caller, its output appended to `log` (made 0600); returns its pid.

    It stays our child while we live: its zombie is reaped by the next call into this module (`alive` above all), which
    needs neither a thread nor a helper process in between. Raises MachineError when it cannot be started.
    """
    reap()
    output = appended_to(log)
    with _startable(argv, cwd):
        try:
            child = subprocess.Popen(
                argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        finally:
            os.close(output)
    _detached.add(child.pid)
    child.returncode = 0  # waiting is ours now; without this Popen complains when it is collected
    return child.pid


def fork_detached(work: Callable[[], int], *, log: Path) -> int:
    """Run `work` in a forked copy of this process with a session of its own; returns its pid at once.

    Only for a process with one thread and no event loop (a fork copies locks as they are). The copy's output is
    appended to `log`, its input is empty, its signals are as by default, and it ends with what `work` returns.
    Markers set by `work` show on what it starts, not on the copy: its environment is that of this process.
    """
    reap()
    pid = os.fork()
    if pid:
        _detached.add(pid)
        return pid
    code = 1
    try:
        os.setsid()
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(sig, signal.SIG_DFL)
        _detached.clear()
        empty = os.open(os.devnull, os.O_RDONLY)
        output = appended_to(log)
        for target, source in ((0, empty), (1, output), (2, output)):
            os.dup2(source, target)
        os.closerange(3, max(empty, output) + 1)
        code = work()
    except BaseException:  # noqa: BLE001 - nothing may escape into the parent's code after a fork
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def spawn_served(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> tuple[int, FileIO, FileIO]:
    """Start a program that answers what it is asked, and may outlive the caller; its errors go where ours do.

    Returns its pid and our ends of its input and output, which are the caller's to close. Raises MachineError.
    """
    reap()
    with _startable(argv, cwd):
        child = subprocess.Popen(
            argv, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
    _detached.add(child.pid)
    child.returncode = 0  # as for one that is detached
    return child.pid, cast("FileIO", child.stdin), cast("FileIO", child.stdout)


async def spawn_piped(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdin: bool = False
) -> asyncio.subprocess.Process:
    """Start a program with piped stdout and stderr, and stdin when asked (else end-of-file).

    The caller reads the pipes in chunks (a line may be longer than any limit) and ends the tree. Raises MachineError
    when it cannot be started.
    """
    import asyncio  # half of this module's import time, and not for the quick commands

    with _startable(argv, cwd):
        return await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )


async def end_piped(child: asyncio.subprocess.Process, *, patience: float = 2.0) -> None:
    """Kill a piped child that still runs, and wait until it and its pipes are gone; what they still hold is dropped.

    Whoever read them has stopped. `patience` are the seconds a pipe is waited for that a grandchild holds open; then
    our end of it is closed.
    """
    import asyncio

    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            for pipe in (child.stdout, child.stderr):
                while pipe is not None and await pipe.read(65_536):
                    pass
    while child.returncode is None:  # noqa: ASYNC110 - wait() of Python 3.11 also waits for the pipes
        await asyncio.sleep(0.005)
    let_go(child)


def let_go(child: asyncio.subprocess.Process) -> None:
    """Close our ends of the pipes of a child that has ended, whoever holds the other ends.

    Else they are open for as long as a grandchild lives, and a loop that ends before that leaves them behind. asyncio's
    Process offers no public way to.
    """
    if child.stdin is not None and child.stdin.transport.get_write_buffer_size():
        child.stdin.transport.abort()  # closed only, it would wait for somebody to read
    cast("asyncio.SubprocessTransport", vars(child)["_transport"]).close()


def reap() -> None:
    """Collect the detached children that have ended, so that none stays behind as a zombie."""
    for pid in tuple(_detached):
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            ended = pid
        if ended:
            _detached.discard(pid)


def disown(pid: int) -> None:
    """From now on the caller waits for this child."""
    _detached.discard(pid)


def alive(pid: int, start_time: float) -> bool:
    """Whether the process that had `pid` and `start_time` still runs. Zombies count as dead."""
    reap()
    now = proctable.start_time(pid)
    return now is not None and abs(now - start_time) < 1.5 / TICKS


def marked(marker: str, *, name: str = MARKER) -> list[int]:
    """Pids of our own user's processes whose environment holds exactly `name=marker`, zombies excluded."""
    return proctable.holding(f"{name}={marker}")


def signal_marked(marker: str, sig: int, *, spare: Set[int] = frozenset(), name: str = MARKER) -> int:
    """Send `sig` to every marked process except `spare`; returns how many got it."""
    return sum(_signal(pid, sig) for pid in marked(marker, name=name) if pid not in spare)


async def end_marked(marker: str, *, spare: Set[int] = frozenset(), grace: float = 3.0, name: str = MARKER) -> int:
    """End every marked process except `spare`: SIGTERM, `grace` seconds to tidy up, SIGKILL; returns how many ended.

    What descends from a marked process is ended with it, also where it cleared its environment (`env -i`, `sudo -i`).
    A process that adopts orphans (`adopt_orphans`) ends its children too, marked or not. Goes on until a scan finds
    none, so that what is forked meanwhile is ended too. Raises MachineError naming the pids when something survives
    SIGKILL (a process that hangs in the kernel).
    """
    import asyncio

    loop = asyncio.get_running_loop()
    kill_at = loop.time() + grace
    told: set[int] = set()
    known: dict[int, float] = {}
    pause = 0.005
    while left := _left(marker, name, spare, known):
        now = loop.time()
        if now > kill_at + _UNKILLABLE:
            raise MachineError(
                f"processes {left!r} survive SIGKILL", hint="they hang in the kernel; check the disk or network mounts"
            )
        for pid in left:
            if now >= kill_at:
                _signal(pid, signal.SIGKILL)
            elif pid not in told:
                _signal(pid, signal.SIGTERM)
                _signal(pid, signal.SIGCONT)  # a stopped process takes the SIGTERM only when it goes on
        told.update(left)
        await asyncio.sleep(min(pause, max(kill_at - now, 0.005)))
        pause = min(pause * 1.5, 0.1)
    reap()
    return len(told)


def _left(marker: str, name: str, spare: Set[int], known: dict[int, float]) -> list[int]:
    """Who is to be ended now; `known` (pid, start time) are those found before, whose parents may be gone by now."""
    if _adopting and alone():
        return []
    found = {*marked(marker, name=name), *(proctable.children() if _adopting else ())} - spare
    found |= {pid for pid, start in known.items() if alive(pid, start)}
    found |= proctable.below(found) - spare
    for pid in found:
        start = proctable.start_time(pid)
        if start is not None:
            known.setdefault(pid, start)
    return sorted(found)


def adopt_orphans() -> bool:
    """From now on whatever this process starts stays below it, also when its own parent ends (Linux; else False).

    Then `alone` is a proof that nothing of it lives, quicker than any search and not to be evaded by clearing the
    environment. For a process that starts nothing but what it will end.
    """
    global _adopting  # noqa: PLW0603 - what the process is, not what somebody uses
    libc = proctable.libc()
    _adopting = libc is not None and libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    return _adopting


def alone() -> bool:
    """Whether this process, which adopts orphans, has no descendant left. False also when that cannot be known."""
    if not _adopting:
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return True
    return False


def reap_orphans(*, at_last: bool = False) -> None:
    """Collect adopted children that have ended; to be called about once a second.

    Those we started ourselves have somebody who waits for them, and are gone by the second look. `at_last` says that
    there are none of these any more.
    """
    global _waiting  # noqa: PLW0603
    if not _adopting or alone():
        return
    ended = set(proctable.children(ended=True))
    for pid in ended if at_last else ended & _waiting:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    _waiting = ended - _waiting


class _Child(subprocess.Popen[bytes]):
    """A child that is waited for without polling: Popen's own way adds a millisecond to each short program."""

    def wait(self, timeout: float | None = None) -> int:
        if timeout is None or self.returncode is not None or not _LINUX:
            return super().wait(timeout)
        try:
            pidfd = os.pidfd_open(self.pid)
        except OSError:  # not in every sandbox
            return super().wait(timeout)
        try:
            poll = select.poll()
            poll.register(pidfd, select.POLLIN)
            poll.poll(max(timeout, 0.0) * 1000)
        finally:
            os.close(pidfd)
        return super().wait(0)


@contextlib.contextmanager
def _startable(argv: Sequence[str], cwd: Path | None) -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if cwd is not None and not cwd.is_dir():
            raise MachineError(f"cannot start {argv[0]!r}: the directory {str(cwd)!r} does not exist") from error
        if error.filename not in (argv[0], None):
            raise MachineError(f"cannot start {argv[0]!r}: {error.filename!r} does not exist") from error
        raise MachineError(f"the program {argv[0]!r} is not installed", hint="install it or put it on PATH") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise MachineError(f"cannot start {argv[0]!r}: {reason}") from error


def _beginning(child: subprocess.Popen[bytes], most: int) -> bytes:
    """What it prints; after `most` bytes it is ended."""
    assert child.stdout is not None
    out = bytearray()
    while len(out) < most and (piece := os.read(child.stdout.fileno(), 1 << 16)):
        out += piece
    if len(out) >= most:
        _end_tree(child)
    child.wait()
    return bytes(out[:most])


def _end_tree(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the child's group and all descendants; returns when the child is reaped."""
    import psutil

    with contextlib.suppress(psutil.Error):
        for descendant in psutil.Process(child.pid).children(recursive=True):
            _signal(descendant.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _signal(pid: int, sig: int) -> bool:
    try:
        os.kill(pid, sig)
    except (ProcessLookupError, PermissionError):
        return False
    return True
