"""The approval of another edition while one is under way: what has to be said first, and what it leads to."""

from __future__ import annotations

from orch_tui.core import flowing
from orch_tui.core.attempt_events import SET_ASIDE, EndRequested
from orch_tui.core.commands import Approve
from orch_tui.core.edition import Edition
from orch_tui.core.events import Event
from orch_tui.core.graph import lay_out
from orch_tui.core.refusal import Refusal
from orch_tui.core.run_events import RevisionApproved, RunningChoice
from orch_tui.core.state import SectionState, State
from orch_tui.plan.difference import match


def approve_revision(state: State, edition: Edition, command: Approve, actor: str) -> list[Event]:
    """The events by which the candidate `edition` takes over. Raises Refusal."""
    if edition.read.settings.isolation != state.settings.isolation:
        now, then = state.settings.isolation, edition.read.settings.isolation
        raise Refusal(f"isolation is {now!r} and cannot become {then!r} in the middle of a run; start a new run for it")
    if state.undoing:
        raise Refusal(f"{', '.join(state.undoing)} is being undone; that takes a moment only")
    approval = state.approval
    if approval and (state.plan_sha, state.graph_sha) == (edition.read.plan_sha, edition.graph_sha):
        raise Refusal(f"nothing changed: {approval.by} approved exactly this")
    fresh = lay_out(edition)
    if not fresh:
        raise Refusal("the plan has no sections")
    open_ones = [one for one in state.sections.values() if not one.gone]
    same = match(open_ones, fresh.values())
    for name in state.running:
        _check_under_way(state.sections[name], same, fresh, command)
    for name in command.running:
        _check_choice(state, name, command.running[name])
    _check_redo(state, {to: name for name, to in same.items()}, fresh, command)
    approved = RevisionApproved(
        plan_sha=edition.read.plan_sha,
        graph_sha=edition.graph_sha,
        by=actor,
        redo=command.redo,
        running=dict(command.running),
    )
    whys = {
        name: _why(state.sections[name], choice, fresh.get(name))
        for name, choice in command.running.items()
        if choice != "leave" and name in state.live
    }
    ended = [
        EndRequested(section=name, attempt=state.live[name], why=why)
        for name, why in whys.items()
        if name not in state.ending or (why == SET_ASIDE != state.ending[name])
    ]
    return [approved, *ended]


def _why(old: SectionState, choice: RunningChoice, new: SectionState | None) -> str:
    """Why an attempt is ended: what it did for a text that is not to be carried out any more shall not be merged."""
    same_text = new is not None and new.text_sha == old.text_sha
    return "revision" if choice == "stop" and same_text else SET_ASIDE


def _check_under_way(
    section: SectionState, same: dict[str, str], fresh: dict[str, SectionState], command: Approve
) -> None:
    """Whoever works on a section knows it by its id, so that cannot change meanwhile."""
    name, to = section.id, same.get(section.id)
    wait = f"wait until it is through, or cancel it first (`cancel {name}`)"
    if section.gone or to is None:
        if name in fresh:
            raise Refusal(f"section {name!r} is under way and gone from the plan, where another one has its id; {wait}")
        if command.running.get(name) == "restart":
            raise Refusal(f"section {name!r} is gone from the plan and cannot begin again; leave it or stop it")
        return
    if to != name:
        raise Refusal(f"section {name!r} is under way and is called {to!r} now; {wait}")
    if fresh[name].planned and command.running.get(name, "leave") == "leave":
        word = "done" if fresh[name].planned == "done" else "left out"
        raise Refusal(f"section {name!r} is under way and would be {word}; say that it is stopped, or wait")


def _check_choice(state: State, name: str, choice: str) -> None:
    if name not in state.running:
        raise Refusal(f"section {name!r} is not under way, so there is nothing to {choice}")
    if choice != "leave" and flowing.in_git(state, name):
        raise Refusal(f"section {name!r} is being merged; that takes a moment only")


def _check_redo(state: State, came: dict[str, str], fresh: dict[str, SectionState], command: Approve) -> None:
    for name in command.redo:
        old = state.sections.get(came.get(name, ""))
        if name not in fresh:
            raise Refusal(f"no section {name!r} to do again in the new text")
        if fresh[name].planned:
            raise Refusal(f"section {name!r} is marked done or left out in the graph itself; mend that first")
        if old is None or old.planned or old.verdict != "done":
            raise Refusal(f"section {name!r} is not finished, so it cannot be done again")
