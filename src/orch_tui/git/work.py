"""What a section left in its worktree, brought onto a ref: the attempt's branch, or a rescue ref."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.command import git, identity, text
from orch_tui.git.snapshot import install, snapshot

MOST_FILES = 200
"""How many changed files `Work` names."""
BRANCH_NOTE = "orch-branch"
"""File in a worktree's git directory: the branch the worktree was made for."""
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a section left: its commit (hex) and what it changed against its base.

    `files` holds at most MOST_FILES paths of `file_count`. `strayed` is where the agent had moved HEAD to (a branch
    name or "detached HEAD") when that was not the attempt's branch; the work is on the attempt's branch all the same.
    """

    commit: str
    files: tuple[str, ...]
    file_count: int
    insertions: int
    deletions: int
    strayed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """Where a worktree's HEAD is: commit and tree ("" on an unborn branch), branch ("" when detached)."""

    git_dir: Path
    head: str
    tree: str
    branch: str


def commit_all(worktree: Path, message: str, *, base: str) -> Work:
    """Commit everything a section left in its worktree (ignored files apart) and bring the attempt's branch to it.

    Commits the agent made itself are kept below it; without anything to commit, they are the work. The author is who
    git is configured for. To be called when no process of the attempt is left; calling it again changes nothing.
    Raises GitError.
    """
    stand = _stand(worktree)
    branch = _noted_branch(stand.git_dir) or stand.branch
    if not branch:
        raise GitError(f"no branch is known for the worktree {str(worktree)!r}, and its HEAD is detached")
    with snapshot(worktree, stand.git_dir) as taken:
        commit = stand.head or base
        if taken.tree != stand.tree:
            commit = _commit(worktree, taken.tree, parent=commit, message=message)
        if commit != stand.head or branch != stand.branch:
            old = stand.head if branch == stand.branch else _tip(worktree, branch)
            _move_branch(worktree, branch, commit, old=old, parent=stand.head)
        install(taken, stand.git_dir)
    if stand.branch == branch:
        return _work(worktree, base, commit)
    git(worktree, "symbolic-ref", "HEAD", _HEADS + branch)
    return _work(worktree, base, commit, strayed=stand.branch or "detached HEAD")


def rescue(path: Path) -> str:
    """Save what is in the worktree and not on a branch; returns the ref, or "" when there is no such thing.

    Raises GitError when it cannot be saved.
    """
    stand = _stand(path)
    branch = _noted_branch(stand.git_dir) or stand.branch or f"unknown/{path.name}"
    with snapshot(path, stand.git_dir) as taken:
        if taken.tree != stand.tree:
            saved = _commit(path, taken.tree, parent=stand.head, message=f"Rescued from {path}\n")
            return _save(path, branch, saved)
    if stand.branch or text(path, "for-each-ref", "--count=1", f"--contains={stand.head}"):
        return ""
    return _save(path, branch, stand.head)


def put_back(worktree: Path) -> tuple[str, ...]:
    """Bring a worktree back to what is committed (ignored files apart), for what was not to change it.

    Returns the paths that were changed or new, at most MOST_FILES. Raises GitError.
    """
    listed = git(worktree, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames").out
    changed = tuple(entry[3:].decode(errors="replace") for entry in listed.split(b"\0") if entry)
    if changed:
        git(worktree, "reset", "--quiet", "--hard", "HEAD")
        git(worktree, "clean", "--quiet", "--force", "-d")
    return changed[:MOST_FILES]


def on_branch(worktree: Path) -> bool:
    """Whether the worktree's HEAD is a branch, which keeps what was committed there."""
    return not git(worktree, "symbolic-ref", "--quiet", "HEAD", allow=(0, 1, 128)).code


def git_dir_of(worktree: Path) -> Path:
    """The git directory of one worktree (its index and HEAD)."""
    return Path(text(worktree, "rev-parse", "--absolute-git-dir"))


def _work(worktree: Path, base: str, commit: str, *, strayed: str = "") -> Work:
    listed = git(worktree, "diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-textconv", base, commit).out
    rows = [row.split(b"\t", 2) for row in listed.split(b"\0") if row]
    return Work(
        commit=commit,
        files=tuple(row[2].decode(errors="replace") for row in rows[:MOST_FILES]),
        file_count=len(rows),
        insertions=sum(int(row[0]) for row in rows if row[0] != b"-"),  # "-": a binary file
        deletions=sum(int(row[1]) for row in rows if row[1] != b"-"),
        strayed=strayed,
    )


def _commit(worktree: Path, tree: str, *, parent: str, message: str) -> str:
    above = ("-p", parent) if parent else ()
    words = message.encode(errors="replace")
    return text(worktree, "commit-tree", *above, "-F", "-", tree, env=identity(worktree), stdin=words)


def _move_branch(worktree: Path, branch: str, commit: str, *, old: str, parent: str) -> None:
    """Bring `branch` to `commit`, made on `parent`; an old tip it does not contain (rewritten history) is rescued."""
    if old not in ("", parent) and git(worktree, "merge-base", "--is-ancestor", old, commit, allow=(0, 1)).code:
        _save(worktree, branch, old)
    git(worktree, "update-ref", "-m", "orch-tui: section's work", _HEADS + branch, commit, old)


def _save(at: Path, branch: str, commit: str) -> str:
    """A rescue ref for `commit`; one that exists for something else is kept, and a longer name taken."""
    name = "refs/orch/rescue/" + branch.removeprefix("orch-work/")
    taken = git(at, "rev-parse", "--verify", "--quiet", "--end-of-options", name, allow=(0, 1)).out.decode().strip()
    if taken not in ("", commit):
        name = f"{name}-{commit[:12]}"
    git(at, "update-ref", "-m", "orch-tui: rescue", name, commit)
    return name


def _tip(worktree: Path, branch: str) -> str:
    done = git(worktree, "rev-parse", "--verify", "--quiet", "--end-of-options", _HEADS + branch, allow=(0, 1))
    return done.out.decode().strip()


def _stand(worktree: Path) -> _Stand:
    asked = ("--absolute-git-dir", "HEAD^{commit}", "HEAD^{tree}", "--symbolic-full-name", "HEAD")
    done = git(worktree, "rev-parse", *asked, allow=(0, 128))
    if done.code:  # an unborn branch, unless the worktree is broken
        ref = text(worktree, "symbolic-ref", "HEAD")
        return _Stand(git_dir=git_dir_of(worktree), head="", tree="", branch=ref.removeprefix(_HEADS))
    git_dir, head, tree, ref = os.fsdecode(done.out).splitlines()
    return _Stand(git_dir=Path(git_dir), head=head, tree=tree, branch="" if ref == "HEAD" else ref.removeprefix(_HEADS))


def _noted_branch(git_dir: Path) -> str:
    note = git_dir / BRANCH_NOTE
    return note.read_text() if note.exists() else ""
