"""A fault layer below the store: the i-th call of one kind fails, once or from then on."""

from __future__ import annotations

import errno
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch_tui.store.system import Calls

SHORT = 0
"""In the place of an error: a write takes half of what there is."""
ERRORS: dict[str, tuple[int, ...]] = {
    "write": (errno.ENOSPC, errno.EIO, SHORT),
    "fdatasync": (errno.EIO,),
    "fsync": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.EACCES),
    "open": (errno.EMFILE, errno.EACCES, errno.ENOSPC),
    "truncate": (errno.EIO,),
    "unlink": (errno.EACCES,),
    "mkdir": (errno.ENOSPC, errno.EACCES),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The `nth` call of a kind fails with `error`; with `lasting` every later one too."""

    call: str
    nth: int
    error: int
    lasting: bool

    def __str__(self) -> str:
        name = errno.errorcode[self.error] if self.error else "half of it"
        return f"{self.call} {self.nth}: {name}{', and from then on' if self.lasting else ''}"


class Failing(Calls):
    """Counts every call, and lets one kind fail. `again` are segments that were synced after a sync of them failed."""

    def __init__(self, fault: Fault | None) -> None:
        self.counts: Counter[str] = Counter()
        self.again: list[str] = []
        self._fault = fault
        self._poisoned: set[int] = set()

    def _meets(self, call: str) -> int | None:
        self.counts[call] += 1
        fault = self._fault
        if fault is None or fault.call != call:
            return None
        here = self.counts[call]
        return fault.error if here == fault.nth or (fault.lasting and here > fault.nth) else None

    def _fails(self, call: str) -> None:
        if error := self._meets(call):
            raise OSError(error, os.strerror(error))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._fails("open")
        return super().open(path, flags, mode)

    def write(self, file: int, data: Any) -> int:
        error = self._meets("write")
        if error == SHORT and len(data) > 1:
            return super().write(file, data[: len(data) // 2])
        if error:
            super().write(file, data[: len(data) // 2])
            raise OSError(error, os.strerror(error))
        return super().write(file, data)

    def truncate(self, file: int, size: int) -> None:
        self._fails("truncate")
        super().truncate(file, size)

    def fsync(self, file: int) -> None:
        self._fails("fsync")
        super().fsync(file)

    def fdatasync(self, file: int) -> None:
        inode = os.fstat(file).st_ino
        if inode in self._poisoned:
            self.again.append(os.readlink(f"/proc/self/fd/{file}"))
        try:
            self._fails("fdatasync")
        except OSError:
            self._poisoned.add(inode)
            raise
        super().fdatasync(file)

    def rename(self, old: Path, new: Path) -> None:
        self._fails("rename")
        super().rename(old, new)

    def unlink(self, path: Path) -> None:
        self._fails("unlink")
        super().unlink(path)

    def mkdir(self, path: Path, mode: int = 0o700) -> None:
        self._fails("mkdir")
        super().mkdir(path, mode)
