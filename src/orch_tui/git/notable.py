"""What a person should know of a repository whose sections work in worktrees: what those lack, what would be lost."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.command import filters_left_out, git
from orch_tui.git.repo import Repo

_LARGEST = 8 * 1024 * 1024
_LFS = re.compile(r"^[^#\n]*\sfilter=lfs\b", re.MULTILINE)
_MOST_NAMED = 3


def uncommitted(repo: Repo, *, apart: str) -> str:
    """That sections do not see what the user has not committed, in words, "" when there is no such thing.

    Untracked files do not count, nor does one that has the hash `apart`: the plan. Raises GitError.
    """
    listed = git(repo.root, "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames").out.split(b"\0")
    names = [os.fsdecode(entry[3:]) for entry in listed if entry]
    named = [name for name in names if not _is(repo.root / name, apart)]
    if not named:
        return ""
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    shown = ", ".join(map(repr, named[:_MOST_NAMED]))
    return f"Sections begin with the last commit: they do not see your changes in {shown}{more}. Commit them first."


def lacking(worktree: Path, setup: tuple[str, ...]) -> tuple[str, ...]:
    """What a new worktree lacks that the repository has elsewhere: submodules, contents kept by Git LFS.

    `setup` are the commands that will be run in it. Raises GitError.
    """
    said: list[str] = []
    if (worktree / ".gitmodules").is_file() and not any("submodule" in command for command in setup):
        said.append(
            "the submodules of this repository are empty in its worktrees: "
            "`worktree.setup: [git submodule update --init]` fills them"
        )
    attributes = _text(worktree / ".gitattributes")
    for name in filters_left_out(worktree):
        if re.search(rf"\sfilter={re.escape(name)}(?:\s|$)", attributes, re.MULTILINE):
            said.append(
                f"the filter {name!r} of this repository's own configuration does not run: "
                "put it into your own (`git config --global`) if you trust it"
            )
    if _LFS.search(attributes):
        configured = git(worktree, "config", "--get", "filter.lfs.smudge", allow=(0, 1)).out.strip()
        if not configured:
            said.append("files that Git LFS keeps are pointers in worktrees: `git lfs install` puts contents there")
    return tuple(said)


def check_submodules(worktree: Path, git_dir: Path) -> None:
    """Raises GitError when a submodule in `worktree` holds what would be lost with it: its repository goes along."""
    if not (git_dir / "modules").is_dir():
        return
    listed = git(worktree, "submodule", "status", "--recursive").out.decode(errors="replace").splitlines()
    for line in listed:
        path = line[1:].split(" ", 1)[-1].rpartition(" (")[0] or line[1:].split(" ", 1)[-1]
        if line.startswith("-") or not (worktree / path / ".git").exists():
            continue
        inner = worktree / path
        changed = git(inner, "status", "--porcelain=v1", "-z", "--ignore-submodules=none").out
        alone = git(inner, "rev-list", "--max-count=1", "HEAD", "--not", "--remotes").out.strip()
        if changed or alone:
            raise GitError(
                f"the submodule {path!r} in {str(worktree)!r} has work that is nowhere else",
                hint="commit it there and push it, then retry",
            )


def _is(path: Path, sha256: str) -> bool:
    try:
        return path.stat().st_size <= _LARGEST and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
