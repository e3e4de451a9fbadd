"""Merging an attempt's branch into the integration branch, without a checkout.

`git merge-tree` computes the result, `commit-tree` stores it, `update-ref` moves the branch if it still is where it
was: one atomic step, before which nothing has changed. A conflict leaves both branches as they are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from orch_tui.errors import GitError
from orch_tui.git.command import git, identity, locked, text
from orch_tui.git.repo import Repo, integration_branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The integration branch holds the work; `commit` (hex) is where it is now."""

    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Both sides changed `files`; nothing was changed, both sides are on their branches."""

    files: tuple[str, ...]


def merge(repo: Repo, *, run: str, branch: str, message: str) -> Merged | Conflict:
    """Merge `branch` into the integration branch of `run`, always as a commit with two parents.

    What is already contained (a second call, a branch without work) changes nothing. Raises GitError; also when a
    checkout stands on the integration branch: moved from below, it would show the inverse of the work as changes.
    """
    target = f"refs/heads/{integration_branch(run)}"
    with locked(repo.common) as lock:
        (ours, checked_out), (theirs, _) = _branches(repo, target, f"refs/heads/{branch}")
        if git(repo.root, "merge-base", "--is-ancestor", theirs, ours, allow=(0, 1)).code == 0:
            return Merged(commit=ours)
        if checked_out:
            raise GitError(
                f"{target.removeprefix('refs/heads/')!r} is checked out in {checked_out!r}",
                hint="switch to another branch there, then retry",
            )
        flags = ("--write-tree", "--name-only", "--no-messages", "-z")
        done = git(repo.root, "merge-tree", *flags, ours, theirs, allow=(0, 1))
        tree, *files = done.out.rstrip(b"\0").split(b"\0")
        if done.code:
            return Conflict(files=tuple(dict.fromkeys(file.decode(errors="replace") for file in files)))
        parents = ("-p", ours, "-p", theirs)
        words = message.encode(errors="replace")
        commit = text(
            repo.root, "commit-tree", *parents, "-F", "-", os.fsdecode(tree), env=identity(repo.root), stdin=words
        )
        git(repo.root, "update-ref", "-m", f"orch-tui: merge {branch}", target, commit, ours, holding=(lock,))
    return Merged(commit=commit)


def _branches(repo: Repo, *refs: str) -> list[tuple[str, str]]:
    """For each full ref its commit, and the worktree it is checked out in ("" when in none)."""
    form = "--format=%(refname)%00%(objectname)%00%(worktreepath)%00"
    lines = os.fsdecode(git(repo.root, "for-each-ref", form, *refs).out).removesuffix("\n").split("\0\n")
    found = {name: (commit, path) for name, commit, path in (_fields(line) for line in lines)}
    for ref in refs:
        if ref not in found:
            raise GitError(f"the branch {ref.removeprefix('refs/heads/')!r} does not exist any more")
    return [found[ref] for ref in refs]


def _fields(line: str) -> tuple[str, str, str]:
    name, commit, path = (*line.split("\0"), "", "", "")[:3]
    return name, commit, path
