"""What is left alive of closed attempts: looked for after every test that starts real hosts, and by campaigns."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from orch_tui import proctable
from orch_tui.client.follow import Follower
from orch_tui.core.state import State
from orch_tui.store.layout import RunDir

LONGEST = 30.0  # seconds a process may outlive its attempt
_MARK = b"ORCH_ATTEMPT="


def of_run(run: str) -> dict[int, str]:
    """Every process of the run's attempts: pid and marker."""
    return {pid: marker for pid, marker in _marked() if marker.startswith(f"{run}/")}


def closed(state: State) -> set[str]:
    """The markers of attempts that are over."""
    return {
        attempt.marker
        for section in state.sections.values()
        for attempt in section.attempts
        if state.live.get(section.id) != attempt.number
    }


def outlived(runs: list[RunDir], longest: float = LONGEST) -> str:
    """Wait until nothing of a closed attempt of these runs is alive; says what is after so long, else ""."""
    until = time.monotonic() + longest
    while left := [words for run in runs for words in _left(run)]:
        if time.monotonic() > until:
            return f"alive {longest:g} s after the attempt was closed: {', '.join(left)}"
        time.sleep(0.05)
    return ""


def _left(run: RunDir) -> list[str]:
    alive = of_run(run.name)
    if not alive:
        return []
    follower = Follower(run)
    follower.poll()
    over = closed(follower.state)
    return [f"{pid} of {marker}" for pid, marker in of_run(run.name).items() if marker in over and pid in alive]


def _marked() -> Iterator[tuple[int, str]]:
    own = os.geteuid()
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            entries = (place / "environ").read_bytes().split(b"\0") if place.stat().st_uid == own else []
        except OSError:
            continue  # gone meanwhile
        for entry in entries:
            if entry.startswith(_MARK) and proctable.start_time(int(place.name)) is not None:
                yield int(place.name), os.fsdecode(entry[len(_MARK) :])
