"""The channel between what runs and its reader, and teardown under cancellation."""

from __future__ import annotations

import asyncio

import pytest

from orch_tui.agents.base import Ended, Text
from orch_tui.agents.channel import Channel, to_the_end


async def test_events_come_in_order_and_stop_with_the_first_end():
    channel = Channel()
    channel.post(Text(text="a"))
    channel.post(Ended(outcome="succeeded"))
    channel.post(Text(text="late"))
    channel.post(Ended(outcome="failed"))
    assert [event async for event in channel.drain()] == [Text(text="a"), Ended(outcome="succeeded")]


async def test_a_flood_waits_for_its_reader():
    channel = Channel(limit=4)
    put: list[int] = []

    async def flood() -> None:
        for number in range(100):
            await channel.put(Text(text=str(number)))
            put.append(number)
        channel.post(Ended(outcome="succeeded"))

    async with asyncio.TaskGroup() as group:
        group.create_task(flood())
        while not channel.full:
            await asyncio.sleep(0)
        assert len(put) == 4
        seen = [event async for event in channel.drain()]
    assert [event.text for event in seen if isinstance(event, Text)] == [str(number) for number in range(100)]


async def test_rare_events_pass_a_full_channel():
    channel = Channel(limit=1)
    await channel.put(Text(text="a"))
    channel.post(Ended(outcome="interrupted"))
    assert len([event async for event in channel.drain()]) == 2


async def test_nothing_runs_any_more_when_the_end_is_told():
    channel = Channel()
    steps: list[str] = []

    async def work() -> None:
        try:
            channel.post(Ended(outcome="succeeded"))
            await asyncio.Event().wait()
        finally:
            steps.append("over")

    seen = [(event, steps.copy()) async for event in channel.during(work())]
    assert seen == [(Ended(outcome="succeeded"), ["over"])]


async def test_work_that_must_not_be_lost_ends_before_the_cancellation_goes_on():
    steps: list[str] = []
    go = asyncio.Event()

    async def work() -> None:
        steps.append("begun")
        await go.wait()
        steps.append("ended")

    async with asyncio.TaskGroup() as group:
        task = group.create_task(to_the_end(work()))
        while not steps:
            await asyncio.sleep(0)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        go.set()
    assert task.cancelled()
    assert steps == ["begun", "ended"]


async def test_an_error_of_such_work_reaches_the_caller():
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await to_the_end(work())
