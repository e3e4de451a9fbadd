"""The runner's side of a question: start the process that asks, pass on what it says, take its result or end it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from orch_tui import process
from orch_tui.agents.channel import to_the_end
from orch_tui.clean import one_line
from orch_tui.errors import DamageError
from orch_tui.pipelines import told
from orch_tui.store import files
from orch_tui.store.layout import private_dir

REQUEST = "request.json"
RESULT = "result.json"
LOG = "log"
SCRATCH = "scratch"
GRACE = 15.0
"""Seconds beyond the question's own time, for starting, reading and leaving, before the process is ended."""
_LOG_LIMIT = 1024 * 1024


async def ask(
    request: told.Request,
    directory: Path,
    *,
    env: Mapping[str, str],
    marker: str,
    notice: Callable[[str], None],
) -> told.Result:
    """Have `request` answered in a process of its own, in `directory`, which is made and kept.

    `env` is its whole environment; everything it starts carries `marker` and is ended with it. `notice` is told what
    goes on, in words. Raises MachineError when the process cannot be started, OSError when `directory` cannot be used.
    """
    private_dir(directory)
    files.replace(directory / REQUEST, told.encode(request))
    argv = [sys.executable, "-m", "orch_tui.pipelines", str(directory)]
    child = await process.spawn_piped(argv, cwd=directory, env={**env, process.MARKER: marker})
    log = bytearray()
    try:
        async with asyncio.timeout(request.timeout + GRACE), asyncio.TaskGroup() as group:
            group.create_task(_keep(child, log))
            await _listen(child, notice)
            await child.wait()
    except TimeoutError:
        pass
    finally:
        await to_the_end(_end(child, marker))
        if log:
            files.replace(directory / LOG, bytes(log), durable=False)
    return left_in(directory) or told.Result(outcome="timeout", message=_silence(request, bytes(log)))


def left_in(directory: Path) -> told.Result | None:
    """The result a process left in `directory`, None when it left none that can be read."""
    try:
        return told.decode_result(files.read_bytes(directory / RESULT))
    except (OSError, DamageError):
        return None


async def _end(child: asyncio.subprocess.Process, marker: str) -> None:
    await process.end_marked(marker)
    await process.end_piped(child)


def _silence(request: told.Request, log: bytes) -> str:
    words = log.decode(errors="replace").strip().splitlines()
    said = f": {one_line(words[-1], 300)}" if words else ""
    return f"the second reader's process was ended after {request.timeout:g} s, or ended by itself{said}"


async def _listen(child: asyncio.subprocess.Process, notice: Callable[[str], None]) -> None:
    assert child.stdout is not None
    rest = b""
    while piece := await child.stdout.read(65_536):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            try:
                words = json.loads(line)["notice"]
            except (ValueError, TypeError, KeyError):
                continue  # something a library printed
            notice(one_line(str(words), 600))


async def _keep(child: asyncio.subprocess.Process, log: bytearray) -> None:
    assert child.stderr is not None
    while piece := await child.stderr.read(65_536):
        if len(log) < _LOG_LIMIT:
            log += piece
