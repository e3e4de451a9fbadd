"""Large payloads by content: artifacts/<sha256>, written once, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path

from orch_tui.errors import DamageError
from orch_tui.store.files import fsync_dir, write_all

_NAME = re.compile(r"[0-9a-f]{64}")


class Sink:
    """A payload that comes in pieces; `close` names it by its hash."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        self._directory = directory
        self._temporary = directory / f".{os.getpid()}.{secrets.token_hex(6)}"
        self._file = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
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
            os.fsync(self._file)
        except OSError:
            self.abandon()
            raise
        os.close(self._file)
        name = self._hash.hexdigest()
        self._temporary.rename(self._directory / name)
        fsync_dir(self._directory)
        return name

    def abandon(self) -> None:
        """Drop what was written."""
        os.close(self._file)
        with contextlib.suppress(FileNotFoundError):
            self._temporary.unlink()


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
    """A stored payload. Raises FileNotFoundError, and DamageError when it is not what its name says."""
    if not _NAME.fullmatch(sha256):
        raise FileNotFoundError(f"{sha256!r} is not the name of an artifact")
    path = directory / sha256
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamageError(f"the artifact {str(path)!r} was changed", hint="restore it from a copy; it is not used")
    return data
