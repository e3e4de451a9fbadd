"""The checks every provider passes. A provider's author writes a `Subject` and runs `applicable(subject.provider)`.

    @pytest.mark.parametrize("check", applicable(MyProvider()), ids=lambda check: check.name)
    async def test_my_provider_conforms(check, tmp_path):
        await check.run(MySubject(tmp_path))

Each check opens a session of its own and raises AssertionError with what was seen. They know nothing of a test runner.
After pydantic-ai's idea: one suite for all, fakes included, so that a fake never behaves better than the real one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from orch_tui import process
from orch_tui.agents.base import (
    Ask,
    AskClosed,
    Capabilities,
    Decision,
    Ended,
    Notice,
    Provider,
    Session,
    SessionEvent,
    Started,
    Text,
    Usage,
)
from orch_tui.agents.result import read
from orch_tui.testing.listening import Log, following

Deed = Literal[
    "succeed",  # a few words, then success
    "fail",
    "ask",  # asks a permission, does `done` when it is allowed, succeeds either way
    "endless",  # says something every now and then for at least a minute, with a child process when it has any
    "count",  # says something every now and then for about two seconds, then succeeds
    "hostile",  # shows a byte that is not UTF-8 (when it can), an escape and [markup], then succeeds
    "report",  # is told to report a result, and reports that it is done
    "flood",  # one line of `flood` characters, then success
]
Events = AsyncGenerator[SessionEvent, None]


class Subject(Protocol):
    """A provider and how to make it do things."""

    provider: Provider
    marker: str
    """Value of ORCH_ATTEMPT of the sessions it opens."""
    flood: int

    def opened(self, deed: Deed) -> AbstractAsyncContextManager[Session]:
        """A session that does `deed`, closed at the end."""
        ...

    def done(self) -> bool:
        """Whether what the deed "ask" asked for has been done."""
        ...

    def heard(self, words: str, events: Sequence[SessionEvent]) -> bool:
        """Whether the agent took in `words`, judged by what it said or by what its service received."""
        ...


async def starts_first_ends_last(subject: Subject) -> None:
    """`Started` comes first, `Ended` last, each once, and something is said between."""
    log = await _whole(subject, "succeed")
    kinds = [type(event) for event in log.events]
    assert kinds[0] is Started, kinds
    assert kinds[-1] is Ended, kinds
    assert kinds.count(Ended) == kinds.count(Started) == 1, kinds
    assert log.words > 0, kinds


async def tells_success(subject: Subject) -> None:
    """A session that went well says so, with a summary."""
    ended = _ended(await _whole(subject, "succeed"))
    assert (ended.outcome, ended.failure) == ("succeeded", ""), ended
    assert ended.summary, ended


async def tells_failure(subject: Subject) -> None:
    """A session that went wrong has a class and a message."""
    ended = _ended(await _whole(subject, "fail"))
    assert ended.outcome == "failed", ended
    assert ended.failure, ended
    assert ended.message, ended
    assert "\n" not in ended.message, ended


async def streams(subject: Subject) -> None:
    """Text arrives while the session is still at work."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        assert not any(isinstance(event, Ended) for event in log.events), log.events
        await session.interrupt()


async def tells_cost(subject: Subject) -> None:
    """A provider that declares cost knows it at the end; figures only grow."""
    log = await _whole(subject, "succeed")
    assert _ended(log).cost_usd is not None, log.events[-1]
    costs = [event.cost_usd or 0.0 for event in log.events if isinstance(event, Usage)]
    assert costs == sorted(costs), costs


async def steer_lands(subject: Subject) -> None:
    """A message sent while the agent works reaches it, and the session still ends well."""
    words = "please mention the pineapple"
    async with subject.opened("count") as session, following(session) as log:
        await log.until(Text)
        await session.send(words)
        ended = await log.until(Ended)
    assert ended.outcome == "succeeded", ended
    assert subject.heard(words, log.events), log.events


async def cannot_steer(subject: Subject) -> None:
    """A provider without steering says so."""
    async with subject.opened("succeed") as session:
        try:
            await session.send("hello")
        except NotImplementedError:
            return
    raise AssertionError("send() was accepted by a provider that cannot steer")


async def allowed(subject: Subject) -> None:
    """A permission that is allowed is used; the answer counts once, and for its own request only."""
    async with subject.opened("ask") as session, following(session) as log:
        ask = await log.until(Ask)
        assert ask.kind == "permission", ask
        assert ask.title, ask
        assert not await session.answer(f"not-{ask.request_id}", Decision(choice="allow"))
        assert not subject.done()
        assert await session.answer(ask.request_id, Decision(choice="allow"))
        assert not await session.answer(ask.request_id, Decision(choice="deny")), "a second answer counted"
        closed = await log.until(AskClosed)
        assert (closed.request_id, closed.by_answer) == (ask.request_id, True), closed
        assert (await log.until(Ended)).outcome == "succeeded", log.events[-1]
    assert subject.done(), "what was allowed was not done"


async def denied(subject: Subject) -> None:
    """A permission that is denied is not used, and the agent goes on."""
    async with subject.opened("ask") as session, following(session) as log:
        ask = await log.until(Ask)
        assert await session.answer(ask.request_id, Decision(choice="deny", text="not today"))
        assert (await log.until(Ended)).outcome == "succeeded", log.events[-1]
    assert not subject.done(), "what was denied was done"


async def ask_is_withdrawn(subject: Subject) -> None:
    """An interrupt closes an open ask without an answer."""
    async with subject.opened("ask") as session, following(session) as log:
        ask = await log.until(Ask)
        await session.interrupt()
        closed = await log.until(AskClosed)
        assert (closed.request_id, closed.by_answer) == (ask.request_id, False), closed
        await log.until(Ended)
        assert not await session.answer(ask.request_id, Decision(choice="allow"))


async def nothing_to_answer(subject: Subject) -> None:
    """An answer nobody asked for is refused."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        assert not await session.answer("nobody", Decision(choice="allow"))
        await session.interrupt()


async def interrupts(subject: Subject) -> None:
    """An interrupt ends the session soon, as interrupted, with its processes."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        async with asyncio.timeout(8):
            await session.interrupt()
            ended = await log.until(Ended)
        assert (ended.outcome, ended.failure) == ("interrupted", "interrupted"), ended
        await session.interrupt()
    _nothing_left(subject)


async def pauses(subject: Subject) -> None:
    """A paused agent says nothing more; a resumed one ends its work."""
    async with subject.opened("count") as session, following(session) as log:
        await log.until(Text)
        await session.pause()
        await log.until(Notice, lambda notice: notice.kind == "paused")
        await log.quiet(0.4)
        assert not any(isinstance(event, Ended) for event in log.events), log.events
        await session.resume()
        await log.until(Notice, lambda notice: notice.kind == "resumed")
        assert (await log.until(Ended)).outcome == "succeeded", log.events[-1]


async def interrupts_while_paused(subject: Subject) -> None:
    """A paused session can be ended."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        await session.pause()
        await session.interrupt()
        assert (await log.until(Ended)).outcome == "interrupted", log.events[-1]
    _nothing_left(subject)


async def closes(subject: Subject) -> None:
    """Closing ends every process, and the events; closing again is harmless."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        await session.close()
        _nothing_left(subject)
        assert (await log.until(Ended)).outcome == "interrupted", log.events[-1]
        await session.close()


async def closes_when_cancelled(subject: Subject) -> None:
    """A close that is cancelled, more than once, still ends everything."""
    async with subject.opened("endless") as session, following(session) as log:
        await log.until(Text)
        async with asyncio.TaskGroup() as group:
            closing = group.create_task(session.close())
            while not closing.done():
                await asyncio.sleep(0.01)
                closing.cancel()
        _nothing_left(subject)


async def survives_its_reader(subject: Subject) -> None:
    """A reader that is cancelled leaves a session that can be closed, with nothing left."""
    async with subject.opened("endless") as session:
        log = Log()
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(log.read(session))
            await log.until(Text)
            reading.cancel()
    _nothing_left(subject)


async def survives_a_reader_that_leaves(subject: Subject) -> None:
    """A reader that stops reading and closes the events is no error."""
    async with subject.opened("endless") as session, aclosing(cast("Events", session.events())) as events:
        async for event in events:
            if isinstance(event, Text):
                break
    _nothing_left(subject)


async def closes_unread(subject: Subject) -> None:
    """A session whose events nobody reads can be closed."""
    async with subject.opened("endless"):
        pass
    _nothing_left(subject)


async def keeps_hostile_text(subject: Subject) -> None:
    """Bytes that are not UTF-8, escapes and markup arrive as text and break nothing."""
    log = await _whole(subject, "hostile")
    assert _ended(log).outcome == "succeeded", log.events[-1]
    for part in ("\x1b", "\ufffd", "[bold red]"):
        assert part in log.shown, f"{part!r} is missing in {log.shown[:500]!r}"


async def reports_a_result(subject: Subject) -> None:
    """A session that has to report a result ends with one that is valid."""
    ended = _ended(await _whole(subject, "report"))
    assert ended.outcome == "succeeded", ended
    assert read(ended.structured, ".").status == "done", ended


async def carries_a_flood(subject: Subject) -> None:
    """One huge line comes through whole, in pieces."""
    log = await _whole(subject, "flood")
    assert _ended(log).outcome == "succeeded", log.events[-1]
    pieces = [event.text for event in log.events if isinstance(event, Text)]
    assert sum(piece.count("x") for piece in pieces) >= subject.flood, sum(map(len, pieces))
    assert max(map(len, pieces)) <= 1024 * 1024, "a piece holds more than a million characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check; `fits` says for which capabilities it is meant."""

    run: Callable[[Subject], Awaitable[None]]
    fits: Callable[[Capabilities], bool] = lambda _: True

    @property
    def name(self) -> str:
        """What the check is about."""
        return getattr(self.run, "__name__", "check").replace("_", "-")


CHECKS = (
    Check(run=starts_first_ends_last),
    Check(run=tells_success),
    Check(run=tells_failure),
    Check(run=streams, fits=lambda can: can.interrupt),
    Check(run=tells_cost, fits=lambda can: can.cost),
    Check(run=steer_lands, fits=lambda can: can.steer),
    Check(run=cannot_steer, fits=lambda can: not can.steer),
    Check(run=allowed, fits=lambda can: can.approvals),
    Check(run=denied, fits=lambda can: can.approvals),
    Check(run=ask_is_withdrawn, fits=lambda can: can.approvals and can.interrupt),
    Check(run=nothing_to_answer, fits=lambda can: can.interrupt),
    Check(run=interrupts, fits=lambda can: can.interrupt),
    Check(run=pauses, fits=lambda can: can.pause),
    Check(run=interrupts_while_paused, fits=lambda can: can.pause and can.interrupt),
    Check(run=closes),
    Check(run=closes_when_cancelled),
    Check(run=survives_its_reader),
    Check(run=survives_a_reader_that_leaves),
    Check(run=closes_unread),
    Check(run=keeps_hostile_text),
    Check(run=reports_a_result, fits=lambda can: can.structured),
    Check(run=carries_a_flood),
)


def applicable(provider: Provider) -> list[Check]:
    """The checks for what `provider` declares it can do."""
    return [check for check in CHECKS if check.fits(provider.capabilities)]


async def _whole(subject: Subject, deed: Deed) -> Log:
    async with subject.opened(deed) as session, following(session) as log:
        await log.until(Ended)
    return log


def _ended(log: Log) -> Ended:
    last = log.events[-1]
    assert isinstance(last, Ended), last
    return last


def _nothing_left(subject: Subject) -> None:
    left = process.marked(subject.marker)
    assert not left, f"processes {left} of the session are still there"
