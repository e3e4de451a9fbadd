"""One command to a run, and its answer, for every subcommand that changes something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from orch_tui.clean import one_line
from orch_tui.cli import finding
from orch_tui.client import editions
from orch_tui.client.follow import Follower
from orch_tui.client.send import outcome, send, whoami
from orch_tui.core.decide_plan import CONFIRM
from orch_tui.errors import NotConfirmed, StateError, UserError
from orch_tui.store.layout import RunDir


async def asked(follower: Follower, op: str, args: Mapping[str, object]) -> None:
    """Send a command and wait for its answer. Raises UserError with the reason when it is refused, StateError."""
    refuse_damage(follower)
    reason = await outcome(follower, send(follower.run, op, args, actor=whoami()))
    if reason:
        hint = _second_word(follower, op, args)
        raise (NotConfirmed if hint else UserError)(f"refused: {one_line(reason, 1000)}", hint=hint)


def refuse_damage(follower: Follower) -> None:
    """Raise StateError where the run can only be looked at: a command left there would wait for whoever mends it."""
    if follower.damage:
        raise StateError(follower.damage)


def _second_word(follower: Follower, op: str, args: Mapping[str, object]) -> str:
    """What helps where an approval is refused because something speaks against the plan."""
    if op != "approve" or args.get("confirm"):
        return ""
    found = {one.type for one in editions.to_approve(follower.state).findings} & CONFIRM
    return "`orch-tui approve --confirm` says that you mean it" if found else ""


def ask(follower: Follower, op: str, *args: Mapping[str, object]) -> None:
    """The same from outside an event loop, which a follower can be in only once: a command for each of `args`."""

    async def one_by_one() -> None:
        for each in args:
            await asked(follower, op, each)

    asyncio.run(one_by_one())


@contextmanager
def following(run_name: str, directory: Path | None, *, of: Callable[..., RunDir] | None = None) -> Generator[Follower]:
    """The run that is meant, with its state as it is now. Raises UserError, or StateError when it is damaged."""
    run = (of or finding.unfinished)(run_name, directory)
    follower = Follower(run)
    try:
        follower.catch_up()
        refuse_damage(follower)
        yield follower
    finally:
        follower.close()
