"""What the integration branch holds as other commits than the section's own: squashed or replayed, each with a mark.

The mark is a trailer, `Orch-Merged: COMMIT`, that names the tip of the branch that was brought. What an agent wrote of
that name into its own commits does not count: it is taken out when they are replayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orch_tui.git.command import git
from orch_tui.git.repo import Repo

_MARK = "Orch-Merged"
_OURS = re.compile(rf"^{_MARK}[ \t]*:.*\n?", re.MULTILINE | re.IGNORECASE)
_TRAILER = re.compile(r"[A-Za-z0-9-]+[ \t]*:|[ \t]")
_HASH = re.compile("[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one merge brought: the commits (hex) after `onto` up to `commit`, of the branch that was at `tip`."""

    tip: str
    commit: str
    onto: str


def marked(message: str, tip: str) -> str:
    """A commit's message with the mark that it brings `tip` (hex), as its last trailer and the only one of its kind."""
    body = _OURS.sub("", message).rstrip()
    last = body.rpartition("\n\n")
    trailers = last[1] and all(_TRAILER.match(line) for line in last[2].splitlines())
    return f"{body}\n{'' if trailers else chr(10)}{_MARK}: {tip}\n"


def brought(repo: Repo, at: str, *, apart: str = "") -> Iterator[Brought]:
    """What was brought onto the own line of `at` (a commit, hex), the latest first; not what `apart` holds already.

    Raises GitError.
    """
    form = f"%H %P%x00%(trailers:key={_MARK},valueonly,separator=%x20)"
    flags = ("--first-parent", "-z", f"--format={form}", at, *([f"^{apart}"] if apart else []))
    words = git(repo.root, "log", *flags).out.decode(errors="replace").split("\0")
    last: Brought | None = None
    for heads, marks in zip(words[::2], words[1::2], strict=False):
        commit, *parents = heads.split()
        found = _HASH.findall(marks)[-1:]
        tip = parents[1] if len(parents) > 1 else found[0] if found else ""
        onto = parents[0] if parents else ""
        if last is not None and (tip != last.tip or len(parents) > 1):
            yield last
            last = None
        if tip and last is not None:
            last = Brought(tip=tip, commit=last.commit, onto=onto)
        elif tip:
            last = Brought(tip=tip, commit=commit, onto=onto)
    if last is not None:
        yield last


def held_as(repo: Repo, at: str, tip: str) -> str:
    """The commit (hex) with which the line of `at` holds what `tip` holds, where that is not `tip` itself; else ""."""
    return next((one.commit for one in brought(repo, at, apart=tip) if one.tip == tip), "")


def shared(repo: Repo, commits: Sequence[str]) -> str:
    """A commit (hex) that all of these hold; "" where there is none, or one of them is gone."""
    done = git(repo.root, "merge-base", "--octopus", *commits, allow=(0, 1, 128))
    return "" if done.code else done.out.decode().strip()
