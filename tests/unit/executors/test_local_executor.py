"""Hosts of this machine as the runner sees them, at the moments in which they come up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orch_tui.executors import local
from orch_tui.executors.base import Gone, Job, Ref
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.store.lock import Lock, held


async def test_a_host_that_comes_up_while_it_is_looked_for_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The runner saw the lock free, then the host took it and said so, then the runner saw what it said."""
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    lock = Lock(attempt.lock)
    looks: list[bool] = []

    def comes_up_behind_the_first_look(path: Path) -> bool:
        looks.append(held(path))
        if len(looks) == 1:
            assert lock.acquire({"pid": os.getpid()})
            attempt.host.write_text("{}")
        elif len(looks) == 2:
            lock.release()
        return looks[-1]

    monkeypatch.setattr(local, "held", comes_up_behind_the_first_look)
    job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/1")
    executor = local.LocalExecutor({})
    said = [event async for event in executor.events(Ref(job=job, pid=os.getpid()), after=0)]
    assert said == [Gone(exit=None)]
    assert looks == [False, True, False]
