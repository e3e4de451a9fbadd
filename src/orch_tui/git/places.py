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


def configuration_files(git_dir: Path) -> tuple[Path, Path]:
    """The files of a repository's own configuration, there or not: of all its worktrees, and of this one. OSError."""
    shared = git_dir / "commondir"
    common = git_dir / os.fsdecode(shared.read_bytes()).rstrip("\n") if shared.exists() else git_dir
    return common / "config", git_dir / "config.worktree"
