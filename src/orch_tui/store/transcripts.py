"""Transcripts: the session host writes, everybody reads. JSON records, with an index of display lines beside them.

A *display line* is one line as people see it. Text and thinking come in pieces; the writer cuts them at newlines, so a
record holds at most one display line; a piece that goes on with an unfinished line carries `"cont": true` and has no
entry in the index. The index is 8 bytes, little-endian, per display line: where it begins. A line longer than
`LINE_LIMIT` keeps its beginning here, the whole of it going to artifacts/ (`"spill"`, `"bytes"`); so does a long text
in any other kind of record. Every record begins with `n`, `t`, `kind`, in this order.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from orch_tui.clock import Clock
from orch_tui.store.files import opened
from orch_tui.store.layout import AttemptDir
from orch_tui.store.pieces import Growing, Piece, holding, piece, pieces
from orch_tui.store.pieces import size as pieces_size
from orch_tui.store.spills import Spill, parts

LINE_LIMIT = 64 * 1024  # bytes of a display line in the transcript
LINE_KEPT = 4 * 1024  # bytes kept of a longer one
_PIECED = frozenset({"text", "thinking"})
_READ = 1 << 20
_LEAST_LINE = 32  # bytes of the shortest record
_MOST_ROWS = 8192
NOT_KEPT = "not kept"
"""Kind of a line that was removed, because the transcript grew too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A display line: record number and wall time of its beginning, kind, text (for text and thinking), all fields."""

    n: int
    t: float
    kind: str
    text: str
    fields: dict[str, Any]


_MISSING = Line(n=0, t=0.0, kind=NOT_KEPT, text="", fields={})


class Writer:
    """Appends to the transcript of one attempt. One per attempt, kept by its host."""

    def __init__(
        self,
        attempt: AttemptDir,
        artifacts: Path,
        clock: Clock,
        *,
        wait: Callable[[OSError], None] | None = None,
        limit: int = 0,
    ) -> None:
        """`wait` is called when a record cannot be written, before it is tried again; it raises to give up.

        With `limit` so many bytes are kept, the beginning and the end, and as many in artifacts.
        """
        self._clock = clock
        self._wait = wait or _give_up
        self._artifacts = artifacts
        there = pieces(attempt.transcript)
        offsets, self._n, size = _scan(there)
        self._file = Growing(attempt.transcript, limit, keep=size)
        rows = None if there[1:] else 0  # of a transcript in one piece the index is made again
        self._index = Growing(attempt.index, limit // _LEAST_LINE * 8, keep=rows)
        if rows is not None:
            self._index.append(b"".join(struct.pack("<Q", offset) for offset in offsets))
        self._spilled, self._limit = 0, limit
        self._open = ""
        """Kind (and stream) of an unfinished display line, or ""."""
        self._length = 0
        self._head: list[str] = []
        """What the unfinished line holds so far, in case it has to go to an artifact whole."""
        self._sink: Spill | None = None

    def append(self, kind: str, **fields: object) -> int:
        """Append an event; returns the number of its last record. Text is visible to readers when this returns."""
        if kind in _PIECED and isinstance(fields.get("text"), str):
            rest = {name: value for name, value in fields.items() if name != "text"}
            self._pieces(kind, cast("str", fields["text"]), rest)
        else:
            self._finish()
            self._write({"kind": kind, **self._bounded(fields)}, starts=True)
        return self._n

    def close(self) -> None:
        """Finish an open line and sync."""
        self._finish()
        self._file.close()
        self._index.close()

    def _pieces(self, kind: str, text: str, fields: dict[str, object]) -> None:
        key = f"{kind}/{fields.get('stream', '')}"
        if self._open and self._open != key:
            self._finish()
        for line in _cut(text):
            ends = line.endswith("\n")
            self._piece(kind, line.removesuffix("\n"), fields)
            self._open = key
            if ends:
                self._finish()

    def _piece(self, kind: str, text: str, fields: dict[str, object]) -> None:
        size = _size(text)
        starts = not self._open
        if starts:
            self._length = 0
        self._length += size
        if self._sink is not None:
            self._sink.pour(text)
        elif self._length > LINE_LIMIT:
            self._spill(kind, text, fields, starts=starts)
        else:
            self._head.append(text)
            cont: dict[str, object] = {} if starts else {"cont": True}
            self._write({"kind": kind, **fields, "text": text, **cont}, starts=starts)

    def _spill(self, kind: str, text: str, fields: dict[str, object], *, starts: bool) -> None:
        """The line grew too long: keep its beginning, send the whole of it to an artifact."""
        self._sink = self._spill_of()
        for part in (*self._head, text):
            self._sink.pour(part)
        self._head.clear()
        kept = text[: LINE_KEPT if starts else 0]
        cont: dict[str, object] = {} if starts else {"cont": True}
        self._write({"kind": kind, **fields, "text": kept + " …", **cont}, starts=starts)

    def _finish(self) -> None:
        self._head.clear()
        if self._sink is not None:
            words, where = self._close(self._sink, self._length)
            kind, _, stream = self._open.partition("/")
            self._write({"kind": kind, "text": words, "stream": stream, "cont": True, **where}, starts=False)
            self._sink = None
        self._open = ""

    def _bounded(self, fields: dict[str, object]) -> dict[str, object]:
        """The fields with long texts cut, the longest of them kept whole in an artifact."""
        long = {name: text for name, text in fields.items() if isinstance(text, str) and _size(text) > LINE_LIMIT}
        if not long:
            return fields
        longest = max(long, key=lambda name: len(long[name]))
        sink = self._spill_of()
        sink.pour(long[longest])
        words, where = self._close(sink, _size(long[longest]))
        cut = {name: text[:LINE_KEPT] + " …" + (words if name == longest else "") for name, text in long.items()}
        return {**fields, **cut, **where}

    def _spill_of(self) -> Spill:
        return Spill(self._artifacts, max(0, self._limit - self._spilled)) if self._limit else Spill(self._artifacts)

    def _close(self, spill: Spill, size: int) -> tuple[str, dict[str, object]]:
        self._spilled += spill.size
        return spill.close(size)

    def _write(self, record: dict[str, object], *, starts: bool) -> None:
        self._n += 1
        line = json.dumps(
            {"n": self._n, "t": round(self._clock.wall(), 3), **record}, ensure_ascii=True, separators=(",", ":")
        )
        data = line.encode() + b"\n"
        offset, row = self._file.size, self._index.size
        while True:
            try:
                self._file.append(data, may_part=starts)
                if starts:
                    self._index.append(struct.pack("<Q", self._file.size - len(data)))
            except OSError as error:
                with contextlib.suppress(OSError):  # a part of a record would spoil the next one
                    self._file.cut(back_to=offset)
                    self._index.cut(back_to=row)
                self._wait(error)
            else:
                return


def _give_up(error: OSError) -> None:
    raise error


class Reader:
    """A window into a transcript: any lines by number, without reading the rest."""

    def __init__(self, attempt: AttemptDir) -> None:
        self._transcript, self._index = attempt.transcript, attempt.index

    def count(self) -> int:
        """Display lines there are now, with those that were not kept."""
        return pieces_size(self._index) // 8

    def lines(self, start: int, stop: int) -> list[Line]:
        """Display lines `start` to `stop` (from 0, exclusive); fewer when there are not as many.

        Those that were not kept, because the transcript grew too long, are of the kind `NOT_KEPT`.
        """
        rows, texts = pieces(self._index), pieces(self._transcript)
        start, stop = max(0, start), min(stop, max((one.end for one in rows), default=0) // 8)
        found: list[Line] = []
        try:
            while (at := start + len(found)) < stop:
                more = self._run(rows, texts, at, stop)
                if not more:
                    break
                found += more
        except OSError:  # removed just now, or put there by a stranger
            pass
        return found

    def _run(self, rows: list[Piece], texts: list[Piece], at: int, stop: int) -> list[Line]:
        """Some lines from `at` on, to before `stop`: all from one piece, or all missing."""
        row = holding(rows, 8 * at)
        if row is None:
            later = next((one.start // 8 for one in rows if one.start > 8 * at), stop)
            return [_MISSING] * (min(later, stop) - at)
        with opened(row.path) as index:
            index.seek(8 * at - row.start)
            data = index.read(8 * min(stop - at, _MOST_ROWS))
        offsets = [offset for (offset,) in struct.iter_unpack("<Q", data[: len(data) // 8 * 8])]
        text = holding(texts, offsets[0]) if offsets else None
        if text is None:
            kept = next((one.start for one in texts if offsets and one.start > offsets[0]), None)
            gone = 0 if kept is None else sum(offset < kept for offset in offsets)
            return [_MISSING] * gone  # else the index says more than there is
        with opened(text.path) as file:
            file.seek(offsets[0] - text.start)
            return _joined(file, len(offsets))


class Follow:
    """New complete records from a byte offset on; `kinds` leaves out all others before they are even parsed.

    `offset` is always the end of a complete record, so that a torn record may be cut off and replaced at any time. A
    file that got shorter than that is another one, and is read from its beginning.
    """

    def __init__(self, path: Path, offset: int = 0, kinds: frozenset[str] | None = None) -> None:
        self._path = path
        self._wanted = None if kinds is None else _beginning(kinds)
        self.offset = offset
        self._start = max((one.start for one in pieces(path) if one.start <= offset), default=0)

    def read(self) -> list[dict[str, Any]]:
        """Records that came since; an unfinished last line waits for the next call."""
        found: list[dict[str, Any]] = []
        while True:
            before = self.offset
            with contextlib.suppress(FileNotFoundError):
                found += self._read(piece(self._path, self._start))
            there = pieces(self._path)
            later = [one for one in there if one.start > self._start]
            if not later:
                return found
            if self.offset == before or any(one.end == self.offset for one in there):
                self._start = self.offset = later[0].start  # what was between was not kept

    def _read(self, path: Path) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        with opened(path) as file:
            if os.fstat(file.fileno()).st_size < self.offset - self._start:
                self.offset = self._start
            file.seek(self.offset - self._start)
            rest: list[bytes] = []
            while data := file.read(_READ):
                cut = data.rfind(b"\n") + 1
                if not cut:
                    rest.append(data)
                    continue
                whole = b"".join((*rest, data[:cut]))
                rest = [data[cut:]]
                self.offset += len(whole)
                found += self._records(whole)
        return found

    def _records(self, data: bytes) -> Iterator[dict[str, Any]]:
        for line in data.split(b"\n"):
            if self._wanted is None or self._wanted.match(line):
                record = _parse(line)
                if record is not None:
                    yield record


def _beginning(kinds: Iterable[str]) -> re.Pattern[bytes]:
    """How the lines of these kinds begin, exactly as Writer writes them."""
    names = b"|".join(re.escape(json.dumps(kind)).encode() for kind in kinds)
    return re.compile(rb'\{"n":[0-9]+,"t":[^,"]+,"kind":(?:' + names + rb")[,}]")


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("n"), int):  # pyright: ignore[reportUnknownMemberType]
        return None
    return cast("dict[str, Any]", record)


def _joined(raw: Iterable[bytes], count: int) -> list[Line]:
    """The first `count` display lines, each put together from its pieces."""
    groups: list[list[dict[str, Any]]] = []
    for line in raw:
        record = _parse(line) if line.endswith(b"\n") else None
        if record is None:
            continue
        if record.get("cont") and groups:
            groups[-1].append(record)
        elif len(groups) == count:
            break
        else:
            groups.append([record])
    return [_line(pieces) for pieces in groups]


def _line(pieces: list[dict[str, Any]]) -> Line:
    first = pieces[0]
    t = first.get("t")
    texts = [text for piece in pieces if isinstance(text := piece.get("text"), str)]
    spilled = {key: piece[key] for piece in pieces for key in ("spill", "bytes") if key in piece}
    return Line(
        n=first["n"],
        t=float(t) if isinstance(t, (int, float)) else 0.0,
        kind=str(first.get("kind", "")),
        text="".join(texts),
        fields={**first, **spilled},
    )


def _size(text: str) -> int:
    """Bytes of a text in UTF-8, without a second copy of a long one."""
    if text.isascii():
        return len(text)
    return sum(len(part.encode("utf-8", "surrogatepass")) for part in parts(text))


def _cut(text: str) -> list[str]:
    """Lines by newline only (splitlines would also cut at carriage returns and other separators)."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _scan(there: list[Piece]) -> tuple[list[int], int, int]:
    """Offsets of the display lines, last record number and length without a torn last line of an existing transcript.

    A line in the middle that is no record is left where it is; readers pass over it.
    """
    offsets: list[int] = []
    n = offset = 0
    for one in there:
        offset = one.start
        with opened(one.path) as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                record = _parse(line)
                if record is not None:
                    if not record.get("cont"):
                        offsets.append(offset)
                    n = max(n, record["n"])
                offset += len(line)
    return offsets, n, offset
