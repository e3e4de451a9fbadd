"""The system calls by which files are changed, in one place where tests can put something else.

Whatever in this package opens, writes, syncs, renames, removes or makes a file asks `system.calls`. A fault layer is a
subclass of `Calls` that fails, or keeps account, and leaves the rest to `super()`:

    class Full(Calls):
        def write(self, file: int, data: Buffer) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with system.replaced(Full()): ...

It holds for the whole process, its threads too. Reading is not here: what is read was written.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from orch_tui import proctable


class Calls:
    """The calls of the operating system; each raises what `os` raises."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        """A file descriptor."""
        return os.open(path, flags, mode)

    def close(self, file: int) -> None:
        """Give a file descriptor back."""
        os.close(file)

    def write(self, file: int, data: bytes | memoryview) -> int:
        """How many bytes were written, which may be fewer than there are."""
        return os.write(file, data)

    def truncate(self, file: int, size: int) -> None:
        """Cut a file to `size` bytes."""
        os.ftruncate(file, size)

    def allocate(self, file: int, size: int) -> None:
        """Have the disk set `size` bytes aside for an empty file, which then has them."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file, 0, size)
            return
        for _ in range(0, size, 1 << 20):
            os.write(file, bytes(1 << 20))

    def fsync(self, file: int) -> None:
        """Make a file, or a directory, durable."""
        os.fsync(file)

    def fdatasync(self, file: int) -> None:
        """Make what is in a file durable."""
        os.fdatasync(file)

    def sync_around(self, directory: Path) -> None:
        """Make durable whatever was written to the file system that a directory is on, by whomever."""
        libc = proctable.libc()
        if libc is None:
            os.sync()
            return
        file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if libc.syncfs(file):
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(directory))
        finally:
            os.close(file)

    def rename(self, old: Path, new: Path) -> None:
        """Rename, in place of what was there."""
        old.rename(new)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def mkdir(self, path: Path, mode: int = 0o700) -> None:
        """Make a directory."""
        path.mkdir(mode=mode)


calls = Calls()
"""What everybody uses; named by its module (`system.calls`), so that `replaced` reaches everybody."""


@contextmanager
def replaced(layer: Calls) -> Generator[None]:
    """Put `layer` in the place of the operating system's calls."""
    global calls  # noqa: PLW0603 - it is the process's own
    before, calls = calls, layer
    try:
        yield
    finally:
        calls = before
