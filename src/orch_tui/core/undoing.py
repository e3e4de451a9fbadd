"""Taking back what a section merged: what has to go with it, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from orch_tui.core import commit_words
from orch_tui.core.deciding import withdraw
from orch_tui.core.flowing import begin_again
from orch_tui.core.refusal import Refusal
from orch_tui.core.settling import release, settle
from orch_tui.core.state import Phase, SectionState, State
from orch_tui.core.work_events import UndoFailed, UndoIntended, WorkUndone

UndoEvent = UndoIntended | WorkUndone | UndoFailed
_POSSIBLE = frozenset({Phase.RUNNING, Phase.PAUSED, Phase.DONE, Phase.FAILED})


def undone_with(state: State, section: SectionState) -> tuple[str, ...]:
    """The section, and those that were done on top of it, as in the plan. Raises Refusal when they cannot be undone."""
    if state.phase not in _POSSIBLE:
        raise Refusal(f"the run is {state.phase.value}")
    if state.settings.isolation != "worktree":
        raise Refusal("the run works in place: nothing was merged that could be taken back")
    if state.undoing:
        raise Refusal(f"{', '.join(state.undoing)} is being undone; that takes a moment only")
    if section.verdict != "done":
        raise Refusal(f"section {section.id!r} is not done, it is {section.status.value}")
    if not section.attempts:
        raise Refusal(f"section {section.id!r} was done before this run began")
    below = [state.sections[name] for name in _below(state, section)]
    under_way = [other.id for other in below if other.id in state.running or other.id in state.live]
    if under_way:
        raise Refusal(f"section {under_way[0]!r} is under way and builds on {section.id!r}; cancel it first")
    found = [section, *(other for other in below if other.verdict == "done" and other.attempts)]
    return tuple(one.id for one in sorted(found, key=lambda one: one.index))


def undo(state: State, section: SectionState, actor: str) -> UndoIntended:
    """The intent to take a section's work back. Raises Refusal."""
    sections = undone_with(state, section)
    return UndoIntended(section=section.id, attempt=len(section.attempts), sections=sections, by=actor)


def tips(state: State, sections: Iterable[str]) -> dict[str, dict[str, str]]:
    """For each repository (the top of its checkout, "" for the project's own) the commits (hex) that were merged of
    sections, as far as nobody took them back; each with words for that."""
    found: dict[str, dict[str, str]] = {}
    for section in (state.sections[name] for name in sections if name in state.sections):
        words = commit_words.of_revert(state, section)
        for attempt in section.attempts:
            if attempt.commit and not attempt.undone:
                found.setdefault(attempt.repository, {})[attempt.commit] = words
    return found


def apply_undo(state: State, section: SectionState, event: UndoEvent) -> None:
    """Fold how a section, and what builds on it, is taken back."""
    match event:
        case UndoIntended():
            others = [name for name in event.sections if name != event.section]
            state.undoing, state.undone_by = (event.section, *others), event.by
            if state.phase in {Phase.DONE, Phase.FAILED}:
                state.phase, state.finished_at = Phase.RUNNING, 0.0
        case WorkUndone():
            for name in state.undoing:
                if name in state.sections:
                    _open_again(state, state.sections[name], section)
            state.undoing = ()
        case UndoFailed():
            section.detail, state.undoing = f"not undone: {event.why}", ()
        case _:
            assert_never(event)


def _open_again(state: State, section: SectionState, cause: SectionState) -> None:
    release(state, section)
    whose = "" if section is cause else f" with {cause.id}"
    section.verdict, section.summary, section.detail = "", "", f"undone{whose} by {state.undone_by}"
    section.stale = section.held = False
    section.tries = 0
    begin_again(section)
    for attempt in section.attempts:
        attempt.undone, attempt.merge_commit = True, ""
    withdraw(state, section.id)
    settle(state, section)


def _below(state: State, section: SectionState) -> list[str]:
    """Everything that builds on a section, directly or not."""
    found: dict[str, None] = {}
    work = [section.id]
    while work:
        for name in state.sections[work.pop()].downstream:
            if name not in found:
                found[name] = None
                work.append(name)
    found.pop(section.id, None)
    return list(found)
