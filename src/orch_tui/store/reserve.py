"""Room that a run keeps for itself: a file that is removed where a write finds none, so that what must be said can be.

It is made again as room comes back, and removed with the run's runner: only a run that is carried out needs one.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from orch_tui.store import system


class Reserve:
    """A file of `size` bytes at `path`, all of which the disk has set aside; 0: none is kept."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size

    @property
    def whole(self) -> bool:
        """Whether it is there, or none is wanted."""
        if not self._size:
            return True
        try:
            found = self._path.lstat()
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size >= self._size

    def make(self) -> bool:
        """Make it where it is missing; False when there is no room for as much again beside it."""
        if self.whole:
            return True
        self.release()
        try:
            file = system.calls.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            system.calls.allocate(file, 2 * self._size)
            system.calls.truncate(file, self._size)
        except OSError:
            self.release()
        finally:
            system.calls.close(file)
        return self.whole

    def release(self) -> bool:
        """Give its room back; False when there was none."""
        with contextlib.suppress(OSError):
            system.calls.unlink(self._path)
            return True
        return False
