"""Who is merged together: sections that wait for a merge that is proven, up to `merge_batch` of them.

One proof is run on what all of them come to. When it is red, the first half is tried by itself, and so on until the one
to blame is alone; whoever is in a half that passes is merged.
"""

from __future__ import annotations

from dataclasses import replace

from orch_tui.core import flowing
from orch_tui.core.batch import Batch
from orch_tui.core.settling import ready_key
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.core.work_events import MergeIntended
from orch_tui.flow.workflow import ScriptPhase, merges


def in_order(state: State) -> list[str]:
    """Sections that leave a phase, in the order in which they go on: suspects first, then as they are dispatched."""
    suspects = state.batch.suspects
    return sorted(state.leaving, key=lambda name: (name not in suspects, ready_key(state.sections[name])))


def rides(state: State, name: str) -> str:
    """The phase in which a section would be merged now with a proof; "" when it does not wait for that."""
    section = state.sections.get(name)
    if section is None or name not in state.leaving or section.held:
        return ""
    to = flowing.after(state, section)
    phase = flowing.phase(state, section, to)
    if not merges(phase) or not isinstance(phase, ScriptPhase) or not phase.verify or flowing.left_nothing(section):
        return ""
    return "" if phase.max_visits and flowing.visiting(section, to) > phase.max_visits else to


def riders(state: State, lead: SectionState) -> tuple[str, ...]:
    """Who is merged along with a section whose turn it is."""
    most, suspects = state.settings.merge_batch, state.batch.suspects
    if most < 2 or not rides(state, lead.id):
        return ()
    waiting = [name for name in in_order(state) if name != lead.id]
    if lead.id in suspects:
        most = min(most, max(1, len(suspects) // 2))
        waiting = [name for name in waiting if name in suspects]
    here = _repository(lead)
    return tuple([one for one in waiting if rides(state, one) and _repository(state.sections[one]) == here][: most - 1])


def _repository(section: SectionState) -> str:
    """The top of the checkout of the repository that holds its work."""
    return section.attempts[section.tree - 1].repository if section.tree else section.repository


def go_along(state: State, lead: SectionState, event: MergeIntended) -> None:
    """Fold who is merged along with a section from now on; with others than before, all of it is computed anew."""
    state.unjudged.pop(lead.id, None)
    if event.suspects:
        lead.tries = 0
    if event.riders != state.batch.riders:
        lead.candidate = ""
        state.batch = Batch(riders=event.riders, suspects=state.batch.suspects)
    if event.suspects:
        state.batch = replace(state.batch, suspects=event.suspects)


def halved(state: State, lead: SectionState, attempt: AttemptState) -> MergeIntended:
    """A batch did not pass: its first half is tried by itself."""
    members = (lead.id, *state.batch.riders)
    return MergeIntended(
        section=lead.id,
        attempt=attempt.number,
        phase=lead.phase,
        visit=lead.visits[lead.phase],
        riders=members[1 : len(members) // 2],
        suspects=members,
    )
