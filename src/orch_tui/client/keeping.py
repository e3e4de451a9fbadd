"""Keeping every run of this user going, whoever looks on: a runner for each that is under way and has none.

A run that a person stopped, or paused, or that waits for them, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orch_tui.client.reviving import Reviving, under_way
from orch_tui.client.send import check_settings, ensure_runner, last_words, starting
from orch_tui.clock import Clock
from orch_tui.errors import OrchError
from orch_tui.store import registry
from orch_tui.store.journal import segment, segments
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held
from orch_tui.store.replay import Replay


@dataclass(slots=True)
class _Kept:
    reviving: Reviving = field(default_factory=Reviving)
    seen: tuple[int, int] = (-1, -1)
    """How long the journal was when it was read last."""
    wanted: bool = False
    told: str = ""


def start(run: RunDir) -> None:
    """Start a runner. Raises OrchError when it could not even read its settings."""
    check_settings(run)
    ensure_runner(run)


class Keeping:
    """Looks at all runs again and again; `say` tells what is done, `begin` starts a runner."""

    def __init__(
        self,
        env: Mapping[str, str],
        say: Callable[[str], None],
        *,
        clock: Clock,
        begin: Callable[[RunDir], None] = start,
    ) -> None:
        self._env, self._say, self._clock, self._begin = env, say, clock, begin
        self._kept: dict[RunDir, _Kept] = {}

    def look(self) -> None:
        """One look, to be taken every few seconds."""
        runs = registry.known(self._env)
        self._kept = {run: self._kept.get(run) or _Kept() for run in runs}
        for run, kept in self._kept.items():
            try:
                self._look_at(run, kept)
            except (OrchError, OSError) as error:
                self._tell(run, kept, error.line() if isinstance(error, OrchError) else str(error))

    def _look_at(self, run: RunDir, kept: _Kept) -> None:
        alive = held(run.lock) or starting(run)
        if not alive:
            self._read(run, kept)
        if not kept.reviving.look(wanted=kept.wanted, alive=alive, now=self._clock.mono()):
            return
        if kept.reviving.started > 1:
            self._tell(run, kept, f"{kept.reviving.words}; {last_words(run.log)}")
        else:
            self._tell(run, kept, "has no runner; one is started")
        self._begin(run)

    def _read(self, run: RunDir, kept: _Kept) -> None:
        """Whether a run that has no runner needs one, by its journal; read again only when that grew."""
        numbers = segments(run.journal)
        size = segment(run.journal, numbers[-1]).stat().st_size if numbers else 0
        if (len(numbers), size) != kept.seen:
            replay = Replay(run)
            replay.read_all()
            kept.seen, kept.wanted = (len(numbers), size), under_way(replay.state)

    def _tell(self, run: RunDir, kept: _Kept, words: str) -> None:
        if words != kept.told:
            kept.told = words
            self._say(f"{run.name} ({run.root}): {words}")
