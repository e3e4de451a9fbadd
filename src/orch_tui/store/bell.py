"""A bell on an inbox: a named pipe that wakes its one reader at once, on every system, and costs nothing to close."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from pathlib import Path


class Bell:
    """The reader's end. Used within one running event loop."""

    def __init__(self, path: Path) -> None:
        if not _is_pipe(path):
            path.unlink(missing_ok=True)
            os.mkfifo(path, 0o600)
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        # Open for both, so that the pipe never reaches its end when a ringer lets go.
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        self._loop.add_reader(self._file, self._read)

    def __enter__(self) -> Bell:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._file)
        os.close(self._file)

    async def wait(self, timeout: float) -> None:
        """Sleep until it rings, `timeout` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        self._rung.clear()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._file, 4096)
        self._rung.set()


def ring(path: Path) -> None:
    """Ring; nobody listening is fine, the reader sweeps."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if stat.S_ISFIFO(os.fstat(file).st_mode):
            with contextlib.suppress(BlockingIOError, BrokenPipeError):  # it is ringing already, or nobody is left
                os.write(file, b".")
    finally:
        os.close(file)


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.lstat().st_mode)
    except FileNotFoundError:
        return False
