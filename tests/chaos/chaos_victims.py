"""Who of a run may be killed: its runner, hosts, nursery, agent programs, git, found by lock, marker and parent.

Nothing else is ever signalled: a process is looked at again through a pidfd before it gets its SIGKILL.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from orch_tui import process, proctable
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held


class Victims:
    """Those of one run."""

    def __init__(self, run: RunDir, killed: Counter[str]) -> None:
        self._run = run
        self.killed = killed
        self._entry = b"ORCH_RUN=" + os.fsencode(run.path)

    def runner(self) -> list[int]:
        """Who holds the run's lock."""
        try:
            told = json.loads(self._run.lock.read_bytes())
        except (OSError, ValueError):
            return []
        pid = told.get("pid", 0)
        return [pid] if held(self._run.lock) and process.alive(pid, told.get("start_time", -1)) else []

    def marked(self) -> dict[str, list[int]]:
        """The nursery, the hosts and what hosts started."""
        found: dict[str, list[int]] = {"nursery": [], "host": [], "agent": []}
        for pid in process.marked(str(self._run.path), name=process.RUN_MARKER):
            with contextlib.suppress(OSError):
                if b"--nursery" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    found["agent"].append(pid)
                else:
                    asked = os.readlink(f"/proc/{pid}/fd/0").startswith("pipe:")
                    found["nursery" if asked else "host"].append(pid)
        return found

    def git(self) -> list[int]:
        """Steps of git that the runner has under way."""
        return [pid for pid in proctable.below(self.runner()) if _name(pid).startswith("git")]

    def kill(self, kind: str, pid: int) -> bool:
        """SIGKILL for one that is still what it was taken for."""
        still: Callable[[int], bool]
        match kind:
            case "runner":
                still = lambda pid: pid in self.runner()  # noqa: E731
            case "git":
                still = lambda pid: _name(pid).startswith("git")  # noqa: E731
            case _:
                still = self._is_marked
        return self._kill(kind, pid, still)

    def kill_client(self, kind: str, pid: int) -> bool:
        """SIGKILL for a child of ours."""
        return self._kill(kind, pid, lambda _: True)

    def _kill(self, kind: str, pid: int, still: Callable[[int], bool]) -> bool:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return False
        try:
            if not still(pid):
                return False
            signal.pidfd_send_signal(fd, signal.SIGKILL)
        except OSError:
            return False
        finally:
            os.close(fd)
        self.killed[kind] += 1
        return True

    def _is_marked(self, pid: int) -> bool:
        try:
            return self._entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return False


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
