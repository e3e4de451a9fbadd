"""What the cockpit keeps does not grow with what happens, but for what the state itself needs."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter

from conftest_cockpit import Table, opened, until

EVENTS = 600


def kept() -> Counter[str]:
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects())


async def test_the_cockpit_keeps_nothing_of_each_event_that_it_shows(running: Table):
    async with running.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)

        async def go_on(count: int) -> None:
            for number in range(count):
                running.stage.use("A", number / 100)
                if number % 20 == 19:
                    seq = running.stage.state.seq
                    await until(pilot, lambda seq=seq: pilot.app.state.seq == seq, "what happened")

        await go_on(100)  # what is looked up once is looked up now
        before, tasks = kept(), len(asyncio.all_tasks())
        await go_on(EVENTS)
        grown = kept()
        grown.subtract(before)
    assert len(asyncio.all_tasks()) <= tasks
    most = {kind: count for kind, count in grown.most_common(8) if count > 0}
    assert sum(grown.values()) < EVENTS / 4, most
