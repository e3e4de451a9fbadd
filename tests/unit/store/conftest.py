"""What the tests of the store share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An empty journal directory of a run."""
    path = tmp_path / "run-1" / "journal"
    path.mkdir(parents=True)
    return path
