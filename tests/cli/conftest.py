"""Projects of a user's own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cli_project import Project


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    """A new directory without git, for tests that are not about workflows: nothing is checked and nobody asked."""
    made = new(tmp_path, "workflow: minimal\n")
    yield made
    await made.end()


@pytest.fixture
async def newcomer(tmp_path: Path) -> AsyncIterator[Project]:
    """A new directory without git, of a user who chose nothing yet."""
    made = new(tmp_path)
    yield made
    await made.end()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A plan that waits for its approval, for tests that change nothing of it: "A", "B<-A", "C<-B"."""
    made = new(tmp_path_factory.mktemp("waiting"), "workflow: minimal\n")
    told = made.call("run", made.plan("A", "B<-A", "C<-B"), "--headless")
    assert told.code == 10, told.err
    yield made
    asyncio.run(made.end())


def new(place: Path, settings: str = "") -> Project:
    """A project whose user has these settings."""
    home, root = place / "home", place / "project"
    for path in (home, root):
        path.mkdir()
    own = home / "xdg_config_home" / "orch-tui"
    if settings:
        own.mkdir(parents=True)
        (own / "config.yaml").write_text(settings)
    env = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    env |= {name: str(home / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Project(root, {**env, "HOME": str(home), "PATH": path, "PYTHONUTF8": "1"})
