"""Two sides brought together as files, by `git merge-tree`: nothing is checked out and no branch is moved."""

from __future__ import annotations

import os
from dataclasses import dataclass

from orch_tui.git.command import git, identity, text
from orch_tui.git.repo import Repo

_FLAGS = ("--write-tree", "--name-only", "--no-messages", "-z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Both sides changed `files`; nothing was changed, both sides are on their branches."""

    files: tuple[str, ...]


def together(repo: Repo, ours: str, theirs: str) -> str | Conflict:
    """The tree (hex) of two commits (hex), from where their histories part. Raises GitError."""
    done = git(repo.root, "merge-tree", *_FLAGS, ours, theirs, allow=(0, 1))
    tree, *files = done.out.rstrip(b"\0").split(b"\0")
    if done.code:
        return Conflict(files=tuple(dict.fromkeys(file.decode(errors="replace") for file in files)))
    return os.fsdecode(tree)


def carried_over(repo: Repo, ours: str, *, base: str, theirs: str) -> str | Conflict:
    """The tree (hex) of `ours` with what changed from `base` to `theirs`, all of them commits or trees (hex).

    `merge-tree` takes its base from the history (with git 2.40 came a way to name it), so each gets a commit made for
    it. Raises GitError.
    """

    def commit(of: str, *above: str) -> str:
        parents = [word for parent in above for word in ("-p", parent)]
        flags = (*parents, "-m", "orch-tui: to merge", f"{of}^{{tree}}")
        return text(repo.root, "commit-tree", *flags, env=identity(repo.root))

    root = commit(base)
    return together(repo, commit(ours, root), commit(theirs, root))


def tree_of(repo: Repo, commit: str) -> str:
    """The tree (hex) of a commit, or of a tree (hex). Raises GitError."""
    return text(repo.root, "rev-parse", "--verify", f"{commit}^{{tree}}")
