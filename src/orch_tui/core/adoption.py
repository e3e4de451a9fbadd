"""How an edition becomes the one that the state is about: in review as it is, later over what ran already."""

from __future__ import annotations

from collections.abc import Iterable

from orch_tui.core.edition import Approval, Edition
from orch_tui.core.flowing import begin_again
from orch_tui.core.graph import lay_out
from orch_tui.core.run_events import RevisionApproved, RunningChoice
from orch_tui.core.settling import count_all, release
from orch_tui.core.state import OVER, Phase, SectionState, State
from orch_tui.plan.difference import match


def show(state: State, edition: Edition) -> None:
    """Make an edition the one that the state is about, as before anything ran."""
    state.sections = lay_out(edition)
    _head(state, edition)
    count_all(state)


def adopt(state: State, event: RevisionApproved, at: float) -> None:
    """The candidate takes the place of what was approved.

    Attempts, costs and verdicts stay with their sections; linear in the graph. Sections that went away are kept apart
    when they had attempts, and stay in the graph, without edges, while they are under way.
    """
    edition = state.candidate
    assert edition is not None, "a revision is approved where there is a candidate"
    before, fresh = state.sections, lay_out(edition)
    same = match((one for one in before.values() if not one.gone), fresh.values())
    came = {to: before[name] for name, to in same.items()}
    taken = {one.slug for one in (*before.values(), *state.gone)}
    state.sections = {}
    for name, section in fresh.items():
        old = came.get(name)
        if old is None:
            section.slug = _free(section.slug, taken)
            state.sections[name] = section
        else:
            state.sections[name] = _carried(state, old, section, event)
    _keep_gone(state, [one for name, one in before.items() if name not in same], event)
    state.parked = {one.id: one.until for one in state.sections.values() if one.until}
    state.edition, state.candidate = edition, None
    edition.layout = None  # these sections run from now on
    state.approval = Approval(plan_sha=event.plan_sha, graph_sha=event.graph_sha, by=event.by, at=at, form=event.form)
    _head(state, edition)
    count_all(state)
    _go_on(state)


def _head(state: State, edition: Edition) -> None:
    read = edition.read
    state.plan_sha, state.graph_sha, state.title, state.reader = (
        read.plan_sha,
        edition.graph_sha,
        read.title,
        read.reader,
    )
    state.dependencies, state.findings, state.exclusions = edition.dependencies, edition.findings, read.exclusions
    state.settings, state.notices = read.settings, read.notices


def _go_on(state: State) -> None:
    """A run that was over, or halted because it was not what had been approved, has something to do again."""
    if state.phase in OVER or state.halted:
        state.phase, state.finished_at, state.halted = Phase.RUNNING, 0.0, ""


def _carried(state: State, old: SectionState, new: SectionState, event: RevisionApproved) -> SectionState:
    """The section as it goes on: what ran stays with it, how it runs is the new edition's."""
    moved = old.repository != new.repository
    reworded = old.text_sha != new.text_sha or moved
    what = "repository" if moved else "text"
    was_planned = old.planned
    for name in _NEW:
        setattr(old, name, getattr(new, name))
    if old.id in state.running:
        old.attempts[-1].outdated |= reworded
        _decide_running(state, old, event.running.get(old.id, "leave"), event.by, reworded=reworded)
    elif old.verdict == "done" and not was_planned:
        if old.id in event.redo:
            _open_again(old, f"done again, asked for by {event.by}")
        elif reworded:
            old.detail, old.stale = f"its {what} changed since it was done; retry does it again", True
    elif new.planned or was_planned:
        _open_again(old, new.detail)
        old.verdict = new.verdict
    elif reworded and not old.cancelled and (old.verdict == "failed" or old.attention or old.until):
        _open_again(old, f"tried again: its {what} changed")
    elif moved:
        begin_again(old)
    return old


_NEW = (
    "id",
    "title",
    "index",
    "lines",
    "container",
    "hints",
    "agent",
    "model",
    "effort",
    "budget_usd",
    "workflow",
    "repository",
    "merge",
    "priority",
    "notes",
    "planned",
    "text_sha",
    "text",
    "around",
    "added_by",
    "height",
    "loose",
    "cannot",
    "upstream",
    "downstream",
    "choices",
    "exclusive",
    "claims",
)
"""What a section has from its edition; everything else is what became of it, and its slug is in paths and branches."""


def _decide_running(state: State, section: SectionState, choice: RunningChoice, by: str, *, reworded: bool) -> None:
    """An attempt that is ended has its own event; here it is what becomes of the section then.

    What was done for another text is not gone on with, in whatever phase the section is.
    """
    ends = choice == "restart" or section.planned or (choice == "stop" and reworded)
    if choice != "leave" and ends:
        release(state, section)
    if choice == "stop":
        section.held, section.by = True, by
        if reworded:
            _open_again(section, "")
    elif choice == "restart":
        _open_again(section, f"begins again, says {by}")
        section.held = False
    if choice != "leave" and section.planned:
        section.verdict, section.held = ("done" if section.planned == "done" else "skipped"), False
        section.detail = f"{'done already' if section.planned == 'done' else 'left out'}, says {by}"


def _open_again(section: SectionState, detail: str) -> None:
    section.verdict, section.attention, section.until = "", "", 0.0
    section.tries = 0
    begin_again(section)
    section.detail, section.cancelled, section.stale = detail, False, False


def _keep_gone(state: State, gone: Iterable[SectionState], event: RevisionApproved) -> None:
    for section in gone:
        section.upstream, section.downstream, section.choices, section.exclusive = [], [], (), []
        section.gone = True
        if event.running.get(section.id) == "stop":
            release(state, section)
        if section.id in state.running:
            section.detail = f"gone from the plan since {event.by} approved it anew; it is the last of it"
            state.sections[section.id] = section
        elif section.attempts:
            section.detail = "gone from the plan" + ("; its work stays merged" if section.verdict == "done" else "")
            state.gone.append(section)


def _free(slug: str, taken: set[str]) -> str:
    """A slug that no section of this run ever had: attempts keep their directories and branches."""
    number, free = 2, slug
    while free in taken:
        tail = f"-{number}"
        free, number = slug[: 64 - len(tail)] + tail, number + 1
    taken.add(free)
    return free
