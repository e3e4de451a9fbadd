"""One attempt, hosted: opens the agent's session, writes its transcript, obeys the attempt's inbox, tells how it ended.

The host outlives the runner: it needs nothing but its own directory. Its lock, held for life, is the proof that it is
alive; `exit.json`, written last, is the proof that it ended. A host that finds `exit.json` on starting leaves at once:
that is how a runner that found nobody home keeps a late host from beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from orch_tui import process
from orch_tui.agents import registry
from orch_tui.agents.base import Counter, Decision, Ended, Session, SessionEvent, SessionSpec, Started, Usage
from orch_tui.agents.result import settled
from orch_tui.agents.spec import decode_spec
from orch_tui.clock import Clock, boot_id, span
from orch_tui.errors import OrchError
from orch_tui.host.clocks import Clocks, Verdict, Watchdog
from orch_tui.host.limits import LOOK_EVERY, Scratch, limit_processes
from orch_tui.host.patience import Patience, no_room, once_there_is_room
from orch_tui.proctable import below, processor_seconds
from orch_tui.proctable import children as children_of_mine
from orch_tui.store import files, inbox, system, transcripts
from orch_tui.store.bell import Bell
from orch_tui.store.layout import AttemptDir
from orch_tui.store.lock import Lock
from orch_tui.tokens import size

KINDS = {
    "Started": "started",
    "Text": "text",
    "Thinking": "thinking",
    "Tool": "tool",
    "ToolResult": "tool_result",
    "Usage": "usage",
    "Ask": "ask",
    "AskClosed": "ask_closed",
    "Notice": "notice",
    "Proposed": "proposed",
    "Ended": "ended",
}
"""Session events by the kind they have in the transcript."""
_SWEEP = 1.0  # seconds between looks into the inbox when the bell does not ring
_COUNTING = 30.0  # seconds a service has to count tokens
_END_GRACE = 5.0  # seconds an agent gets to end by itself once asked to


def host(attempt: AttemptDir, artifacts: Path, clocks: Clocks | None = None) -> int:
    """Carry out one attempt; returns the exit code of the host process (0 also when the agent failed)."""
    lock = Lock(attempt.lock)
    body = {"pid": os.getpid(), "start_time": process.start_time(os.getpid()), "boot_id": boot_id()}
    if not lock.acquire({**body, "host": os.uname().nodename, "epoch": 0}) or attempt.exit.exists():
        return 0
    told = json.dumps({**body, "mono": Clock().mono()}).encode()
    once_there_is_room(lambda: files.replace(attempt.host, told, durable=False))  # after a power cut nobody is alive
    spec = decode_spec(files.read_bytes(attempt.spec), os.environ)
    limit_processes(spec.limits.file)
    asyncio.run(once_there_is_room(lambda: _Host(attempt, spec, artifacts, clocks or Clocks())).run())
    return 0


class _Host:
    def __init__(self, attempt: AttemptDir, spec: SessionSpec, artifacts: Path, clocks: Clocks) -> None:
        self._attempt = attempt
        self._spec = spec
        self._clocks = clocks
        self._watchdog = Watchdog(clocks, Clock().mono())
        self._hung: Verdict | None = None
        self._patience = Patience(lambda: any(one.op == "end" for one in inbox.take(attempt.inbox)))
        self._writer = transcripts.Writer(
            attempt, artifacts, Clock(), wait=self._patience.wait, limit=spec.limits.transcript
        )
        self._scratch = Scratch(Path(spec.scratch), spec.limits.scratch)
        self._too_large: Verdict | None = None
        self._seen: set[str] = set()
        self._ending = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()

        def end(_signal: int, _frame: object) -> None:
            self._patience.over = True
            loop.call_soon_threadsafe(self._ending.set)

        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sig, end)  # the loop's own way takes a millisecond
        ended = settled(await self._hosted(), self._spec.cwd, wanted=self._spec.report, output=self._spec.output)
        self._patience.endless = True  # nothing is at work any more
        if (
            ended.outcome == "succeeded" and self._spec.role == "write"
        ):  # a power cut must not leave the word for it alone
            ended = _kept(ended, Path(self._spec.cwd))
        last = self._record(ended)
        self._writer.close()
        result = json.dumps({"summary": ended.summary, "structured": ended.structured}).encode()
        once_there_is_room(lambda: files.replace(self._attempt.result, result, durable=False))
        told = {key: value for key, value in asdict(ended).items() if key != "structured"}
        process.reap_orphans(at_last=True)
        left = json.dumps({**told, "n": last, "alone": process.alone()}).encode()
        once_there_is_room(lambda: files.replace(self._attempt.exit, left))

    async def _hosted(self) -> Ended:
        """Open, follow and close the session; whatever its provider raises ends up in exit.json, not nowhere."""
        session = await self._opened()
        if isinstance(session, Ended):
            return session
        try:
            ended = await self._follow(session)
        except Exception as error:  # noqa: BLE001
            ended = Ended(outcome="failed", failure="disk" if no_room(error) else "crash", message=_words(error))
        try:
            await self._close(session)  # ends what it started; the runner sweeps after the host once more
        except Exception as error:  # noqa: BLE001
            self._patience.endless = True
            self._warn(f"not closed cleanly: {_words(error)}")
        return ended

    async def _opened(self) -> Session | Ended:
        """The agent's session, or why there is none. Asked to end, it lets go of an opening that hangs."""
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(self._open())
            await asyncio.sleep(0)
            if opening.done():  # most are there at once
                return opening.result()
            others = [group.create_task(self._ending.wait()), group.create_task(self._hear_end())]
            most = self._clocks.startup
            done, _ = await asyncio.wait([opening, others[0]], return_when=asyncio.FIRST_COMPLETED, timeout=most)
            for task in (opening, *others):
                task.cancel()  # what an opening started carries the marker: the runner sweeps after the host
        if opening.cancelled() and not done:
            words = f"it did not come up within {span(self._clocks.startup)}"
            return Ended(outcome="failed", failure="startup", message=words)
        if opening.cancelled():
            return Ended(outcome="interrupted", failure="interrupted", message="ended before the agent was there")
        return opening.result()

    async def _open(self) -> Session | Ended:
        try:
            return await registry.load(self._spec.provider).open(self._spec)
        except OrchError as error:
            return Ended(outcome="failed", failure="unavailable", message=error.line())
        except Exception as error:  # noqa: BLE001
            return Ended(outcome="failed", failure="crash", message=_words(error))

    async def _hear_end(self) -> None:
        """Look for an `end` in the inbox; everything else stays there for the session."""
        with Bell(self._attempt.bell) as bell:
            while not any(incoming.op == "end" for incoming in inbox.take(self._attempt.inbox)):
                await bell.wait(_SWEEP)
        self._ending.set()

    async def _follow(self, session: Session) -> Ended:
        ended: Ended | None = None
        dear: float | None = None
        async with asyncio.TaskGroup() as group:
            aside = [
                group.create_task(self._obey(session)),
                group.create_task(self._end_when_asked(session)),
                group.create_task(self._watch()),
                *([group.create_task(self._watch_scratch())] if self._scratch.most else []),
            ]
            async for event in session.events():
                if isinstance(event, Ended):
                    ended = event
                    break
                self._record(event)  # may wait for room on the disk, which is no silence of the agent
                self._watchdog.hear(event, Clock().mono())
                if isinstance(event, Started) and self._spec.count:
                    aside.append(group.create_task(self._count(event.model)))
                if isinstance(event, Usage) and self._over(event.cost_usd) and not self._ending.is_set():
                    self._warn(f"ended: {self._over(event.cost_usd)}")
                    self._ending.set()
                    dear = event.cost_usd
            for task in aside:
                task.cancel()
        ended = ended or Ended(outcome="failed", failure="crash", message="the agent ended without a word")
        cost = max(filter(None, (dear, ended.cost_usd)), default=None)
        if ended.failure == "budget" or (dear and ended.outcome == "interrupted"):
            return replace(
                ended, outcome="failed", failure="budget", message=self._over(cost) or ended.message, cost_usd=cost
            )
        wrong = self._too_large or self._hung
        if wrong is not None and ended.outcome != "succeeded":
            failure, words = wrong
            return replace(ended, outcome="failed", failure=failure, message=words)
        return ended

    async def _watch_scratch(self) -> None:
        """Warn of a session whose private files grow, and end one whose files are too much."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            words, over = await asyncio.to_thread(self._scratch.look)
            if words:
                self._warn(words)
            if over:
                self._too_large = ("agent", words)
                self._ending.set()
                return

    async def _watch(self) -> None:
        """End a session that does not come up, or does nothing any more."""
        while True:
            await asyncio.sleep(self._clocks.look)
            now = Clock().mono()
            programs = below([os.getpid()]) if self._watchdog.watches_work(now) else ()
            if self._watchdog.hung_tool(now):
                self._warn(f"a tool did not end within {span(self._clocks.tool)}, and is ended")
                self._end_tools()
            self._hung = self._watchdog.judge(now, processor_seconds(programs))
            if self._hung is not None:
                self._warn(f"ended: {self._hung[1]}")
                self._ending.set()
                return

    def _end_tools(self) -> None:
        """End what runs in process sessions of its own below the agent's program, as its tools do."""
        own = {os.getsid(0), *children_of_mine()}
        spare = {pid for pid in below([os.getpid()]) if _session(pid) in own}
        process.signal_marked(self._marker(), signal.SIGTERM, spare=frozenset(spare | own | {os.getpid()}))

    async def _close(self, session: Session) -> None:
        """Close the session; what has not ended by then is ended from outside."""
        async with asyncio.TaskGroup() as group:
            closing = group.create_task(session.close())
            await asyncio.wait({closing}, timeout=self._clocks.close)
            if not closing.done():
                self._warn(f"not closed within {span(self._clocks.close)}, and ended")
                await process.end_marked(self._marker(), spare=frozenset({os.getpid()}))

    def _marker(self) -> str:
        return self._spec.env.get(process.MARKER, "") or self._spec.session_id

    async def _count(self, model: str) -> None:
        """Have the brief counted, beside the work: nobody waits for it, and without an answer nothing is lost."""
        provider, brief = registry.load(self._spec.provider), self._spec.brief
        if not isinstance(provider, Counter):
            return
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_COUNTING):
                tokens = await provider.count_tokens(brief, model=model, env=self._spec.env)
            if tokens:
                self._writer.append("counted", model=self._spec.model, size=size(brief), tokens=tokens)

    def _over(self, cost: float | None) -> str:
        """That the session costs more than it may, in words; "" when it does not, or nobody knows."""
        budget = self._spec.budget_usd
        return f"it cost ${cost:.4f}, and ${budget:.4f} were allowed" if budget and cost and cost > budget else ""

    def _record(self, event: SessionEvent) -> int:
        kind = KINDS[type(event).__name__]
        named = {field.name: getattr(event, field.name) for field in fields(event)}
        if "kind" in named:  # an ask's or a notice's own kind; `kind` is the record's
            named[kind] = named.pop("kind")
        return self._writer.append(kind, **named)

    async def _end_when_asked(self, session: Session) -> None:
        await self._ending.wait()
        with contextlib.suppress(NotImplementedError, TimeoutError):
            async with asyncio.timeout(_END_GRACE):
                await session.interrupt()
        await asyncio.sleep(_END_GRACE)
        await session.close()  # its events then end

    async def _obey(self, session: Session) -> None:
        with Bell(self._attempt.bell) as bell:
            while True:
                for incoming in inbox.take(self._attempt.inbox):
                    if not incoming.reason and incoming.id not in self._seen:
                        self._seen.add(incoming.id)
                        await self._control(session, incoming.op, incoming.args)
                    inbox.done(incoming)
                process.reap_orphans()
                if not self._attempt.path.exists():
                    self._ending.set()  # the run's directory was removed: nobody will ever look
                await bell.wait(_SWEEP)

    async def _control(self, session: Session, op: str, args: dict[str, Any]) -> None:
        try:
            match op:
                case "steer":
                    await session.send(str(args["text"]))
                    self._say(op, args, str(args["text"]))
                case "answer":
                    decision = Decision(choice=str(args["choice"]), text=str(args.get("text", "")))
                    if await session.answer(str(args["request_id"]), decision):
                        self._say(op, args, ": ".join(filter(None, (decision.choice, decision.text))))
                case "pause":
                    await session.pause()
                case "resume":
                    await session.resume()
                case "end":
                    self._ending.set()
                case _:
                    self._warn(f"unknown control {op!r}")
        except NotImplementedError:
            self._warn(f"agent {self._spec.provider!r} cannot {op}")
        except Exception as error:  # noqa: BLE001 - what a person says must not end the work
            self._warn(f"{op!r} did not reach the agent: {_words(error)}")

    def _say(self, op: str, args: dict[str, Any], words: str) -> None:
        """What a person said stands in the stream, beside what it was said to."""
        self._writer.append("notice", notice=op, text=f"{args.get('by', 'you')}: {words}", until=0)

    def _warn(self, text: str) -> None:
        self._writer.append("notice", notice="warning", text=text, until=0)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _kept(ended: Ended, tree: Path) -> Ended:
    """What became of the work once it was to be safe on disk: agents do not sync what they write."""
    try:
        system.calls.sync_around(tree)
    except FileNotFoundError:  # it is gone, and whoever commits it says so
        return ended
    except OSError as error:
        words = f"what it wrote cannot be made safe: {error.strerror}"
        return replace(ended, outcome="failed", failure="crash", message=words)
    return ended


def _words(error: BaseException) -> str:
    """The innermost error of a task group, for people."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return error.line() if isinstance(error, OrchError) else f"{type(error).__name__}: {error}"  # pyright: ignore[reportUnknownArgumentType]
