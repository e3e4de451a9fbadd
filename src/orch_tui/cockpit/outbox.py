"""Commands from the cockpit, from the key to the answer in the journal, each with a word for the person."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import cast

from orch_tui.clock import Clock
from orch_tui.cockpit import door, outcomes
from orch_tui.cockpit.widgets.status_line import Tone
from orch_tui.core.state import State
from orch_tui.errors import OrchError

Send = Callable[[str, Mapping[str, object]], str]
Say = Callable[[str, Tone], None]
_MOMENT = 1.0  # seconds; a runner that takes longer has a banner of its own


class Outbox:
    """Sends commands by `send(op, args)`, which returns an id, and tells by `say(words, tone)` what came of them."""

    def __init__(self, send: Send, say: Say, clock: Clock) -> None:
        self._send = send
        self._say = say
        self._clock = clock
        self._waiting: dict[str, outcomes.Sent] = {}
        self._none_waits = asyncio.Event()
        self._none_waits.set()

    @property
    def waiting(self) -> int:
        """How many commands have no answer yet."""
        return len(self._waiting)

    def refuses(self, state: State, op: str, args: Mapping[str, object]) -> bool:
        """Whether the rules already say that the command makes no sense now; then the person is told why."""
        reason = outcomes.foreseen(state, op, args)
        if reason:
            self._say(outcomes.refused(self._sent(op, args), reason), "warning")
        return bool(reason)

    async def drop(self, op: str, args: Mapping[str, object], words: str = "") -> bool:
        """Drop the command file in a thread, and remember to hear what becomes of it; False when it cannot be sent.

        `words` are said when it is accepted, in place of the usual ones.
        """
        sent = self._sent(op, args, words)
        try:
            command = await asyncio.to_thread(self._send, op, as_data(args))
        except (OrchError, OSError) as error:
            self._say(f"cannot send {op}: {door.reason(error)}", "error")
            return False
        self._waiting[command] = sent
        self._none_waits.clear()
        return True

    def hear(self, state: State) -> dict[str, str]:
        """Tell what became of commands that `state` answers; returns operation -> reason of the refusal, or ""."""
        heard: dict[str, str] = {}
        for command in [known for known in self._waiting if known in state.commands]:
            sent, reason = self._waiting.pop(command), state.commands[command]
            if reason:
                self._say(outcomes.refused(sent, reason), "warning")
            else:
                self._say(outcomes.accepted(sent), "good")
            heard[sent.op] = reason
        if not self._waiting:
            self._none_waits.set()
        return heard

    async def answered(self) -> None:
        """Wait for the answers to what was sent, a moment at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                await self._none_waits.wait()

    def late(self, alive: Callable[[], bool]) -> str:
        """The banner when a command waits too long, else ""; `alive` looks whether there is a runner."""
        if not self._waiting:
            return ""
        return outcomes.unanswered(self._waiting, self._clock.mono(), alive=alive())

    def _sent(self, op: str, args: Mapping[str, object], words: str = "") -> outcomes.Sent:
        return outcomes.Sent(op=op, section=str(args.get("section", "")), at=self._clock.mono(), words=words)


def as_data(args: Mapping[str, object]) -> dict[str, object]:
    """Arguments as they are written into a command file: dataclasses as mappings."""
    return {name: _plain(value) for name, value in args.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[object, ...]", value)]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
