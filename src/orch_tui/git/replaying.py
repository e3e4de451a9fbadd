"""The commits of a branch made again on top of another one, each by itself, without a checkout.

Author, date and message stay; what changes nothing there is left out. Merges are not made again: where a branch that
was merged into this one brought nothing but what the other side holds, what comes after it is replayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.git.command import git, identity, text
from orch_tui.git.marks import marked
from orch_tui.git.repo import Repo
from orch_tui.git.three_way import Conflict, carried_over, tree_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit (hex), and what it was made on."""

    commit: str
    parents: tuple[str, ...]


def coming(repo: Repo, onto: str, tip: str) -> tuple[Commit, ...]:
    """What `tip` has and `onto` has not, the first first. Raises GitError."""
    listed = text(repo.root, "rev-list", "--reverse", "--topo-order", "--parents", f"{onto}..{tip}").splitlines()
    rows = (line.split() for line in listed)
    return tuple(Commit(commit=commit, parents=tuple(parents)) for commit, *parents in rows)


def flattened(repo: Repo, onto: str, tip: str) -> tuple[Commit, ...]:
    """What `tip` has and `onto` has not, without the merges among it, as `git rebase` takes it. Raises GitError."""
    return tuple(one for one in coming(repo, onto, tip) if len(one.parents) == 1)


def straight(repo: Repo, commits: Sequence[Commit]) -> tuple[Commit, ...] | None:
    """Those of `commits` that can be replayed one after the other; None when there is a merge of its own among them."""
    merges = [at for at, one in enumerate(commits) if len(one.parents) != 1]
    if not merges:
        return tuple(commits)
    last = commits[merges[-1]]
    rest = commits[merges[-1] + 1 :]
    known = {one.commit for one in commits}
    theirs = [parent for parent in last.parents if parent not in known]
    follows = all(one.parents == (before.commit,) for before, one in zip((last, *rest), rest, strict=False))
    same = any(tree_of(repo, parent) == tree_of(repo, last.commit) for parent in theirs)
    return tuple(rest) if follows and same else None


def steps(repo: Repo, commits: Sequence[Commit], onto: str) -> tuple[tuple[Commit, str], ...] | Conflict:
    """Those of `commits` that change something on top of `onto` one after the other, each with the tree (hex) it makes.

    Raises GitError.
    """
    made: list[tuple[Commit, str]] = []
    tree = tree_of(repo, onto)
    for one in commits:
        before, after = tree_of(repo, one.parents[0]), tree_of(repo, one.commit)
        new = after if before == tree else carried_over(repo, tree, base=before, theirs=after)
        if isinstance(new, Conflict):
            return new
        if new != tree:
            made.append((one, new))
            tree = new
    return tuple(made)


def replay(repo: Repo, commits: Sequence[Commit], onto: str, tip: str) -> str | Conflict:
    """The commit (hex) at the end of `commits` made again on top of `onto`, marked as the work of `tip`.

    `onto` itself where all of them are empty there. Raises GitError.
    """
    made = steps(repo, commits, onto)
    if isinstance(made, Conflict):
        return made
    at = onto
    for one, tree in made:
        at = _again(repo, one.commit, tree, at, tip)
    return at


def _again(repo: Repo, commit: str, tree: str, onto: str, tip: str) -> str:
    form = "--format=%an%x00%ae%x00%ad%x00%B"
    said = git(repo.root, "show", "--no-patch", "--date=raw", "--encoding=UTF-8", form, commit).out
    name, email, date, message = said.decode(errors="replace").split("\0", 3)
    author = {"GIT_AUTHOR_NAME": name or "nobody", "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": f"@{date}"}
    env = identity(repo.root) | author
    words = marked(message, tip).encode()
    return text(repo.root, "commit-tree", "-p", onto, "-F", "-", tree, env=env, stdin=words)
