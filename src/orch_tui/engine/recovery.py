"""What a new runner does first: find out what its predecessor's intents came to, and go on from there."""

from __future__ import annotations

import asyncio

from orch_tui.core.attempt_events import AttemptLost
from orch_tui.core.effects import CommitWork, Effect, EndAttempt, MergeWork, UndoWork
from orch_tui.core.events import Event
from orch_tui.core.run_events import Recovered
from orch_tui.core.state import State
from orch_tui.engine.loop import Loop
from orch_tui.engine.perform import Performer
from orch_tui.executors.base import Ref


async def recover(loop: Loop, performer: Performer, group: asyncio.TaskGroup) -> None:
    """Adopt hosts that live, settle those that are gone, take up commits and merges that were under way.

    An attempt whose host never came up is not counted: nothing of it ran, and `adopt` made sure that nothing will.
    """
    state = loop.state
    await performer.validator.settle()
    adopted: list[Ref] = []
    dead: list[tuple[str, int]] = []
    unborn: list[Event] = []
    for name, number in list(state.live.items()):
        attempt = state.attempt(name, number)
        ref = await performer.adopt(name, number)
        if ref is not None:
            adopted.append(ref)
        elif attempt.step == "working" or performer.was_up(name, number):
            dead.append((name, number))
        else:
            why = "the runner ended before the agent was started"
            unborn.append(AttemptLost(section=name, attempt=number, why=why, swept=0, counted=False))
    if adopted or dead or unborn:
        words = Recovered(
            adopted=tuple(ref.job.section for ref in adopted),
            ended=tuple(name for name, number in dead if performer.has_exit(name, number)),
            lost=(
                *(name for name, number in dead if not performer.has_exit(name, number)),
                *(event.section for event in unborn if isinstance(event, AttemptLost)),
            ),
        )
        loop.record([words, *unborn], "recovery")
    for ref in adopted:
        group.create_task(performer.take_up(ref))
    for name, number in dead:
        group.create_task(performer.settle_dead(name, number))
    for effect in (*_interrupted(state), *performer.integrator.unreleased()):
        group.create_task(performer.perform(effect))


def _interrupted(state: State) -> list[Effect]:
    """Effects whose intent is durable and whose outcome is not."""
    effects: list[Effect] = [
        EndAttempt(section=name, attempt=state.live[name], why=why) for name, why in state.ending.items()
    ]
    if state.undoing:
        named = state.sections[state.undoing[0]]
        effects.append(UndoWork(section=named.id, attempt=len(named.attempts)))
    for name, number in state.running.items():
        match state.attempt(name, number).step if number else "":
            case "committing":
                effects.append(CommitWork(section=name, attempt=number))
            case "merging":
                effects.append(MergeWork(section=name, attempt=number))
            case _:
                pass
    return effects
