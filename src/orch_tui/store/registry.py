"""The runs of this user that are not over, in whatever repository: a small file each, in the user's state directory.

A runner notes its run before anything else and crosses it off when it is over; whoever keeps runs going reads them. It
only says where to look: what is to be done about a run its own journal says.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from orch_tui.directories import state_dir
from orch_tui.errors import OrchError
from orch_tui.store import files, system
from orch_tui.store.layout import RunDir


def note(run: RunDir, env: Mapping[str, str]) -> None:
    """Say that there is such a run; `env` is the environment. Raises OSError."""
    file = _file(run, env)
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(file, json.dumps({"run": str(run.path)}).encode())


def cross_off(run: RunDir, env: Mapping[str, str]) -> None:
    """There is nothing more to do in a run. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        system.calls.unlink(_file(run, env))


def known(env: Mapping[str, str]) -> list[RunDir]:
    """The runs that are noted, by name. One that was removed is crossed off; one whose disk is not there stays."""
    found: list[RunDir] = []
    for file in sorted(_home(env).glob("*.json")):
        try:
            told = files.read_json(file) or {}
        except OrchError:
            continue  # half of one, by somebody else's hand
        run = RunDir(Path(str(told.get("run", ""))))
        if file != _file(run, env):
            continue
        if run.path.is_dir():
            found.append(run)
        elif run.root.is_dir():
            with contextlib.suppress(OSError):
                cross_off(run, env)
    return found


def _home(env: Mapping[str, str]) -> Path:
    return state_dir(env) / "runs"


def _file(run: RunDir, env: Mapping[str, str]) -> Path:
    return _home(env) / f"{run.name}-{hashlib.sha256(os.fsencode(run.path)).hexdigest()[:8]}.json"
