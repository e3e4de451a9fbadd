"""The program in a process of its own, forked from one that has imported it: a call costs most by starting."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from orch_tui.cli.commands import ROOMS

_ORIGIN = multiprocessing.get_context("forkserver")
_ORIGIN.set_forkserver_preload(
    [
        "orch_tui.main",
        "orch_tui.cli.query",
        *(f"orch_tui.cli.{room}" for room in sorted({*ROOMS.values()})),
        "orch_tui.cli.headless",
        "orch_tui.client.draft",
        "orch_tui.plan.export",
        "orch_tui.plan.parsing",
    ]
)


def call(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], into: Path, limit: float = 60.0) -> int:
    """Run the program to its end; returns its exit code. What it says is in `into` / "out" and "err".

    Raises TimeoutError when it takes longer than `limit` seconds.
    """
    child = _ORIGIN.Process(target=_program, args=(list(words), str(cwd), dict(env), str(into)))
    child.start()
    child.join(limit)
    code = child.exitcode
    if code is None:
        child.kill()
        child.join()
    child.close()
    if code is None:
        raise TimeoutError(f"orch-tui {' '.join(words)} takes longer than {limit:.0f} s")
    return code


def _program(words: list[str], cwd: str, env: dict[str, str], into: str) -> None:
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(f"{into}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = ["orch-tui", *words]
    from orch_tui.main import main

    sys.exit(main())
