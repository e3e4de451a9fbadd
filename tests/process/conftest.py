"""Real processes on real repositories: runners, hosts and scripts, killed and brought back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from running import Bench

from orch_tui import process
from orch_tui.store.lock import held


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
    root = tmp_path / "project"
    root.mkdir(exist_ok=True)
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["config", "user.email", "t@example.org"],
        ["config", "user.name", "T"],
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    (root / "README.md").write_text("project\n")
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    subprocess.run(["git", "commit", "-qm", "start"], cwd=root, check=True)
    made = Bench(root)
    yield made
    await _end(made)


async def _end(made: Bench) -> None:
    if made.run.lock.exists() and held(made.run.lock):
        pid = json.loads(made.run.lock.read_text())["pid"]
        os.kill(pid, signal.SIGTERM)
        await made.free()
    if made.run.path != made.root:
        await process.end_marked(str(made.run.path), name=process.RUN_MARKER)
    if made.follower is not None:
        made.follower.close()
