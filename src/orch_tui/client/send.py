"""Sending a command to a run: a file into its inbox, and a runner if there is none."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.client.reviving import Reviving, under_way
from orch_tui.errors import StateError
from orch_tui.store import inbox
from orch_tui.store.files import read_bytes
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import held, holder

ANSWERS = 30.0  # seconds in which a runner answers that has no plan to read
READS = 20_000  # bytes of a plan a runner reads in a second, on the slowest machine
GONE = 8.0  # seconds without any runner after which a command is given up
TRIES = 4  # runners that are started one after the other, none of which stays, before that is an error
LEAST_FREE = 64 << 10  # bytes of the disk below which a runner cannot even say what is wrong
_started: dict[Path, tuple[int, float]] = {}
"""The runner we started last for each run: its pid and start time."""


def send(run: RunDir, op: str, args: Mapping[str, object], *, actor: str, if_seq: int | None = None) -> str:
    """Drop a command and make sure that a runner takes it in; returns the command's id.

    Its outcome appears in `State.commands[id]`: "" when accepted, else the reason of the refusal. With `if_seq` it is
    refused when the run has moved on since that record. Raises ConfigError as `check_settings` does, and then it is not
    sent.
    """
    check_settings(run)
    body = {"op": op, "args": dict(args), "actor": actor}
    command = inbox.drop(run.inbox, body if if_seq is None else {**body, "if_seq": if_seq})
    ensure_runner(run)
    return command


def check_settings(run: RunDir) -> None:
    """Raises ConfigError where a runner is to be started that could not read its settings: it would end at once."""
    if not held(run.lock):
        from orch_tui.config import load  # most commands find a runner

        load(run.root)


def ensure_runner(run: RunDir) -> None:
    """Start the run's runner, detached, unless one holds the lock or is on its way to it."""
    if held(run.lock) or starting(run):
        return
    argv = [sys.executable, "-m", "orch_tui.engine", str(run.path)]
    pid = process.spawn_detached(argv, cwd=run.root, env=dict(os.environ), log=run.log)
    since = process.start_time(pid)
    if since is not None:
        _started[run.path] = (pid, since)


def starting(run: RunDir) -> bool:
    """Whether a runner that we started is on its way to the lock, which takes long on a busy machine.

    One whose pid is in the lock has had it, and is leaving when nobody holds it: it looks into the inbox no more.
    """
    last = _started.get(run.path)
    if last is None or not process.alive(*last):
        return False
    had = holder(run.lock) or {}
    return had.get("pid") != last[0]


def revive(follower: Follower, reviving: Reviving, *, wanted: bool) -> None:
    """Start another runner when the run wants one and has been without for a while; to be called again and again.

    Raises StateError, with what the last one said, when none of `TRIES` stayed.
    """
    alive = follower.runner_alive() or starting(follower.run)
    if not reviving.look(wanted=wanted, alive=alive, now=time.monotonic()):
        return
    if reviving.started > TRIES:
        raise StateError("no runner stays", hint=last_words(follower.run.log))
    ensure_runner(follower.run)


def prepare(run: RunDir) -> None:
    """Make the directories a client writes to."""
    for directory in (run.path, run.journal, run.inbox / "tmp", run.inbox / "new"):
        private_dir(directory)


def patience(plan: Path) -> float:
    """Seconds to wait for an answer: a runner that reads a long plan answers when it is through."""
    try:
        return ANSWERS + plan.stat().st_size / READS
    except OSError:
        return ANSWERS


async def outcome(follower: Follower, command: str, *, timeout: float = 0.0) -> str:
    """Wait until the command is answered: "" when accepted, else the reason.

    A runner that dies meanwhile is followed by another one. Raises StateError when nobody answers within `timeout`
    seconds (0: as long as `patience` says of the run's plan), or there is no runner for `GONE` seconds, with what it
    said last.
    """
    loop = asyncio.get_running_loop()
    reviving = Reviving(GONE / 4)
    until = loop.time() + (timeout or patience(Path(follower.state.plan_path)))
    seen_alive = loop.time()
    while command not in follower.state.commands:
        follower.catch_up()
        if follower.damage:
            raise StateError(follower.damage)
        if command in follower.state.commands:
            break
        if follower.runner_alive() or starting(follower.run):
            seen_alive = loop.time()
        if loop.time() > until:
            raise StateError("the runner does not answer", hint=last_words(follower.run.log))
        if loop.time() > seen_alive + GONE:
            raise StateError("the runner does not start", hint=last_words(follower.run.log))
        revive(follower, reviving, wanted=True)
        await follower.wait(0.2)
    return follower.state.commands[command]


async def taken_up(follower: Follower) -> bool:
    """See that a run which is under way has a runner; False when it has one, or needs none. Raises as `revive` does."""
    if follower.runner_alive() or not under_way(follower.state):
        return False
    check_settings(follower.run)
    before, reviving = follower.state.epoch, Reviving(GONE / 4)
    ensure_runner(follower.run)
    while follower.state.epoch == before:
        await follower.wait(0.2)
        follower.catch_up()
        if follower.damage:
            raise StateError(follower.damage)
        revive(follower, reviving, wanted=True)
    return True


def whoami() -> str:
    """The name of this client in the journal: user and terminal."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = f"uid{os.geteuid()}"
    try:
        terminal = os.ttyname(0).removeprefix("/dev/")
    except OSError:
        return name
    return f"{name}@{terminal}"


def last_words(log: Path) -> str:
    """What a runner said last, in words for a hint."""
    try:
        lines = read_bytes(log).decode(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    if lines:
        return f"runner.log ends with: {lines[-1]}"
    if shutil.disk_usage(log.parent).free < LEAST_FREE:
        return f"the disk with {str(log.parent)!r} is full: make room, then try again"
    return f"see {str(log)!r}"
