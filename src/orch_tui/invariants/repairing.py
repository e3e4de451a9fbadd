"""What is safe to put right in a run's directory, by whoever holds its lock: nothing here can lose work.

What is cut is kept aside, what a worktree holds is saved to a ref before it is removed, what is derived is thrown away.
A journal that is damaged is never touched.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

from orch_tui import git, process
from orch_tui.core.state import State
from orch_tui.errors import OrchError
from orch_tui.executors.base import Job, Ref
from orch_tui.executors.local import LocalExecutor
from orch_tui.invariants.directory import Look
from orch_tui.invariants.finding import Finding, Repair
from orch_tui.store import files, journal, system
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay, drop_snapshot

GRACE = 10.0  # seconds in which what is ended may tidy up
_ORDER: tuple[Repair, ...] = (
    "private",
    "cut tail",
    "fold anew",
    "end processes",
    "unlock git",
    "release worktree",
    "remove",
)


async def repair(looked: Look) -> list[str]:
    """Put right what can be, in a safe order; returns a line for each, also where it could not be done.

    Only while the run's lock is held by the caller.
    """
    done: list[str] = []
    for finding in sorted((one for one in looked.findings if one.repair in _ORDER), key=_place):
        try:
            words = await _REPAIRS[finding.repair](looked, finding)
        except (OrchError, OSError) as error:
            words = f"not put right: {finding.text} ({error})"
        if words:
            done.append(words)
    return list(dict.fromkeys(done))


def _place(finding: Finding) -> int:
    return _ORDER.index(finding.repair)


async def _private(_looked: Look, finding: Finding) -> str:
    """By a descriptor that is known to be of the file itself, whatever lies there by now."""
    file = os.open(finding.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(file)
        if found.st_uid != os.geteuid():
            return f"not put right: {finding.path!r} belongs to another user"
        os.fchmod(file, 0o700 if stat.S_ISDIR(found.st_mode) else 0o600)
    finally:
        os.close(file)
    return f"only you can read {finding.path!r} now"


async def _cut_tail(looked: Look, _finding: Finding) -> str:
    replay = Replay(looked.run)
    replay.read_all()
    cut = journal.cut_tail(looked.run.journal, replay.position)
    return (
        f"cut {cut} bytes off the journal's end; they are kept in {str(looked.run.path / 'quarantine')!r}"
        if cut
        else ""
    )


async def _fold_anew(looked: Look, _finding: Finding) -> str:
    drop_snapshot(looked.run)
    return "threw snapshot.json away: the next runner folds every record"


async def _end_processes(looked: Look, finding: Finding) -> str:
    job, ended = _job(looked.run, looked.state, finding.named), 0
    if job is not None:
        ended += await LocalExecutor({}).end(Ref(job=job, pid=0), grace=GRACE)
    ended += await process.end_marked(finding.named, grace=GRACE)
    return (
        f"ended what was left of the attempt {finding.named!r} ({'1 process' if ended == 1 else f'{ended} processes'})"
    )


def _job(run: RunDir, state: State, marker: str) -> Job | None:
    """The attempt with this marker, unless it is under way."""
    for section in (*state.sections.values(), *state.gone):
        for attempt in section.attempts:
            if attempt.marker == marker and state.live.get(section.id) != attempt.number:
                directory = run.attempt(section.slug, attempt.number).path
                return Job(
                    run=run.name,
                    section=section.id,
                    attempt=attempt.number,
                    directory=directory,
                    artifacts=run.artifacts,
                    marker=marker,
                )
    return None


async def _unlock_git(_looked: Look, finding: Finding) -> str:
    if git.leftovers.remove_dead([Path(finding.path)]):
        return f"removed the lock {finding.path!r}"
    return f"not put right: a git is at work that may hold {finding.path!r}"


async def _release_worktree(looked: Look, finding: Finding) -> str:
    repo = git.repo.standing_at(Path(finding.named) if finding.named else looked.run.root)
    kept = git.worktrees.remove_worktree(repo, Path(finding.path))
    return f"removed the worktree {finding.path!r}" + (f"; what was on no branch is kept as {kept}" if kept else "")


async def _remove(_looked: Look, finding: Finding) -> str:
    path = Path(finding.path)
    if not stat.S_ISREG(path.lstat().st_mode):
        return f"not put right: {finding.path!r} is no regular file any more"
    system.calls.unlink(path)
    files.fsync_dir(path.parent)
    return f"removed {finding.path!r}"


_REPAIRS: dict[Repair, Callable[[Look, Finding], Awaitable[str]]] = {
    "private": _private,
    "cut tail": _cut_tail,
    "fold anew": _fold_anew,
    "end processes": _end_processes,
    "unlock git": _unlock_git,
    "release worktree": _release_worktree,
    "remove": _remove,
}
