"""How much room a disk has, and which failures say that it has none.

A small disk has lower floors: below 100 GiB the first is 5 % of it, the second 1 %, so that a disk of 8 GB stops at 400
and 80 MB. A floor that was passed is left again only when a tenth more than it is free, so that a run does not go to
and fro.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orch_tui.disk_settings import DiskSettings
from orch_tui.errors import OrchError

Level = Literal["", "low", "full"]
"""Enough; nothing new is started; nothing is at work."""
NO_ROOM = "make room on the disk, then retry"
"""The hint of errors that only room on the disk helps against."""
_SHARES = {"low": 20, "full": 100}
"""Of a small disk this part is the floor."""
_RESERVE_SHARE = 64
_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes of a file system, and files it can hold (0 of 0: it does not count them)."""

    total: int
    free: int
    files: int = 0
    files_free: int = 0
    read_only: bool = False


Look = Callable[[Path], Room | None]


def look(path: Path) -> Room | None:
    """The room where `path` is, or will be; None where that cannot be known."""
    for at in (path, *path.parents):
        try:
            found = os.statvfs(at)
        except FileNotFoundError:
            continue
        except OSError:
            return None
        size = found.f_frsize or found.f_bsize
        return Room(
            total=found.f_blocks * size,
            free=found.f_bavail * size,
            files=found.f_files,
            files_free=found.f_favail,
            read_only=bool(found.f_flag & os.ST_RDONLY),
        )
    return None


def level(rooms: Sequence[tuple[Path, Room]], settings: DiskSettings, before: Level = "") -> tuple[Level, str]:
    """The worst of what is to be said of these places, and why in words; `before` is what was said last."""
    found = [(_level(room, settings, before), path, room) for path, room in rooms]
    for wanted in ("full", "low"):
        for reached, path, room in found:
            if reached == wanted:
                return wanted, _words(path, room, settings, wanted)
    return "", ""


def reserve_of(room: Room | None, settings: DiskSettings) -> int:
    """Bytes that a run keeps for itself on a disk of this size."""
    return min(settings.reserve, room.total // _RESERVE_SHARE) if room else settings.reserve


def short(error: BaseException) -> bool:
    """Whether something failed because the disk, or what the user may have of it, is full."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _ERRORS:
            return True
        if isinstance(seen, OrchError) and seen.hint == NO_ROOM:
            return True
        seen = seen.__cause__
    return False


def read_only(error: BaseException) -> bool:
    """Whether something failed because the disk is read-only."""
    seen: BaseException | None = error
    while seen is not None and not (isinstance(seen, OSError) and seen.errno == errno.EROFS):
        seen = seen.__cause__
    return seen is not None


def size(count: float) -> str:
    """Bytes as people read them."""
    unit = 0
    while count >= 1024 and unit < len(_UNITS) - 1:
        count, unit = count / 1024, unit + 1
    return f"{count:.0f} {_UNITS[unit]}" if count >= 10 or not unit else f"{count:.1f} {_UNITS[unit]}"


def _level(room: Room, settings: DiskSettings, before: Level) -> Level:
    if room.read_only or _below(room, _floor(room, settings, "full"), _SHARES["full"], stays=before == "full"):
        return "full"
    return "low" if _below(room, _floor(room, settings, "low"), _SHARES["low"], stays=before != "") else ""


def _floor(room: Room, settings: DiskSettings, which: str) -> int:
    floor = settings.end if which == "full" else settings.start
    return min(floor, room.total // _SHARES[which])


def _below(room: Room, floor: int, share: int, *, stays: bool) -> bool:
    if not floor:
        return False
    files = room.files // share // 10 if room.files else 0  # files are short long after bytes are, or never
    more = 1.1 if stays else 1.0
    return room.free < floor * more or room.files_free < files * more


def _words(path: Path, room: Room, settings: DiskSettings, which: str) -> str:
    floor = _floor(room, settings, which)
    if room.read_only:
        return f"the disk with {str(path)!r} is read-only"
    if room.free < floor * 1.1:
        return f"the disk with {str(path)!r} has {size(room.free)} left, {size(floor)} are wanted"
    return f"the disk with {str(path)!r} can hold {room.files_free} more files only"
