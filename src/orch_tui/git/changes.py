"""What two trees differ in: files, lines, and repositories that one holds inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.command import ANY, git

_GITLINK = b"160000"
_MOST_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The paths that differ (as git has them), lines added and taken away, and paths where a repository came to be."""

    paths: tuple[bytes, ...]
    insertions: int
    deletions: int
    inner: tuple[bytes, ...]


def as_text(at: Path, old: str, new: str) -> str:
    """What makes `new` of `old` (hex) as a patch, for an agent; only its beginning when it is long, and of a large file
    only that it differs.

    Nothing that the repository configures for showing changes is run. "" when one of them is not there any more.
    """
    flags = ("-r", "-p", "--no-renames", "--no-textconv", "--no-ext-diff", "--no-color")
    done = git(at, "-c", "core.bigFileThreshold=128k", "diff-tree", *flags, old, new, allow=ANY)
    return done.out[:_MOST_BYTES].decode(errors="replace")


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
