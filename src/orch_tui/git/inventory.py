"""What there is of a run in a repository: its worktrees, branches, rescue refs and locks, and what is missing.

It looks; `remove_ref` alone removes, and only what it was shown.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.after_merging import holds_all
from orch_tui.git.command import git, locked, text
from orch_tui.git.places import git_dir_of
from orch_tui.git.repo import Repo, commit_of, integration_branch
from orch_tui.git.worktrees import worktree_root

_HEADS = "refs/heads/"
_RESCUE = "refs/orch/rescue/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A full ref name, the commit (hex) it is at, and the checkout that stands on it, "" for none."""

    name: str
    commit: str
    checked_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a run has in a repository. `worktrees` are paths, by (section's slug, name of the attempt's directory)."""

    branches: tuple[Ref, ...]
    rescues: tuple[Ref, ...]
    integration: str
    """The commit (hex) of its integration branch; "" where there is no such branch."""
    worktrees: dict[tuple[str, str], Path]


def inventory(repo: Repo, run: str) -> Inventory:
    """What there is. Raises GitError."""
    return Inventory(
        branches=_refs(repo, f"{_HEADS}orch-work/{run}/"),
        rescues=_refs(repo, f"{_RESCUE}{run}/"),
        integration=commit_of(repo, _HEADS + integration_branch(run)) or "",
        worktrees=_worktrees(worktree_root(repo, run)),
    )


def _refs(repo: Repo, below: str) -> tuple[Ref, ...]:
    form = "--format=%(refname)%00%(objectname)%00%(worktreepath)"
    fields = (line.split("\0") for line in text(repo.root, "for-each-ref", form, below).splitlines())
    return tuple(Ref(name=name, commit=commit, checked_out=path) for name, commit, path in fields)


def _worktrees(root: Path) -> dict[tuple[str, str], Path]:
    if not root.is_dir():
        return {}
    return {
        (slug.name, tree.name): tree
        for slug in sorted(root.iterdir())
        if slug.is_dir() and not slug.is_symlink()
        for tree in sorted(slug.iterdir())
    }


def missing(repo: Repo, commits: Collection[str]) -> list[str]:
    """Those of `commits` (hex) that the repository does not have. Raises GitError."""
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    if not asked:
        return []
    told = git(repo.root, "cat-file", "--batch-check=%(objecttype)", stdin=asked).out.decode().splitlines()
    return [commit for commit, line in zip(commits, told, strict=True) if line != "commit"]


def not_in(repo: Repo, commits: Collection[str], ref: str) -> list[str]:
    """Those of `commits` (hex, all of them there) that the history of `ref` does not hold. Raises GitError."""
    if not commits:
        return []
    asked = "".join(f"{commit}\n" for commit in (*commits, f"^{ref}")).encode()
    outside = set(git(repo.root, "rev-list", "--stdin", stdin=asked).out.decode().split())
    return [commit for commit in commits if commit in outside]


def held_by(repo: Repo, commit: str, refs: Iterable[str]) -> str:
    """The first of `refs` that has all that `commit` (hex) brings, in whatever commits, or "". Raises GitError."""
    tips = ((ref, commit_of(repo, ref)) for ref in refs)
    return next((ref for ref, tip in tips if tip is not None and holds_all(repo, tip, commit)), "")


def on_a_branch(repo: Repo, commit: str) -> str:
    """A branch or tag of the user's, or a branch of a remote, that holds `commit`; "" for none. Raises GitError."""
    form = ("--format=%(refname)", f"--contains={commit}", _HEADS, "refs/tags/", "refs/remotes/")
    names = text(repo.root, "for-each-ref", *form).splitlines()
    return next((name for name in names if not name.startswith((f"{_HEADS}orch/", f"{_HEADS}orch-work/"))), "")


def locks(repo: Repo, run: str, worktrees: Iterable[Path]) -> list[Path]:
    """Lock files of git that stand in the way of a run: on its refs, and of the indexes of its worktrees.

    The lock of the user's own index is not ours to judge.
    """
    found = [repo.common / "packed-refs.lock", repo.common / _HEADS / f"{integration_branch(run)}.lock"]
    below = repo.common / _HEADS / "orch-work" / run
    found += sorted(below.rglob("*.lock")) if below.is_dir() else []
    for tree in worktrees:
        try:
            git_dir = git_dir_of(tree)
        except OSError:
            continue
        if git_dir.resolve().is_relative_to(repo.common.resolve() / "worktrees"):
            found += [git_dir / "index.lock", git_dir / "HEAD.lock"]
    return [path for path in found if os.path.lexists(path)]


def users_branch(repo: Repo) -> str:
    """The full name of the branch that the user stands on; "" for none. Raises GitError."""
    return git(repo.root, "symbolic-ref", "--quiet", "HEAD", allow=(0, 1, 128)).out.decode(errors="replace").strip()


def differs(worktree: Path) -> str:
    """What is in a worktree and in no commit, in words; "" when nothing is, ignored files apart. Raises GitError."""
    told = text(worktree, "status", "--porcelain", "--untracked-files=all", "--no-renames").splitlines()
    if not told:
        return ""
    return f"{told[0][3:]}" + (f" and {len(told) - 1} more" if len(told) > 1 else "")


def remove_ref(repo: Repo, ref: Ref) -> bool:
    """Remove a ref that is still where it was, and that nobody has checked out; False otherwise. Raises GitError."""
    with locked(repo.common) as lock:
        now = next((one for one in _refs(repo, ref.name) if one.name == ref.name), None)
        if now is None:
            return True
        if now.commit != ref.commit or now.checked_out:
            return False
        git(repo.root, "update-ref", "-m", "orch-tui: gc", "-d", ref.name, ref.commit, holding=(lock,))
        return True
