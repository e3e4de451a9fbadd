"""The state directory is its user's alone: what is ours is closed to others, what is theirs is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orch_tui.client.surroundings import look_around
from orch_tui.errors import StateError
from orch_tui.store.layout import private_dir, run_dir


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_directories_that_are_open_to_others_are_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    run = run_dir(tmp_path, "r")
    private_dir(run.journal)
    ours = [run.journal, run.path, run.path.parent, tmp_path / ".orch"]
    for path in ours:
        path.chmod(0o755)
    private_dir(run.journal)
    assert {_mode(path) for path in ours} == {0o700}
    assert _mode(tmp_path) == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
@pytest.mark.parametrize("place", [".orch", ".orch/runs", ".orch/runs/r", ".orch/runs/r/journal"])
def test_a_directory_of_another_user_is_refused_with_what_helps(place: str, tmp_path: Path) -> None:
    run = run_dir(tmp_path, "r")
    private_dir(run.journal)
    os.chown(tmp_path / place, 65534, 65534)
    with pytest.raises(StateError, match=rf"{place}' belongs to another user \(uid 65534\)") as refused:
        private_dir(run.journal)
    assert f"chown -R {os.geteuid()} {tmp_path / place}" in refused.value.hint


@pytest.mark.parametrize(("mode", "told"), [(0o777, True), (0o1777, False), (0o775, False), (0o755, False)])
def test_a_project_that_everybody_can_write_to_is_told(mode: int, told: bool, tmp_path: Path) -> None:
    tmp_path.chmod(mode)
    says = [check.says for check in look_around(tmp_path, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})]
    assert any("can be written by every user" in one for one in says) is told
