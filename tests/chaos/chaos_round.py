"""One round: a plan is opened and approved, all is killed at random while commands come in, then it has to end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chaos_clients import Clients, ended
from chaos_shape import Shape, make, shape_of
from chaos_verdict import faults
from chaos_victims import Victims
from chaos_watch import Watch, called

from closed_attempts import of_run
from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.clock import Clock
from orch_tui.core.state import OVER, Phase, State, Status
from orch_tui.store import layout
from orch_tui.store.layout import RunDir

END = 90.0  # seconds in which a run without any more faults is through
# fmt: off
FAULTS = (
    (5, ("runner",)), (3, ("host",)), (3, ("agent",)), (2, ("nursery",)), (3, ("git",)), (2, ("client",)),
    (2, ("cockpit",)), (2, ("sender",)), (3, ("runner", "host")), (2, ("runner", "nursery")), (1, ("runner", "agent")),
    (1, ("nursery", "host")), (1, ("host", "agent")), (1, ("runner", "nursery", "host")), (1, ("runner", "git")),
    (4, ("runner", "next runner")), (2, ("runner", "host", "next runner")),
    (1, ("runner", "nursery", "host", "host", "agent", "agent", "git", "client", "sender")),
)
# fmt: on
COMMANDS = (
    "pause",
    "resume",
    "pause",
    "resume",
    "skip",
    "retry",
    "steer",
    "undo",
    "cancel",
    "decide",
    "stop",
    "dispatch",
)


@dataclass(slots=True, kw_only=True)
class Told:
    """What a round came to."""

    seed: int
    shape: str = ""
    faults: list[str] = field(default_factory=list[str])
    killed: Counter[str] = field(default_factory=Counter[str])
    commands: int = 0
    answered: int = 0
    attempts: int = 0
    epochs: int = 0
    events: int = 0
    seconds: float = 0.0
    halts: list[str] = field(default_factory=list[str])


async def play(seed: int, place: Path) -> Told:
    """Play the round of a seed below `place`, which is removed when all was right."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    chance = random.Random(seed)
    shape = shape_of(seed, place, chance)
    told = Told(seed=seed, shape=shape.words())
    began = time.monotonic()
    await asyncio.to_thread(make, shape)
    one = _Round(shape, chance, told)
    try:
        await one.play()
    except Exception as error:
        told.faults.append(f"{type(error).__name__}: {error}")
    finally:
        await one.end()
    told.seconds = time.monotonic() - began
    if not told.faults:
        shutil.rmtree(place, ignore_errors=True)
    return told


class _Round:
    def __init__(self, shape: Shape, chance: random.Random, told: Told) -> None:
        self._shape, self._chance, self._told = shape, chance, told
        home = shape.place / "home"
        home.mkdir()
        env = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
        env |= {name: str(home / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env |= {"HOME": str(home), "PATH": path, "PYTHONUTF8": "1", "GIT_CONFIG_NOSYSTEM": "1"}
        clients = shape.place / "clients"
        clients.mkdir()
        self._clients = Clients(shape.root, env, clients)
        self._run: RunDir | None = None
        self._victims: Victims | None = None
        self._follower: Follower | None = None
        self._log: list[str] = []
        self._killed: Counter[str] = Counter()

    async def play(self) -> None:
        await self._open()
        assert self._run is not None
        watch = Watch(Follower(self._run))
        looking = asyncio.get_running_loop().create_task(watch.look_on())  # noqa: RUF100
        try:
            await self._storm()
            await self._calm()
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking
        self._told.faults += watch.found
        await self._clients.end()
        self._told.faults += await asyncio.to_thread(lambda: list(self._judge()))

    def _judge(self) -> list[str]:
        assert self._run is not None
        sent = self._clients.told()
        self._told.answered = sum("outcome" in one for one in sent)
        return list(faults(self._shape, self._run, sent, nurseries=self._killed["nursery"]))

    async def end(self) -> None:
        """Nothing of the round is left, whatever it came to; what is found of it is remembered."""
        told = self._told
        told.commands = self._clients.sent
        await self._clients.end()
        told.killed = self._killed
        for run in layout.runs(self._shape.root):
            for pid in (victims := Victims(run, Counter())).runner():
                victims.kill("runner", pid)
            await process.end_marked(str(run.path), name=process.RUN_MARKER, grace=0.0)
            for pid in (*of_run(run.name), *called(self._shape.trace)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self._follower is not None:
            self._follower.poll()
            state = self._follower.state
            told.attempts = sum(len(one.attempts) for one in state.sections.values())
            told.epochs, told.events = state.epoch, state.seq
            self._follower.close()
        if told.faults:
            (self._shape.place / "what-was-done").write_text("\n".join(self._log) + "\n")

    # --- the way there ------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        """Open and approve, as often as it takes: also the beginning is killed now and then."""
        early = self._chance.random() < 0.25
        for _ in range(6):
            opening = self._clients.program("run", "plan.md", "--headless", "--yes")
            until = time.monotonic() + 30.0
            while time.monotonic() < until:
                await asyncio.sleep(0.02)
                for run in layout.runs(self._shape.root)[:1]:  # killed before it had read the plan, it gets no run
                    if self._run != run:
                        self._run, self._follower, self._victims = run, Follower(run), Victims(run, self._killed)
                if self._run is not None and early and self._chance.random() < 0.2:
                    early = False
                    self._strike(("runner", "client"))
                if self._state and self._state.approval:
                    return
                if not opening.is_alive():
                    break
        raise AssertionError("the plan cannot be opened")

    @property
    def _state(self) -> State | None:
        if self._follower is None:
            return None
        self._follower.poll()
        return self._follower.state

    async def _storm(self) -> None:
        """Kills and commands, at random moments."""
        if self._chance.random() < 0.25:
            self._clients.cockpit("plan.md")
        strikes = self._chance.randint(4, 12)
        for _ in range(strikes):
            await asyncio.sleep(self._chance.uniform(0.01, 0.35))
            for _ in range(self._chance.choice((0, 0, 1, 1, 2))):
                self._command()
            weights, kinds = zip(*FAULTS, strict=True)
            await self._strike_all(self._chance.choices(kinds, weights)[0])
            over = self._state is None or self._state.phase in OVER  # then `run` would begin a new run
            if not over and not self._clients.living("client") and self._chance.random() < 0.6:
                self._clients.program("run", "plan.md", "--headless")

    async def _strike_all(self, kinds: tuple[str, ...]) -> None:
        await self._strike_soon(tuple(kind for kind in kinds if kind != "next runner"))
        if "next runner" in kinds:
            self._command("decide")  # starts one
            until = time.monotonic() + 2.0
            while time.monotonic() < until and not (self._victims and self._victims.runner()):
                await asyncio.sleep(0.005)
            await asyncio.sleep(self._chance.uniform(0.0, 0.15))
            self._strike(("runner",), "recovering ")

    async def _strike_soon(self, kinds: tuple[str, ...]) -> None:
        """As soon as one of them is there: some live for milliseconds."""
        until = time.monotonic() + self._chance.uniform(0.1, 0.8)
        while not self._strike(kinds) and time.monotonic() < until:
            await asyncio.sleep(0.01)

    def _strike(self, kinds: tuple[str, ...], what: str = "") -> bool:
        """Find them all first, then kill them as near to at once as it goes; whether the first was there."""
        victims = self._victims
        if victims is None:
            return False
        marked = victims.marked()
        chosen: list[tuple[str, int]] = []
        for kind in kinds:
            match kind:
                case "runner":
                    found = victims.runner()
                case "git":
                    found = victims.git()
                case "client" | "cockpit" | "sender":
                    found = self._clients.living(kind)
                case _:
                    found = marked[kind]
            found = [pid for pid in found if (kind, pid) not in chosen]
            if not found and not chosen:
                return False
            if found:
                chosen.append((kind, self._chance.choice(found)))
        for kind, pid in chosen:
            done = (
                victims.kill_client(kind, pid) if kind in {"client", "cockpit", "sender"} else victims.kill(kind, pid)
            )
            self._note(f"kill {what}{kind} {pid} {done}")
        return True

    def _command(self, op: str = "") -> None:
        """Send something, sensible or not."""
        state = self._state
        if state is None or self._run is None:
            return
        op = op or self._chance.choice(COMMANDS)
        names = list(state.sections)
        if op == "undo":
            names = [name for name, one in state.sections.items() if one.status is Status.DONE] or names
        if op in {"cancel", "steer", "dispatch"}:
            names = list(state.running) or names
        section = self._chance.choice(names)
        args: dict[str, object] = {"section": section}
        match op:
            case "pause" | "resume" | "retry":
                args = args if self._chance.random() < 0.5 else {}
            case "steer":
                args["text"] = "be quick"
            case "decide":
                args = {"text": f"decided at {state.seq}"}
            case "dispatch":
                args["phase"] = self._chance.choice(("implement", "build", "verify", "look", "merge"))
            case "skip" if self._chance.random() < 0.5:
                op = "pause"
            case "stop":
                args = {}
            case _:
                pass
        self._note(f"send {op} {args}")
        self._clients.send(self._run.path, op, args)

    # --- to the end ---------------------------------------------------------------------------------------------------

    async def _calm(self) -> None:
        """No more faults: somebody looks on, and does what a person would where only a person can help."""
        self._note("calm")
        assert self._run is not None
        attached, until = None, time.monotonic() + END
        while time.monotonic() < until:
            await asyncio.sleep(0.1)
            state = self._state
            assert state is not None
            if state.phase is Phase.DONE and self._victims and not self._victims.runner():
                break
            if state.phase not in OVER and (attached is None or not attached.is_alive()):
                attached = self._clients.program("run", "plan.md", "--headless")
            for op, args in _helping(state):
                self._note(f"help {op} {args}")
                self._told.halts += [one.attention for one in state.sections.values() if one.attention]
                await ended(self._clients.send(self._run.path, op, args), 30.0)
        for sender in self._clients.living("sender"):
            self._log.append(f"still sending: {sender}")
        await self._until(lambda: not self._clients.living("sender"), 45.0)
        await self._until(
            lambda: not (self._victims and (self._victims.runner() or any(self._victims.marked().values()))), 10.0
        )

    def _note(self, words: str) -> None:
        self._log.append(f"{Clock().wall():.3f} {words}")

    async def _until(self, holds: Callable[[], object], limit: float) -> None:
        until = time.monotonic() + limit
        while not holds() and time.monotonic() < until:
            await asyncio.sleep(0.05)


def _helping(state: State) -> list[tuple[str, dict[str, object]]]:
    """What a person has to do for the run to go on."""
    if state.phase in {Phase.PAUSED, Phase.STOPPED}:
        return [("resume", {})]
    wanted: list[tuple[str, dict[str, object]]] = [
        ("resume", {"section": one.id}) for one in state.sections.values() if one.held and not one.verdict
    ]
    wanted += [("answer", {"request_id": one, "choice": "accept"}) for one in state.asks]
    halted = {Status.FAILED, Status.ATTENTION, Status.PARKED}
    if not wanted and any(one.status in halted for one in state.sections.values()):
        wanted.append(("retry", {}))
    return wanted
