"""Worktrees, branches and merges, by the git program."""

from orch_tui.git import merge, repo, work, worktrees

__all__ = ["merge", "repo", "work", "worktrees"]
