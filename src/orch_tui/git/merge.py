"""Merging an attempt's branch into the integration branch, without a checkout.

`git merge-tree` computes the result, `commit-tree` stores it as the strategy has it (`strategies.py`), `update-ref`
moves the branch if it still is where it was: one atomic step, before which nothing has changed. In between somebody may
look at the result and not like it. A conflict leaves both branches as they are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from orch_tui.errors import GitError
from orch_tui.git.command import ANY, git, locked
from orch_tui.git.marks import brought, held_as
from orch_tui.git.repo import Repo, holds, integration_branch
from orch_tui.git.strategies import make
from orch_tui.git.three_way import Conflict, together, tree_of
from orch_tui.merge_settings import MergeStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """There is nothing to merge: the integration branch, at `commit` (hex), holds it."""

    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What merging would make: `commit` (hex) on top of `onto`. `forward`: it has the very files of the branch.

    `said` is why its commits are not as they were asked for, or "".
    """

    commit: str
    onto: str
    forward: bool
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Branch:
    """A branch: its commit and tree (hex), and the worktree it is checked out in ("" when in none)."""

    commit: str
    tree: str
    checked_out: str


def compute(
    repo: Repo, *, run: str, branch: str, message: str, strategy: MergeStrategy = "merge", onto: str = ""
) -> Contained | Candidate | Conflict:
    """What merging `branch` into the integration branch of `run` makes, in commits as the strategy has it; no branch is
    moved. With `onto` (hex), it is merged into that commit instead.

    Raises GitError; also when a checkout stands on the integration branch: moved from below, it would show the inverse
    of the work as changes.
    """
    target = _target(run)
    ours, theirs = _branches(repo, target, f"refs/heads/{branch}")
    if onto:
        ours = replace(ours, commit=onto, tree=tree_of(repo, onto))
    if strategy != "merge" and (held := held_as(repo, ours.commit, theirs.commit)):
        return Contained(commit=held)
    tree = together(repo, ours.commit, theirs.commit)
    if tree == ours.tree and (strategy != "merge" or holds(repo, ours.commit, theirs.commit)):
        return Contained(commit=ours.commit)
    _refuse_checkout(target, ours.checked_out)
    if isinstance(tree, Conflict):
        return tree
    made = make(repo, strategy, ours=ours.commit, theirs=theirs.commit, tree=tree, message=message)
    return Candidate(commit=made.commit, onto=ours.commit, forward=tree == theirs.tree, said=made.said)


def move(repo: Repo, *, run: str, commit: str, words: str, onto: str = "", looked: bool = False) -> bool:
    """Bring the integration branch of `run` to a `commit` that was made on top of it, where it was at `onto` (hex).

    Without `onto`, the commit and those below it have to be one merge. False when the branch is elsewhere by now.
    `looked`: the commit was computed just now, and no checkout stood on the branch. Where it holds the commit already,
    as after a crash, nothing changes. Raises GitError.
    """
    target = _target(run)
    moving = ("update-ref", "-m", f"orch-tui: {words}", target, commit)
    with locked(repo.common) as lock:
        if looked and onto and not git(repo.root, *moving, onto, holding=(lock,), allow=ANY).code:
            return True
        [ours] = _branches(repo, target)
        if ours.commit != (onto or _made_on(repo, ours.commit, commit)):
            return holds(repo, ours.commit, commit)
        _refuse_checkout(target, ours.checked_out)
        git(repo.root, *moving, ours.commit, holding=(lock,))
    return True


def _made_on(repo: Repo, ours: str, commit: str) -> str:
    """The commit (hex) that one merge, which ends in `commit`, was made on; "" when there is more than that."""
    merges = list(brought(repo, commit, apart=ours))
    return merges[0].onto if len(merges) == 1 else ""


def refuse_checkout(repo: Repo, branch: str) -> None:
    """Raises GitError when a checkout stands on a branch that is to be moved, or when there is no such branch."""
    [found] = _branches(repo, f"refs/heads/{branch}")
    _refuse_checkout(f"refs/heads/{branch}", found.checked_out)


def _target(run: str) -> str:
    return f"refs/heads/{integration_branch(run)}"


def _refuse_checkout(target: str, checked_out: str) -> None:
    if checked_out:
        raise GitError(
            f"{target.removeprefix('refs/heads/')!r} is checked out in {checked_out!r}",
            hint="switch to another branch there, then retry",
        )


def _branches(repo: Repo, *refs: str) -> list[_Branch]:
    """What full refs hold, in their order."""
    form = "--format=%(refname)%00%(objectname)%00%(tree)%00%(worktreepath)%00"
    lines = os.fsdecode(git(repo.root, "for-each-ref", form, *refs).out).removesuffix("\n").split("\0\n")
    found: dict[str, _Branch] = {}
    for line in lines:
        name, commit, tree, path = (*line.split("\0"), "", "", "", "")[:4]
        found[name] = _Branch(commit=commit, tree=tree, checked_out=path)
    for ref in refs:
        if ref not in found:
            raise GitError(f"the branch {ref.removeprefix('refs/heads/')!r} does not exist any more")
    return [found[ref] for ref in refs]
