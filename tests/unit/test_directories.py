"""Where the user's settings and state are looked for."""

from pathlib import Path

import pytest

from orch_tui import directories


def test_xdg_decides_where_it_is_set():
    env = {"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert directories.config_dir(env) == Path("/c/orch-tui")
    assert directories.state_dir(env) == Path("/s/orch-tui")


def test_a_relative_xdg_path_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert directories.state_dir({"XDG_STATE_HOME": "here"}).is_relative_to(tmp_path)
