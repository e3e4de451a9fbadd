"""A disk that forgets: real files in a directory are what processes see, and beside them is kept what was synced.

At a power cut each file that was not synced has one of the three outcomes of SQLite's harness: what was written since
is there, is not there, or is torn. Names made, moved and removed since their directory was synced come or do not come,
in order for each directory. What a failed fsync could not write is clean from then on: a later fsync that succeeds does
not bring it, and a power cut takes it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from orch_tui.store.system import Calls

_SECTOR = 512


class Killed(SystemExit):
    """The process that made the call is dead. No `except Exception` sees it, and asyncio lets it through at once."""


@dataclass(slots=True, eq=False)
class File:
    """One file: how much of it is safe. `whole` is what is safe where the file was not only appended to since."""

    safe: int = 0
    whole: bytes | None = None
    lost: list[tuple[int, int]] = field(default_factory=list)
    """Ranges that a failed sync left behind: readers see them, the disk has them not."""
    dirty: bool = False


@dataclass(slots=True)
class Entry:
    """A change of names: `path` is now `file` (None: nothing), and `source` has lost it."""

    path: str
    file: File | None
    source: str = ""
    safe: bool = False


class Disk(Calls):
    """The calls of every simulated process; `point` is asked before each, and may raise Killed or OSError."""

    def __init__(self, random: Random, point: Callable[[str, str], None], changed: Callable[[str], None]) -> None:
        self._random = random
        self._point = point
        self._changed = changed
        self.owner: object = None
        """Which process makes the calls just now."""
        self._open: dict[int, tuple[object, str, File]] = {}
        self._now: dict[str, File] = {}
        self._log: list[Entry] = []
        self.dead: set[object] = set()

    # --- the calls ----------------------------------------------------------------------------------------------------

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        name = os.fspath(path)
        self._ask("open", name)
        new = bool(flags & os.O_CREAT) and not os.path.lexists(name)
        file = super().open(path, flags, mode)
        known = self._now.get(name)
        if known is None:
            known = File()
            if (new or flags & (os.O_WRONLY | os.O_RDWR)) and not _derived(name):
                self._now[name] = known
                self._log.append(Entry(name, known, safe=not new))
        if flags & os.O_TRUNC:
            self._rewritten(file, known)
        self._open[file] = (self.owner, name, known)
        if new:
            self._changed(os.path.dirname(name))
        return file

    def close(self, file: int) -> None:
        self._ask("close", "")
        self._open.pop(file, None)
        super().close(file)

    def write(self, file: int, data: bytes | memoryview) -> int:
        _, name, known = self._open[file]
        self._ask("write", name)
        count = super().write(file, data)
        known.dirty = True
        self._changed(os.path.dirname(name))
        return count

    def truncate(self, file: int, size: int) -> None:
        _, name, known = self._open[file]
        self._ask("truncate", name)
        if os.fstat(file).st_size != size:
            self._rewritten(file, known)
        known.lost = [(begin, min(end, size)) for begin, end in known.lost if begin < size]
        super().truncate(file, size)

    def allocate(self, file: int, size: int) -> None:
        _, name, _ = self._open[file]
        self._ask("write", name)
        super().truncate(file, size)

    def fsync(self, file: int) -> None:
        self._sync(file)

    def fdatasync(self, file: int) -> None:
        self._sync(file)

    def rename(self, old: Path, new: Path) -> None:
        source, name = os.fspath(old), os.fspath(new)
        self._ask("rename", name)
        self._remember(name)
        super().rename(old, new)
        file = self._now.pop(source, None) or File(safe=new.stat().st_size)
        if not _derived(name):
            self._now[name] = file
            self._log.append(Entry(name, file, source))
        self._changed(os.path.dirname(name))

    def unlink(self, path: Path) -> None:
        name = os.fspath(path)
        self._ask("unlink", name)
        self._remember(name)
        super().unlink(path)
        self._now.pop(name, None)
        self._log.append(Entry(name, None))

    def mkdir(self, path: Path, mode: int = 0o700) -> None:
        self._ask("mkdir", os.fspath(path))
        super().mkdir(path, mode)

    # --- what becomes of it -------------------------------------------------------------------------------------------

    def died(self, owner: object) -> None:
        """A process is gone: the kernel closes its files."""
        self.dead.add(owner)
        for file in [file for file, (whose, _, _) in self._open.items() if whose is owner]:
            del self._open[file]
            os.close(file)

    def safe(self, path: Path) -> bytes:
        """What of a file would be there after the worst power cut; b"" where not even its name would."""
        name = os.fspath(path)
        for entry in reversed(self._log):
            if entry.path == name and entry.safe:
                break
        else:
            return b""
        file = self._now.get(name)
        return self._whole(path.read_bytes(), file) if file is not None else b""

    def power_cut(self) -> None:
        """Every process is gone; leave of the files what the disk has."""
        for file in list(self._open):
            os.close(file)
        self._open.clear()
        gone = {name for name in self._now if not os.path.lexists(name)}  # removed with its whole directory
        self._now = {name: file for name, file in self._now.items() if name not in gone}
        self._log = [entry for entry in self._log if entry.path not in gone]
        contents: dict[int, bytes] = {}
        for name, file in self._now.items():
            contents[id(file)] = self._after(Path(name), file)
        before = set(self._now)
        names = self._names()
        for name in before - set(names):
            Path(name).unlink(missing_ok=True)
        for name, file in names.items():
            if id(file) not in contents:
                contents[id(file)] = file.whole or b""
            data = contents[id(file)]
            path = Path(name)
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
            file.safe, file.whole, file.lost, file.dirty = len(data), None, [], False
        self._now = names
        self._log = [Entry(name, file, safe=True) for name, file in names.items()]

    def _after(self, path: Path, file: File) -> bytes:
        try:
            now = path.read_bytes()
        except OSError:
            return b""
        if not file.dirty and not file.lost:
            return now
        now = _holed(now, file)
        safe = self._whole(now, file)
        match self._random.randrange(3):
            case 0:
                return now
            case 1:
                return safe
            case _:
                return self._torn(safe, now)

    def _whole(self, now: bytes, file: File) -> bytes:
        return _holed(now, file)[: file.safe] if file.whole is None else file.whole

    def _torn(self, safe: bytes, now: bytes) -> bytes:
        """Some of what was written since, and garbage or nothing behind it."""
        if not now.startswith(safe):
            return now[: self._random.randrange(len(now) + 1)]
        rest = now[len(safe) :]
        if not rest:
            return now
        kept = self._random.randrange(len(rest))
        left = len(rest) - kept
        junk = min(left, self._random.randrange(_SECTOR))
        tail = self._random.choice((b"", bytes(junk), self._random.randbytes(junk).replace(b"\n", b"?")))
        return safe + rest[:kept] + tail

    def _names(self) -> dict[str, File]:
        """Which names there are: of each directory's changes since it was synced the first so many."""
        kept: dict[str, int] = {}
        waiting: dict[str, int] = {}
        for entry in self._log:
            if not entry.safe:
                folder = os.path.dirname(entry.path)
                waiting[folder] = waiting.get(folder, 0) + 1
        for folder, count in waiting.items():
            kept[folder] = self._random.choice((0, count, self._random.randrange(count + 1)))
        names: dict[str, File] = {}
        for entry in self._log:
            folder = os.path.dirname(entry.path)
            if not entry.safe:
                if not kept[folder]:
                    continue
                kept[folder] -= 1
            if entry.source:
                names.pop(entry.source, None)
            if entry.file is None:
                names.pop(entry.path, None)
            else:
                names[entry.path] = entry.file
        return names

    def _remember(self, name: str) -> None:
        """A name is about to lose its file, and may get it back."""
        file = self._now.get(name)
        if file is not None and file.whole is None:
            file.whole = self._whole(Path(name).read_bytes(), file) if file.safe else b""

    def _sync(self, file: int) -> None:
        _, name, known = self._open[file]
        try:
            self._ask("fsync", name)
        except OSError:
            size = os.fstat(file).st_size
            if known.dirty and known.whole is None and size > known.safe:
                known.lost.append((known.safe, size))
            known.dirty = False
            raise
        if os.path.isdir(name):
            for entry in self._log:
                if os.path.dirname(entry.path) == name:
                    entry.safe = True
            self._tidy()
            return
        known.safe, known.whole, known.dirty = os.fstat(file).st_size, None, False

    def _tidy(self) -> None:
        """Forget what no power cut can bring back."""
        if len(self._log) > 400:
            waiting = [entry for entry in self._log if not entry.safe]
            if not waiting:
                self._log = [Entry(name, file, safe=True) for name, file in self._now.items()]

    def _rewritten(self, file: int, known: File) -> None:
        if known.whole is None:
            at = os.open(f"/proc/self/fd/{file}", os.O_RDONLY)
            try:
                known.whole = os.pread(at, known.safe, 0)
            finally:
                os.close(at)
        known.dirty = True

    def _ask(self, call: str, name: str) -> None:
        if self.owner in self.dead:
            raise Killed(f"{call} by a process that is dead")
        self._point(call, name)


def _derived(name: str) -> bool:
    """Files that may be lost without loss; replaced so often that keeping account of them would cost most of all."""
    return os.path.basename(name).lstrip(".").startswith(("status.json", "progress.md", "reserve"))


def _holed(data: bytes, file: File) -> bytes:
    """With zeros where a failed sync left nothing."""
    patched = bytearray(data)
    for begin, end in file.lost:
        patched[begin:end] = bytes(max(0, min(end, len(data)) - begin))
    return bytes(patched)


def full() -> OSError:
    """No space."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken() -> OSError:
    """The disk does not do it."""
    return OSError(errno.EIO, os.strerror(errno.EIO))
