"""What stands in a worktree, as a git tree, whatever state its index, its branch or its locks are in.

The tree is staged through a temporary index, so an agent that was killed in the middle of a git command is no obstacle.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.changes import Changes, between
from orch_tui.git.command import git, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The tree (hex) of all files that are not ignored, and the index file it was written from.

    `changes` is what differs from HEAD; None on a branch without a commit.
    """

    tree: str
    index: Path
    changes: Changes | None


@contextlib.contextmanager
def snapshot(worktree: Path, git_dir: Path, head: str) -> Generator[Snapshot]:
    """Stage everything in `worktree`, which is at the commit `head` ("": none), and write it as a tree; the index lives
    as long as the context.

    Raises GitError when a file cannot be read, or when there is a repository in the worktree, whose files would not be
    kept.
    """
    with tempfile.TemporaryDirectory(dir=git_dir, prefix="orch-index-") as scratch:
        index = Path(scratch) / "index"
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(git_dir / "index", index)  # with its time: git tells by it which entries to look at again
        env = {"GIT_INDEX_FILE": str(index)}
        git(worktree, "add", "--all", "--", ".", env=env)
        tree = text(worktree, "write-tree", env=env)
        changes = between(worktree, head, tree) if head else None
        _refuse_repositories(worktree, changes)
        yield Snapshot(tree=tree, index=index, changes=changes)


def install(taken: Snapshot, git_dir: Path) -> None:
    """Make the snapshot's index the worktree's, so that `git status` there is clean; nobody else may be using it."""
    os.replace(taken.index, git_dir / "index")  # noqa: PTH105
    (git_dir / "index.lock").unlink(missing_ok=True)


def _refuse_repositories(worktree: Path, changes: Changes | None) -> None:
    """An agent that cloned or initialised something inside: git would store a reference to it, and no file."""
    if changes and changes.inner:
        raise GitError(
            f"{os.fsdecode(changes.inner[0])!r} in {str(worktree)!r} is a git repository of its own",
            hint="remove its .git, or list it in .gitignore, then retry",
        )
