"""What a section left in its worktree, brought onto a ref: the attempt's branch, or a rescue ref."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.changes import Changes, between
from orch_tui.git.command import git, identity, once_more, text
from orch_tui.git.places import git_dir_of
from orch_tui.git.snapshot import install, snapshot

MOST_FILES = 200
"""How many changed files `Work` names."""
BRANCH_NOTE = "orch-branch"
"""File in a worktree's git directory: the branch the worktree was made for."""
_HEADS = "refs/heads/"
_HASH = re.compile("[0-9a-f]{40,64}")
_MERGING = ("MERGE_HEAD", "MERGE_MODE", "MERGE_MSG", "AUTO_MERGE")
_RESCUE = "refs/orch/rescue/"
_KEPT_NOTE = "orch-kept"
"""File in a worktree's git directory: the rescue ref of what was put back there last."""
_FIELDS = {b"1": 8, b"u": 10}
"""Fields of a status line before its path, by the line's kind."""
_ELSEWHERE = b"ref: refs/heads/.invalid"
"""What HEAD says where git keeps refs in another way than as files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a section left: its commit (hex) and what it changed against its base (hex).

    `files` holds at most MOST_FILES paths of `file_count`. `strayed` is where the agent had moved HEAD to (a branch
    name or "detached HEAD") when that was not the attempt's branch; the work is on the attempt's branch all the same.
    """

    commit: str
    base: str
    files: tuple[str, ...]
    file_count: int
    insertions: int
    deletions: int
    strayed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What was undone in a worktree: the paths (at most MOST_FILES), and whether its branch or HEAD had been moved.

    `kept` is the rescue ref that holds what was committed, "" when there is no such thing.
    """

    files: tuple[str, ...] = ()
    moved: bool = False
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """Where a worktree's HEAD is: commit and tree ("" on an unborn branch), branch ("" when detached)."""

    git_dir: Path
    head: str
    tree: str
    branch: str


@once_more
def commit_all(worktree: Path, message: str, *, base: str, onto: str = "") -> Work:
    """Commit everything a section left in its worktree (ignored files apart) and bring the attempt's branch to it.

    Commits the agent made itself are kept below it; without anything to commit, they are the work. A merge that is
    under way there is concluded; with the name of the branch it was of as `onto`, what that brought is not counted as
    the section's. The author is who git is configured for. To be called when no process of the attempt is left; calling
    it again changes nothing.
    Raises GitError.
    """
    stand = _stand(worktree)
    branch = _noted_branch(stand.git_dir) or stand.branch
    if not branch:
        raise GitError(f"no branch is known for the worktree {str(worktree)!r}, and its HEAD is detached")
    with snapshot(worktree, stand.git_dir, stand.head) as taken:
        commit = stand.head or base
        incoming = _incoming(worktree, stand)
        if taken.tree != stand.tree or incoming:
            commit = _commit(worktree, taken.tree, parent=commit, incoming=incoming, message=message)
        if commit != stand.head or branch != stand.branch:
            old = stand.head if branch == stand.branch else _tip(worktree, branch)
            _move_branch(worktree, branch, commit, old=old, parent=stand.head)
        install(taken, stand.git_dir)
    for name in _MERGING:
        (stand.git_dir / name).unlink(missing_ok=True)
    base = text(worktree, "merge-base", commit, _HEADS + onto) if onto else base
    seen = taken.changes if base == stand.head else None
    strayed = "" if stand.branch == branch else stand.branch or "detached HEAD"
    if strayed:
        git(worktree, "symbolic-ref", "HEAD", _HEADS + branch)
    return _work(base, commit, seen or between(worktree, base, commit), strayed)


@once_more
def rescue(path: Path) -> str:
    """Save what is in the worktree and not on a branch; returns the ref, or "" when there is no such thing.

    Raises GitError when it cannot be saved.
    """
    stand = _stand(path)
    branch = _noted_branch(stand.git_dir) or stand.branch or f"unknown/{path.name}"
    with snapshot(path, stand.git_dir, stand.head) as taken:
        if taken.tree != stand.tree:
            if kept := _rescued(path, branch, f"{taken.tree} {stand.head}".rstrip()):
                return kept
            saved = _commit(path, taken.tree, parent=stand.head, message=f"Rescued from {path}\n")
            return save(path, branch, saved)
    if stand.branch or text(path, "for-each-ref", "--count=1", f"--contains={stand.head}"):
        return ""
    return save(path, branch, stand.head)


@once_more
def put_back(worktree: Path, *, head: str, keep: str) -> PutBack:
    """Bring a worktree back to the commit `head` (hex) and its branch, ignored files apart: it was not to be changed.

    What was committed there is kept as `refs/orch/rescue/<keep>`; to be called when no process of the attempt is left.
    Called again after it was interrupted, it tells of that again. Raises GitError.
    """
    git_dir = git_dir_of(worktree)
    (git_dir / "index.lock").unlink(missing_ok=True)
    at, on, files = _status(worktree)
    branch, note, name = _noted_branch(git_dir) or on, git_dir / _KEPT_NOTE, _RESCUE + keep
    tips = (at,) if branch == on else (at, _tip(worktree, branch))
    moved = any(tip != head for tip in tips)
    strange = [tip for tip in dict.fromkeys(tips) if tip not in ("", head)]
    noted = note.read_text() if note.exists() else ""
    kept = noted if noted == name or noted.startswith(f"{name}-") else ""
    for tip in strange:
        if git(worktree, "merge-base", "--is-ancestor", tip, head, allow=(0, 1)).code:
            kept = save(worktree, keep, tip)
            note.write_text(kept)  # tells of it again, should we not come to an end
        files += git(worktree, "diff-tree", "-r", "-z", "--name-only", "--no-renames", head, tip).out.split(b"\0")[:-1]
    if moved or branch != on:
        git(worktree, "update-ref", "-m", "orch-tui: put back", _HEADS + branch, head)
        git(worktree, "symbolic-ref", "HEAD", _HEADS + branch)
    if files or moved:
        git(worktree, "reset", "--quiet", "--hard", "HEAD")
        git(worktree, "clean", "--quiet", "--force", "-d")
    names = tuple(dict.fromkeys(name.decode(errors="replace") for name in files))
    return PutBack(files=names[:MOST_FILES], moved=moved or bool(kept), kept=kept)


def on_branch(worktree: Path, git_dir: Path) -> bool:
    """Whether the worktree's HEAD is a branch, which keeps what was committed there."""
    said = (git_dir / "HEAD").read_bytes()
    if said.startswith(b"ref: refs/heads/") and not said.startswith(_ELSEWHERE):
        return True
    return not git(worktree, "symbolic-ref", "--quiet", "HEAD", allow=(0, 1, 128)).code


@once_more
def head_of(worktree: Path) -> str:
    """The commit (hex) that a worktree is at."""
    return text(worktree, "rev-parse", "HEAD^{commit}")


def _work(base: str, commit: str, changes: Changes, strayed: str) -> Work:
    return Work(
        commit=commit,
        base=base,
        files=tuple(path.decode(errors="replace") for path in changes.paths[:MOST_FILES]),
        file_count=len(changes.paths),
        insertions=changes.insertions,
        deletions=changes.deletions,
        strayed=strayed,
    )


def _incoming(worktree: Path, stand: _Stand) -> tuple[str, ...]:
    """The commits that are being merged in a worktree and are not in its HEAD so far."""
    head = stand.git_dir / "MERGE_HEAD"
    named = head.read_text(errors="replace").split() if head.is_file() else []
    return tuple(
        commit
        for commit in named
        if _HASH.fullmatch(commit)
        and stand.head
        and git(worktree, "merge-base", "--is-ancestor", commit, stand.head, allow=(0, 1, 128)).code == 1
    )


def _commit(worktree: Path, tree: str, *, parent: str, message: str, incoming: tuple[str, ...] = ()) -> str:
    above = [word for one in (parent, *incoming) if one for word in ("-p", one)]
    words = message.encode(errors="replace")
    return text(worktree, "commit-tree", *above, "-F", "-", tree, env=identity(worktree), stdin=words)


def _move_branch(worktree: Path, branch: str, commit: str, *, old: str, parent: str) -> None:
    """Bring `branch` to `commit`, made on `parent`; an old tip it does not contain (rewritten history) is rescued."""
    if old not in ("", parent) and git(worktree, "merge-base", "--is-ancestor", old, commit, allow=(0, 1)).code:
        save(worktree, branch, old)
    git(worktree, "update-ref", "-m", "orch-tui: section's work", _HEADS + branch, commit, old)


def _rescued(at: Path, branch: str, what: str) -> str:
    """The rescue ref that holds `what`, a tree and its parent, already; "" when none does."""
    name = _RESCUE + branch.removeprefix("orch-work/")
    said = git(at, "for-each-ref", "--format=%(tree) %(parent) %(refname)", name, f"{name}-*").out
    return next((ref for ref in map(bytes.decode, said.splitlines()) if ref.startswith(f"{what} ")), "").rpartition(
        " "
    )[2]


def save(at: Path, branch: str, commit: str) -> str:
    """A rescue ref for `commit`; one that exists for something else is kept, and a longer name taken."""
    name = _RESCUE + branch.removeprefix("orch-work/")
    taken = git(at, "rev-parse", "--verify", "--quiet", "--end-of-options", name, allow=(0, 1)).out.decode().strip()
    if taken not in ("", commit):
        name = f"{name}-{commit[:12]}"
    git(at, "update-ref", "-m", "orch-tui: rescue", name, commit)
    return name


def _tip(worktree: Path, name: str, *, below: str = _HEADS) -> str:
    done = git(worktree, "rev-parse", "--verify", "--quiet", "--end-of-options", below + name, allow=(0, 1))
    return done.out.decode().strip()


def _stand(worktree: Path) -> _Stand:
    asked = ("--absolute-git-dir", "HEAD^{commit}", "HEAD^{tree}", "--symbolic-full-name", "HEAD")
    done = git(worktree, "rev-parse", *asked, allow=(0, 128))
    if done.code:  # an unborn branch, unless the worktree is broken
        ref = text(worktree, "symbolic-ref", "HEAD")
        return _Stand(git_dir=git_dir_of(worktree), head="", tree="", branch=ref.removeprefix(_HEADS))
    git_dir, head, tree, ref = os.fsdecode(done.out).splitlines()
    return _Stand(git_dir=Path(git_dir), head=head, tree=tree, branch="" if ref == "HEAD" else ref.removeprefix(_HEADS))


def _status(worktree: Path) -> tuple[str, str, list[bytes]]:
    """Where a worktree's HEAD is, as commit and branch ("" for none), and the paths that differ from it."""
    flags = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames")
    at = on = ""
    files: list[bytes] = []
    for entry in git(worktree, "status", *flags).out.split(b"\0"):
        kind, _, rest = entry.partition(b" ")
        if kind == b"#":
            key, _, value = rest.partition(b" ")
            at = value.decode() if key == b"branch.oid" and value != b"(initial)" else at
            on = os.fsdecode(value) if key == b"branch.head" and value != b"(detached)" else on
        elif kind:
            files.append(rest if kind == b"?" else entry.split(b" ", _FIELDS[kind])[-1])
    return at, on, files


def _noted_branch(git_dir: Path) -> str:
    note = git_dir / BRANCH_NOTE
    return note.read_text() if note.exists() else ""
