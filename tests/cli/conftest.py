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
    """A new directory without git."""
    made = new(tmp_path)
    yield made
    await made.end()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A plan that waits for its approval, for tests that change nothing of it: "A", "B<-A", "C<-B"."""
    made = new(tmp_path_factory.mktemp("waiting"))
    told = made.call("run", made.plan("A", "B<-A", "C<-B"), "--headless")
    assert told.code == 10, told.err
    yield made
    asyncio.run(made.end())


def new(place: Path) -> Project:
    home, root = place / "home", place / "project"
    for path in (home, root):
        path.mkdir()
    env = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    env |= {name: str(home / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Project(root, {**env, "HOME": str(home), "PATH": path, "PYTHONUTF8": "1"})
