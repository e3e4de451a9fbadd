"""Sections that agents propose: kept as proposals like those of a reader, for a person to accept or dismiss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orch_tui.core.adding import taken
from orch_tui.core.attempt_events import SectionProposed
from orch_tui.core.edition import Edition, ProposalState
from orch_tui.core.state import SectionState, State
from orch_tui.plan.adding import free_id
from orch_tui.plan.edits import AddEdge, AddSection, Assign, Edit, Proposal

MOST = 1000
"""Proposals that a run keeps; further ones stay in their transcripts."""


def propose(state: State, section: SectionState, event: SectionProposed) -> None:
    """Keep what the agent of `section` proposes; what it, or an attempt before it, proposed already is not doubled.

    Said again in other words it takes the place of what nobody decided so far.
    """
    editions = [one for one in (state.edition, state.candidate) if one is not None]
    known = next(filter(None, (_known(one, section.id, event.title) for one in editions)), "")
    if not known and len(editions[0].proposals) >= MOST:
        return
    name = known or free_id(taken(state))
    proposal = _proposal(state, section, event, name)
    for edition in editions:
        there = edition.proposals.get(name)
        if there is None or there.fate == "open":
            edition.proposals[name] = ProposalState(proposal=proposal)


def _known(edition: Edition, section: str, title: str) -> str:
    """The id of the proposal that a section made under this title; "" without one."""
    for name, one in edition.proposals.items():
        made = next((edit for edit in one.proposal.edits if isinstance(edit, AddSection)), None)
        if made and one.proposal.ids == (section,) and made.title.casefold() == title.casefold():
            return name
    return ""


def _proposal(state: State, section: SectionState, event: SectionProposed, name: str) -> Proposal:
    after, strange = _resolved(state.sections, event.after)
    before, stranger = _resolved(state.sections, event.before)
    unknown = [*strange, *stranger]
    agent = event.agent if state.edition and event.agent in state.edition.read.agents else ""
    said = [event.why]
    if unknown:
        said.append(f"it also names {', '.join(map(repr, unknown))}, which no section is called")
    if event.agent and not agent:
        said.append(f"it names the agent {event.agent!r}, which is not there")
    attempt = section.attempts[event.attempt - 1]
    new = AddSection(section=name, title=event.title, text=event.text, files=event.files, verify=event.verify)
    edits: list[Edit] = [
        new,
        *(AddEdge(upstream=up, downstream=name) for up in after),
        *(AddEdge(upstream=name, downstream=down) for down in before),
        *([Assign(section=name, what="agent", value=agent)] if agent else []),
    ]
    return Proposal(
        id=name,
        kind="new-section",
        ids=(section.id,),
        line=0,
        quote="",
        reason="; ".join(said),
        source=f"{attempt.agent}, section {section.id}, attempt {event.attempt}",
        edits=tuple(edits),
    )


def _resolved(sections: Mapping[str, SectionState], names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The ids of the sections that are named, in whatever case, and the names that nobody has."""
    wanted = list(dict.fromkeys(names))
    folded = {name.casefold(): name for name in sections} if any(name not in sections for name in wanted) else {}
    found = [name if name in sections else folded.get(name.casefold(), "") for name in wanted]
    strange = [name for name, there in zip(wanted, found, strict=True) if not there]
    return list(dict.fromkeys(filter(None, found))), strange
