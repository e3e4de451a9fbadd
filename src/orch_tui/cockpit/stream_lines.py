"""A session's stream as lines of a pane: each kind of record with its lead and looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orch_tui.cockpit.widgets.lines import Line, Lines, Listed

if TYPE_CHECKING:
    from orch_tui.client.streams import Stream, StreamRow

NOTHING: Lines = Listed(())

_LEADS = {"tool": "▶ ", "result": "  ", "ask": "? ", "notice": "~ ", "ended": "■ ", "error": "× ", "thinking": "  "}


@dataclass(frozen=True, slots=True)
class StreamLines:
    """Adapts a stream to a pane; `times` puts the clock time into the margin."""

    stream: Stream
    times: bool = False

    def count(self) -> int:
        """See Lines."""
        return self.stream.count()

    def stamp(self) -> int:
        """See Lines."""
        return self.stream.stamp

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """See Lines."""
        return [self._line(row) for row in self.stream.rows(start, stop)]

    def find(self, needle: str, start: int, step: int) -> int:
        """See Lines."""
        return self.stream.find(needle, start, step)

    def _line(self, row: StreamRow) -> Line:
        return Line(text=row.text, kind=row.kind, lead=_LEADS.get(row.kind, ""), margin=self._time(row.at))

    def _time(self, at: float) -> str:
        return datetime.fromtimestamp(at).strftime("%H:%M:%S") if self.times and at else ""  # noqa: DTZ006 - for people
