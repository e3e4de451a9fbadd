"""A run on a disk that cannot be written is opened to be looked at."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from orch_tui.client import launch
from orch_tui.errors import UserError
from orch_tui.store.layout import private_dir, run_dir


async def test_a_run_on_a_read_only_disk_is_opened_without_a_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("# Plan\n")
    run = run_dir(tmp_path, "r")
    private_dir(run.path)
    run.status.write_text(f'{{"plan": "{plan}", "phase": "running"}}')

    def refused(_: object) -> None:
        raise UserError("a runner was wanted")

    monkeypatch.setattr(launch, "ensure_runner", refused)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    wishes = launch.Wishes()
    assert await launch.open_plan(plan, wishes, actor="me", directory=tmp_path, look_back=True) == run
    with pytest.raises(UserError, match="a runner was wanted"):
        await launch.open_plan(plan, wishes, actor="me", directory=tmp_path)
