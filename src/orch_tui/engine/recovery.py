"""What a new runner does first: find out what its predecessor's intents came to, and go on from there.

Nothing new begins before it is through: the loop is held meanwhile. Each step may be cut short by the death of this
runner too, and is then done again by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from orch_tui.core.attempt_events import AttemptLost
from orch_tui.core.effects import CommitWork, Effect, EndAttempt, MergeWork, UndoWork
from orch_tui.core.run_events import Recovered
from orch_tui.core.state import State
from orch_tui.engine.intake import take_in
from orch_tui.engine.loop import Loop
from orch_tui.engine.perform import Performer
from orch_tui.engine.worktrees_left import look_after
from orch_tui.executors.base import Ref
from orch_tui.store.layout import RunDir

QUIET = 5.0
"""Seconds at most in which those who are gone are settled and those who live are heard before anything new begins."""
STEPS = ("cut", "begin", "inbox", "attempts", "settle", "listen", "worktrees", "tell", "go on")
"""The names of the steps of a start, from the torn tail on, as `Machine.at` is told them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How the last runner left the run: in which boot of the machine, when (wall seconds), and whether in order."""

    boot: str
    at: float
    in_order: bool

    @staticmethod
    def of(state: State) -> Before:
        """From the journal, before a new runner writes into it."""
        return Before(boot=state.boot, at=state.updated_at, in_order=not state.runner_pid)


@dataclass(slots=True)
class _Found:
    """Attempts by what became of them."""

    adopted: list[Ref]
    dead: list[tuple[str, int]]
    unborn: list[AttemptLost]


async def recover(
    loop: Loop,
    performer: Performer,
    group: asyncio.TaskGroup,
    *,
    run: RunDir,
    before: Before,
    boot: str,
    at: Callable[[str], None],
) -> None:
    """Adopt hosts that live, settle those that are gone, take up commits and merges that were under way.

    Commands that wait are taken in first, so that a stop that was asked for while nobody was there stops what would
    begin now. An attempt whose host never came up is not counted: nothing of it ran, and `adopt` made sure that nothing
    will. `boot` is this boot of the machine; `at` is told the name of each step before it.
    """
    state = loop.state
    loop.hold()
    at("inbox")
    interrupted = _interrupted(state)
    await performer.validator.settle()
    await take_in(loop, run)
    at("attempts")
    found = await _found(state, performer)
    adopted, ended, lost = _told(found, performer)
    at("settle")
    if found.unborn:
        await loop.happened(found.unborn, "recovery")
    settling = [group.create_task(performer.settle_dead(name, number)) for name, number in found.dead]
    at("listen")
    await _listen(performer, group, found.adopted, settling)
    at("worktrees")
    rescued = await asyncio.to_thread(look_after, run, state)
    at("tell")
    if adopted or ended or lost or rescued or not before.in_order:
        restarted = boot != before.boot and bool(before.boot and boot)
        away = round(max(0.0, loop.now - before.at), 3)
        told = Recovered(adopted=adopted, ended=ended, lost=lost, rescued=rescued, restarted=restarted, away=away)
        await loop.happened([told], "recovery")
    at("go on")
    loop.release()
    for effect in (*interrupted, *performer.integrator.unreleased()):  # of those, too, that were found lost just now
        group.create_task(performer.perform(effect))


async def _found(state: State, performer: Performer) -> _Found:
    found = _Found([], [], [])
    for name, number in list(state.live.items()):
        ref = await performer.adopt(name, number)
        if ref is not None:
            found.adopted.append(ref)
        elif state.attempt(name, number).step == "working" or performer.was_up(name, number):
            found.dead.append((name, number))
        else:
            why = "the runner ended before the agent was started"
            found.unborn.append(AttemptLost(section=name, attempt=number, why=why, swept=0, counted=False))
    return found


def _told(found: _Found, performer: Performer) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Sections whose attempts were adopted, ended unseen, are lost."""
    ended = tuple(name for name, number in found.dead if performer.has_exit(name, number))
    lost = [name for name, number in found.dead if not performer.has_exit(name, number)]
    lost += [event.section for event in found.unborn]
    return tuple(ref.job.section for ref in found.adopted), ended, tuple(lost)


async def _listen(
    performer: Performer, group: asyncio.TaskGroup, adopted: list[Ref], settling: list[asyncio.Task[None]]
) -> None:
    """Take up those who live. What they said meanwhile, and how the others ended, may forbid what would begin next."""
    heard = {(ref.job.section, ref.job.attempt): asyncio.Event() for ref in adopted}
    performer.unheard |= heard
    for ref in adopted:
        group.create_task(performer.take_up(ref))
    hearing = [group.create_task(_heard(event)) for event in heard.values()]
    if settling or hearing:
        await asyncio.wait([*settling, *hearing], timeout=QUIET)
    for task in hearing:
        task.cancel()


async def _heard(event: asyncio.Event) -> None:
    await event.wait()


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
