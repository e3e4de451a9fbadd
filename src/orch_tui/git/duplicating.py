"""Files and directories copied from one tree into another, without following a link on the way on either side.

Sessions wrote what is in a worktree: a link in it may lead anywhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_CLONE = 0x40049409  # FICLONE of Linux: the same blocks, until one of the two files is written to
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_DEEPEST = 100


class TooMuch(OSError):
    """More than may be copied, or nested too deeply."""


@dataclass(slots=True, kw_only=True)
class Allowance:
    """How many files and bytes may still be copied."""

    files: int
    bytes: int

    def take(self, size: int) -> None:
        """Count one file of `size` bytes. Raises TooMuch."""
        self.files -= 1
        self.bytes -= size
        if self.files < 0 or self.bytes < 0:
            raise TooMuch("more files, or larger ones, than are kept")


@contextlib.contextmanager
def parent_of(top: Path, path: str, *, make: bool = False) -> Generator[int]:
    """The directory that `path` lies in below `top`, opened without following any link; made with `make`."""
    here = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in PurePosixPath(path).parts[:-1]:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=here)
            inner = os.open(part, _DIRECTORY, dir_fd=here)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def copy_file(source: Path, target: Path, path: str) -> None:
    """Copy the file at `path` from one tree into another, with its mode and time, sharing blocks where that can be.

    What is there already stays. Raises OSError.
    """
    with parent_of(source, path) as here, parent_of(target, path, make=True) as there:
        _file(here, there, PurePosixPath(path).name, None)


def copy_tree(source: Path, target: Path, path: str, allowed: Allowance) -> bool:
    """Copy the directory at `path`, links in it as links; returns whether there is one. Raises OSError, TooMuch.

    What stands there already is an error.
    """
    if not os.path.lexists(source / path):
        return False
    with parent_of(source, path) as here, parent_of(target, path, make=True) as there:
        _directory(here, there, PurePosixPath(path).name, allowed, 0)
    return True


def _directory(here: int, there: int, name: str, allowed: Allowance, depth: int) -> None:
    if depth > _DEEPEST:
        raise TooMuch(f"{name!r} is nested too deeply")
    source = os.open(name, _DIRECTORY, dir_fd=here)
    try:
        os.mkdir(name, 0o700, dir_fd=there)
        target = os.open(name, _DIRECTORY, dir_fd=there)
        try:
            with os.scandir(source) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        os.symlink(os.readlink(entry.name, dir_fd=source), entry.name, dir_fd=target)
                    elif entry.is_dir(follow_symlinks=False):
                        _directory(source, target, entry.name, allowed, depth + 1)
                    elif entry.is_file(follow_symlinks=False):
                        _file(source, target, entry.name, allowed)
            os.fchmod(target, stat.S_IMODE(os.fstat(source).st_mode) & 0o777)
        finally:
            os.close(target)
    finally:
        os.close(source)


def _file(here: int, there: int, name: str, allowed: Allowance | None) -> None:
    reading = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
    with os.fdopen(reading, "rb") as original:
        known = os.fstat(reading)
        if allowed is not None:
            allowed.take(known.st_size)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            writing = os.open(name, flags, 0o600, dir_fd=there)
        except FileExistsError:
            return
        try:
            with os.fdopen(writing, "wb") as copy:
                try:
                    fcntl.ioctl(writing, _CLONE, reading)
                except OSError:
                    shutil.copyfileobj(original, copy, 1024 * 1024)
                copy.flush()
                os.fchmod(writing, stat.S_IMODE(known.st_mode) & 0o777)
                os.utime(writing, ns=(known.st_atime_ns, known.st_mtime_ns))
        except BaseException:
            os.unlink(name, dir_fd=there)
            raise
