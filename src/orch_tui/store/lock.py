"""Locks that die with their holder: flock, kept for life.

The JSON inside says who holds it, or held it last: for people, and for whoever started a runner, to tell whether that
one has come to the lock. It proves nothing: on a full disk it is not written. Whether it is held the kernel knows.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orch_tui.clock import boot_id
from orch_tui.errors import DamageError, StateError
from orch_tui.proctable import start_time
from orch_tui.store import system
from orch_tui.store.files import opened_to_write, read_json, write_all
from orch_tui.store.shared_disks import refuse_shared

_TRIES, _PAUSE = 20, 0.01  # a prober holds the lock for microseconds; wait those out


class Lock:
    """An exclusive lock on a file. Released by `release`, or by the kernel when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def acquire(self, body: Mapping[str, object] | None) -> bool:
        """Take the lock and write `body`, who we are; False when somebody else holds it.

        Without a body nothing is changed, for who has to look first whether he may (and then is to `describe` himself).

        Raises StateError where locks cannot be relied on (`shared_disks.py`) or the file cannot be made.
        """
        refuse_shared(self._path.parent)
        try:
            file = opened_to_write(self._path, os.O_RDWR)
        except OSError as error:
            raise StateError(f"cannot open the lock {str(self._path)!r}: {error.strerror}") from error
        try:
            taken = _taken(file)
        except OSError as error:
            system.calls.close(file)
            raise StateError(f"cannot lock {str(self._path)!r}: {error.strerror}") from error
        self._file = file
        if not taken or not self.owned():  # held by another, or replaced while we took it
            self.release()
            return False
        if body is not None:
            self.describe(body)
        return True

    def describe(self, body: Mapping[str, object]) -> None:
        """Replace what is written in the lock. Only while it is held; where it cannot be written it is ours no less."""
        with contextlib.suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            system.calls.truncate(self._file, 0)
            write_all(self._file, json.dumps(dict(body)).encode())

    def owned(self) -> bool:
        """Whether the file at the path is still the one we hold (nobody replaced it)."""
        if self._file < 0:
            return False
        try:
            there = self._path.lstat()
        except OSError:
            return False
        here = os.fstat(self._file)
        return (here.st_ino, here.st_dev) == (there.st_ino, there.st_dev)

    def release(self) -> None:
        """Let go."""
        if self._file >= 0:
            system.calls.close(self._file)
            self._file = -1


def _taken(file: int) -> bool:
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def this_process() -> dict[str, object]:
    """What a holder writes of itself."""
    pid = os.getpid()
    return {"pid": pid, "start_time": start_time(pid), "boot_id": boot_id(), "host": os.uname().nodename}


def held(path: Path) -> bool:
    """Whether somebody holds the lock now. Raises StateError when that cannot be found out (no file: nobody does)."""
    try:
        file = system.calls.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StateError(
            f"cannot tell whether {str(path)!r} is held: {error.strerror}", hint="check the rights"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        system.calls.close(file)
    return False


def holder(path: Path) -> dict[str, Any] | None:
    """What the holder wrote, or the last one there was; None when that cannot be read."""
    with contextlib.suppress(DamageError, StateError):
        return read_json(path)
    return None
