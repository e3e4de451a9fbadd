"""Worktrees: one for each attempt of a section, outside the user's checkout; made and removed.

Work is never deleted before it is on a ref. All changes to a repository's worktrees happen under its one lock, because
parallel `git worktree add` loses races over the repository's configuration.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orch_tui.directories import state_dir
from orch_tui.errors import GitError
from orch_tui.git import leftovers
from orch_tui.git.command import ANY, git, locked, once_more
from orch_tui.git.notable import check_submodules
from orch_tui.git.places import git_dir_of
from orch_tui.git.repo import Repo, commit_of, standing_at
from orch_tui.git.work import BRANCH_NOTE, on_branch, rescue

_HEADS = "refs/heads/"
_KEEP = "rename the branch if you want to keep it, else remove it; then retry the section"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One worktree as git has it registered."""

    path: Path
    head: str
    branch: str
    unfinished: bool


def worktree_root(repo: Repo, run: str) -> Path:
    """The directory of a run's worktrees, in the user's state directory (XDG_STATE_HOME); made by `add_worktree`."""
    return _home(repo) / run


def take_up(top: Path) -> Repo:
    """The repository with its top at `top`, for a runner that begins: without what killed gits left there.

    Raises GitError when it is none.
    """
    repo = standing_at(top)
    leftovers.clear(repo.common)
    return repo


def kept_root(repo: Repo) -> Path:
    """The directory of what setting up its worktrees made, for other worktrees of the repository."""
    return state_dir(os.environ) / "setup" / _called(repo)


@once_more
def add_worktree(repo: Repo, *, branch: str, base: str, path: Path) -> None:
    """Make a worktree at `path` on the new branch `branch`, which starts at the commit `base` (hex).

    May be called again after a crash at any point: what is half-made is finished, a finished one is left as it is.
    Raises GitError when the branch or the worktree already holds other work.
    """
    path = path.resolve()
    with locked(repo.common) as lock:
        _make_private(path.parent)
        fresh = ("--no-track", "-b", branch, "--", str(path), base)
        # Nearly always there is nothing yet, and git is asked one question instead of four.
        if path.exists() or git(repo.root, "worktree", "add", "--quiet", *fresh, holding=(lock,), allow=ANY).code:
            _add_again(repo, branch, base, path, lock)
        (git_dir_of(path) / BRANCH_NOTE).write_text(branch)


@once_more
def reopen_worktree(repo: Repo, *, branch: str, path: Path) -> bool:
    """See that the worktree at `path` stands, with what `branch` holds, also when it was removed meanwhile.

    A worktree that stands is left as it is. Returns whether it was made again. Raises GitError.
    """
    path = path.resolve()
    if (path / ".git").exists():
        return False
    with locked(repo.common) as lock:
        _make_private(path.parent)
        _clear(repo, path, registered=True)
        git(repo.root, "worktree", "add", "--quiet", "--", str(path), branch, holding=(lock,))
        (git_dir_of(path) / BRANCH_NOTE).write_text(branch)
    return True


def repair(repo: Repo, worktrees: Iterable[Path]) -> list[Path]:
    """Join worktrees and repository again, of which one was moved; returns those that could not be joined."""
    apart = [path for path in worktrees if not _joined(path)]
    for path in apart:
        with locked(repo.common) as lock:
            git(repo.root, "worktree", "repair", "--", str(path), holding=(lock,), allow=ANY)
    return [path for path in apart if not _joined(path)]


def _joined(path: Path) -> bool:
    """Whether a worktree and what git keeps of it name each other."""
    try:
        back = os.fsdecode((git_dir_of(path) / "gitdir").read_bytes()).rstrip("\n")
    except OSError:
        return False
    return Path(back).parent == path.resolve()


def _add_again(repo: Repo, branch: str, base: str, path: Path, lock: int) -> None:
    if _is_finished(repo, path, branch, base):
        return
    existing = commit_of(repo, _HEADS + branch)
    if existing not in (None, base):
        raise GitError(f"the branch {branch!r} already holds other work ({existing})", hint=_KEEP)
    what = ("--", str(path), branch) if existing else ("--no-track", "-b", branch, "--", str(path), base)
    git(repo.root, "worktree", "add", "--quiet", *what, holding=(lock,))


@once_more
def remove_worktree(repo: Repo, path: Path) -> str:
    """Remove the worktree at `path`; its branch stays. What is on no branch is saved below `refs/orch/rescue/` first.

    Ignored files go with it. Returns the rescue ref, or "" when none was needed. Does nothing when it is gone already.
    Raises GitError, and removes nothing, when the work cannot be saved.
    """
    path = path.resolve()
    with locked(repo.common) as lock:
        if (path / ".git").exists():
            # By itself git removes only what has neither changes nor files it does not know.
            if (
                on_branch(path, git_dir_of(path))
                and not git(repo.root, "worktree", "remove", "--", str(path), holding=(lock,), allow=ANY).code
            ):
                _tidy(repo, path)
                return ""
            check_submodules(path, git_dir_of(path))
            rescued = rescue(path)
            git(repo.root, "worktree", "remove", "--force", "--force", "--", str(path), holding=(lock,))
            _tidy(repo, path)
            return rescued
        if path.exists():
            _set_aside(path)  # a removal that was cut short: no telling what these files are
        git(repo.root, "worktree", "prune", holding=(lock,))
        _tidy(repo, path)
    return ""


def _is_finished(repo: Repo, path: Path, branch: str, base: str) -> bool:
    """Whether the worktree stands as it should; clears away what an interrupted `git worktree add` left."""
    leftovers.forget_half_made(repo.common)
    entry = next((entry for entry in _registered(repo) if entry.path == path), None)
    if entry is None or entry.unfinished or not (path / ".git").exists():
        _clear(repo, path, registered=entry is not None)
        return False
    if (entry.branch, entry.head) != (_HEADS + branch, base):
        raise GitError(
            f"the worktree {str(path)!r} already holds other work ({entry.branch or entry.head})", hint=_KEEP
        )
    return True


def _clear(repo: Repo, path: Path, *, registered: bool) -> None:
    if path.exists():
        _set_aside(path)
    if registered:
        git(repo.root, "worktree", "unlock", "--", str(path), allow=(0, 128))
        git(repo.root, "worktree", "prune")


def _set_aside(path: Path) -> None:
    if not any(path.iterdir()):
        path.rmdir()
        return
    number = 1
    while (aside := path.with_name(f"{path.name}.left-{number}")).exists():
        number += 1
    path.rename(aside)


def _registered(repo: Repo) -> list[_Entry]:
    listed = os.fsdecode(git(repo.root, "worktree", "list", "--porcelain", "-z").out)
    entries: list[_Entry] = []
    for record in listed.split("\0\0"):
        fields: dict[str, str] = {}
        for line in record.split("\0"):
            key, _, value = line.partition(" ")
            fields[key] = value
        if "worktree" in fields:
            unfinished = fields.get("locked") == "initializing"
            path = Path(fields["worktree"])
            entries.append(
                _Entry(path=path, head=fields.get("HEAD", ""), branch=fields.get("branch", ""), unfinished=unfinished)
            )
    return entries


def _home(repo: Repo) -> Path:
    return state_dir(os.environ) / "worktrees" / _called(repo)


def _called(repo: Repo) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", repo.root.name).strip(".-") or "repository"
    digest = hashlib.sha256(os.fsencode(repo.root)).hexdigest()[:8]
    return f"{name}-{digest}"


def _tidy(repo: Repo, path: Path) -> None:
    """Remove the directories above a removed worktree that are empty now; the repository's lock is held."""
    home = _home(repo).resolve()
    for parent in path.parents:
        if not parent.is_relative_to(home):
            return
        try:
            parent.rmdir()
        except OSError:
            return  # another worktree is in it


def _make_private(path: Path) -> None:
    for parent in (*reversed(path.parents), path):
        if not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)
