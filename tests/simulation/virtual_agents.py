"""Session hosts and the agents in them, as processes of the simulated machine: their files are real, not their work.

A host does what `orch_tui.host` does, in its order: lock, a look for exit.json, host.json, the transcript, its inbox,
and exit.json at last. What becomes of the agent the seed chooses, from every row of the retry table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from virtual_disk import Killed
from virtual_machine import Process, World

from orch_tui.errors import OrchError
from orch_tui.store import files, inbox, transcripts
from orch_tui.store.layout import AttemptDir
from orch_tui.store.lock import Lock

_ENDS = {
    "usage-limit": ("You've hit your limit", 600.0),
    "overload": ("529", 0.0),
    "network": ("connection reset", 0.0),
    "auth": ("log in", 0.0),
    "billing": ("no credit", 0.0),
    "context": ("prompt too long", 0.0),
    "blocked": ("cannot go on", 0.0),
    "unavailable": ("not installed", 0.0),
    "budget": ("too dear", 0.0),
    "agent": ("gave up", 0.0),
    "crash": ("segfault", 0.0),
}
WAYS = (*_ENDS, "die", "die-leaving", "hang", "late", "nothing", "question", "permission", "unclean", "deaf")
_Life = Generator[float, None, None]


class Agents:
    """Everything that hosts do. `calm` leaves out what fails."""

    def __init__(self, world: World, trouble: float) -> None:
        self._world = world
        self._trouble = trouble
        self.calm = False
        self.ways: list[str] = []
        """What becomes of the next agents, if it is not left to chance."""
        self.ledger: list[tuple[str, int]] = []
        """(section, attempt) for each time that the work of a section was done."""
        self.left: dict[str, str] = {}
        """What was written last in each worktree."""
        self.sessions: set[str] = set()
        self.begun: dict[str, int] = {}
        self.twins: list[str] = []
        world.hosting = self.host

    def host(self, directory: Path) -> Process:
        """Fork a host for an attempt; it comes up when it likes."""
        world = self._world
        section, number = directory.parent.name, directory.name
        one = world.start("host", f"{world.run.name}/{section}/{number}", section)
        self._go(one, self._hosted(one, AttemptDir(directory)), world.random.choice((0.001, 0.03, 2.0, 20.0)))
        return one

    def _go(self, one: Process, life: _Life, delay: float) -> None:
        """Have a process live: each value it yields is how long it waits, at most, for whatever wakes it."""
        turn = [0]

        def step(wanted: int) -> Callable[[], None]:
            def now() -> None:
                if turn[0] != wanted or one.ended:
                    return
                turn[0] += 1
                disk = self._world.disk
                owner, disk.owner = disk.owner, one
                try:
                    wait = next(life)
                except StopIteration:
                    self._world.end(one)
                    return
                except (Killed, OSError, OrchError):  # a full disk ends a host without a word
                    self._world.end(one)
                    return
                finally:
                    disk.owner = owner
                if not one.ended:
                    self._world.agenda.after(wait, step(turn[0]))

            return now

        def wake() -> None:
            self._world.agenda.after(0.001, step(turn[0]))

        one.wake = wake
        self._world.agenda.after(delay, step(0))

    def _hosted(self, one: Process, attempt: AttemptDir) -> _Life:
        world = self._world
        lock = Lock(attempt.lock)
        body: dict[str, object] = {"pid": one.pid, "start_time": float(one.pid), "boot_id": world.boot}
        if not lock.acquire({**body, "host": "sim", "epoch": 0}) or attempt.exit.exists():
            return
        files.replace(attempt.host, json.dumps(body).encode(), durable=False)
        spec = json.loads(attempt.spec.read_bytes())
        self._begins(one, spec)
        writer = transcripts.Writer(attempt, world.run.artifacts, world.clock)
        told = yield from self._agent(one, attempt, spec, writer)
        if told is None:
            return
        tree = world.git.trees.get(Path(spec["cwd"]))
        if tree is not None and told["outcome"] == "succeeded":
            tree.unsafe.clear()  # the host has it synced
        last = writer.append("ended", **{key: value for key, value in told.items() if key != "structured"})
        writer.close()
        yield world.random.choice((0.0, 0.001, 0.5))
        files.replace(attempt.result, json.dumps({"summary": "", "structured": None}).encode(), durable=False)
        alone = not [other for other in world.living(one.marker) if other is not one]
        files.replace(attempt.exit, json.dumps({**told, "n": last, "alone": alone}).encode())
        yield world.random.choice((0.0, 0.01, 1.0))

    def _begins(self, one: Process, spec: dict[str, Any]) -> None:
        world = self._world
        if (spec["session_id"] in self.sessions) is not spec["resume"]:
            self.twins.append(f"session {spec['session_id']} of {one.marker} was begun twice")
        self.sessions.add(spec["session_id"])
        for other in world.processes.values():
            if other is one or other.ended or other.section != one.section:
                continue
            if other.kind != "host":
                self.twins.append(f"{one.marker} begins while {other.kind} {other.marker} lives")
            elif other.pid in self.begun.values():
                self.twins.append(f"{one.marker} begins beside {other.marker}")
        self.begun[one.marker] = one.pid

    def _agent(
        self, one: Process, attempt: AttemptDir, spec: dict[str, Any], writer: transcripts.Writer
    ) -> Generator[float, None, dict[str, Any] | None]:
        """What the agent does, and how it ends; None for a host that dies without a word."""
        world, random = self._world, self._world.random
        way = "work"
        if not self.calm and random.random() < self._trouble:
            way = random.choice(WAYS)
        if self.ways:
            way = self.ways.pop(0)
        section = spec["section"]
        agent = world.start("agent", one.marker, one.section)
        agent.stubborn = random.random() < 0.2
        talks = spec["provider"] != "script"
        writer.append("started", session_id=spec["session_id"], model="m", resumable=talks)
        asked = yield from self._wait(one, attempt, random.choice((0.05, 3.0, 40.0, 900.0)))
        if way in {"question", "permission"}:
            ask = {"request_id": f"q{random.randrange(1000)}", "ask": way, "title": "May I?"}
            writer.append("ask", **ask, options=["allow", "deny"] if way == "permission" else [])
            asked = asked or (yield from self._wait(one, attempt, 7200.0, until=("answer",)))
            writer.append("ask_closed", request_id=ask["request_id"], by_answer=True)
        if way == "hang":
            asked = asked or (yield from self._wait(one, attempt, random.choice((3600.0, 30_000.0))))
        if way == "deaf":
            over = world.agenda.now + 30_000.0
            while world.agenda.now < over:
                yield over - world.agenda.now
        if asked == "end":
            world.end(agent)
            return {"outcome": "interrupted", "failure": "interrupted", "message": "ended"}
        if way == "die":
            world.end(agent)
            return None
        if way == "die-leaving":  # killed for want of memory; what it started goes on for a while
            self._go(agent, self._orphan(spec), 0.5)
            return None
        if way in _ENDS:
            words, until = _ENDS[way]
            world.end(agent)
            if random.random() < 0.3:
                self._work(spec, whole=False)
            told = {"outcome": "failed", "failure": way, "message": words, "cost_usd": 0.01}
            return {**told, "until": world.clock.wall() + until if until else 0.0}
        if way != "nothing":
            self._work(spec, whole=True)
            self.ledger.append((section, spec["attempt"]))
        writer.append("usage", cost_usd=0.02, input_tokens=10, output_tokens=5)
        if way == "late":
            yield random.choice((60.0, 4000.0))
        if way == "unclean":  # a server it started stays
            self._go(agent, self._orphan(spec, works=False), 0.5)
        else:
            world.end(agent)
        return {"outcome": "succeeded", "failure": "", "message": "", "summary": "Done.", "cost_usd": 0.02}

    def _orphan(self, spec: dict[str, Any], *, works: bool = True) -> _Life:
        yield self._world.random.choice((1.0, 100.0))
        if works:
            self._work(spec, whole=False)
        yield self._world.random.choice((10.0, 50_000.0))

    def _work(self, spec: dict[str, Any], *, whole: bool) -> None:
        """Change the section's own file, and at times one that all change."""
        world = self._world
        if "do" in spec["title"] or spec["provider"] == "script":
            return
        tree = world.git.trees.get(Path(spec["cwd"]))
        if tree is None:
            return
        words = f"{spec['section']} {'whole' if whole else 'part'} {spec['attempt']}"
        tree.dirty[spec["section"]] = words
        tree.unsafe.add(spec["section"])
        self.left[spec["cwd"]] = words
        if world.random.random() < 0.05:
            tree.dirty["shared"] = words

    def _wait(
        self, one: Process, attempt: AttemptDir, seconds: float, until: tuple[str, ...] = ()
    ) -> Generator[float, None, str]:
        """Wait, obeying the inbox: "end" when it is to end, else what was waited for, or ""."""
        agenda = self._world.agenda
        over = agenda.now + seconds
        while True:
            for incoming in inbox.take(attempt.inbox):
                inbox.done(incoming)
                if incoming.op == "end":
                    return "end"
                if incoming.op in until:
                    return incoming.op
            if one.asked:
                return "end"
            if agenda.now >= over:
                return ""
            yield over - agenda.now
