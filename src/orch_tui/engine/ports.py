"""Which ports of a machine are a run's own: a block for each run that is not over, kept in the user's state directory.

A file for each block holds the run that has it, so that it stays the run's through every death of its runner. A block
whose run is over, or gone, is free.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from orch_tui.core.state import OVER
from orch_tui.directories import state_dir
from orch_tui.errors import OrchError
from orch_tui.store import files
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.lock import held

EACH = 1000
"""Ports of a block."""
MOST = 45
"""Blocks that are handed out."""


def block(run: RunDir, env: Mapping[str, str]) -> int | None:
    """The number of the block of `run`, from 0, taken if it has none; None when all are taken or it cannot be told."""
    try:
        home = private_dir(state_dir(env) / "ports")
        with (home / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _block(run, home)
    except (OrchError, OSError):
        return None


def _block(run: RunDir, home: Path) -> int | None:
    own = os.fsencode(run.path.resolve())
    holders = {number: _read(home / str(number)) for number in range(MOST)}
    for number, holder in holders.items():
        if holder == own:
            return number
    for number, holder in holders.items():
        if not holder or _over(RunDir(Path(os.fsdecode(holder)))):
            files.replace(home / str(number), own, durable=False)
            return number
    return None


def _over(run: RunDir) -> bool:
    if not run.path.exists():
        return True
    if held(run.lock):
        return False
    try:
        told = files.read_json(run.status) or {}
    except OrchError:
        return False
    return told.get("phase") in {phase.value for phase in OVER}


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
