"""A plan whose file is gone or unreadable, opened in the cockpit."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.cli import opening
from orch_tui.client.coming import Coming
from orch_tui.client.launch import unfinished
from orch_tui.config import Config
from orch_tui.errors import PlanError
from orch_tui.store.layout import RunDir


def shown(plan: Path, monkeypatch: pytest.MonkeyPatch) -> list[RunDir | Coming]:
    """What the cockpit is opened with."""
    screens: list[RunDir | Coming] = []

    def cockpit(run: RunDir | Coming, config: Config) -> int:
        screens.append(run)
        return 0

    monkeypatch.setattr(opening, "terminal", lambda: True)
    opening.open_.main([str(plan)], obj=cockpit, standalone_mode=False)
    return screens


def test_a_run_is_shown_by_its_own_copy_when_the_file_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunDir(tmp_path / ".orch" / "runs" / "r")
    monkeypatch.setattr(opening, "opened", lambda *_, **__: run)
    assert shown(tmp_path / "plan.md", monkeypatch) == [run]


def test_without_a_run_of_it_no_screen_is_opened_to_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = tmp_path / "plan.md"
    plan.write_bytes(b"\xff\xfe\0\xd8")
    assert unfinished(tmp_path, plan) is None
    with pytest.raises(PlanError):
        shown(plan, monkeypatch)
