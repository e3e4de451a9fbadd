"""What `service` says, and that there is one of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from orch_tui.cli.service import service
from orch_tui.errors import UserError
from orch_tui.store import registry
from orch_tui.store.lock import Lock
from orch_tui.testing.stage import Stage


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without systemd, cron or runs."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PATH"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    (tmp_path / "xdg_state_home" / "orch-tui").mkdir(parents=True)
    return tmp_path


def said(*words: str) -> list[str]:
    return CliRunner().invoke(service, words, catch_exceptions=False, standalone_mode=False).output.splitlines()


def test_it_says_what_is_installed_and_which_runs_are_not_over(home: Path):
    assert said("status") == ["not installed", "not at work"]
    stage = Stage(root=home, text="# Plan\n\n## Section A: First\nDependencies: none\n")
    stage.run.status.write_text('{"phase": "running"}')
    registry.note(stage.run, {"XDG_STATE_HOME": str(home / "xdg_state_home")})
    lock = Lock(home / "xdg_state_home" / "orch-tui" / "service.lock")
    assert lock.acquire({"pid": 1})
    assert said("status") == ["not installed", "at work", f"{stage.run.name}  running, no runner  {home}"]
    with pytest.raises(UserError, match="at work already"):
        said("run")
    lock.release()


def test_where_nothing_was_installed_nothing_is_removed(home: Path):
    assert said("remove") == ["nothing was installed"]


def test_what_would_be_installed_is_shown(home: Path):
    assert said("install", "--print")[0] == "add to your crontab:"
