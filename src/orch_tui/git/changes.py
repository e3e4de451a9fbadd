"""What two trees differ in: files, lines, and repositories that one holds inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.command import git

_GITLINK = b"160000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The paths that differ (as git has them), lines added and taken away, and paths where a repository came to be."""

    paths: tuple[bytes, ...]
    insertions: int
    deletions: int
    inner: tuple[bytes, ...]


def between(at: Path, old: str, new: str) -> Changes:
    """What makes `new` of `old`, two trees or commits. A binary file has no lines. Raises GitError."""
    flags = ("-r", "-z", "--raw", "--numstat", "--no-renames", "--no-textconv")
    fields = git(at, "diff-tree", *flags, old, new).out.split(b"\0")
    inner: list[bytes] = []
    rows: list[list[bytes]] = []
    words = iter(fields)
    for word in words:
        if word.startswith(b":"):  # ":100644 160000 <hash> <hash> A", and the path in the next field
            path = next(words)
            if word.split()[1] == _GITLINK and word[1:7] != _GITLINK:
                inner.append(path)
        elif word:
            rows.append(word.split(b"\t", 2))
    return Changes(
        paths=tuple(row[2] for row in rows),
        insertions=sum(int(row[0]) for row in rows if row[0] != b"-"),
        deletions=sum(int(row[1]) for row in rows if row[1] != b"-"),
        inner=tuple(inner),
    )
