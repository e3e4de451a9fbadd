"""The project's own words to agents, in files such as AGENTS.md, as sections will find them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orch_tui.git.command import git
from orch_tui.git.repo import Repo

LARGEST = 64 * 1024
"""Bytes a file may have."""
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that says how to work on what its directory holds; `path` is from the top. `text` is None: too large."""

    path: str
    text: str | None


def committed(repo: Repo, names: Sequence[str]) -> list[Written]:
    """Of every directory the first of `names` that is in the last commit, the outer ones first. Raises GitError.

    A link is followed where it leads within the commit; of very many the innermost are left out.
    """
    if not names:
        return []
    patterns = [f":(top,glob)**/{name}" for name in names]
    listed = git(repo.root, "ls-files", "-z", "--full-name", "--", *patterns).out.split(b"\0")
    paths = _in_order([path for path in map(os.fsdecode, listed) if path and "\n" not in path], names)
    asked = "".join(f"HEAD:{path}\n" for path in paths)
    if not asked:
        return []
    looked = git(
        repo.root, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", "--follow-symlinks",
        stdin=os.fsencode(asked),
    ).out.decode("ascii", "replace").splitlines()  # fmt: skip
    found: dict[str, tuple[str, str, int]] = {}
    at = 0
    for path in paths:
        words = looked[at].split(" ") if at < len(looked) else []
        at += 2 if words and words[0] in _ASTRAY else 1
        if len(words) == 3 and words[1] == "blob":
            found.setdefault(os.fspath(PurePosixPath(path).parent), (path, words[0], int(words[2])))
    kept = list(found.values())[:_MOST]
    return [Written(path=path, text=_blob(repo, name) if size <= LARGEST else None) for path, name, size in kept]


def in_place(root: Path, names: Sequence[str]) -> list[Written]:
    """The first of `names` that is in the directory `root`, where sections work in place."""
    for name in names:
        try:
            with (root / name).open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError:
            continue
        return [Written(path=name, text=content.decode(errors="replace") if len(content) <= LARGEST else None)]
    return []


_ASTRAY = frozenset(["symlink", "dangling", "loop", "notdir"])
"""How git says that a link leads out of the commit or nowhere; a second line says where to."""


def _blob(repo: Repo, name: str) -> str:
    return git(repo.root, "cat-file", "blob", name).out.decode(errors="replace")


def _in_order(paths: Sequence[str], names: Sequence[str]) -> list[str]:
    def place(path: str) -> tuple[int, str, int]:
        at = PurePosixPath(path)
        return len(at.parts), os.fspath(at.parent), names.index(at.name) if at.name in names else len(names)

    return sorted(paths, key=place)
