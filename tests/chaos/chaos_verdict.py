"""What has to hold at the end of a round: nothing acknowledged lost, nothing twice, nothing left, nothing stuck."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chaos_shape import Shape, git
from chaos_watch import called

from closed_attempts import of_run
from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptLost
from orch_tui.core.events import Event
from orch_tui.core.section_events import PhaseFailed, SectionCancelled, SectionRetried, SectionSent
from orch_tui.core.state import Phase, State, Status
from orch_tui.core.work_events import MergeConflicted, UndoIntended, WorkMerged, WorkUndone
from orch_tui.invariants import of_directory
from orch_tui.store import files
from orch_tui.store.layout import RunDir

WORK = ("implement", "build", "resolve")
"""Phases in which the blocks of a section run."""


def faults(shape: Shape, run: RunDir, told: list[dict[str, Any]], *, nurseries: int) -> Iterator[str]:
    """Everything that is not as it has to be, in words; nothing when the round was right.

    `nurseries` were killed: who clears its environment is found by them alone once its host is killed.
    """
    for broken in of_directory(run):
        yield f"invariant: {broken.line()}"
    run.snapshot.unlink(missing_ok=True)  # every event is looked at, from the first
    follower = Follower(run)
    events = [seen.event for seen in follower.poll()]
    if follower.damage:
        yield f"damaged: {follower.damage}"
        return
    state = follower.state
    yield from _stuck(state)
    yield from _commands(state, told)
    yield from _ledger(shape, state)
    yield from _twice(events)
    yield from _processes(run, state)
    if not nurseries:
        yield from (f"orphan: process {pid}, which cleared its environment, is left" for pid in called(shape.trace))
    yield from _derived(run, state)
    sent = {
        event.section
        for event in events
        if isinstance(event, SectionSent) or (isinstance(event, SectionRetried) and event.phase)
    }
    for name in shape.repositories:
        yield from _repository(shape, state, shape.place / name, sent)


def _stuck(state: State) -> Iterator[str]:
    if state.phase is not Phase.DONE:
        rows = {
            name: (one.status.value, one.phase, one.detail or one.attention) for name, one in state.sections.items()
        }
        yield f"stuck: the run is {state.phase.value}: {rows}"


def _commands(state: State, told: list[dict[str, Any]]) -> Iterator[str]:
    for one in told:
        if one["id"] not in state.commands:
            yield f"lost: command {one} is not in the journal"
        elif "outcome" in one and state.commands[one["id"]] != one["outcome"]:
            yield f"lost: command {one} was answered otherwise than {state.commands[one['id']]!r}"
        elif "unanswered" in one:
            yield f"unanswered: {one}"


def _ledger(shape: Shape, state: State) -> Iterator[str]:
    """Each attempt begins once at most and comes to its end once at most; one that succeeded came to its end."""
    lines = [tuple(line.split()) for line in shape.ledger.read_text().splitlines()] if shape.ledger.exists() else []
    for (what, number, marker), count in Counter(lines).items():
        if count > 1:
            yield f"twice: {what!r} of section {number} by {marker} stands {count} times in the ledger"
    attempts = {one.marker: one for section in state.sections.values() for one in section.attempts}
    ended = {marker for what, _, marker in lines if what == "end"}
    for marker in {marker for _, _, marker in lines} - attempts.keys():
        yield f"unknown: {marker} worked and the journal does not know of it"
    for marker, one in attempts.items():
        if one.phase in WORK and one.outcome == "succeeded" and marker not in ended:
            yield f"untrue: {marker} is said to have succeeded and did not come to its end"


def _twice(events: list[Event]) -> Iterator[str]:
    """Once a section's work is there, its blocks run again only for a reason that is in the journal."""
    have: dict[str, int] = {}
    phases: dict[tuple[str, int], str] = {}
    merged: Counter[str] = Counter()
    undoing: tuple[str, ...] = ()
    asked = set[str]()
    for event in events:
        match event:
            case AttemptIntended(section=name, phase=phase, attempt=number):
                phases[name, number] = phase
                asked.discard(name)
                if phase in WORK and name in have:
                    yield f"twice: section {name} is begun again as attempt {number}, and {have[name]} had done it"
            case AttemptEnded(section=name, attempt=number, outcome="succeeded") if phases[name, number] in WORK:
                if name not in asked:  # else a person wanted it again while it came to its end
                    have[name] = number
            case AttemptEnded(section=name, attempt=number) | AttemptLost(section=name, attempt=number):
                if phases[name, number] not in WORK:
                    have.pop(name, None)
            case PhaseFailed() | SectionCancelled() | SectionRetried() | SectionSent() | MergeConflicted():
                have.pop(event.section, None)
                asked.add(event.section)
            case UndoIntended(sections=names):
                undoing = names
            case WorkUndone():
                for name in undoing:
                    have.pop(name, None)
                    merged[name] -= 1
            case WorkMerged(section=name):
                merged[name] += 1
                if merged[name] > 1:
                    yield f"twice: section {name} is merged again"
            case _:
                pass


def _processes(run: RunDir, state: State) -> Iterator[str]:
    for pid, marker in of_run(state.run).items():
        yield f"orphan: process {pid} of {marker} is left"
    for pid in process.marked(str(run.path), name=process.RUN_MARKER):
        yield f"orphan: process {pid} of the run is left"


def _derived(run: RunDir, state: State) -> Iterator[str]:
    told = files.read_json(run.status) or {}
    if told.get("phase") != state.phase.value or told.get("seq") != state.seq:
        says = f"{told.get('phase')!r} at {told.get('seq')}"
        yield f"stale: status.json says {says}, not {state.phase.value!r} at {state.seq}"
    left = [path.name for path in (run.inbox / "new").iterdir()]
    if left:
        yield f"inbox: {left} was never taken in"


def _repository(shape: Shape, state: State, at: Path, sent: set[str]) -> Iterator[str]:
    checked = git(at, "fsck", "--no-dangling", "--no-progress", check=False)
    if checked.strip():
        yield f"fsck of {at.name}: {checked.strip()[:300]}"
    for lock in (at / ".git").rglob("*.lock"):
        if lock.name != "orch-tui.lock":
            yield f"lock: {lock.relative_to(at)} is left"
    if not shape.worktrees:
        for part in shape.parts:
            section = state.sections[str(part.number)]
            if section.status is Status.DONE and section.id not in sent and not (at / part.file).exists():
                yield f"files: {part.file} is not there"
        return
    if git(at, "status", "--porcelain").strip() or git(at, "branch", "--show-current").strip() != "main":
        yield f"checkout: {at.name} is not as it was: {git(at, 'status', '--porcelain')!r}"
    trees = [line for line in git(at, "worktree", "list", "--porcelain").splitlines() if line.startswith("worktree ")]
    if len(trees) > 1:
        yield f"worktrees of {at.name} are left: {trees[1:]}"
    yield from _refs(shape, state, at)
    yield from _files(shape, state, at, sent)


def _refs(shape: Shape, state: State, at: Path) -> Iterator[str]:
    known = {f"orch-work/{one.marker}": one for section in state.sections.values() for one in section.attempts}
    for name in git(at, "for-each-ref", "--format=%(refname:short)", "refs/heads/orch-work").split():
        section = next((one for one in state.sections.values() if name.split("/")[2] == one.slug), None)
        if shape.branches == "plan" and section and section.status is Status.DONE:
            yield f"branch {name} of {at.name} is left"
        if name not in known:
            yield f"branch {name} of {at.name} is of no attempt"
    for name in git(at, "for-each-ref", "--format=%(refname)", "refs/orch").split():
        _, slug, number = re.sub(r"^refs/orch/rescue/", "", name).split("/")[:3]
        section = next(one for one in state.sections.values() if one.slug == slug)
        attempt = section.attempts[int(re.match(r"\d+", number)[0]) - 1]  # pyright: ignore
        given_up = section.last is not attempt or any(one.undone for one in section.attempts)
        if attempt.outcome == "succeeded" and section.status is Status.DONE and not given_up:
            yield f"rescued: {name} of {at.name} holds what {attempt.marker} left, which succeeded"


def _files(shape: Shape, state: State, at: Path, sent: set[str]) -> Iterator[str]:
    """The files of each section are on the branch exactly once, as its last successful attempt left them."""
    branch = f"orch/{state.run}"
    there = git(at, "ls-tree", "--name-only", branch, check=False).split()
    for part in shape.parts:
        section = state.sections[str(part.number)]
        by = [one.marker for one in section.attempts if one.phase in WORK and one.outcome == "succeeded"]
        if not by and section.id in sent:
            continue  # a person sent it to its merge before it had begun
        wanted = shape.home_of(part) == at and section.status is Status.DONE
        if (part.file in there) is not wanted:
            yield f"files: {part.file} is {'not ' * wanted}on {branch} of {at.name}; it is {section.status.value}"
        elif wanted:
            said = git(at, "show", f"{branch}:{part.file}").strip()
            if said != (by or [""])[-1]:
                yield f"files: {part.file} on {branch} is by {said}, and {by[-1:]} did it last"
            undone = any(one.undone for one in section.attempts)
            made = git(at, "log", "--no-merges", "--format=%h", branch, "--", part.file).split()
            if len(made) != 1 and not undone and shape.workflow != "loop" and len(by) == 1:
                yield f"files: {part.file} was changed by {len(made)} commits of {branch}"
