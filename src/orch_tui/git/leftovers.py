"""What a git that was killed leaves behind, and stands in the way of every later one: locks, half-made worktrees.

Whether its maker is gone is told by who was there: whoever made it before it was seen has ended when every git that was
there then has. Clocks are not asked. Daemons of git hold no lock for long and are not waited for.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from orch_tui import proctable
from orch_tui.git.places import git_dir_of

_IN_THE_WAY = re.compile(rb"unable to create '([^'\n]+\.lock)': File exists", re.IGNORECASE)
_LONGEST = 10.0  # seconds the gits that were there are waited for
_SOON = 2.0  # the same where nobody is kept from anything yet
_LOOK = 0.05
_ADMIN = ("gitdir", "commondir", "HEAD")
"""Files of a registered worktree that git writes before it makes the worktree."""


def unlocked(said: bytes) -> bool:
    """Whether git, which said this when it failed, is worth another try: a lock was in its way and is not any more.

    A lock whose maker is gone is removed; one that somebody holds is waited for, as long as that may take.
    """
    named = _IN_THE_WAY.search(said)
    if named is None:
        return False
    lock = Path(os.fsdecode(named[1]))
    return remove_dead([lock], _LONGEST) or not lock.exists()


def clear(common: Path) -> None:
    """Remove what gits that are gone left: locks of our refs and of the packed ones, worktrees that were never made.

    For the beginning of a runner, and after a git of ours was killed; what somebody is at is left.
    """
    refs = common / "refs"
    ours = (refs / "heads" / "orch", refs / "heads" / "orch-work", refs / "orch")
    locks = [lock for place in ours for lock in place.rglob("*.lock")]
    packed = common / "packed-refs.lock"
    locks += [packed] if packed.exists() else []
    if locks or any(_half_made(common)):
        remove_dead(locks, _SOON)
        forget_half_made(common, _SOON)


def unlock(worktrees: Iterable[Path]) -> None:
    """Remove what gits that are gone left locked in worktrees nobody works in: the next one there is an agent's."""
    locks: list[Path] = []
    for path in worktrees:
        with contextlib.suppress(OSError):
            own = git_dir_of(path)
            locks += [lock for name in ("index.lock", "HEAD.lock") if (lock := own / name).exists()]
    remove_dead(locks, _SOON)


def forget_half_made(common: Path, patience: float = _LONGEST) -> None:
    """Take worktrees out of git's register of which the adding was cut short; one of them, and git can list none.

    Nothing is lost: git fills a worktree only once its entry is complete. To be called under the repository's lock, or
    when no git of ours is at it.
    """
    entries = list(_half_made(common))
    if entries and _all_gone(patience):
        for entry in entries:
            shutil.rmtree(entry, ignore_errors=True)


def _half_made(common: Path) -> Iterable[Path]:
    with contextlib.suppress(OSError):
        for entry in (common / "worktrees").iterdir():
            if entry.is_dir() and not all(_filled(entry / name) for name in _ADMIN):
                yield entry


def _filled(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def remove_dead(locks: list[Path], patience: float = _SOON) -> bool:
    """Remove those locks whose makers are gone; whether all went that way. Those that change hands are left."""
    seen = {lock: _which(lock) for lock in locks}
    if not locks or not _all_gone(patience):
        return False
    for lock, which in seen.items():
        if which is not None and _which(lock) == which:
            lock.unlink(missing_ok=True)
    return not any(lock.exists() for lock in locks)


def _which(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _all_gone(patience: float) -> bool:
    """Whether every git that is there now has ended within `patience` seconds."""
    there = proctable.called("git")
    until = time.monotonic() + patience
    while there := {pid: start for pid, start in there.items() if proctable.start_time(pid) == start}:
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK)
    return True
