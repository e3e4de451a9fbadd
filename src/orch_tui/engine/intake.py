"""The inbox of a run: command files become commands, commands become events, and only then a file is unlinked."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from orch_tui.config import load
from orch_tui.core.codec import decode_command
from orch_tui.core.commands import Command, CreateRun, RevisePlan
from orch_tui.core.decide import decide, refuse
from orch_tui.core.decide_plan import CLOSED
from orch_tui.core.events import Event
from orch_tui.core.mend_events import PlanMended
from orch_tui.core.run_events import Asked, PlanRead, RunCreated
from orch_tui.core.state import Phase, State
from orch_tui.engine import planning
from orch_tui.engine.loop import Loop
from orch_tui.errors import OrchError
from orch_tui.flow.workflow import USUAL
from orch_tui.plan.decoding import decode
from orch_tui.store import inbox
from orch_tui.store.files import read_bytes
from orch_tui.store.layout import RunDir


async def take_in(loop: Loop, run: RunDir) -> int:
    """Carry out every command that waits in the inbox, in order of arrival; returns how many there were."""
    waiting = inbox.take(run.inbox)
    for incoming in waiting:
        events = await _events(loop.state, run, incoming)
        if events:
            await loop.happened(events, incoming.id)
    await asyncio.to_thread(_unlink, waiting)
    return len(waiting)


def _unlink(waiting: list[inbox.Incoming]) -> None:
    for incoming in waiting:
        inbox.done(incoming)


async def _events(state: State, run: RunDir, incoming: inbox.Incoming) -> list[Event]:
    if incoming.id in state.commands:
        return []
    try:
        if incoming.reason:
            return [refuse(command_id=incoming.id, op=incoming.op, actor=incoming.actor, reason=incoming.reason)]
        if incoming.if_seq is not None and incoming.if_seq < state.seq:
            reason = f"the run moved on (record {state.seq}, you saw {incoming.if_seq}); look again"
            return [refuse(command_id=incoming.id, op=incoming.op, actor=incoming.actor, reason=reason)]
        command = decode_command(incoming.op, incoming.args)
        read, mends = await asyncio.to_thread(_read, state, run, command, incoming.actor)
    except (OrchError, OSError, ValueError) as error:  # also a path with a NUL in it, a disk that is full
        reason = error.line() if isinstance(error, OrchError) else str(error)
        return [refuse(command_id=incoming.id, op=incoming.op, actor=incoming.actor, reason=reason)]
    return decide(state, command, command_id=incoming.id, actor=incoming.actor, read=read, mends=mends)


def _read(
    state: State, run: RunDir, command: Command, actor: str
) -> tuple[tuple[RunCreated, PlanRead] | None, tuple[PlanMended, ...]]:
    """What the plan file says, for the commands that need it, and the mends a new run takes in with it.

    None when the command will be refused anyway.
    """
    match command:
        case CreateRun() if state.phase is Phase.NEW:
            asked = Asked(
                agent=command.agent,
                model=command.model,
                concurrency=command.concurrency,
                isolation=command.isolation,
                workflow=command.workflow,
            )
            created = RunCreated(run=run.name, plan_path=command.plan_path, asked=asked, usual_workflow=USUAL)
        case RevisePlan() if state.phase not in {Phase.NEW, *CLOSED}:
            created = RunCreated(
                run=state.run, plan_path=state.plan_path, asked=state.asked, usual_workflow=state.usual_workflow
            )
        case _:
            return None, ()
    unattended = isinstance(command, CreateRun) and command.unattended
    plan = planning.read_plan(run, Path(created.plan_path), command.plan_sha, unattended=unattended)
    read = planning.read_event(run, plan, command.plan_sha, created, load(run.root), os.environ)
    if isinstance(command, RevisePlan):
        return (created, read), ()  # the run has mends of its own by now
    from orch_tui.engine import taking_in  # brings half of what reads plans; a run taken up does not need it

    text = decode(read_bytes(run.plan(command.plan_sha)))
    read, mends = taking_in.take_in(Path(created.plan_path), text, plan, read, actor)
    return (created, read), mends
