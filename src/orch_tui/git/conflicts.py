"""Conflicts where an agent or a person can resolve them: begun in a worktree, and what is left of their marks."""

from __future__ import annotations

import os
import re
from pathlib import Path

from orch_tui.errors import GitError
from orch_tui.git.command import git, identity, text

_MARKED = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)
_BEGINS = "^<<<<<<< "
_MOST = 20
"""How many files that might hold markers are looked into."""


def merge_in(worktree: Path, branch: str) -> tuple[str, ...]:
    """Merge `branch` into what `worktree` has checked out, without a commit; what conflicts is left with markers.

    Returns the files in conflict. A merge that is under way there is left as it is, and nothing that is not committed
    is overwritten. Raises GitError.
    """
    if not merging(worktree):
        flags = ("--no-commit", "--no-ff", "--no-verify", "--no-gpg-sign", "--no-verify-signatures", "--no-autostash")
        done = git(worktree, "merge", "--quiet", *flags, branch, env=identity(worktree), allow=(0, 1, 2))
        if done.code and not merging(worktree):
            words = (done.err.strip() or done.out.strip()).decode(errors="replace").splitlines()
            raise GitError(f"cannot merge {branch!r} in {str(worktree)!r}: {'; '.join(words[:3])}")
    listed = git(worktree, "diff", "--name-only", "--diff-filter=U", "-z").out
    return tuple(dict.fromkeys(os.fsdecode(name) for name in listed.split(b"\0") if name))


def marked(worktree: Path, base: str, commit: str) -> tuple[str, ...]:
    """Files in which `commit` has more conflict markers than `base` (both hex).

    A file for which .gitattributes gives another `conflict-marker-size` may hold what looks like some.
    """
    flags = ("-r", "-z", "--name-only", "--no-renames", "--no-textconv", "--diff-filter=AM", f"-G{_BEGINS}")
    listed = git(worktree, "diff-tree", *flags, base, commit).out
    names = [os.fsdecode(name) for name in listed.split(b"\0") if name][:_MOST]
    return tuple(
        name
        for name in names
        if _markers(worktree, commit, name) > _markers(worktree, base, name) and not _own_size(worktree, name)
    )


def merging(worktree: Path) -> bool:
    """Whether a merge is under way there."""
    return not git(worktree, "rev-parse", "--verify", "--quiet", "MERGE_HEAD", allow=(0, 1)).code


def _markers(worktree: Path, commit: str, name: str) -> int:
    """How many there are in a file, which may be large: git looks, and tells the marks alone."""
    flags = ("--only-matching", "-h", "--text", "--no-line-number", "--no-column", "--no-color", "--extended-regexp")
    marks = ("-e", "^<{7} ", "-e", "^={7}\r?$", "-e", "^>{7} ")
    found = git(worktree, "grep", *flags, *marks, commit, "--", f":(literal){name}", allow=(0, 1)).out
    return len(_MARKED.findall(found))


def _own_size(worktree: Path, name: str) -> bool:
    said = text(worktree, "check-attr", "-z", "conflict-marker-size", "--", name).split("\0")[2:3]
    return said not in (["unspecified"], ["7"])
