"""What a merge becomes on the integration branch: a merge commit, one commit, or the branch's commits made again.

Whichever it is, the files are those that merging comes to. Squashed and replayed work is marked (`marks.py`), because
the history does not tell any more that it was brought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.git.command import identity, text
from orch_tui.git.marks import marked
from orch_tui.git.replaying import Commit, coming, replay, straight
from orch_tui.git.repo import Repo, holds
from orch_tui.git.three_way import tree_of
from orch_tui.merge_settings import MergeStrategy

_OWN = ("orch/", "orch-work/")
"""Branches of runs; they show on a remote, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The last commit (hex) of what was made; `said` is why it is not as it was asked for, or ""."""

    commit: str
    said: str = ""


def make(repo: Repo, strategy: MergeStrategy, *, ours: str, theirs: str, tree: str, message: str) -> Made:
    """Commits on top of `ours` that bring `theirs` (both hex), with the files of `tree`, and no branch moved.

    `message` is for one that has all of it; as a merge its subject begins with that word.

    A branch into which somebody else's history was merged is merged, since squashed or replayed it would be the
    section's. Commits that cannot be replayed one by one to the same files are squashed. Raises GitError.
    """
    if strategy == "merge":
        return Made(commit=_commit(repo, tree, (ours, theirs), f"Merge {message}"))
    commits = coming(repo, ours, theirs)
    if name := _stranger(repo, commits):
        return Made(
            commit=_commit(repo, tree, (ours, theirs), f"Merge {message}"),
            said=f"merged, not {strategy}d: {name!r} was merged into its branch",
        )
    squashed = marked(message, theirs)
    if strategy == "squash":
        return Made(commit=_commit(repo, tree, (ours,), squashed))
    replayed = _replayed(repo, commits, ours, theirs, tree)
    if replayed:
        return Made(commit=replayed)
    return Made(
        commit=_commit(repo, tree, (ours,), squashed),
        said="squashed, not rebased: its commits do not come to the same one by one",
    )


def _replayed(repo: Repo, commits: Sequence[Commit], ours: str, theirs: str, tree: str) -> str:
    line = straight(repo, commits)
    end = replay(repo, line, ours, theirs) if line is not None else None
    return end if isinstance(end, str) and end != ours and tree_of(repo, end) == tree else ""


def _stranger(repo: Repo, commits: Sequence[Commit]) -> str:
    """A branch merged on the way that is not the section's own: a remote's, or where the user stands; else ""."""
    known = {one.commit for one in commits}
    for merge in [one for one in commits if len(one.parents) > 1]:
        for other in [parent for parent in merge.parents[1:] if parent in known]:
            flags = (f"--contains={other}", f"--no-contains={merge.commit}", "--format=%(refname:lstrip=2)")
            names = text(repo.root, "for-each-ref", *flags, "refs/remotes").splitlines()
            if found := [name for name in names if not name.partition("/")[2].startswith(_OWN)]:
                return found[0]
            if holds(repo, "HEAD", other) and not holds(repo, "HEAD", merge.commit):
                return text(repo.root, "rev-parse", "--abbrev-ref", "HEAD")
    return ""


def _commit(repo: Repo, tree: str, parents: Sequence[str], message: str) -> str:
    above = [word for parent in parents for word in ("-p", parent)]
    words = message.encode(errors="replace")
    return text(repo.root, "commit-tree", *above, "-F", "-", tree, env=identity(repo.root), stdin=words)
