"""What can happen to the files of a run behind its back: power cuts, bad disks, hands, copies of other runs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from orch_tui.store import journal
from orch_tui.store.layout import RunDir

Change = Callable[[RunDir], None]
PAGE = 4096


def _first(run: RunDir) -> Path:
    return journal.segment(run.journal, 1)


def written(data: bytes) -> Change:
    """The first segment holds this."""

    def change(run: RunDir) -> None:
        _first(run).write_bytes(data)

    return change


def two(data: bytes, at: int, *, cut: int = 0, swapped: bool = False, without: int = 0) -> Change:
    """Two segments that part at byte `at`: the first `cut` by some bytes, both `swapped`, or one of them missing."""

    def change(run: RunDir) -> None:
        parts = [data[: at - cut], data[at:]]
        for number, part in enumerate(reversed(parts) if swapped else parts, 1):
            path = journal.segment(run.journal, number)
            path.write_bytes(part)
            if number == without:
                path.unlink()

    return change


def of_lines(lines: list[bytes]) -> Iterator[tuple[str, Change]]:
    """Records dropped, doubled, and in each other's place."""
    for at, line in enumerate(lines):
        yield f"record {at + 1} dropped", written(b"".join(lines[:at] + lines[at + 1 :]))
        yield f"record {at + 1} doubled", written(b"".join([*lines[:at], line, *lines[at:]]))
        if at + 1 < len(lines):
            other = [*lines[:at], lines[at + 1], line, *lines[at + 2 :]]
            yield f"records {at + 1} and {at + 2} in each other's place", written(b"".join(other))


def of_pages(data: bytes) -> Iterator[tuple[str, Change]]:
    """Pages that a power cut left empty, also behind the end."""
    for at in range(0, len(data), PAGE):
        yield f"page {at // PAGE} empty", written((data[:at] + bytes(PAGE) + data[at + PAGE :])[: len(data)])
        yield f"all empty from page {at // PAGE} on", written(data[:at] + bytes(len(data) - at))
    for size in (1, 511, PAGE, 3 * PAGE):
        yield f"{size} empty bytes behind the end", written(data + bytes(size))


def of_segments(lines: list[bytes]) -> Iterator[tuple[str, Change]]:
    """Two segments, whole and not."""
    data, at = b"".join(lines), sum(map(len, lines[: len(lines) // 2]))
    yield "two segments", two(data, at)
    yield "two segments, the first one cut", two(data, at, cut=9)
    yield "two segments, the first one without its last record", two(data, at, cut=len(lines[len(lines) // 2 - 1]))
    yield "two segments in each other's place", two(data, at, swapped=True)
    yield "the first of two segments missing", two(data, at, without=1)
    yield "the second of two segments missing", two(data, at, without=2)
    yield "an empty segment behind", two(data, len(data))
    yield "no segment", lambda run: _first(run).unlink()


def of_ends(lines: list[bytes], chance: random.Random) -> Iterator[tuple[str, Change]]:
    """What may stand behind the last record."""
    data = b"".join(lines)
    for name, more in {
        "random bytes": chance.randbytes(300),
        "random lines": chance.randbytes(300) + b"\n",
        "half of a record": lines[-1][:50],
        "a record of before": lines[3],
        "an earlier record, half": lines[3][:-9],
        "words": b"hello\nworld\n",
        "a newline": b"\n",
    }.items():
        yield f"{name} behind the end", written(data + more)
    yield "Windows line ends", written(data.replace(b"\n", b"\r\n"))


def of_other_files(snapshot: bytes, mark: bytes, foreign: RunDir) -> Iterator[tuple[str, Change]]:
    """Snapshots and watermarks that are damaged, gone, or another run's."""

    def placed(name: str, data: bytes) -> Change:
        def change(run: RunDir) -> None:
            (run.path / name).write_bytes(data)

        return change

    yield "the snapshot of another run", placed("snapshot.json", foreign.snapshot.read_bytes())
    yield "the journal of another run", written(_first(foreign).read_bytes())
    yield "no snapshot", lambda run: run.snapshot.unlink()
    yield "no watermark", lambda run: run.watermark.unlink()
    for at in range(0, len(snapshot), 61):
        changed = bytearray(snapshot)
        changed[at] ^= 1 << at % 8
        yield f"bit {at % 8} of byte {at} of the snapshot flipped", placed("snapshot.json", bytes(changed))
    for at in range(len(mark)):
        for bit in range(8):
            changed = bytearray(mark)
            changed[at] ^= 1 << bit
            yield f"bit {bit} of byte {at} of the watermark flipped", placed("watermark.json", bytes(changed))


def of_bytes(data: bytes, chance: random.Random, count: int) -> Iterator[tuple[str, Change]]:
    """Some cuts and some flipped bits, by chance."""
    for _ in range(count):
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        yield f"cut to {at} bytes", written(data[:at])
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        yield f"bit {bit} of byte {at} flipped", written(bytes(changed))
