"""A section's branch once it was merged: gone on with, begun again where it is gone, or removed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orch_tui.git.command import git, identity, locked, once_more, text
from orch_tui.git.marks import held_as
from orch_tui.git.repo import Repo, commit_of, holds, integration_branch
from orch_tui.git.three_way import together, tree_of
from orch_tui.git.work import head_of, save

_HEADS = "refs/heads/"


def rejoin(repo: Repo, worktree: Path, run: str) -> bool:
    """Bring the worktree of a section that is gone on with to the commits as which its work was merged.

    Squashed or replayed, the integration branch holds the work by other commits; without a merge of both, whatever
    comes next would conflict with itself. Returns whether there was anything to join. Raises GitError.
    """
    tip, at = head_of(worktree), _integrated(repo, run)
    held = "" if holds(repo, at, tip) else held_as(repo, at, tip)
    if not held:
        return False
    flags = ("-p", tip, "-p", held, "-m", f"Go on from what was merged\n\nOrch-Run: {run}", tree_of(repo, held))
    joined = text(repo.root, "commit-tree", *flags, env=identity(repo.root))
    git(worktree, "merge", "--quiet", "--ff-only", joined)
    return True


def begin_again(repo: Repo, branch: str, run: str) -> None:
    """See that the branch of a section that was merged, and removed, is there: at what the integration branch holds.

    Raises GitError.
    """
    with locked(repo.common) as lock:
        if commit_of(repo, _HEADS + branch) is None:
            start = _integrated(repo, run)
            git(repo.root, "update-ref", "-m", "orch-tui: go on", _HEADS + branch, start, "", holding=(lock,))


def branches(repo: Repo, run: str) -> frozenset[str]:
    """The branches of a run's attempts that there are. Raises GitError."""
    below = f"{_HEADS}orch-work/{run}/"
    return frozenset(text(repo.root, "for-each-ref", "--format=%(refname:lstrip=2)", below).splitlines())


@once_more
def remove_branch(repo: Repo, branch: str, run: str, *, apart: Collection[str] = ()) -> str:
    """Remove a section's branch, unless somebody has it checked out. Returns the rescue ref of what is not merged.

    What the integration branch holds is merged: as the commits themselves, as others (squashed, replayed), or because
    it changes nothing there. The commits `apart` (hex) were made by the run. Does nothing when the branch is gone.
    Raises GitError.
    """
    with locked(repo.common) as lock:
        form = "--format=%(refname)%00%(objectname)%00%(worktreepath)"
        listed = text(repo.root, "for-each-ref", form, _HEADS + branch).splitlines()
        found = [line.split("\0") for line in listed]
        tip = next((tip for name, tip, path in found if name == _HEADS + branch and not path), "")
        if not tip:
            return ""
        kept = "" if tip in apart or holds_all(repo, _integrated(repo, run), tip) else save(repo.root, branch, tip)
        git(repo.root, "update-ref", "-m", "orch-tui: merged", "-d", _HEADS + branch, tip, holding=(lock,))
    return kept


def holds_all(repo: Repo, at: str, tip: str) -> bool:
    """Whether the commit `at` (hex) has what `tip` brings: itself, as other commits (squashed, replayed), or because it
    changes nothing there. Raises GitError."""
    return holds(repo, at, tip) or bool(held_as(repo, at, tip)) or together(repo, at, tip) == tree_of(repo, at)


def _integrated(repo: Repo, run: str) -> str:
    return text(repo.root, "rev-parse", "--verify", f"{_HEADS}{integration_branch(run)}^{{commit}}")
