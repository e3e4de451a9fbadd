"""What a branch, or a worktree, changed since it left another branch: files, and the beginning of the lines."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.command import git, text
from orch_tui.git.repo import Repo, commit_of

_ENDED = (0, -9)  # by itself, or because enough was read
_NAMES = 1 << 20  # bytes of names that are read
_FLAGS = ("--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--submodule=short")
_PREFIXES = ("--src-prefix=a/", "--dst-prefix=b/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """From the commit `base` (hex): `files` are (letter of what happened, path), `text` is the difference as git prints
    it, up to where `cut` says that it goes on. `unknown` are files that git does not track, in a worktree.
    """

    base: str
    files: tuple[tuple[str, str], ...]
    text: bytes
    cut: bool
    unknown: tuple[str, ...] = ()


def between(repo: Repo, upper: str, tip: str, *, most: int) -> Difference:
    """What the commit `tip` has that `upper` has not (both names of commits): as `git diff upper...tip`, `most` bytes.

    Raises GitError.
    """
    base = text(repo.root, "merge-base", upper, tip)
    return _difference(repo.root, base, (base, tip), most)


def in_worktree(repo: Repo, upper: str, tree: Path, *, most: int) -> Difference:
    """The same of the files in a worktree as they are now, committed or not. Raises GitError."""
    base = text(tree, "merge-base", upper, "HEAD")
    unknown = git(tree, "ls-files", "-z", "--others", "--exclude-standard", most=_NAMES, allow=_ENDED).out
    found = _difference(tree, base, (base,), most)
    return Difference(
        base=found.base, files=found.files, text=found.text, cut=found.cut, unknown=tuple(_words(unknown))
    )


def exists(repo: Repo, name: str) -> bool:
    """Whether there is such a commit."""
    return commit_of(repo, name) is not None


def _difference(at: Path, base: str, ends: tuple[str, ...], most: int) -> Difference:
    named = _words(git(at, "diff", *_FLAGS, "--name-status", "-z", *ends, "--", most=_NAMES, allow=_ENDED).out)
    printed = git(at, "diff", *_FLAGS, *_PREFIXES, *ends, "--", most=most, allow=_ENDED).out
    return Difference(base=base, files=tuple(_changes(named)), text=printed, cut=len(printed) >= most)


def _words(listed: bytes) -> list[str]:
    return [os.fsdecode(word) for word in listed.split(b"\0")[:-1]]


def _changes(words: list[str]) -> list[tuple[str, str]]:
    """(letter, path) pairs; what was renamed or copied has two paths."""
    left, found = iter(words), list[tuple[str, str]]()
    for letter in left:
        path = next(left, "")
        to = next(left, "") if letter[:1] in {"R", "C"} else ""
        found.append((letter[:1], f"{path} -> {to}" if to else path))
    return found
