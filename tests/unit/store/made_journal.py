"""A small journal of several event types over two segments, made without the writer under test."""

from __future__ import annotations

from orch_tui.store.record import Record, encode

EVENTS = [
    ("RunnerStarted", "start", {"pid": 12, "epoch": 1, "version": "0.1.0", "host": "here", "torn_bytes": 0}),
    ("RunApproved", "01J0", {"plan_sha": "ab" * 8, "graph_sha": "cd" * 8, "by": "me"}),
    (
        "Steered",
        "01J1",
        {"section": "A", "attempt": 1, "text": 'say "crc" and,"crc":"00000000"}\n{"seq":9,', "by": "ü"},
    ),
    ("SectionDone", "rule:merged", {"section": "A", "summary": ""}),
    ("RunnerStopped", "stop", {"reason": "nothing left to do"}),
    ("SectionFailed", "rule:no-more-attempts", {"section": "B", "detail": "\ud800 \x1b[31m"}),
]


def made(seq: int, *, epoch: int = 1) -> Record:
    """The record with this number."""
    type_, cause, data = EVENTS[(seq - 1) % len(EVENTS)]
    return Record(
        seq=seq, v=1, epoch=epoch, t=1e9 + seq, mono=seq / 2, boot="0b" * 16, type=type_, cause=cause, data=data
    )


def lines(records: list[Record], crc: int = 0) -> list[bytes]:
    """Their lines, chained."""
    found: list[bytes] = []
    for record in records:
        line, crc = encode(record, crc)
        found.append(line)
    return found
