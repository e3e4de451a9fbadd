"""What a staged table shows when its run is in a real repository, whose merges are real commits."""

from __future__ import annotations

from pathlib import Path

from conftest_cockpit import Table

from orch_tui.testing import staged_repository
from orch_tui.testing.staged_repository import git

__all__ = ["git", "in_git", "merged", "works"]


def in_git(table: Table) -> None:
    """Make the staged project a repository, with the integration branch at its first commit; approve."""
    staged_repository.in_git(table.stage, "/.orch/\n/work/\n")


def works(table: Table, section: str, files: dict[str, bytes], *, commits: bool = True) -> Path:
    """An attempt at a section that writes files in a worktree of its own; its worktree."""
    tree = table.stage.root / "work" / section
    return staged_repository.works(table.stage, section, files, tree=tree, commits=commits)


def merged(table: Table, section: str) -> None:
    """What it committed is merged, and it is done."""
    staged_repository.merged(table.stage, section)
