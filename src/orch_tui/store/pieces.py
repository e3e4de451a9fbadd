"""A file that grows too long, kept as its beginning and its end: further pieces beside it, the oldest of them removed.

Places are counted as if it were one file. The first half of what is kept is the file itself; what follows goes into
pieces named by where they begin (`transcript.000000134217728.jsonl`), so that whoever read to the end of one finds the
next by its name.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from orch_tui.store import system
from orch_tui.store.files import opened_to_write, write_all

_TAIL_PIECES = 4
"""Pieces that the second half of what is kept consists of."""
_FLAGS = os.O_WRONLY | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to before `end` of the whole."""

    path: Path
    start: int
    end: int


def piece(path: Path, start: int) -> Path:
    """The file of the piece that begins at `start`."""
    return path.with_name(f"{path.stem}.{start:015d}{path.suffix}") if start else path


def pieces(path: Path) -> list[Piece]:
    """Those there are, the first first; between two of them something may be missing."""
    wanted = re.compile(rf"{re.escape(path.stem)}\.([0-9]{{15,}}){re.escape(path.suffix)}")
    try:
        with os.scandir(path.parent) as entries:
            names = [wanted.fullmatch(entry.name) for entry in entries]
    except OSError:
        return []
    found: list[Piece] = []
    for start in (0, *sorted(int(name[1]) for name in names if name)):
        with contextlib.suppress(OSError):
            here = piece(path, start)
            status = here.lstat()
            if stat.S_ISREG(status.st_mode):  # anything else nobody of us made
                found.append(Piece(here, start, start + status.st_size))
    return found


def size(path: Path) -> int:
    """How long the whole is, with what was removed of it."""
    return max((one.end for one in pieces(path)), default=0)


def holding(found: list[Piece], offset: int) -> Piece | None:
    """The piece that has the byte at `offset`; None when it was removed, or is not written yet."""
    return next((one for one in found if one.start <= offset < one.end), None)


class Growing:
    """Appends to such a file, of which `limit` bytes are kept; 0: all of it."""

    def __init__(self, path: Path, limit: int = 0, *, keep: int | None = None) -> None:
        """Of what is there all stays, or the bytes of the whole before `keep`."""
        self._path = path
        self._head, self._piece = limit // 2, limit // 2 // _TAIL_PIECES
        there = pieces(path)
        self._starts = [one.start for one in there if one.start]
        self._start = self._starts[-1] if self._starts else 0
        self._file = opened_to_write(piece(path, self._start), _FLAGS)
        self.size = max(self._start, size(path) if keep is None else keep)
        self.cut()

    def append(self, data: bytes, *, may_part: bool = True) -> None:
        """Add `data`; where it `may_part` from what is before it, in another piece if this one is full."""
        if may_part and self._head and self.size - self._start >= (self._piece if self._start else self._head):
            self._part()
        write_all(self._file, data)
        self.size += len(data)

    def cut(self, *, back_to: int | None = None) -> None:
        """Take away what is there beyond what was appended whole, or beyond `back_to`."""
        if back_to is not None and back_to >= self._start:
            self.size = back_to
        system.calls.truncate(self._file, self.size - self._start)

    def close(self) -> None:
        """Sync and close."""
        system.calls.fsync(self._file)
        system.calls.close(self._file)

    def _part(self) -> None:
        file = opened_to_write(piece(self._path, self.size), _FLAGS | os.O_EXCL)
        system.calls.close(self._file)
        self._file, self._start = file, self.size
        self._starts.append(self._start)
        while len(self._starts) > _TAIL_PIECES:
            with contextlib.suppress(OSError):
                system.calls.unlink(piece(self._path, self._starts[0]))
            del self._starts[0]
