"""The runner's eye on the disks of a run: what they have left, what it keeps for itself, and waiting for more."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from orch_tui import room
from orch_tui.config import load
from orch_tui.core.run_events import RoomChanged
from orch_tui.core.state import State
from orch_tui.directories import state_dir
from orch_tui.disk_settings import DiskSettings
from orch_tui.engine.runner_log import say
from orch_tui.errors import OrchError
from orch_tui.store.layout import RunDir
from orch_tui.store.reserve import Reserve

LOOK_EVERY = 2.0
"""Seconds between two looks."""
_PAUSE, _LONGEST = 1.0, 60.0


class DiskWatch:
    """Looks at the disks of a run's state and of its worktrees."""

    def __init__(
        self, run: RunDir, settings: DiskSettings, env: Mapping[str, str], look: room.Look = room.look
    ) -> None:
        self._places = places(run, env)
        self._settings = settings
        self._look = look
        self.reserve = Reserve(run.reserve, room.reserve_of(look(run.path), settings))
        self.reserve.make()

    def look(self, state: State) -> RoomChanged | None:
        """What changed since the last word of it in the journal; None when nothing did."""
        level, why = room.level(list(_rooms(self._places, self._look)), self._settings, state.room)
        if level != "full" and not self.reserve.make():
            level, why = "full", f"the disk with {str(self._places[0])!r} was full, and has no room to spare yet"
        return RoomChanged(level=level, why=why) if level != state.room else None


def places(run: RunDir, env: Mapping[str, str]) -> list[Path]:
    """Where a run writes: its state directory, and the worktrees."""
    return [run.path, state_dir(env)]


def no_room(where: list[Path], settings: DiskSettings) -> bool:
    """Whether nothing can be written there, so that what failed just now may have failed for that."""
    return room.level(list(_rooms(where, room.look)), settings)[0] == "full"


def waits_out(error: BaseException) -> bool:
    """Whether a runner that failed like this need only wait: for room, or until the disk can be written again."""
    if isinstance(error, BaseExceptionGroup):
        return all(waits_out(one) for one in error.exceptions)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType]
    return room.short(error) or room.read_only(error)


def wait_for_room(run: RunDir, env: Mapping[str, str], words: str, tries: int, pause: Callable[[float], None]) -> None:
    """Return once there is room; `tries` is how often in a row that was not enough.

    What was kept in reserve is room, too: with it the next try can say what is wrong.
    """
    if not tries and Reserve(run.reserve, 1).release():
        return
    say(f"{words}; it goes on by itself")
    settings = DiskSettings()
    with contextlib.suppress(OrchError):
        settings = load(run.root, env).disk
    pause(min(_LONGEST, _PAUSE * 2**tries))
    while room.level(list(_rooms([run.path], room.look)), settings, "full")[0] == "full":
        pause(_PAUSE)


def _rooms(places: list[Path], look: room.Look) -> Iterator[tuple[Path, room.Room]]:
    for path in places:
        found = look(path)
        if found is not None:
            yield path, found
