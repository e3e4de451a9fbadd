"""Clients in processes of their own, to be killed like everything else: programs, a cockpit, senders of commands."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import forked

PATIENCE = 40.0  # seconds a sender waits for its answer


class Clients:
    """Those of one round."""

    def __init__(self, cwd: Path, env: Mapping[str, str], into: Path) -> None:
        self.acks = into / "acks"
        self.acks.touch()
        self._cwd, self._env, self._into = cwd, dict(env), into
        self._all: list[tuple[str, BaseProcess]] = []
        self._terminals: list[int] = []
        self.sent = 0

    def program(self, *words: str, kind: str = "client") -> BaseProcess:
        """`orch-tui WORDS`, under way."""
        into = self._into / f"out-{len(self._all)}"
        into.mkdir()
        return self._begin(kind, forked.program, (list(words), str(self._cwd), self._env, str(into)))

    def cockpit(self, plan: str) -> BaseProcess:
        """`orch-tui PLAN` on a terminal of its own, which somebody keeps reading."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.set_blocking(master, False)
        self._terminals += [master, slave]  # the slave is opened by its name, some time from now
        child = self._begin("cockpit", in_terminal, (os.ttyname(slave), plan, str(self._cwd), self._env))
        asyncio.get_running_loop().add_reader(master, _drain, master)
        return child

    def send(self, run: Path, op: str, args: Mapping[str, object]) -> BaseProcess:
        """Send a command and wait for its answer; both are told in `acks`."""
        self.sent += 1
        return self._begin("sender", sender, (str(run), op, dict(args), str(self.acks), self._env))

    def living(self, *kinds: str) -> list[int]:
        """The pids of those that run."""
        return [one.pid for kind, one in self._all if (not kinds or kind in kinds) and one.pid and one.is_alive()]

    def told(self) -> list[dict[str, Any]]:
        """What senders told, a line that one of them did not finish left out."""
        lines = self.acks.read_bytes().split(b"\n")[:-1]
        return [json.loads(line) for line in lines if line]

    async def end(self) -> None:
        """Kill whatever still runs, and wait for it."""
        for _, one in self._all:
            if one.is_alive():
                one.kill()
        for _, one in self._all:
            while one.is_alive():
                await asyncio.sleep(0.01)
            one.close()
        self._all.clear()
        for terminal in self._terminals:
            asyncio.get_running_loop().remove_reader(terminal)
            os.close(terminal)
        self._terminals.clear()

    def _begin(self, kind: str, work: Any, args: tuple[Any, ...]) -> BaseProcess:
        child = forked.begin(work, args)
        self._all.append((kind, child))
        return child


async def ended(child: BaseProcess, limit: float) -> int | None:
    """Its exit code; None when it takes longer than `limit` seconds."""
    until = time.monotonic() + limit
    while child.is_alive():
        if time.monotonic() > until:
            return None
        await asyncio.sleep(0.02)
    return child.exitcode


def in_terminal(tty: str, plan: str, cwd: str, env: dict[str, str]) -> None:
    """The cockpit, in a session whose terminal is `tty`."""
    os.setsid()
    terminal = os.open(tty, os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in ((0, "r"), (1, "w"), (2, "w")))
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    forked.become([plan], cwd, {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"})


def sender(run: str, op: str, args: dict[str, object], acks: str, env: dict[str, str]) -> None:
    """Send, tell that it was sent, wait for the answer, tell that."""
    forked.prepare(env)
    from orch_tui.client.follow import Follower
    from orch_tui.client.send import outcome, send
    from orch_tui.errors import OrchError
    from orch_tui.store.layout import RunDir

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    place = RunDir(Path(run))
    command = send(place, op, args, actor="chaos")
    _append(acks, {"id": command, "op": op, "args": args})
    try:
        said = asyncio.run(outcome(Follower(place), command, timeout=PATIENCE))
    except OrchError as error:
        _append(acks, {"id": command, "op": op, "unanswered": error.line()})
    else:
        _append(acks, {"id": command, "op": op, "outcome": said})


def _append(path: str, told: Mapping[str, object]) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(file, json.dumps(told).encode() + b"\n")
    os.close(file)


def _drain(master: int) -> None:
    with suppress(OSError):
        while os.read(master, 1 << 16):
            pass
