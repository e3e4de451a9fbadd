"""Commands about the plan itself: mends, proposals, another reading, and the approval."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import assert_never

from orch_tui.core.commands import Accept, Approve, Discard, Dismiss, MendPlan, Remend, Unmend
from orch_tui.core.edition import Edition, Fate, ProposalState
from orch_tui.core.events import Event
from orch_tui.core.graph import bench_of
from orch_tui.core.mend_events import MendRedone, MendUndone, PlanMended, ProposalAccepted, ProposalDismissed
from orch_tui.core.refusal import Refusal
from orch_tui.core.revising import approve_revision
from orch_tui.core.run_events import PlanRead, RevisionDiscarded, RevisionRead, RunApproved
from orch_tui.core.state import Phase, State
from orch_tui.plan.assigning import unknown_name
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.edits import Edit, Mend
from orch_tui.plan.mending import Bench

WHY_LIMIT = 2_000  # characters of a reason
LAST_MOMENT = 253_402_300_800.0  # wall seconds; the year 10000
NAME_LIMIT = 200  # characters of who made a mend elsewhere, and of where it is from
CLOSED = frozenset({Phase.CANCELLING, Phase.CANCELLED})
NEVER = frozenset({"cycle", "too-many-dependencies", "unknown-repository"})
"""Findings of a graph that cannot be carried out."""
CONFIRM = frozenset({"retired", "alternatives"})
"""Findings that a person has to answer, or to confirm that they know."""

MendCommand = MendPlan | Unmend | Remend | Accept | Dismiss | Discard


def decide_mend(state: State, command: MendCommand, actor: str) -> list[Event]:
    """What follows from a command about the graph. Raises Refusal."""
    edition = _edition(state)
    match command:
        case MendPlan():
            return [_mended(edition, command, actor)]
        case Unmend():
            if not edition.mends:
                raise Refusal("there is no mend to take back")
            _check_meant(edition.mends[-1], command.record, "the last mend")
            return [MendUndone(by=actor)]
        case Remend():
            return [_redone(edition, command.record, actor)]
        case Accept():
            return _accept(edition, command.ids, actor)
        case Dismiss():
            chosen = _proposals(edition, command.ids, {"open"})
            return [ProposalDismissed(proposal=one.proposal.id, by=actor) for one in chosen]
        case Discard():
            if state.candidate is None:
                raise Refusal("there is no other edition of the plan to give up")
            return [RevisionDiscarded(by=actor)]
        case _:
            assert_never(command)


def revise(state: State, read: PlanRead | None, actor: str) -> list[Event]:
    """The plan file as it is now, which the rim `read`. Raises Refusal."""
    _edition(state)
    assert read is not None, "the rim reads the plan before it asks"
    return [read] if state.phase is Phase.REVIEW else [RevisionRead(read=read, by=actor)]


def approve(state: State, command: Approve, actor: str) -> list[Event]:
    """A person approves what they saw. Raises Refusal when it is not that any more, or cannot be carried out."""
    edition = _edition(state)
    if state.approval is not None and state.candidate is None:
        raise Refusal(f"{state.approval.by} approved it already")
    _check_same(edition, command)
    _check_findings(edition, confirm=command.confirm)
    if state.approval is not None:
        return approve_revision(state, edition, command, actor)
    if command.redo or command.running:
        raise Refusal("nothing ran yet, so nothing is done again, restarted or stopped")
    if not state.sections:
        raise Refusal("the plan has no sections")
    return [RunApproved(plan_sha=state.plan_sha, graph_sha=state.graph_sha, by=actor)]


def _check_same(edition: Edition, command: Approve) -> None:
    if command.plan_sha != edition.read.plan_sha:
        raise Refusal("the plan was read again since you looked; look again and approve what it says now")
    if command.graph_sha != edition.graph_sha:
        by = f" (the last mend is {edition.mends[-1].by}'s)" if edition.mends else ""
        raise Refusal(f"the graph changed since you looked{by}; look again and approve what it says now")


def _check_findings(edition: Edition, *, confirm: bool) -> None:
    for finding in edition.findings:
        if finding.type in NEVER:
            raise Refusal(finding.message)
    asked = [finding.message for finding in edition.findings if finding.type in CONFIRM]
    if asked and not confirm:
        more = f" (and {len(asked) - 1} more)" if len(asked) > 1 else ""
        raise Refusal(f"{asked[0]}{more}; leave out what shall not run, or confirm that you mean it as it stands")


def _edition(state: State) -> Edition:
    """What mends are about now: the candidate, else what is in review or approved."""
    if state.phase in CLOSED:
        raise Refusal("the run was cancelled")
    edition = state.candidate or state.edition
    assert edition is not None, "a run with a phase has read its plan"
    return edition


def _mended(edition: Edition, command: MendPlan, actor: str) -> PlanMended:
    if len(command.why) > WHY_LIMIT:
        raise Refusal(f"the reason has {len(command.why)} characters, {WHY_LIMIT} at most; a note can hold more")
    if max(len(command.by), len(command.source)) > NAME_LIMIT or not 0 <= command.at < LAST_MOMENT:
        raise Refusal(
            f"who made it and where it is from have {NAME_LIMIT} characters at most, and a time is one since 1970"
        )
    problem = _problem(edition, bench_of(edition), command.edits)
    if problem:
        raise Refusal(problem)
    return PlanMended(
        edits=tuple(command.edits), by=command.by or actor, why=command.why, source=command.source, at=command.at
    )


def _problem(edition: Edition, bench: Bench, edits: Sequence[Edit]) -> str:
    """Why `edits` cannot be made; "" when they can, and then `bench` has them."""
    return unknown_name(edits, edition.read.assignable) or bench.refusal(edits)


def _check_meant(mend: Mend, record: int, what: str) -> None:
    """Of two who take back the same mend, the second one shall not take back the one before it."""
    if record not in {0, mend.record}:
        raise Refusal(f"{what} is not the one you saw any more, but {mend.by}'s: {all_words(mend.edits)}; look again")


def _redone(edition: Edition, record: int, actor: str) -> MendRedone:
    if not edition.undone:
        raise Refusal("no mend was taken back that could be made again")
    _check_meant(edition.undone[-1], record, "the mend that was taken back last")
    problem = _problem(edition, bench_of(edition), edition.undone[-1].edits)
    if problem:
        raise Refusal(problem)
    return MendRedone(by=actor)


def _accept(edition: Edition, ids: Sequence[str], actor: str) -> list[Event]:
    """Named proposals must all fit; of all that are open, those that do are taken over, each as a mend of its own.

    One that was dismissed may be taken over after all, by its name.
    """
    bench = bench_of(edition)
    events: list[Event] = []
    problems: list[str] = []
    for one in _proposals(edition, ids, {"open", "dismissed"}):
        proposal = one.proposal
        trial = bench.copy()
        problem = _problem(edition, trial, proposal.edits) if proposal.edits else ""
        if problem and ids:
            raise Refusal(f"proposal {proposal.id!r}: {problem}")
        if problem:
            problems.append(f"proposal {proposal.id!r}: {problem}")
            continue
        events.append(ProposalAccepted(proposal=proposal.id, by=actor))
        if proposal.edits:
            bench = trial
            events.append(PlanMended(edits=proposal.edits, by=actor, why=proposal.reason, source=proposal.id))
    if not events:
        raise Refusal(problems[0])
    return events


def _proposals(edition: Edition, ids: Sequence[str], fates: Container[Fate]) -> list[ProposalState]:
    """Those of these ids, which must have one of these fates; all that are open when none is named."""
    if not ids:
        chosen = [one for one in edition.proposals.values() if one.fate == "open"]
        if not chosen:
            raise Refusal("no proposal is open")
        return chosen
    for name in ids:
        known = edition.proposals.get(name)
        if known is None:
            raise Refusal(f"there is no proposal {name!r}; there are {', '.join(edition.proposals) or 'none'}")
        if known.fate not in fates:
            raise Refusal(f"{known.by} {known.fate} proposal {name!r} already")
    return [edition.proposals[name] for name in dict.fromkeys(ids)]
