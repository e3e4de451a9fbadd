"""Following a run from its state directory: what every front end sees, and nothing it could change."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from orch_tui.core.state import State
from orch_tui.errors import DamageError
from orch_tui.store.files import read_bytes
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held
from orch_tui.store.replay import Replay
from orch_tui.store.watch import Watch

if TYPE_CHECKING:
    from orch_tui.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One record as a front end sees it: `at` is wall seconds, `cause` a command id or the name of a rule."""

    seq: int
    at: float
    cause: str
    event: Event


class Followed(Protocol):
    """What a view needs that has to look into the run's directory as well."""

    @property
    def run(self) -> RunDir:
        """Where the run is."""
        ...

    @property
    def state(self) -> State:
        """The fold of its journal."""
        ...

    def plan_text(self, sha256: str) -> str:
        """A stored version of the plan."""
        ...


class Follower:
    """The state of a run, kept up to date by `poll`. Never writes; any number may follow the same run."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.damage = ""
        """Why the run is read-only, or ""."""
        self._replay = Replay(run)
        self._watch: Watch | None = None
        self._texts: dict[str, str] = {}

    @property
    def state(self) -> State:
        """The state as far as it was polled."""
        return self._replay.state

    def poll(self) -> list[Seen]:
        """Take in what the journal has new; returns it. After damage was found, nothing more is taken in.

        What a snapshot stands for is checked on the way, some megabytes with each call.
        """
        seen: list[Seen] = []
        if self.damage:
            return seen
        with self._telling_damage():
            self._replay.check()
            while new := self._replay.read():
                seen += [Seen(seq=record.seq, at=record.t, cause=record.cause, event=event) for record, event in new]
        return seen

    def catch_up(self) -> None:
        """Take in what the journal has, as `poll` does, and keep nothing of it but the state: a long run has much."""
        if self.damage:
            return
        with self._telling_damage():
            self._replay.check()
            self._replay.read_all()

    @contextmanager
    def _telling_damage(self) -> Generator[None]:
        try:
            yield
        except DamageError as error:
            self.damage = error.line()

    async def wait(self, timeout: float) -> bool:
        """Sleep until the journal may have news, `timeout` seconds at most; True when it was woken."""
        if self._watch is None:
            self._watch = Watch()
            self._watch.add(self.run.journal)
            return True  # what came before the watch was set is to be polled first
        return await self._watch.wait(timeout)

    def runner_alive(self) -> bool:
        """Whether a runner holds the run's lock now."""
        return held(self.run.lock)

    def plan_text(self, sha256: str) -> str:
        """The stored plan version with this hash; "" when it is not there."""
        from orch_tui.plan.decoding import decode

        if sha256 not in self._texts:
            try:
                self._texts[sha256] = decode(read_bytes(self.run.plan(sha256)))
            except OSError:  # none, or a link
                self._texts[sha256] = ""
        return self._texts[sha256]

    def close(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
