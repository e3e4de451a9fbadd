"""The program in a process of its own, forked from one that has imported it: a call costs most by starting.

So does a runner: those that a call starts are forked as well. `Project.start` starts both as a shell does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

from orch_tui import process

_ORIGIN = multiprocessing.get_context("forkserver")


@cache
def _warm() -> None:
    """Start the process that all are forked from; `warmed` is not where the program is."""
    _ORIGIN.set_forkserver_preload(["warmed"])
    with patch.dict(os.environ, PYTHONPATH=str(Path(__file__).parent)):
        forkserver.ensure_running()


def call(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], into: Path, limit: float = 60.0) -> int:
    """Run the program to its end; returns its exit code. What it says is in `into` / "out" and "err".

    Raises TimeoutError when it takes longer than `limit` seconds.
    """
    child = begin(program, (list(words), str(cwd), dict(env), str(into)))
    child.join(limit)
    code = child.exitcode
    if code is None:
        child.kill()
        child.join()
    child.close()
    if code is None:
        raise TimeoutError(f"orch-tui {' '.join(words)} takes longer than {limit:.0f} s")
    return code


def begin(work: Callable[..., None], args: tuple[Any, ...]) -> BaseProcess:
    """Have `work` done in a process of its own, forked from the one that has imported the program."""
    _warm()
    child = _ORIGIN.Process(target=work, args=args)
    child.start()
    return child


def program(words: list[str], cwd: str, env: dict[str, str], into: str) -> None:
    """Be the program; what it says goes to `into`."""
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(f"{into}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    become(words, cwd, env)


def become(words: list[str], cwd: str, env: dict[str, str]) -> None:
    """Be the program from now on, to its end."""
    os.chdir(cwd)
    prepare(env)
    sys.argv = ["orch-tui", *words]
    from orch_tui.main import main

    sys.exit(main())


def prepare(env: dict[str, str]) -> None:
    """Have this environment, and fork the runners that are started."""
    assert "warmed" in sys.modules  # a module to preload that cannot be imported is passed over without a word
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    process.spawn_detached = _spawn_detached


def _spawn_detached(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> int:
    """A runner as `process.spawn_detached` starts it, without its start: in a session of its own, nothing kept open."""
    assert list(argv[1:3]) == ["-m", "orch_tui.engine"], argv

    def work() -> int:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        sys.argv = ["orch-tui", *argv[3:]]
        asyncio._set_running_loop(None)  # that of the client, which goes on in the process this was forked from
        from orch_tui.engine.__main__ import main

        return main()

    return process.fork_detached(work, log=log)
