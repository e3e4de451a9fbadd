"""The `simulated` agent: seeded, repeatable behaviour for demos, load and tests; no program, no account.

Its options are the fields of `Behaviour`. The same seed, section, attempt and options give the same events.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import cast, get_args

from orch_tui.agents.base import (
    Ask,
    AskClosed,
    AskKind,
    Capabilities,
    Decision,
    Ended,
    FailureClass,
    Notice,
    Session,
    SessionEvent,
    SessionSpec,
    Started,
    Text,
    Thinking,
    Tool,
    ToolResult,
    Usage,
)
from orch_tui.agents.behaviour import Behaviour
from orch_tui.agents.channel import Channel
from orch_tui.clock import Clock
from orch_tui.errors import ConfigError

_OUTCOME = re.compile(r"^End your last message with a line of its own: `(Outcome: [^`]+)`", re.MULTILINE)

Sleep = Callable[[float], Awaitable[None]]
_WORDS = ("parser", "index", "schema", "cache", "router", "queue", "ledger", "socket", "widget", "lexer")
_VERBS = ("reading", "checking", "writing", "testing", "renaming", "measuring")
_HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07[bold red]not markup[/] \u202eevil\u202c \x9b31m \ufffd\n"
_MESSAGES: Mapping[FailureClass, str] = {
    "script": "block 1 (line 1) ended with code 1",
    "agent": "the simulated agent said it could not do this",
    "blocked": "the simulated agent needs a person",
    "disk": "no space left on device",
    "usage-limit": "usage limit reached",
    "rate-limit": "too many requests (429)",
    "overload": "the service is overloaded (529)",
    "network": "the connection was reset",
    "auth": "authentication failed (401)",
    "billing": "credit balance is too low",
    "context": "the prompt is too long",
    "budget": "it cost more than it might",
    "turns": "the limit of turns is reached",
    "unavailable": "the agent program is not installed",
    "interrupted": "interrupted",
    "crash": "the agent program ended with code 137 and no result",
    "session": "there is no such session",
    "startup": "it did not come up",
    "stall": "nothing was heard of it any more",
    "tool-hang": "a tool did not end",
}


class SimulatedProvider:
    """Pretends to be an agent. `sleep` takes the place of asyncio.sleep in tests that hand in their own time."""

    name = "simulated"
    capabilities = Capabilities(steer=True, interrupt=True, pause=True, approvals=True, cost=True)
    passes: tuple[str, ...] = ()

    def __init__(self, sleep: Sleep | None = None) -> None:
        self._sleep = sleep

    def check(self, env: Mapping[str, str], options: Mapping[str, object]) -> str:
        """Whether the options make sense."""
        del env
        try:
            Behaviour.of(options)
        except ConfigError as error:
            return error.line()
        return ""

    async def open(self, spec: SessionSpec) -> Session:
        """A session that starts when its events are read. Raises ConfigError for options that make no sense."""
        return SimulatedSession(spec, Behaviour.of(spec.options), self._sleep or asyncio.sleep)


class SimulatedSession:
    """One pretended session."""

    def __init__(self, spec: SessionSpec, behaviour: Behaviour, sleep: Sleep) -> None:
        self._spec = spec
        self._is = behaviour
        self._sleep = sleep
        self._random = Random(f"{spec.seed}/{spec.section}/{spec.attempt}")  # noqa: S311 - repeatable, not secret
        self._channel = Channel()
        self._free = asyncio.Event()
        self._free.set()
        self._stopped = asyncio.Event()
        self._asks: dict[str, asyncio.Future[Decision]] = {}
        self._said: list[str] = []
        self._usage = Usage(cost_usd=0.0)
        self._may_write = True

    async def events(self) -> AsyncIterator[SessionEvent]:
        """See Session.events."""
        async with aclosing(self._channel.during(self._until_stopped())) as events:
            async for event in events:
                yield event

    async def send(self, text: str) -> None:
        """Acknowledged at the next line."""
        self._said.append(text)

    async def answer(self, request_id: str, decision: Decision) -> bool:
        """See Session.answer."""
        waiting = self._asks.pop(request_id, None)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(decision)
        return True

    async def interrupt(self) -> None:
        """See Session.interrupt."""
        self._stopped.set()

    async def pause(self) -> None:
        """Hold before the next line."""
        if self._free.is_set() and not self._stopped.is_set():
            self._free.clear()
            self._channel.post(Notice(kind="paused", text="paused"))

    async def resume(self) -> None:
        """Go on."""
        if not self._free.is_set():
            self._free.set()
            self._channel.post(Notice(kind="resumed", text="resumed"))

    async def close(self) -> None:
        """See Session.close; there is no process to end."""
        self._stopped.set()

    async def _until_stopped(self) -> None:
        """Work until done or stopped, whichever is first; then say how it ended."""
        async with asyncio.TaskGroup() as group:
            work = group.create_task(self._work())
            stop = group.create_task(self._stopped.wait())
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            finished = work.done()
            work.cancel()
            stop.cancel()
        if not finished:
            self._channel.post(
                Ended(
                    outcome="interrupted", failure="interrupted", message="interrupted", cost_usd=self._usage.cost_usd
                )
            )

    async def _work(self) -> None:
        put, be = self._channel.put, self._is
        model = self._spec.model or "simulated-1"
        await put(Started(session_id=self._spec.session_id, model=model, resumable=be.resumable))
        await put(self._usage)
        await put(Thinking(text=f"{self._spec.title}: {be.steps} steps\n"))
        failure = self._failure()
        fails_after = self._random.randrange(be.steps) if failure else be.steps
        for step in range(1, be.steps + 1):
            await self._step(step)
            if failure and step > fails_after:
                return self._channel.post(self._failed(failure))
        await self._pace(0)
        try:
            self._write()
        except OSError as error:
            message = f"cannot write to the working directory: {error}"
            return self._channel.post(
                Ended(outcome="failed", failure="agent", message=message, cost_usd=self._usage.cost_usd)
            )
        return self._channel.post(
            Ended(
                outcome="succeeded",
                summary=f"{self._spec.title}: done in {be.steps} steps" + self._outcome(),
                structured=json.loads(be.reports) if be.reports else None,
                cost_usd=self._usage.cost_usd,
            )
        )

    def _outcome(self) -> str:
        """The first of the outcomes that the end of its brief asks for, as the last line of what it says."""
        asked = _OUTCOME.findall(self._spec.brief)
        return f"\n{asked[-1]}" if asked else ""

    def _failure(self) -> FailureClass | None:
        """The failure of this attempt, if it is to have one. Draws the same random numbers in every case."""
        be = self._is
        by_chance = self._random.random() < be.failure_rate
        if not (be.fail or by_chance) or (be.fail_attempts and self._spec.attempt > be.fail_attempts):
            return None
        kind = be.fail or "agent"
        assert kind in get_args(FailureClass)
        return cast("FailureClass", kind)

    def _failed(self, failure: FailureClass) -> Ended:
        until = 0.0
        if failure == "usage-limit":
            until = self._is.until or Clock().wall() + self._is.until_in
            self._channel.post(Notice(kind="limit", text=_MESSAGES[failure], until=until))
        return Ended(
            outcome="interrupted" if failure == "interrupted" else "failed",
            failure=failure,
            message=_MESSAGES[failure],
            cost_usd=self._usage.cost_usd,
            exit_code={"script": 1, "crash": 137}.get(failure),
            until=until,
        )

    async def _step(self, number: int) -> None:
        put, be = self._channel.put, self._is
        word = self._random.choice(_WORDS)
        await put(Thinking(text=f"step {number}: the {word} comes next\n"))
        if number == 1 and be.question_at_start(self._random.random()):
            choice = await self._ask("question", f"Which {word} should be used?", ("the new one", "the old one"))
            await put(Text(text=f"using {choice.text or choice.choice}\n"))
        tool = f"{self._spec.section}-{number}"
        if number == 1 and be.permission_at_start(self._random.random()):
            decision = await self._ask("permission", f"Write: {self._file()}", ("allow", "always", "deny", "never"))
            self._may_write = decision.choice in {"allow", "always"}
        await put(Tool(name="Bash", input=f"make {word}", id=tool))
        await put(ToolResult(text=f"{word} made", id=tool))
        if number == 1:
            await self._extremes()
        await self._chatter(word, be.lines_in_step(number), be.seconds_a_step)
        self._usage = Usage(
            cost_usd=round(be.cost_usd * number / be.steps, 6),
            input_tokens=self._usage.input_tokens + self._random.randrange(800, 2400),
            output_tokens=self._usage.output_tokens + self._random.randrange(80, 400),
        )
        await put(self._usage)

    async def _extremes(self) -> None:
        if self._is.hostile:
            await self._channel.put(Text(text=_HOSTILE))
        left = self._is.flood
        while left > 0:
            size = min(left, 64 * 1024)
            left -= size
            await self._channel.put(Text(text="x" * size + ("" if left else "\n")))
            await self._pace(0)

    async def _chatter(self, word: str, lines: int, seconds: float) -> None:
        """`lines` lines over `seconds`, in at most 50 pieces a second."""
        pieces = max(1, min(lines, int(seconds * 50) or lines))
        for piece in range(pieces):
            count = lines * (piece + 1) // pieces - lines * piece // pieces
            text = "".join(f"{self._random.choice(_VERBS)} the {word}\n" for _ in range(count))
            if text:
                await self._channel.put(Text(text=text))
            await self._pace(seconds / pieces)

    async def _pace(self, seconds: float) -> None:
        """Let time pass, hold while paused, take in what was said."""
        await self._sleep(seconds * self._is.time_scale)
        await self._free.wait()
        while self._said:
            text = self._said.pop(0)
            self._channel.post(Notice(kind="steer", text=f"taken in: {text}"))
            await self._channel.put(Text(text=f"understood: {text}\n"))

    async def _ask(self, kind: AskKind, title: str, options: tuple[str, ...]) -> Decision:
        request = f"{self._spec.section}-{self._spec.attempt}-{kind}"
        waiting: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._asks[request] = waiting
        by_answer = False
        try:
            self._channel.post(Ask(request_id=request, kind=kind, title=title, options=options))
            decision = await waiting
            by_answer = True
            return decision
        finally:
            self._asks.pop(request, None)
            self._channel.post(AskClosed(request_id=request, by_answer=by_answer))

    def _file(self) -> str:
        slug = re.sub(r"[^A-Za-z0-9_-]+", "-", self._spec.section)[:64] or "section"
        return self._is.file or f"simulated/{slug}.md"

    def _write(self) -> None:
        """Leave something in the working directory, so that there is work to merge."""
        if not (self._is.writes and self._may_write):
            return
        file = Path(self._spec.cwd) / self._file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {self._spec.title}\n\nSimulated work of section {self._spec.section}.\n", encoding="utf-8")
