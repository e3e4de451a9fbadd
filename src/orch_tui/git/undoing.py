"""Taking merges off the integration branch again, whatever they are in commits: each is reverted by one commit on top,
the latest first.

Nothing is moved before all of it is computed; a revert that conflicts leaves everything as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orch_tui.git.command import identity, text
from orch_tui.git.marks import brought, shared
from orch_tui.git.merge import refuse_checkout
from orch_tui.git.repo import Repo, integration_branch
from orch_tui.git.three_way import Conflict, carried_over, tree_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverted:
    """What the branch would be: `commit` (hex) on top of `onto`, without the merges (hex, newest first)."""

    commit: str
    onto: str
    merges: tuple[str, ...]


def revert(repo: Repo, run: str, tips: Mapping[str, str]) -> Reverted | Conflict:
    """The integration branch of `run` without what was merged of the commits `tips` (hex); no branch is moved.

    For each of these there is the message of its revert. What was reverted already costs no commit. Raises GitError.
    """
    branch = integration_branch(run)
    refuse_checkout(repo, branch)
    onto = at = text(repo.root, "rev-parse", "--verify", f"refs/heads/{branch}^{{commit}}")
    merges = [one for one in brought(repo, at, apart=shared(repo, [at, *tips])) if one.tip in tips]
    for merge in merges:
        tree = carried_over(repo, at, base=merge.commit, theirs=merge.onto)
        if isinstance(tree, Conflict):
            return tree
        if tree != tree_of(repo, at):
            words = tips[merge.tip].encode(errors="replace")
            flags = ("-p", at, "-F", "-", tree)
            at = text(repo.root, "commit-tree", *flags, env=identity(repo.root), stdin=words)
    return Reverted(commit=at, onto=onto, merges=tuple(merge.commit for merge in merges))
