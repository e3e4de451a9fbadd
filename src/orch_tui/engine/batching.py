"""Sections merged together in git: one commit after the other in the object database, and one move of the branch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orch_tui.core import batching
from orch_tui.core.events import Event
from orch_tui.core.state import SectionState, State
from orch_tui.core.work_events import MergeComputed, WorkMerged
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.three_way import Conflict

Merging = Callable[[SectionState, str], Contained | Candidate | Conflict]
"""What merging a section onto a commit (hex) makes."""


def with_riders(state: State, computed: MergeComputed, merging: Merging) -> MergeComputed:
    """What merging a section comes to together with those who are to be merged along with it.

    One whose work conflicts with what is before it stays behind, and takes its turn alone.
    """
    riders: list[str] = []
    commits = [computed.commit]
    for name in state.batch.riders:
        if not batching.rides(state, name):
            continue
        found = merging(state.sections[name], commits[-1])
        if isinstance(found, Candidate):
            riders.append(name)
            commits.append(found.commit)
    if not riders:
        return computed
    return replace(computed, commit=commits[-1], riders=tuple(riders), commits=tuple(commits))


def all_merged(state: State, merged: WorkMerged) -> list[Event]:
    """The branch was moved to what a batch comes to: everybody in it is merged, each as a commit of its own."""
    batch = state.batch
    if not batch.commits or merged.commit != batch.commits[-1]:
        return [merged]
    events: list[Event] = [replace(merged, commit=batch.commits[0])]
    for name, commit in zip(batch.riders, batch.commits[1:], strict=True):
        if section := state.sections.get(name):
            phase = batching.rides(state, name)
            events.append(WorkMerged(section=name, attempt=len(section.attempts), commit=commit, phase=phase))
    return events
