"""From the journal to the state: the snapshot where there is a good one, then every record after it.

The runner and every follower fold the same records in the same way; this is where they do it.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Generator
from contextlib import contextmanager

from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_event, decode_state, encode_state
from orch_tui.core.events import Event
from orch_tui.core.state import State
from orch_tui.errors import DamageError
from orch_tui.store import files
from orch_tui.store.checking import Checking
from orch_tui.store.journal import Tail, fits
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Position, Record

_SHAPE = 2
"""Version of snapshot.json; one of another version is left aside."""


class Replay:
    """A run's state, folded from its journal as far as it was read."""

    def __init__(self, run: RunDir) -> None:
        self.state, position = _snapshot(run) or (State(), Position())
        self._tail = Tail(run.journal, position)
        self._checking = Checking(run.journal, position)

    @property
    def position(self) -> Position:
        """Up to where the journal was folded."""
        return self._tail.position

    def read(self) -> list[tuple[Record, Event]]:
        """Fold what is new, some megabytes at most; [] when nothing is. Raises DamageError."""
        seen: list[tuple[Record, Event]] = []
        with _growing():
            for record in self._tail.read():
                event = decode_event(record.type, record.v, record.data)
                apply(self.state, event, seq=record.seq, at=record.t, cause=record.cause)
                seen.append((record, event))
        return seen

    def check(self) -> bool:
        """Check some megabytes of what the snapshot stands for; False when nothing is left. Raises DamageError."""
        self._checking.step()
        return not self._checking.done

    def read_all(self) -> None:
        """Fold everything there is."""
        while self.read():
            pass


def write_snapshot(run: RunDir, state: State, position: Position) -> None:
    """Replace snapshot.json: the state and the place in the journal it was folded up to. It is never needed."""
    with _growing():
        data = {"version": _SHAPE, "position": position.as_dict(), "state": encode_state(state)}
        written = json.dumps(data, ensure_ascii=True).encode()
    files.replace(run.snapshot, written, durable=True)


@contextmanager
def _growing() -> Generator[None]:
    """No search for garbage while much is built of which nothing is garbage: it would take most of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _snapshot(run: RunDir) -> tuple[State, Position] | None:
    """The stored state and its position, or None: the journal has everything, so a bad snapshot is just left aside."""
    with _growing():
        try:
            data = files.read_json(run.snapshot)
        except DamageError:
            return None
        if data is None or data.get("version") != _SHAPE:
            return None
        state = decode_state(data.get("state"))
    try:
        position = Position.of(data["position"])
    except (KeyError, TypeError, DamageError):
        return None
    if state is None or state.seq != position.seq or not fits(run.journal, position):
        return None
    return state, position
