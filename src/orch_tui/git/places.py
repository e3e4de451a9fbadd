"""Where git keeps what belongs to a checkout, found without asking it."""

from __future__ import annotations

import os
from pathlib import Path


def git_dir_of(top: Path) -> Path:
    """The git directory of the checkout whose top is `top` (its index and HEAD); OSError when there is none."""
    named = top / ".git"
    if named.is_dir():
        return named
    return top / os.fsdecode(named.read_bytes()).removeprefix("gitdir: ").rstrip("\n")


def common_dir(git_dir: Path) -> Path:
    """What all worktrees of a repository share, from the git directory of one of them. OSError."""
    shared = git_dir / "commondir"
    return git_dir / os.fsdecode(shared.read_bytes()).rstrip("\n") if shared.exists() else git_dir


def configuration_files(git_dir: Path) -> tuple[Path, Path]:
    """The files of a repository's own configuration, there or not: of all its worktrees, and of this one. OSError."""
    return common_dir(git_dir) / "config", git_dir / "config.worktree"
