"""The worktrees a new runner finds: joined to their repository again, freed of stale locks, and what is in those nobody
works in kept on a rescue ref. None is removed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orch_tui import git
from orch_tui.core import repositories
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.engine.runner_log import say
from orch_tui.errors import OrchError
from orch_tui.store.layout import RunDir

MOST = 16
"""Worktrees that are looked into at one start, the latest first; the rest keep what is in them all the same."""
_OVER = frozenset({"done", "skipped"})
"""Verdicts whose worktrees are removed, with a rescue ref of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    section: SectionState
    attempt: AttemptState
    used: bool
    """Somebody works there, or what stands there is about to be committed."""

    @property
    def path(self) -> Path:
        return Path(self.attempt.path)


def look_after(run: RunDir, state: State) -> tuple[str, ...]:
    """Returns the rescue refs that nobody was told of.

    To be called once those who are gone are settled. What cannot be done stays, told in runner.log.
    """
    if state.settings.isolation != "worktree":
        return ()
    left = list(_left(state))
    rescued: list[str] = []
    for place in dict.fromkeys(("", *(one.path for one in repositories.elsewhere(state)))):
        here = [one for one in left if one.attempt.repository == place]
        if not here:
            continue
        try:
            repo = git.repo.standing_at(Path(place) if place else run.root)
            apart = git.worktrees.repair(repo, [one.path for one in here])
            free = [one for one in here if not one.used and one.path not in apart]
            git.leftovers.unlock(one.path for one in free)
        except (OrchError, OSError) as error:
            _tell(place or str(run.root), error)
            continue
        for one in sorted(free, key=lambda one: one.attempt.ended_at)[-MOST:]:
            try:
                rescued += [ref] if (ref := git.work.rescue(one.path)) else []
            except (OrchError, OSError) as error:
                _tell(str(one.path), error)
    return tuple(ref for ref in rescued if ref not in state.rescued)


def _left(state: State) -> Iterator[_Left]:
    """The worktrees that stand, each with the attempt that worked there last."""
    for section in state.sections.values():
        if section.verdict in _OVER:
            continue
        latest = {attempt.path: attempt for attempt in section.attempts if attempt.branch and attempt.path}
        busy = section.id in state.running and section.id not in state.unjudged
        at_work = section.attempts[-1].path if busy and section.attempts else ""
        for path, attempt in latest.items():
            if Path(path, ".git").is_file():
                yield _Left(section=section, attempt=attempt, used=path == at_work)


def _tell(what: str, error: Exception) -> None:
    words = error.line() if isinstance(error, OrchError) else str(error)
    say(f"{what!r} is left as it is: {words}")
