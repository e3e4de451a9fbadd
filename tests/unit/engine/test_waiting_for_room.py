import errno
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from orch_tui.engine.machine import Machine
from orch_tui.engine.runner import serve
from orch_tui.errors import StateError
from orch_tui.room import NO_ROOM
from orch_tui.store.layout import run_dir

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "error",
    [FULL, BaseExceptionGroup("in a task", [FULL]), StateError("no room", hint=NO_ROOM)],
    ids=["the system", "a task", "the store"],
)
def test_a_runner_waits_for_room_whoever_found_that_there_is_none(tmp_path: Path, error: BaseException):
    """What the system said, and not the store, ended the runner with a traceback."""
    tried: list[int] = []
    paused: list[float] = []

    def run(main: Coroutine[Any, Any, None]) -> None:
        main.close()
        tried.append(len(tried))
        if len(tried) == 1:
            raise error

    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert serve(run_dir(tmp_path, "r"), env, Machine(run=run, pause=paused.append)) == 0
    assert tried == [0, 1]
    assert paused
