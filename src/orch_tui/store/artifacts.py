"""Large payloads by content: artifacts/<sha256>, written once, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path

from orch_tui.errors import DamageError
from orch_tui.store import system
from orch_tui.store.files import fsync_dir, read_bytes, write_all

_NAME = re.compile(r"[0-9a-f]{64}")


class Sink:
    """A payload that comes in pieces; `close` names it by its hash."""

    def __init__(self, directory: Path) -> None:
        with contextlib.suppress(FileExistsError):
            system.calls.mkdir(directory)
        self._directory = directory
        self._temporary = directory / f".{os.getpid()}.{secrets.token_hex(6)}"
        self._file = system.calls.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add a piece."""
        write_all(self._file, data)
        self._hash.update(data)
        self.size += len(data)

    def close(self) -> str:
        """Finish; returns the sha256 in hex. It is durable when this returns."""
        try:
            system.calls.fsync(self._file)
        except OSError:
            self.abandon()
            raise
        system.calls.close(self._file)
        name = self._hash.hexdigest()
        system.calls.rename(self._temporary, self._directory / name)
        fsync_dir(self._directory)
        return name

    def abandon(self) -> None:
        """Drop what was written."""
        system.calls.close(self._file)
        with contextlib.suppress(FileNotFoundError):
            system.calls.unlink(self._temporary)


def put(directory: Path, data: bytes) -> str:
    """Store a payload; returns its sha256 in hex."""
    sink = Sink(directory)
    try:
        sink.write(data)
    except OSError:
        sink.abandon()
        raise
    return sink.close()


def get(directory: Path, sha256: str) -> bytes:
    """A stored payload. Raises OSError as `read_bytes` does, and DamageError when it is not what its name says."""
    if not _NAME.fullmatch(sha256):
        raise FileNotFoundError(f"{sha256!r} is not the name of an artifact")
    path = directory / sha256
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamageError(f"the artifact {str(path)!r} was changed", hint="restore it from a copy; it is not used")
    return data
