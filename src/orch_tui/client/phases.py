"""A section's workflow as front ends show it: how far the section is, and where a person may send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.clean import one_line
from orch_tui.core import flowing
from orch_tui.core.commands import Command, Dispatch, Retry, Skip
from orch_tui.core.decide import foreseen
from orch_tui.core.state import SectionState, State, Status
from orch_tui.flow.workflow import NONE, SUCCESS, TerminalPhase, works

PASSED, SKIPPED, NOTHING = "✓", "»", "–"
_HERE = {
    Status.PAUSED: "=",
    Status.PARKED: "~",
    Status.ATTENTION: "▲",
    Status.FAILED: "×",
    Status.DONE: PASSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something that can be done about a phase: the command, and in words what it does."""

    command: Command
    words: str
    note: str = ""


def names(state: State, section: SectionState) -> list[str]:
    """The phases a section may go through, as its workflow lists them; without those that only end it."""
    phases = flowing.workflow(state, section).phases
    return [name for name, phase in phases.items() if not isinstance(phase, TerminalPhase)]


def several(state: State, section: SectionState) -> bool:
    """Whether the section's workflow is more than one attempt and its merge."""
    return sum(works(phase) for phase in flowing.workflow(state, section).phases.values()) > 1


def line(state: State, section: SectionState, room: int) -> str:
    """ "implement ✓ → verify ▶ → merge", in at most `room` signs if that can be; "" before the first phase,
    and where there is only one attempt and its merge."""
    on_the_way = {*_straight(state, section), *section.visits, *section.skips, _at(state, section)}
    known = [name for name in names(state, section) if name in on_the_way]
    marked = [_marked(state, section, name) for name in known]
    at = next((number for number, name in enumerate(known) if name == _at(state, section)), 0)
    if not section.phase or not several(state, section):
        return ""
    for words in (" → ".join(marked), "→".join(one.replace(" ", "") for one in marked)):
        if len(words) <= room:
            return words
    return _around(marked, at, room)


def _straight(state: State, section: SectionState) -> set[str]:
    """The phases that a section goes through when each succeeds; a detour is shown once it is taken."""
    workflow = flowing.workflow(state, section)
    at, found = workflow.start, set[str]()
    while at in workflow.phases and at not in found:
        found.add(at)
        at = workflow.next(at, SUCCESS)
    return found


def _at(state: State, section: SectionState) -> str:
    return flowing.after(state, section) if section.id in state.leaving else section.phase


def _marked(state: State, section: SectionState, name: str) -> str:
    times = section.visits.get(name, 0)
    if name in section.skips:
        sign = SKIPPED
    elif name == _at(state, section):
        asks = any(ask.section == section.id for ask in state.asks.values()) and not section.held
        sign = "?" if asks else _HERE.get(section.status, "▶")
    else:
        last = next((one for one in reversed(section.attempts) if one.phase == name), None)
        sign = "" if not times else NOTHING if last is not None and last.named == NONE else PASSED
    return " ".join(filter(None, (one_line(name), sign + (str(times) if times > 1 else ""))))


def _around(marked: Sequence[str], at: int, room: int) -> str:
    """The phase that it is in, and as many of those beside it as there is room for."""
    first = last = at
    while True:
        wider = [(max(0, first - 1), last), (first, min(len(marked) - 1, last + 1))]
        fitting = [one for one in wider if one != (first, last) and len(_cut(marked, *one)) <= room]
        if not fitting:
            return _cut(marked, first, last)
        first, last = max(fitting)


def _cut(marked: Sequence[str], first: int, last: int) -> str:
    before, behind = "…→" if first else "", "→…" if last < len(marked) - 1 else ""
    return before + "→".join(one.replace(" ", "") for one in marked[first : last + 1]) + behind


def retries(state: State, section: SectionState) -> list[Way]:
    """Where a section can be tried again from, those that the rules would not refuse."""
    whole = Way(command=Retry(section=section.id), words="from the beginning", note="a fresh worktree")
    ways = [whole, *_from(state, section)]
    if section.phase:
        passing = Skip(section=section.id, phase=section.phase)
        ways.append(Way(command=passing, words=f"pass {one_line(section.phase)}", note="it counts as success"))
    return _allowed(state, ways)


def _from(state: State, section: SectionState) -> list[Way]:
    return [
        Way(
            command=Retry(section=section.id, phase=name), words=f"from {one_line(name)}", note="with the work there is"
        )
        for name in names(state, section)
    ]


def sendings(state: State, section: SectionState) -> list[Way]:
    """The phases a section can be sent to, then those that can be passed; what the rules would refuse is left out."""
    known = names(state, section)
    going = [
        Way(command=Dispatch(section=section.id, phase=name), words=f"go to {one_line(name)}", note=_now(section, name))
        for name in known
    ]
    passing = [
        Way(command=Skip(section=section.id, phase=name), words=f"pass {one_line(name)}", note="it counts as success")
        for name in known
    ]
    return _allowed(state, [*going, *passing])


def _now(section: SectionState, name: str) -> str:
    return "begins it again" if name == section.phase else "with the work there is"


def _allowed(state: State, ways: Sequence[Way]) -> list[Way]:
    return [way for way in ways if not foreseen(state, way.command)]
