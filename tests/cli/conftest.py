"""A project of a user's own for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cli_project import Project


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    """A new directory without git."""
    home, root = tmp_path / "home", tmp_path / "project"
    for path in (home, root):
        path.mkdir()
    env = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    env |= {name: str(home / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = Project(root, {**env, "HOME": str(home), "PATH": path, "PYTHONUTF8": "1"})
    yield made
    await made.end()
