"""The one place where a run moves: events are journalled, folded, followed up and carried out here, and nowhere else.

    command file -> intake -> decide -> record -> (durable) -> effects -> perform -> events -> record ...

`record` is the only writer of the journal and the only caller of `apply`. Better stop than go on wrong: what would
break an invariant is not recorded, nor is anything after it. What follows from a state is asked of the rules until
nothing follows; effects start when the event they answer is on disk.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence

from orch_tui.clock import Clock
from orch_tui.core import rules
from orch_tui.core.apply import apply
from orch_tui.core.codec import VERSION, encode_event
from orch_tui.core.effects import Effect, SendControl
from orch_tui.core.events import Event
from orch_tui.core.state import State
from orch_tui.engine.perform import Performer
from orch_tui.engine.stopping import stopped
from orch_tui.invariants import guard
from orch_tui.invariants.violation import Broken
from orch_tui.store.writer import Writer


class Loop:
    """A run's state and journal, moved together. Lives inside one TaskGroup, which owns every effect under way."""

    def __init__(
        self,
        state: State,
        writer: Writer,
        clock: Clock,
        session_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self.state = state
        self.changed = asyncio.Event()
        """Set whenever the state moved; for the writers of derived files and for timers."""
        self._writer = writer
        self._clock = clock
        self._ids = rules.Ids(session_id=lambda _section, _attempt: session_id())
        self._broken: Broken | None = None
        self._refused: Event | None = None
        """The first of the events that were not recorded."""
        self._todo: list[Effect] = []
        self._at_work: set[asyncio.Task[None]] = set()
        self._held = False
        self._group: asyncio.TaskGroup | None = None
        self._performer: Performer | None = None

    def bind(self, group: asyncio.TaskGroup, performer: Performer) -> None:
        """Say who owns the effects and who performs them; before this only `record` works."""
        self._group, self._performer = group, performer

    def hold(self) -> None:
        """Ask no rules and begin no effects; what happens is journalled."""
        self._held = True

    def release(self) -> None:
        """Go on with whatever follows from what happened meanwhile."""
        self._held = False
        self.advance()

    @property
    def busy(self) -> bool:
        """Whether some effect is being carried out."""
        return bool(self._todo or self._at_work)

    @property
    def now(self) -> float:
        """Wall time in seconds."""
        return self._clock.wall()

    def record(self, events: Sequence[Event], cause: str) -> int:
        """Append events to the journal and fold them; returns the last one's number. Does not wait for the disk.

        Raises Broken, from then on always, where they would break an invariant; none of them is recorded.
        """
        if self._broken is None and (found := guard.broken(self.state, events)) is not None:
            self._broken, self._refused = Broken(found), events[0]
        if self._broken is not None:
            raise self._broken
        encoded = [(*encode_event(event), cause) for event in events]
        records = self._writer.append([(type_, cause, data) for type_, data, cause in encoded], v=VERSION)
        for record, event in zip(records, events, strict=True):
            apply(self.state, event, seq=record.seq, at=record.t, cause=cause)
            self._todo += rules.reactions(self.state, event, cause)
        self.changed.set()
        return self.state.seq

    def advance(self) -> int:
        """Record whatever follows from the state by itself, and start the effects once they are durable."""
        while not self._held:
            name, events = rules.follow_up(self.state, self.now, self._ids)
            if not events:
                break
            self.record(events, f"rule:{name}")
        if self._todo and self._group is not None and not self._held:
            effects, self._todo = self._todo, []
            self._own(self._group.create_task(self._carry_out(effects, self.state.seq)))
        return self.state.seq

    async def happened(self, events: Sequence[Event], cause: str) -> None:
        """Record, follow up, and return when it is durable."""
        self.record(events, cause)
        await self._writer.wait(self.advance())

    def mentioned(self, events: Sequence[Event], cause: str) -> None:
        """Record progress that nobody waits for; it rides along with the next sync."""
        self.record(events, cause)
        self.advance()

    async def durable(self) -> None:
        """Wait until everything recorded so far is on disk."""
        await self._writer.wait(self.state.seq)

    def reopen(self) -> Broken | None:
        """What stopped it, if anything did. It records that, and records again; nothing that was under way goes on."""
        broken, self._broken = self._broken, None
        self.record(stopped(self.state, broken, self._refused), "stop")
        return broken

    async def _carry_out(self, effects: list[Effect], seq: int) -> None:
        await self._writer.wait(seq)
        assert self._group is not None
        assert self._performer is not None
        for effect in effects:
            if isinstance(effect, SendControl):
                await self._performer.perform(effect)  # in order
            else:
                self._own(self._group.create_task(self._performer.perform(effect)))

    def _own(self, task: asyncio.Task[None]) -> None:
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
