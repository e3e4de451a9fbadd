"""The journal's record: one JSON object a line, with a checksum seeded by the record before it.

`{"seq":…,"v":…,"epoch":…,"t":…,"mono":…,"boot":…,"type":…,"cause":…,"data":…,"crc":"9a0b1c2d"}`; crc is CRC-32 over
the bytes of the line before `,"crc":"`, compared as bytes. The chain runs through all segments of a journal.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from orch_tui.errors import DamageError

MARK = b',"crc":"'
END = re.compile(rb',"crc":"[0-9a-f]{8}"\}')
"""How every record ends. It cannot stand inside of a string, where quotes are escaped."""
_decoder = json.JSONDecoder()
_encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


class Record(NamedTuple):
    """One record. `t` is wall seconds, `mono` monotonic seconds of boot `boot`, `cause` a command id or rule.

    A named tuple because reading a million of them is a wait: a frozen dataclass takes three times as long to make.
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
    body = _encoder.encode(record._asdict()).encode()[:-1]
    sum_ = zlib.crc32(body, crc)
    return b'%s%s%08x"}\n' % (body, MARK, sum_), sum_


def decode(line: bytes, seq: int, crc: int, epoch: int) -> tuple[Record | None, int]:
    """The record of a line that must follow record `seq`, or None when it does not check out."""
    body, mark, tail = line.rpartition(MARK)
    if not mark:
        return None, 0
    crc = zlib.crc32(body, crc)
    if tail != b'%08x"}\n' % crc:
        return None, 0
    try:
        fields = _decoder.raw_decode(body.decode("ascii") + "}")[0]
    except (ValueError, RecursionError):
        return None, 0
    if tuple(fields) != Record._fields:
        return None, 0
    record = Record._make(fields.values())
    if record.seq != seq + 1 or record.epoch < epoch:
        return None, 0
    return record, crc


def holds_whole(rest: bytes) -> bool:
    """Whether bytes that do not check out hold a record that was written whole, which a torn write never leaves."""
    for end in END.finditer(rest):
        if end.end() < len(rest) - 1:
            return True
        line = rest[rest.rfind(b"\n", 0, end.end()) + 1 :]
        if line.startswith(b'{"seq":') and line.endswith(b"\n") and b"\0" not in line:
            return True
    return False
