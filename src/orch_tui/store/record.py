"""The journal's record: one JSON object a line, with a checksum seeded by the record before it.

`{"seq":…,"v":…,"epoch":…,"t":…,"mono":…,"boot":…,"type":…,"cause":…,"data":…,"crc":"9a0b1c2d"}`; crc is CRC-32 over
the bytes of the line before `,"crc":"`, compared as bytes. The chain runs through all segments of a journal.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, cast

import msgspec

from orch_tui.errors import DamageError

MARK = b',"crc":"'
END = re.compile(rb',"crc":"[0-9a-f]{8}"\}')
"""How every record ends. It cannot stand inside of a string, where quotes are escaped."""
_TOLD = len(MARK) + len('9a0b1c2d"}\n')
_encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record. `t` is wall seconds, `mono` monotonic seconds of boot `boot`, `cause` a command id or rule.

    A struct because reading a million of them is a wait: of all that can be made from JSON, and is checked on the way,
    it is made quickest.
    """

    seq: int
    v: int
    epoch: int
    t: float
    mono: float
    boot: str
    type: str
    cause: str
    data: dict[str, Any]


_decoder = msgspec.json.Decoder(Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the journal: everything up to record `seq` with checksum `crc` was read, at `offset` of `segment`."""

    segment: int = 1
    offset: int = 0
    seq: int = 0
    crc: int = 0
    epoch: int = 0

    def as_dict(self) -> dict[str, int]:
        """For a snapshot."""
        return {name: getattr(self, name) for name in ("segment", "offset", "seq", "crc", "epoch")}

    @classmethod
    def of(cls, data: object) -> Position:
        """From a snapshot. Raises DamageError when these are not its fields."""
        names = ("segment", "offset", "seq", "crc", "epoch")
        found = cast("dict[str, object]", data) if isinstance(data, dict) else {}
        values = {name: value for name in names if isinstance(value := found.get(name), int) and value >= 0}
        if len(values) < len(names):
            raise DamageError(f"{data!r} is no position in a journal", hint="snapshot.json is derived: remove it")
        return cls(**values)


def encode(record: Record, crc: int) -> tuple[bytes, int]:
    """The line of a record (with its newline) and its checksum, given the checksum of the record before."""
    body = _encoder.encode(msgspec.structs.asdict(record)).encode()[:-1]
    sum_ = zlib.crc32(body, crc)
    return b'%s%s%08x"}\n' % (body, MARK, sum_), sum_


def follows(line: bytes, crc: int) -> int:
    """The checksum of a line that continues the chain after `crc`, or -1 when it does not."""
    crc = zlib.crc32(line[:-_TOLD], crc)
    return crc if line.endswith(b'%s%08x"}\n' % (MARK, crc)) else -1


def decode(line: bytes, seq: int, crc: int, epoch: int) -> tuple[Record | None, int]:
    """The record of a line that must follow record `seq`, or None when it does not check out."""
    crc = follows(line, crc)
    if crc < 0 or not line.isascii():
        return None, 0
    body = line[:-_TOLD] + b"}"
    try:
        record = _decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        record = _by_the_standard_library(body)
    if record is None or record.seq != seq + 1 or record.epoch < epoch:
        return None, 0
    return record, crc


def decode_all(data: bytes, at: Position, limit: int | None) -> tuple[list[Record], Position]:
    """The records in `data`, which begins at `at`, as far as one follows the other, up to number `limit`; and the place
    behind the last of them. The same as `decode` line by line, in half the time.
    """
    bodies: list[bytes] = []
    crc, size, most = at.crc, 0, len(data) if limit is None else limit - at.seq
    for line in BytesIO(data):
        body = line[:-_TOLD]
        sum_ = zlib.crc32(body, crc)
        if len(bodies) == most or not line.endswith(b'%s%08x"}\n' % (MARK, sum_)):
            break
        bodies.append(body)
        crc, size = sum_, size + len(line)
    try:
        records = _decoder.decode_lines(b"}\n".join([*bodies, b""]))
    except (msgspec.MsgspecError, RecursionError):
        return _one_by_one(data, at, most)
    epochs = [at.epoch, *(record.epoch for record in records)]
    numbers = [record.seq for record in records]
    if numbers != [*range(at.seq + 1, at.seq + 1 + len(bodies))] or epochs != sorted(epochs) or not data.isascii():
        return _one_by_one(data, at, most)
    after = Position(segment=at.segment, offset=at.offset + size, seq=at.seq + len(records), crc=crc, epoch=epochs[-1])
    return records, after


def _one_by_one(data: bytes, at: Position, most: int) -> tuple[list[Record], Position]:
    records: list[Record] = []
    for line in BytesIO(data):
        record, crc = decode(line, at.seq, at.crc, at.epoch)
        if record is None or len(records) == most:
            break
        records.append(record)
        at = replace(at, offset=at.offset + len(line), seq=record.seq, crc=crc, epoch=record.epoch)
    return records, at


def _by_the_standard_library(body: bytes) -> Record | None:
    """What only Python takes for JSON: half a surrogate (of a file's name that is no text), numbers that are none."""
    try:
        return msgspec.convert(json.loads(body), Record)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None


def holds_whole(rest: bytes) -> bool:
    """Whether bytes that do not check out hold a record that was written whole, which a torn write never leaves."""
    for end in END.finditer(rest):
        if end.end() < len(rest) - 1:
            return True
        line = rest[rest.rfind(b"\n", 0, end.end()) + 1 :]
        if line.startswith(b'{"seq":') and line.endswith(b"\n") and b"\0" not in line:
            return True
    return False
