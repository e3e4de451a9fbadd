"""Looked at all the time a round lasts: whether something of a closed attempt is still alive."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from closed_attempts import closed, of_run
from orch_tui import proctable
from orch_tui.client.follow import Follower

LONGEST = 2.0  # seconds; 30 are promised, and attempts are closed only when nothing of them is left


def called(trace: str) -> list[int]:
    """Every process with this in its arguments: what cleared its environment is found so."""
    found: list[int] = []
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            said = (place / "cmdline").read_bytes().split(b"\0") if place.stat().st_uid == os.geteuid() else []
        except OSError:
            continue  # gone meanwhile
        if any(part.endswith(b"." + trace.encode()) for part in said):
            found.append(int(place.name))
    return [pid for pid in found if proctable.start_time(pid) is not None]


class Watch:
    """Looks again and again; `found` are the faults in words."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._since: dict[tuple[int, float], float] = {}
        self.found: list[str] = []
        self.looks = 0

    async def look_on(self) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._look(loop.time())
            await asyncio.sleep(0.25)

    def _look(self, now: float) -> None:
        self._follower.poll()
        state = self._follower.state
        over = closed(state)
        self.looks += 1
        seen: dict[tuple[int, float], float] = {}
        for pid, marker in of_run(state.run).items() if state.run else ():
            start = proctable.start_time(pid)
            if marker in over and start is not None:
                since = seen[pid, start] = self._since.get((pid, start), now)
                if now - since > LONGEST:
                    self.found.append(f"process {pid} of the closed attempt {marker} lives {now - since:.1f} s after")
                    seen[pid, start] = now + 1e6  # told once
        self._since = seen
