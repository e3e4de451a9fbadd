"""What stands in a worktree that somebody left in the middle of work: it is only looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui.git.command import ANY, git

_MOST = 64
_DIFFERS = ("--stat=100", "--stat-count=40", "--no-renames", "--no-textconv", "--no-ext-diff", "--no-color")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Lines of `git diff --stat` against the base, the last with the sums; paths git does not know; commits since the
    base, the last first, as "hash subject"."""

    stat: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()


def look(worktree: Path, base: str) -> Unfinished:
    """What was done in a worktree since the commit `base` (hex); nothing of it where git cannot tell."""
    if not (worktree / ".git").exists():
        return Unfinished()
    return Unfinished(
        stat=_lines(worktree, "diff", *_DIFFERS, base, "--"),
        untracked=_lines(worktree, "ls-files", "--others", "--exclude-standard"),
        commits=_lines(worktree, "log", f"-{_MOST}", "--format=%h %s", f"{base}..HEAD", "--"),
    )


def stands_at(worktree: Path, commit: str) -> bool:
    """Whether a worktree is there, and its HEAD is at a commit (hex)."""
    if not commit or not (worktree / ".git").exists():
        return False
    done = git(worktree, "rev-parse", "HEAD^{commit}", allow=ANY)
    return done.code == 0 and done.out.decode(errors="replace").strip() == commit


def _lines(worktree: Path, *words: str) -> tuple[str, ...]:
    done = git(worktree, *words, allow=ANY)
    return tuple(done.out.decode(errors="replace").splitlines()[-_MOST:]) if done.code == 0 else ()
