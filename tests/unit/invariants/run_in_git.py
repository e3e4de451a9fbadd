"""A staged run in a real repository, one section merged and one given up, to look at and to put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git as program
from orch_tui.core.run_events import Settings
from orch_tui.testing.stage import Stage
from orch_tui.testing.staged_repository import in_git, merged, works

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Warm the pot
Dependencies: none
"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A is merged and its worktree removed; B was given up, and its worktree stays."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    top = tmp_path / "project"
    top.mkdir()
    made = Stage(root=top, text=PLAN, settings=Settings(agent="claude"))
    in_git(made)
    work(made, "A")
    merged(made, "A")
    program.worktrees.remove_worktree(repository(made), tree(made, "A"))
    work(made, "B", commits=False)
    made.fail("B")
    return made


def repository(stage: Stage) -> program.repo.Repo:
    return program.repo.standing_at(stage.root)


def tree(stage: Stage, section: str, number: int = 1) -> Path:
    return program.worktrees.worktree_root(repository(stage), stage.name) / section / str(number)


def work(stage: Stage, section: str, *, commits: bool = True) -> Path:
    return works(stage, section, {f"{section}.txt": b"done\n"}, tree=tree(stage, section), commits=commits)
