"""People at several cockpits, and programs: they follow the journal and leave commands, some twice, some too late."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from virtual_machine import World

from orch_tui.core.state import OVER, Phase, State, Status
from orch_tui.errors import OrchError
from orch_tui.store import inbox
from orch_tui.store.replay import Replay

_Wish = tuple[str, dict[str, Any]]


class People:
    """Those who use a run. What they know of it is what its journal says."""

    def __init__(self, world: World, meddling: int) -> None:
        self._world = world
        self._random = world.random
        self._replay: Replay | None = None
        self._sent = 0
        self.every = 0.0
        self.creating: dict[str, Any] = {}
        """What a run is created with."""
        self.sent: dict[str, str] = {}
        """Commands that were left for sure: id -> op."""
        self._bodies: list[dict[str, Any]] = []
        for _ in range(meddling):
            world.agenda.after(self._random.choice((2.0, 60.0, 900.0, 20_000.0)) * self._random.random(), self._meddle)

    @property
    def state(self) -> State:
        """The run as who follows it sees it."""
        if self._replay is None:
            self._replay = Replay(self._world.run)
        self._replay.read_all()
        return self._replay.state

    def attend(self, every: float) -> None:
        """Somebody looks every so many seconds from now on, and does what the run waits for."""
        self.every = every
        self._world.agenda.after(every, self._attend)

    def _attend(self) -> None:
        if not self.every:
            return
        self._world.agenda.after(self.every, self._attend)
        if any((self._world.run.inbox / "new").glob("c*")):
            return  # what was asked last is not answered yet
        try:
            wish = self.go_on(self.state)
        except OrchError:
            self.look_again()
            return
        if wish is not None:
            self.send(*wish)

    def look_again(self) -> None:
        """The machine was off: whoever looks now begins anew."""
        self._replay = None

    def send(self, op: str, args: dict[str, Any], *, if_seq: int | None = None) -> None:
        """Leave a command."""
        self._sent += 1
        body: dict[str, Any] = {"id": f"c{self._sent:04}", "op": op, "args": args, "actor": f"p{self._sent % 3}"}
        if if_seq is not None:
            body["if_seq"] = if_seq
        self._leave(body)

    def _leave(self, body: dict[str, Any]) -> None:
        try:
            inbox.drop(self._world.run.inbox, body)
        except (OrchError, OSError):
            return  # told, and tried again or not
        self.sent[body["id"]] = body["op"]
        self._bodies.append(body)

    def again(self) -> None:
        """A command that was sent is sent again."""
        if self._bodies:
            self._leave(self._random.choice(self._bodies))

    def _meddle(self) -> None:
        """Somebody does something."""
        random, run = self._random, self._world.run
        match random.randrange(12):
            case 0:
                self.again()
            case 1:
                (run.inbox / "tmp" / "c9999.1.ab").write_bytes(b'{"id": "c9999", "op"')  # died on the way
            case 2:
                (run.inbox / "new" / f"junk{self._sent}.json").write_bytes(random.choice((b"", b"{", b"[]", b"\xff")))
                self._sent += 1
            case _:
                try:
                    wish = self.wish(random, self.state)
                except OrchError:
                    self.look_again()
                    return
                if wish is not None:
                    self.send(
                        *wish, if_seq=self.state.seq - random.choice((0, 1, 40)) if random.random() < 0.1 else None
                    )

    def wish(self, random: Random, state: State) -> _Wish | None:
        """What somebody could want to do now."""
        if not state.sections:
            return None
        section = random.choice(list(state.sections))
        kinds: list[Callable[[], _Wish | None]] = [
            lambda: ("pause", {"section": random.choice(("", section))}),
            lambda: ("resume", {"section": random.choice(("", section))}),
            lambda: ("retry", {"section": random.choice(("", section))}),
            lambda: ("steer", {"section": section, "text": "quick"}),
            lambda: ("cancel", {"section": section}),
            lambda: ("undo", {"section": section}),
            lambda: ("dispatch", {"section": section, "phase": "implement"}),
            lambda: ("skip", {"section": section}) if random.random() < 0.3 else None,
            lambda: ("stop", {}) if random.random() < 0.5 else None,
            lambda: ("cancel", {"section": ""}) if random.random() < 0.05 else None,
            lambda: ("decide", {"text": f"say {random.randrange(9)}"}),
            lambda: ("revise", {"plan_sha": state.plan_sha}),
            lambda: self.go_on(state),
        ]
        return random.choice(kinds)()

    def go_on(self, state: State) -> _Wish | None:
        """What a person does who wants the run to come to its end; None where nothing waits for one."""
        if state.phase in OVER:
            return None
        if state.phase is Phase.NEW:
            return "create", dict(self.creating)
        if state.phase is Phase.REVIEW:
            return "approve", {"plan_sha": state.plan_sha, "graph_sha": state.graph_sha, "confirm": True}
        if state.candidate is not None:
            return "discard", {}
        if state.phase in {Phase.PAUSED, Phase.STOPPED} and not state.halted:
            return "resume", {"section": ""}
        for ask in state.asks.values():
            choice = ask.choices[0] if ask.phase or ask.kind == "permission" else "go on"
            return "answer", {"request_id": ask.request_id, "choice": choice}
        for section in state.sections.values():
            if section.held:
                return "resume", {"section": section.id}
            if section.status is Status.ATTENTION:
                return "retry", {"section": section.id}
        if any(breaker.person for breaker in state.breakers.values()):  # settled; a retry says so
            return "retry", {"section": next(one.id for one in state.sections.values() if one.attempts)}
        return None
