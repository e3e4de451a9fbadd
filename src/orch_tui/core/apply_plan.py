"""The fold of what is about the plan itself: readings, mends, proposals, and another edition while one runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from orch_tui.core.adding import added_by
from orch_tui.core.adoption import adopt, show
from orch_tui.core.edition import Edition, Fate, ProposalState
from orch_tui.core.graph import lay_out
from orch_tui.core.mend_events import (
    MendEvent,
    MendRedone,
    MendUndone,
    PlanMended,
    ProposalAccepted,
    ProposalDismissed,
)
from orch_tui.core.run_events import PlanRead, RevisionApproved, RevisionDiscarded, RevisionRead
from orch_tui.core.state import State
from orch_tui.plan.difference import GONE, renaming
from orch_tui.plan.edits import AddSection, Edit, Mend, Proposal, renamed


def apply_reading(
    state: State, event: PlanRead | RevisionRead | RevisionDiscarded | RevisionApproved, at: float
) -> None:
    """Fold what brings another text of the plan, or gives it up."""
    match event:
        case PlanRead():
            state.edition = reread(state.edition, event)
            show(state, state.edition)
        case RevisionRead():
            state.candidate = reread(state.candidate or state.edition, event.read)
            lay_out(state.candidate)
        case RevisionDiscarded():
            state.candidate = None
        case RevisionApproved():
            adopt(state, event, at)
        case _:
            assert_never(event)


def apply_mend(state: State, event: MendEvent, at: float) -> None:
    """Fold what people did to the graph; a run that is approved gets a candidate for it."""
    if isinstance(event, ProposalDismissed):
        for one in (state.edition, state.candidate):  # nothing changes by it, so nothing is opened, nor lost with one
            if one is not None:
                _decided(one, event.proposal, "dismissed", event.by, at)
        return
    edition = opened(state)
    match event:
        case PlanMended():
            edition.mends.append(
                Mend(
                    edits=event.edits,
                    by=event.by,
                    at=event.at or at,
                    why=event.why,
                    source=event.source,
                    record=state.seq,
                )
            )
            edition.undone.clear()
        case MendUndone():
            mend = edition.mends.pop()
            edition.undone.append(mend)
            _decided(edition, mend.source, "open", "", 0.0)
        case MendRedone():
            mend = edition.undone.pop()
            edition.mends.append(mend)
            _decided(edition, mend.source, "accepted", event.by, at)
        case ProposalAccepted():
            _decided(edition, event.proposal, "accepted", event.by, at)
            return
        case _:
            assert_never(event)
    if edition is state.edition:
        show(state, edition)
    else:
        lay_out(edition)


def opened(state: State) -> Edition:
    """The edition that mends are about: the candidate, the plan in review, or a new candidate on what is approved."""
    assert state.edition is not None, "nothing is mended before a plan was read"
    if state.candidate is None and state.approval is not None:
        state.candidate = reread(state.edition, state.edition.read)
        lay_out(state.candidate)
    return state.candidate or state.edition


def reread(old: Edition | None, read: PlanRead) -> Edition:
    """A new edition of `read`; the mends of the old one stay, and what was decided about proposals.

    Where sections have other ids now, the mends follow them. What a second reader proposed and nobody decided goes with
    the text that it quotes; sections that agents propose quote none.
    """
    edition = Edition(read=read)
    for proposal in read.proposals:
        edition.proposals[proposal.id] = ProposalState(proposal=proposal)
    if old is None:
        return edition
    same_text = old.read.plan_sha == read.plan_sha
    for name, there in old.proposals.items():
        again = edition.proposals.get(name)
        kept = same_text or there.fate != "open" or there.proposal.kind == "new-section"
        if again.proposal == there.proposal if again else kept:
            edition.proposals[name] = replace(there)
    names = renaming((*old.read.sections, *added_by(old)), read.sections)
    for one in edition.proposals.values():
        if one.proposal.kind == "new-section":
            one.proposal = _proposed_of(one.proposal, names)
    edition.mends = [_renamed(mend, names) for mend in old.mends]
    edition.undone = [_renamed(mend, names) for mend in old.undone]
    return edition


def _renamed(mend: Mend, names: Mapping[str, str]) -> Mend:
    return replace(mend, edits=_edits_of(mend.edits, names)) if names else mend


def _proposed_of(proposal: Proposal, names: Mapping[str, str]) -> Proposal:
    ids = tuple(names.get(name, name) for name in proposal.ids)
    return replace(proposal, ids=ids, edits=_edits_of(proposal.edits, names)) if names else proposal


def _edits_of(edits: Iterable[Edit], names: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits by the new names. One that adds a section whose id is another one's now keeps it, and will say so."""

    def keeps(edit: Edit) -> bool:
        return isinstance(edit, AddSection) and names.get(edit.section, "").endswith(GONE)

    return tuple(edit if keeps(edit) else renamed(edit, names) for edit in edits)


def _decided(edition: Edition, proposal: str, fate: Fate, by: str, at: float) -> None:
    known = edition.proposals.get(proposal)
    if known is not None:
        known.fate, known.by, known.at = fate, by, at
