"""The part of a journal that a snapshot stands for, and that is therefore not folded, is checked all the same.

Only the chain of checksums is followed, which is several times quicker than reading the records. Where it does not lead
straight from one record to the next, the journal is read in full: what a failed write left behind is no damage.
"""

from __future__ import annotations

from pathlib import Path

from orch_tui.store.journal import Tail, opened_segment, segment
from orch_tui.store.record import Position, follows

_PIECE = 4 << 20  # bytes checked by one step


class Checking:
    """Checks a journal from its beginning up to a position, some megabytes a step."""

    def __init__(self, directory: Path, until: Position) -> None:
        self._directory = directory
        self._until = until
        self._segment, self._offset, self._crc = 1, 0, 0

    @property
    def done(self) -> bool:
        """Whether everything up to the position was checked."""
        return (self._segment, self._offset) >= (self._until.segment, self._until.offset)

    def step(self) -> None:
        """Check the next piece. Raises DamageError, which names segment and record."""
        if self.done:
            return
        try:
            with opened_segment(segment(self._directory, self._segment)) as file:
                file.seek(self._offset)
                lines = file.readlines(_PIECE)
        except FileNotFoundError:
            lines = []
        if not lines and self._segment < self._until.segment:
            self._segment, self._offset = self._segment + 1, 0
        elif not lines or not self._follow(lines):
            self._read_in_full()

    def _follow(self, lines: list[bytes]) -> bool:
        """Follow the chain through `lines`; False where it breaks."""
        for line in lines:
            if self.done:
                break
            self._crc = follows(line, self._crc)
            if self._crc < 0:
                return False
            self._offset += len(line)
        return True

    def _read_in_full(self) -> None:
        tail = Tail(self._directory, limit=self._until.seq)
        while tail.read():
            pass
        if tail.position.seq != self._until.seq:
            tail.damaged("does not check out")
        self._segment, self._offset = self._until.segment, self._until.offset
