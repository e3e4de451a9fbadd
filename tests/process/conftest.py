"""Real processes on real repositories: runners, hosts and scripts, killed and brought back."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from running import Bench, repository


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home whose user chose `minimal`: a test that is about workflows says in its plan which one."""
    home = tmp_path / "home"
    own = home / "xdg_config_home" / "orch-tui"
    own.mkdir(parents=True)
    (own / "config.yaml").write_text("workflow: minimal\n")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A new repository with one commit; at the end nothing of its runs may be left."""
    made = repository(tmp_path / "project")
    yield made
    await made.end()
