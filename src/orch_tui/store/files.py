"""Whole files replaced atomically, and JSON files read back."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from orch_tui.errors import DamageError, StateError
from orch_tui.store import system


def replace(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at `path` by one holding `data` (mode 0600): readers see the old or the new one, never a part.

    With `durable` it survives a power cut: file synced before the rename, directory after it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    file = system.calls.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            write_all(file, data)
            if durable:
                system.calls.fsync(file)
        finally:
            system.calls.close(file)
        system.calls.rename(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            system.calls.unlink(temporary)
        raise
    if durable:
        fsync_dir(path.parent)


def write_all(file: int, data: bytes) -> None:
    """Write all of `data` to a file descriptor."""
    view = memoryview(data)
    while view:
        view = view[system.calls.write(file, view) :]


def fsync_dir(path: Path) -> None:
    """Make what was created, renamed or removed in a directory durable."""
    directory = system.calls.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        system.calls.fsync(directory)
    finally:
        system.calls.close(directory)


def opened(path: Path) -> BinaryIO:
    """A regular file, opened to be read. Raises OSError for what a link or a pipe is, which may be a trap."""
    file = _untrapped(path, os.O_RDONLY, os.open)
    return open(file, "rb")  # noqa: PTH123 - by its descriptor, for the caller to close


def opened_to_write(path: Path, flags: int) -> int:
    """A descriptor of a regular file with one name, made 0600 where there is none; O_TRUNC is none of the `flags`.

    Raises OSError for a link, a pipe, or a file that has another name: what is written would be written there too.
    """
    file = _untrapped(path, flags | os.O_CREAT, system.calls.open)
    if os.fstat(file).st_nlink > 1:
        system.calls.close(file)
        raise OSError(errno.EMLINK, "it has several names", str(path))
    return file


def _untrapped(path: Path, flags: int, call: Callable[[Path, int], int]) -> int:
    try:
        file = call(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link", str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return file


def read_bytes(path: Path) -> bytes:
    """What is in a regular file. Raises OSError, as `opened` does."""
    with opened(path) as file:
        return file.read()


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file, or None when there is no file. Raises DamageError when it is not a JSON object.

    Raises StateError when the file cannot be read, or is none: a link or a pipe may be a trap.
    """
    try:
        data = read_bytes(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"cannot read {str(path)!r}: {error.strerror}", hint="check the rights") from error
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamageError(f"{str(path)!r} is not valid JSON: {error}", hint="it is derived: remove it") from error
    if not isinstance(found, dict):
        raise DamageError(f"{str(path)!r} does not hold a JSON object", hint="it is derived: remove it")
    return cast("dict[str, Any]", found)
