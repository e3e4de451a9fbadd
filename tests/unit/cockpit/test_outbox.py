"""Waiting for the answers to commands: as long as one is on its way, and not a moment longer."""

from __future__ import annotations

import pytest

from orch_tui.clock import Clock
from orch_tui.cockpit.outbox import Outbox
from orch_tui.core.state import State
from orch_tui.errors import StateError


def full(op, args):
    raise StateError("the disk is full")


def waits(outbox: Outbox) -> bool:
    """Whether `answered` waits; one that does not is over when it is first asked to go on."""
    waiting = outbox.answered()
    try:
        waiting.send(None)
    except StopIteration:
        return False
    waiting.close()
    return True


async def test_a_command_that_could_not_be_sent_is_not_waited_for():
    said: list[str] = []
    outbox = Outbox(full, lambda words, _: said.append(words), Clock())
    assert not await outbox.drop("unmend", {"record": 0})
    assert said == ["cannot send unmend: the disk is full"]
    assert not waits(outbox)


@pytest.mark.parametrize("reason", ["", "there is no mend to take back"])
async def test_a_command_is_waited_for_until_it_is_answered(reason):
    outbox = Outbox(lambda op, args: "c1", lambda words, _: None, Clock())
    assert await outbox.drop("unmend", {"record": 0})
    assert waits(outbox)
    assert outbox.hear(State(commands={"c1": reason})) == {"unmend": reason}
    assert not waits(outbox)
