"""Taking merges off the integration branch again: each is reverted by a commit on top, the latest first.

Nothing is moved before all of it is computed; a revert that conflicts leaves everything as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from orch_tui.git.command import git, identity, text
from orch_tui.git.merge import Conflict, refuse_checkout
from orch_tui.git.repo import Repo, integration_branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverted:
    """What the branch would be: `commit` (hex) on top of `onto`, without the merges (hex, newest first)."""

    commit: str
    onto: str
    merges: tuple[str, ...]


def revert(repo: Repo, run: str, tips: Mapping[str, str]) -> Reverted | Conflict:
    """The integration branch of `run` without its merges of the commits `tips` (hex); no branch is moved.

    For each of these there is the message of its revert. What was reverted already costs no commit. Raises GitError.
    """
    branch = integration_branch(run)
    refuse_checkout(repo, branch)
    onto = at = text(repo.root, "rev-parse", "--verify", f"refs/heads/{branch}^{{commit}}")
    listed = text(repo.root, "rev-list", "--first-parent", "--parents", "--min-parents=2", at).splitlines()
    found = [line.split() for line in listed]
    merges = [(commit, parents[1]) for commit, *parents in found if parents[1] in tips]
    for merge, tip in merges:
        tree = _without(repo, at, merge)
        if isinstance(tree, Conflict):
            return tree
        if tree != _tree(repo, at):
            words = tips[tip].encode(errors="replace")
            flags = ("-p", at, "-F", "-", tree)
            at = text(repo.root, "commit-tree", *flags, env=identity(repo.root), stdin=words)
    return Reverted(commit=at, onto=onto, merges=tuple(merge for merge, _ in merges))


def _without(repo: Repo, at: str, merge: str) -> str | Conflict:
    """The tree of `at` with the change from a merge back to its first parent.

    `merge-tree` takes its base from the history, so the three trees get one made for it.
    """

    def commit(of: str, *above: str) -> str:
        parents = [word for parent in above for word in ("-p", parent)]
        flags = (*parents, "-m", "orch-tui: for a revert", _tree(repo, of))
        return text(repo.root, "commit-tree", *flags, env=identity(repo.root))

    base = commit(merge)
    ours, theirs = commit(at, base), commit(f"{merge}^1", base)
    flags = ("--write-tree", "--name-only", "--no-messages", "-z")
    done = git(repo.root, "merge-tree", *flags, ours, theirs, allow=(0, 1))
    tree, *files = (os.fsdecode(word) for word in done.out.rstrip(b"\0").split(b"\0"))
    return Conflict(files=tuple(dict.fromkeys(files))) if done.code else tree


def _tree(repo: Repo, commit: str) -> str:
    return text(repo.root, "rev-parse", "--verify", f"{commit}^{{tree}}")
