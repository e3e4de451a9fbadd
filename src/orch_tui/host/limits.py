"""What the processes of an attempt may take of the disk: the largest file, no dumps of memory, and private files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from orch_tui.room import size

LOOK_EVERY = 30.0
"""Seconds between two looks at an agent's private files."""
_WARN = 0.5
"""Of what they may take; once more than this is taken it is said."""


def limit_processes(largest_file: int) -> None:
    """From now on this process and those it starts write no file larger than that (0: any), and leave no core dump.

    Limits are inherited, so nothing has to run between a fork and what follows it.
    """
    import resource

    for which, wanted in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, largest_file or resource.RLIM_INFINITY)):
        hard = resource.getrlimit(which)[1]
        most = wanted if hard == resource.RLIM_INFINITY else hard if wanted < 0 else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))


def taken(path: Path) -> int:
    """Bytes that the files below a directory take of the disk. Links are not followed."""
    return sum(status.st_blocks * 512 for status in _below(path))


class Scratch:
    """Looks at the private files of an agent, which may take `most` bytes; 0: any."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self.most = most
        self._warned = False

    def judge(self, count: int) -> tuple[str, bool]:
        """Words to say of `count` bytes, "" for none, and whether the agent is to be ended."""
        if count > self.most:
            return f"its private files take {size(count)}, and {size(self.most)} are allowed", True
        if count > self.most * _WARN and not self._warned:
            self._warned = True
            return f"its private files take {size(count)}; it is ended at {size(self.most)}", False
        return "", False

    def look(self) -> tuple[str, bool]:
        """The same of what they take now; not for the event loop's thread."""
        return self.judge(taken(self._path))


def _below(path: Path) -> Iterator[os.stat_result]:
    todo = [path]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        yield entry.stat(follow_symlinks=False)
                        if entry.is_dir(follow_symlinks=False):
                            todo.append(Path(entry.path))
        except OSError:
            continue
