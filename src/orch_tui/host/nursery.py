"""The nursery: a process with everything imported that forks session hosts, and ends what a host that is killed leaves.

It waits for requests on its input, one JSON object a line, and answers each with the pid of the host, which costs
milliseconds instead of the start of an interpreter. Its input ends with its runner; it stays for as long as hosts of it
live, and says so (0), because nobody else would notice that one was killed: an agent would work on that nobody owns.

Whatever a host leaves comes to the nursery, as its nearest ancestor that adopts orphans: a child that is no host is to
be ended, also one that cleared its environment. What carries the marker of a host that was killed is ended with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from orch_tui import process, proctable
from orch_tui.agents import registry
from orch_tui.store.layout import AttemptDir
from orch_tui.store.shared_disks import refuse_shared

_LOOK = 1.0  # seconds between looks for hosts that have ended
_LOOK_SOON = 0.05  # the same while something is being ended
_GRACE = 3.0  # seconds between SIGTERM and SIGKILL

Host = Callable[[AttemptDir, Path], int]


class Nursery:
    """`host` carries an attempt out, in a process of its own."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._hosts: dict[int, str] = {}
        """Those that live: pid -> marker of the attempt."""
        self._killed: set[str] = set()
        """Markers of hosts that did not come to their own end, of which something may be left."""
        self._told: dict[int, float] = {}
        """What has been asked to end -> when it is killed."""

    def serve(self) -> int:
        """Until the input has ended and nothing is left to look after."""
        for name in ("script", "simulated"):  # light ones, imported once and shared by every host
            registry.load(name)
        process.adopt_orphans()
        gc.collect()
        gc.freeze()  # else every host's first collection touches, and so copies, all that was imported
        asking, asked = select.poll(), b""
        asking.register(0, select.POLLIN)
        while True:
            if asking.poll(1000 * (_LOOK_SOON if self._told else _LOOK)):
                piece = os.read(0, 1 << 16)
                if not piece:
                    break
                *lines, asked = (asked + piece).split(b"\n")
                for line in lines:
                    self._begin(line)
            self._look()
        self._look()
        if self._hosts or self._told:
            with contextlib.suppress(OSError):
                os.write(1, b"0\n")
        os.close(1)
        while self._hosts or self._told:
            time.sleep(_LOOK_SOON if self._told else _LOOK)
            self._look()
        return 0

    def _begin(self, line: bytes) -> None:
        request = json.loads(line)
        attempt = AttemptDir(Path(request["attempt"]))
        refuse_shared(attempt.path)  # found out once for all hosts; the runner has looked before
        pid = process.fork_detached(partial(self._host, attempt, Path(request["artifacts"])), log=attempt.log)
        process.disown(pid)
        self._hosts[pid] = request["marker"]
        with contextlib.suppress(BrokenPipeError):
            os.write(1, f"{pid}\n".encode())

    def _look(self) -> None:
        """Take notice of who has ended, and end what is left of those that were killed."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG)) != (0, 0):
                pid, status = found
                marker = self._hosts.pop(pid, "")
                if marker and status:
                    self._killed.add(marker)
        strays = set(proctable.children()) - self._hosts.keys()
        marked = {marker: process.marked(marker) for marker in self._killed}
        self._killed = {marker for marker, left in marked.items() if left}
        left = strays.union(*marked.values())
        self._end(left | proctable.below(left))

    def _end(self, left: set[int]) -> None:
        now = time.monotonic()
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if now >= self._told.setdefault(pid, now + _GRACE):
                    os.kill(pid, signal.SIGKILL)
                elif self._told[pid] == now + _GRACE:
                    os.kill(pid, signal.SIGTERM)
                    os.kill(pid, signal.SIGCONT)  # a stopped one takes the SIGTERM only when it goes on
        self._told = {pid: until for pid, until in self._told.items() if pid in left}
