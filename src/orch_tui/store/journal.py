"""The journal: numbered segments of records, one writer (see writer), any number of readers.

What was being written when the power went is a *torn tail*: bytes at the end that are no whole record and that no whole
record follows. It is cut (and kept aside) by `cut_tail`. Everything else that does not check out is *damage*. Bytes
that a failed write left at the end of a segment are passed over only when the next segment's first record continues the
chain: then the chain itself proves that nothing is missing.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn

from orch_tui.errors import DamageError, StateError
from orch_tui.store import system
from orch_tui.store.files import fsync_dir, opened, opened_to_write, write_all
from orch_tui.store.record import END, MARK, Position, Record, decode, decode_all, encode, holds_whole

__all__ = ["Position", "Record", "Tail", "cut_tail", "encode", "fits", "segment", "segments"]

_CHUNK = 4 << 20
_NAME = re.compile(r"[0-9]{6,}\.jsonl")


def segment(directory: Path, number: int) -> Path:
    """The file of a segment."""
    return directory / f"{number:06d}.jsonl"


def segments(directory: Path) -> list[int]:
    """The numbers of the segments there are, ascending."""
    try:
        names = [entry.name for entry in os.scandir(directory)]
    except FileNotFoundError:
        return []
    return sorted(int(name[:-6]) for name in names if _NAME.fullmatch(name))


class Tail:
    """Reads the journal from a position on and goes on where it stopped, as it grows, is rotated or repaired.

    A position that is handed in (a snapshot's) must fit the journal: see `fits`. The first `read` raises DamageError
    when it does not, and reading from the beginning is then the way out.
    """

    def __init__(self, directory: Path, position: Position | None = None, *, limit: int | None = None) -> None:
        """`limit` is the number of the last record to read."""
        self._directory = directory
        self._limit = limit
        self._checked = position is None
        self.position = position or Position()
        self.torn = 0
        """Bytes behind the last record read. After a `read` without records: one being written, or a torn tail."""

    def read(self) -> list[Record]:
        """New complete records, some megabytes at most; [] when there are none (yet). Raises DamageError."""
        if not self._checked:
            self._check()
        while True:
            numbers = segments(self._directory)  # before the bytes: a segment that is not the last grows no more
            at = self.position
            data = self._bytes(at, numbers)
            if data is None:  # cut by the writer, who goes on in a new segment
                if numbers[-1] == at.segment or not self._found_again(at):
                    return []
                continue
            records = self._parse(data, at)
            if records or (self.position == at and not self._onward(numbers)):
                return records

    def _check(self) -> None:
        if not fits(self._directory, self.position):
            at = self.position
            raise DamageError(
                f"the snapshot does not belong to the journal of run {self._directory.parent.name!r}: record {at.seq} "
                f"does not end at byte {at.offset} of {segment(self._directory, at.segment).name}",
                hint="snapshot.json is derived: remove it",
            )
        self._checked = True

    def _bytes(self, at: Position, numbers: list[int]) -> bytes | None:
        """Some megabytes from `at` on, to behind a newline unless the file ends; None when it ends before `at`."""
        try:
            with opened_segment(segment(self._directory, at.segment)) as file:
                size = os.fstat(file.fileno()).st_size
                self.torn = max(0, size - at.offset)
                if size < at.offset:
                    return None
                file.seek(at.offset)
                parts = [file.read(_CHUNK)]
                while len(parts[-1]) == _CHUNK and b"\n" not in parts[-1]:
                    parts.append(file.read(_CHUNK))
                return b"".join(parts)
        except FileNotFoundError:
            if numbers or at.seq:
                self.damaged("is missing: there is no such file")
            self.torn = 0
            return b""

    def _parse(self, data: bytes, at: Position) -> list[Record]:
        records, self.position = decode_all(data, at, self._limit)
        if records:
            self.torn -= self.position.offset - at.offset
        elif b"\n" in data:
            self._broken(at)
        return records

    def _onward(self, numbers: list[int]) -> bool:
        """Go on in the next segment, if there is one and nothing of this one is left."""
        at = self.position
        later = [number for number in numbers if number > at.segment]
        if not later or self._limit == at.seq:
            return False
        following = replace(at, segment=at.segment + 1, offset=0)
        if self.torn and not self._chains(following):
            if any(END.search(_whole(segment(self._directory, number))) for number in later):
                self.damaged("does not check out, and the journal goes on in the next segment")
            return False
        self.position = following
        return True

    def _chains(self, at: Position) -> bool:
        try:
            with opened_segment(segment(self._directory, at.segment)) as file:
                return decode(file.readline(), at.seq, at.crc, at.epoch)[0] is not None
        except FileNotFoundError:
            return False

    def _broken(self, at: Position) -> None:
        """The next line is no record that follows: a torn tail when nothing whole is left, else damage."""
        with opened_segment(segment(self._directory, at.segment)) as file:
            file.seek(at.offset)
            rest = file.read().rstrip(b"\0")
        first = rest[: rest.find(b"\n") + 1]
        if decode(first, at.seq, at.crc, at.epoch)[0] is not None or not holds_whole(rest):
            return  # it was mended meanwhile, or is torn
        if at.offset and self._limit is None and self._found_again(at) and self.position != at:
            return
        self.damaged("does not check out")

    def _found_again(self, at: Position) -> bool:
        """The file changed under this reader: look for the last record it read, from the beginning on.

        A writer whose sync failed cuts what it could not make safe and writes it again into a new segment.
        """
        other = Tail(self._directory, limit=at.seq)
        while other.position.seq != at.seq:
            if not other.read():
                return False
        if other.position.crc != at.crc:
            raise DamageError(
                f"the last records of run {self._directory.parent.name!r} were taken back before they were safe "
                f"(record {at.seq} is another one now)",
                hint="what you see is out of date: close and open again",
            )
        self.position = other.position
        return True

    def damaged(self, what: str) -> NoReturn:
        """Raise DamageError about the record that should follow."""
        at = self.position
        name = segment(self._directory, at.segment).name
        run = self._directory.parent
        raise DamageError(
            f"the journal of run {run.name!r} is damaged: {name}, record {at.seq + 1} (byte {at.offset}) {what}; "
            f"the last good record is {at.seq}. The run is read-only",
            hint=f"restore {str(self._directory)!r} from a copy, or move {str(run)!r} aside and start a new run of the "
            "plan: merged work is on the integration branch",
        )


def opened_segment(path: Path) -> BinaryIO:
    """A segment, opened to be read. Raises FileNotFoundError, and StateError when it cannot be, or is a trap."""
    try:
        return opened(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StateError(
            f"cannot read the journal segment {str(path)!r}: {error.strerror}",
            hint="see what it is, then remove it or restore it from a copy; `orch-tui doctor` shows the rest",
        ) from error


def _whole(path: Path) -> bytes:
    with opened_segment(path) as file:
        return file.read()


def fits(directory: Path, position: Position) -> bool:
    """Whether the journal holds the record that `position` stands behind, at its place (one line is read)."""
    if not position.seq:
        return not position.offset
    try:
        with opened_segment(segment(directory, position.segment)) as file:
            if not position.offset:
                return True  # a new segment; the chain is checked with its first record
            size, line = 0, b""
            while size < position.offset and b"\n" not in line[:-1]:
                size = min(position.offset, max(4096, 8 * size))
                file.seek(position.offset - size)
                line = file.read(size)
    except FileNotFoundError:
        return False
    line = line[line.rfind(b"\n", 0, -1) + 1 :]
    return line.startswith(b'{"seq":%d,' % position.seq) and line.endswith(b'%s%08x"}\n' % (MARK, position.crc))


def cut_tail(directory: Path, position: Position) -> int:
    """Cut what follows `position`, the end of the good records; returns how many bytes that was.

    The bytes are kept in quarantine/ beside the journal. Only for the holder of the lock. Raises DamageError for damage
    in the middle, StateError when the files cannot be written.
    """
    tail = Tail(directory, position, limit=position.seq)
    while tail.read():
        pass
    at = tail.position
    keep = {at.segment: at.offset}
    try:
        return sum(
            _cut(segment(directory, number), keep.get(number, 0), directory.parent / "quarantine")
            for number in segments(directory)
            if number >= at.segment
        )
    except OSError as error:
        raise StateError(
            f"cannot repair the journal in {str(directory)!r}: {error.strerror}",
            hint="check the rights and the free space",
        ) from error


def _cut(path: Path, offset: int, aside: Path) -> int:
    with opened_segment(path) as file:
        file.seek(offset)
        torn = file.read()
    if not torn:
        return 0
    with contextlib.suppress(FileExistsError):
        system.calls.mkdir(aside)
    name = aside / f"{path.name}.{offset}.{secrets.token_hex(4)}"
    kept = system.calls.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
    try:
        write_all(kept, torn)
        system.calls.fsync(kept)
    finally:
        system.calls.close(kept)
    fsync_dir(aside)
    fsync_dir(aside.parent)
    whole = opened_to_write(path, os.O_RDWR)
    try:
        system.calls.truncate(whole, offset)
        system.calls.fsync(whole)
    finally:
        system.calls.close(whole)
    return len(torn)
