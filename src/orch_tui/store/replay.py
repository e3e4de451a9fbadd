"""From the journal to the state: the snapshot where there is a good one, then every record after it.

The runner and every follower fold the same records in the same way; this is where they do it. What a command led to
counts as a whole: while its last event is not there, none of them is folded.
"""

from __future__ import annotations

import contextlib
import json
import zlib

import msgspec

from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_event, decode_state, encode_state
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted
from orch_tui.core.state import State
from orch_tui.errors import DamageError
from orch_tui.growing import growing
from orch_tui.store import files, system, watermark
from orch_tui.store.checking import Checking
from orch_tui.store.journal import Tail, fits
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Position, Record

_SHAPE = 28
"""Version of snapshot.json; one of another version is left aside."""


class _Stored(msgspec.Struct, frozen=True):
    version: int
    crc: str
    position: msgspec.Raw
    state: msgspec.Raw


_stored = msgspec.json.Decoder(_Stored)


class Replay:
    """A run's state, folded from its journal as far as it was read."""

    def __init__(self, run: RunDir, *, snapshot: bool = True) -> None:
        """Without `snapshot` every record is folded."""
        self.state, position = (_snapshot(run) if snapshot else None) or (State(), Position())
        self._tail = Tail(run.journal, position)
        self._directory, self._whole = run.journal, position
        self._run, self._mark = run, watermark.read(run)
        self._checking = Checking(run.journal, position)

    @property
    def position(self) -> Position:
        """Up to where the journal was folded, once there is nothing more to read."""
        return self._tail.position

    def read(self) -> list[tuple[Record, Event]]:
        """Fold what is new, some megabytes at most; [] when nothing is. Raises DamageError."""
        seen: list[tuple[Record, Event]] = []
        held: list[tuple[Record, Event]] = []
        last = 0
        with growing():
            while (held or not seen) and (records := self._tail.read()):
                for record in records:
                    event = decode_event(record.type, record.v, record.data)
                    if isinstance(event, CommandAccepted):
                        last = record.seq + event.events
                    held.append((record, event))
                    if record.seq >= last:
                        for one, what in held:
                            try:
                                apply(self.state, what, seq=one.seq, at=one.t, cause=one.cause)
                            except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
                                raise self._misfit(one, error) from error
                        seen += held
                        held.clear()
        if held:
            self._go_back()
        self._whole = self._tail.position
        if not seen and self._mark.seq:
            watermark.check(self._run, self._mark, self._whole)
            self._mark = Position()
        return seen

    def _misfit(self, record: Record, error: Exception) -> DamageError:
        return DamageError(
            f"the journal of run {self._run.name!r} is damaged: record {record.seq}, a {record.type!r}, checks out and "
            f"does not fit what came before it ({type(error).__name__}: {error}). The run is read-only",
            hint=f"it was not written so by orch-tui: restore {str(self._directory)!r} from a copy, or ask "
            "`orch-tui doctor` what can still be read",
        )

    def _go_back(self) -> None:
        """To before a command of which not all was written: the rest comes, or it is a torn tail."""
        again = Tail(self._directory, self._whole, limit=self.state.seq)
        while again.read():
            pass
        self._tail.position = again.position

    def check(self) -> bool:
        """Check some megabytes of what the snapshot stands for; False when nothing is left. Raises DamageError."""
        self._checking.step()
        return not self._checking.done

    def read_all(self) -> None:
        """Fold everything there is."""
        with growing():
            while self.read():
                pass


def write_snapshot(run: RunDir, state: State, position: Position) -> None:
    """Replace snapshot.json: the state and the place in the journal it was folded up to. It is never needed."""
    keep_snapshot(run, encode_snapshot(state, position))


def encode_snapshot(state: State, position: Position) -> bytes:
    """What snapshot.json holds of a state; all of it as it is at this moment."""
    with growing():
        at, folded = json.dumps(position.as_dict()).encode(), encode_state(state)
        return b'{"version":%d,"crc":"%s","position":%s,"state":%s}' % (_SHAPE, _sum(at, folded), at, folded)


def _sum(at: bytes, folded: bytes) -> bytes:
    return b"%08x" % zlib.crc32(folded, zlib.crc32(at))


def keep_snapshot(run: RunDir, data: bytes) -> None:
    """Replace snapshot.json by what was encoded of a state that the journal holds by now. Raises OSError."""
    files.replace(run.snapshot, data, durable=True)


def drop_snapshot(run: RunDir) -> None:
    """Remove snapshot.json, so that whoever comes next folds every record. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        system.calls.unlink(run.snapshot)


def _snapshot(run: RunDir) -> tuple[State, Position] | None:
    """The stored state and its position, or None: the journal has everything, so a bad snapshot is just left aside."""
    try:
        stored = _stored.decode(files.read_bytes(run.snapshot))
        at, folded = bytes(stored.position), bytes(stored.state)
        if stored.version != _SHAPE or stored.crc.encode() != _sum(at, folded):
            return None
        position = Position.of(msgspec.json.decode(at))
    except (OSError, ValueError, DamageError):
        return None
    if not fits(run.journal, position):
        return None
    with growing():
        state = decode_state(folded)
    return (state, position) if state is not None and state.seq == position.seq else None
