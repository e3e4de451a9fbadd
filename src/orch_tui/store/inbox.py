"""Command files: written to tmp/, renamed into new/, taken in order of arrival, unlinked when they are answered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from orch_tui import room
from orch_tui.errors import CommandError, StateError
from orch_tui.store import system
from orch_tui.store.files import fsync_dir, write_all

LIMIT = 256 * 1024  # bytes of one command
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_FIELDS = frozenset({"id", "op", "args", "actor", "if_seq"})
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_last = 0
_last_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file found in the inbox: a command, or with `reason` why it is none."""

    path: Path
    id: str
    op: str = ""
    args: dict[str, Any] = field(default_factory=dict[str, Any])
    actor: str = ""
    if_seq: int | None = None
    reason: str = ""


def new_id() -> str:
    """A unique id that sorts behind all earlier ones of this process.

    A monotonic ULID: 48 bits of milliseconds, 80 of chance, in Crockford's base 32.
    """
    global _last  # noqa: PLW0603 - the order within one millisecond is the process's own
    with _last_lock:
        number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        number = _last = number if number > _last else _last + 1
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def drop(inbox: Path, body: Mapping[str, object]) -> str:
    """Leave a command {op, args, actor, id?, if_seq?}; returns its id. It is durable when this returns.

    Raises StateError when the inbox cannot be written, CommandError when the id cannot be a file's name.
    """
    name = str(body.get("id") or new_id())
    if not _ID.fullmatch(name):
        raise CommandError(f"{name[:80]!r} cannot be a command's id", hint="letters, digits, - and _, 64 at most")
    data = json.dumps({**body, "id": name}, ensure_ascii=True).encode()
    if len(data) > LIMIT:
        raise StateError(f"the command has {len(data)} bytes, {LIMIT} at most", hint="put long text into a file")
    temporary = inbox / "tmp" / f"{name}.{os.getpid()}.{secrets.token_hex(3)}"
    try:
        file = system.calls.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            write_all(file, data)
            system.calls.fsync(file)
        finally:
            system.calls.close(file)
        system.calls.rename(temporary, inbox / "new" / f"{name}.json")
        fsync_dir(inbox / "new")
    except OSError as error:
        with contextlib.suppress(OSError):
            system.calls.unlink(temporary)
        raise StateError(
            f"cannot leave a command in {str(inbox)!r}: {error.strerror}",
            hint=room.NO_ROOM if room.short(error) else "check the rights and the free space",
        ) from error
    return name


def take(inbox: Path) -> list[Incoming]:
    """What waits in the inbox, in order of arrival. Nothing is removed; answer each, then `done`.

    Raises StateError when the inbox cannot be read.
    """
    try:
        with os.scandir(inbox / "new") as entries:
            arrivals = [(*_arrival(entry), entry.name) for entry in entries]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StateError(
            f"cannot read the inbox {str(inbox)!r}: {error.strerror}", hint="check the rights of the directory"
        ) from error
    arrivals.sort(key=lambda arrival: (arrival[0], arrival[2]))
    taken = [_read(inbox / "new" / name, f"{name}/{inode}/{at}") for at, inode, name in arrivals if at]
    return [incoming for incoming in taken if incoming is not None]


def _arrival(entry: os.DirEntry[str]) -> tuple[int, int]:
    """When a file was renamed into the inbox, by the kernel's clock, and its inode; zeros when it is gone."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return 0, 0
    return status.st_ctime_ns, status.st_ino


def done(incoming: Incoming) -> None:
    """The command was answered durably: remove its file. What cannot be removed goes to bad/.

    What cannot even be moved stays; it is found again under the same id, which was answered.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            system.calls.unlink(incoming.path)
    except (IsADirectoryError, PermissionError):
        bad = incoming.path.parents[1] / "bad"
        with contextlib.suppress(OSError):
            with contextlib.suppress(FileExistsError):
                system.calls.mkdir(bad)
            system.calls.rename(incoming.path, bad / f"{incoming.id}.{secrets.token_hex(3)}")


def _read(path: Path, mark: str) -> Incoming | None:
    """The file's command; `mark` tells this file from any other. None when it is gone."""
    fallback = path.name.removesuffix(".json")
    if not _ID.fullmatch(fallback):
        fallback = "bad-" + hashlib.sha256(os.fsencode(mark)).hexdigest()[:16]
    name = fallback
    try:
        data = _safe_bytes(path)
    except FileNotFoundError:
        return None
    except _Unfit as error:
        return Incoming(path=path, id=name, reason=str(error))
    except OSError as error:
        return Incoming(path=path, id=name, reason=f"cannot be read: {error.strerror}")
    try:
        body: object = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Incoming(path=path, id=name, reason="is not JSON")
    if not isinstance(body, dict):
        return Incoming(path=path, id=name, reason="is not a JSON object")
    return _checked(path, name, cast("dict[str, object]", body))


def _checked(path: Path, fallback: str, body: dict[str, object]) -> Incoming:
    name, op, args, actor = body.get("id"), body.get("op"), body.get("args", {}), body.get("actor", "")
    if_seq = body.get("if_seq")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        return Incoming(path=path, id=fallback, reason="has no usable id")
    if unknown := sorted(set(body) - _FIELDS):
        return Incoming(path=path, id=name, reason=f"has an unknown field {unknown[0]!r}")
    if not isinstance(op, str) or not isinstance(actor, str) or not isinstance(args, dict):
        return Incoming(path=path, id=name, reason="needs op (text), args (object) and actor (text)")
    if if_seq is not None and (isinstance(if_seq, bool) or not isinstance(if_seq, int)):
        return Incoming(path=path, id=name, reason="if_seq is a whole number")
    return Incoming(path=path, id=name, op=op[:64], args=cast("dict[str, Any]", args), actor=actor[:200], if_seq=if_seq)


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")


class _Unfit(Exception):
    """Why a file in the inbox is not looked into."""


def _safe_bytes(path: Path) -> bytes:
    try:
        file = system.calls.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _Unfit(f"is a link or cannot be opened: {error.strerror}") from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise _Unfit("is not a regular file")
        if status.st_uid != os.geteuid():
            raise _Unfit("belongs to another user")
        if status.st_nlink != 1:
            raise _Unfit("has more than one name (hard link)")
        if status.st_size > LIMIT:
            raise _Unfit(f"has {status.st_size} bytes, {LIMIT} at most")
        return _all_bytes(file)
    finally:
        system.calls.close(file)


def _all_bytes(file: int) -> bytes:
    data = b""
    while part := os.read(file, LIMIT + 1 - len(data)):
        data += part
    if len(data) > LIMIT:
        raise _Unfit(f"has more than {LIMIT} bytes")
    return data
