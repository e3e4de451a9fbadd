"""What is too long for a transcript, on its way to artifacts/ as a whole.

Where there is no room for it, or a session has sent there as much as it may, it is not kept, and that is said: the
transcript has its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orch_tui.store.artifacts import Sink

LONGEST = 64 << 20
"""Bytes that are kept of one text."""
_PART = 1 << 20


class Spill:
    """A text on its way there, of which at most `most` bytes are kept. Never raises OSError."""

    def __init__(self, artifacts: Path, most: int | None = None) -> None:
        self._most = LONGEST if most is None else min(most, LONGEST)
        self._sink: Sink | None = None
        if self._most > 0:
            try:
                self._sink = Sink(artifacts)
            except OSError:
                self._sink = None

    @property
    def size(self) -> int:
        """Bytes kept so far."""
        return self._sink.size if self._sink is not None else 0

    def pour(self, text: str) -> None:
        """Add a piece."""
        for part in parts(text):
            if self._sink is None or self._sink.size >= self._most:
                return
            try:
                self._sink.write(part.encode("utf-8", "surrogatepass")[: self._most - self._sink.size])
            except OSError:
                self._sink.abandon()
                self._sink = None

    def close(self, size: int) -> tuple[str, dict[str, object]]:
        """What is said of the text, which has `size` bytes, and the fields of its record."""
        kept = self.size
        try:
            name = self._sink.close() if self._sink is not None else ""
        except OSError:
            name = ""
        if not name:
            return f" [{size} bytes, not kept]", {"bytes": size}
        which = "whole line" if kept == size else f"first {kept}"
        return f" [{size} bytes, {which} in artifacts/{name}]", {"spill": name, "bytes": size}


def parts(text: str) -> Iterator[str]:
    """A long text in pieces, so that it is never encoded as a whole."""
    return (text[at : at + _PART] for at in range(0, len(text), _PART))
