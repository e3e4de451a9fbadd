"""What is proposed about a graph, and how the second reader fared: plain rows to draw beside the edges they touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orch_tui.clean import clean, one_line
from orch_tui.core.edition import Edition, Fate, ProposalState, Validation
from orch_tui.core.state import Phase, State
from orch_tui.plan.edit_words import words
from orch_tui.plan.edits import AddEdge, AddSection, DropEdge, Proposal, ProposalKind, ReverseEdge
from orch_tui.plan.model import Dependency

_SAID: dict[ProposalKind, str] = {
    "missing-edge": "{1} should wait for {0}",
    "wrong-edge": "{1} does not wait for {0}",
    "wrong-order": "{0} should wait for {1}, not the other way round",
    "lost-parallelism": "{1} need not wait for {0}",
    "recommended-order": "{1} could wait for {0}",
    "missing-section": "a section is missing",
    "new-section": "section {0} proposes a new one",
}
_OUTCOMES: dict[str, str] = {
    "": "the second reader is at work",
    "ok": "the second reader has answered",
    "failed": "the second reader failed",
    "off": "there is no second reader",
    "limit": "the second reader was not asked",
    "timeout": "the second reader took too long",
    "refused": "the second reader declined",
    "lost": "the second reader's answer is lost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal in words. `quote` are the words it rests on, in line `line` of `document`; 0 when there is none.

    `edges` are the edges (upstream, downstream) it would add, drop or turn around; `now` says of each section that
    waits what it waits for today, with the plan's words; `does` says what accepting it would do, () for nothing. `by`
    is who decided, when somebody has.
    """

    id: str
    kind: ProposalKind
    words: str
    sections: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    document: Literal["plan", "prd"]
    line: int
    quote: str
    reason: str
    source: str
    fate: Fate
    by: str
    now: tuple[str, ...]
    does: tuple[str, ...]
    text: str = ""
    """The words of a new section, all lines of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationRow:
    """The second reader's last question. `detail` is what a person should know now: a notice, or what went wrong.

    `cost` and `thrown` are words; `can_confirm` says that only a person's word is missing (`confirm` of the command).
    """

    under_way: bool
    words: str
    detail: str
    reader: str
    cost: str
    thrown: tuple[str, ...]
    proposals: int
    can_confirm: bool


def proposals(state: State, section: str | None = None, *, fate: Fate | None = None) -> tuple[ProposalRow, ...]:
    """What is proposed about the candidate, or else about what is in review, in the order in which it was proposed.

    Of one section, or of one fate, when given.
    """
    edition = state.candidate or state.edition
    if edition is None:
        return ()
    return tuple(
        row
        for row in rows(edition)
        if (fate is None or row.fate == fate) and (section is None or section in row.sections)
    )


def proposed_sections(state: State) -> int:
    """How many sections agents propose that nobody decided about."""
    edition = state.candidate or state.edition
    kept = edition.proposals.values() if edition else ()
    return sum(one.fate == "open" and one.proposal.kind == "new-section" for one in kept)


def rows(edition: Edition) -> tuple[ProposalRow, ...]:
    """Everything that was ever proposed about an edition."""
    return tuple(_row(edition, one) for one in edition.proposals.values())


def validation(state: State) -> ValidationRow | None:
    """How the second reader fares; None when it was never asked."""
    last = state.validation
    if last is None:
        return None
    return ValidationRow(
        under_way=not last.outcome,
        words=_OUTCOMES[last.outcome],
        detail=one_line(last.message or last.notice, 600) if last.outcome != "ok" else "",
        reader=one_line(f"{last.provider} {last.model}".strip()),
        cost=_cost(last),
        thrown=tuple(f"{number} {one_line(reason)}" for reason, number in last.thrown.items()),
        proposals=len(last.proposals),
        can_confirm=last.outcome == "limit",
    )


def can_validate(state: State) -> bool:
    """Whether there is something in review and nobody is asked about it already."""
    in_review = state.phase is Phase.REVIEW or state.candidate is not None
    return in_review and (state.validation is None or bool(state.validation.outcome))


def _row(edition: Edition, one: ProposalState) -> ProposalRow:
    proposal = one.proposal
    edges = tuple(
        (edit.upstream, edit.downstream)
        for edit in proposal.edits
        if isinstance(edit, AddEdge | DropEdge | ReverseEdge)
    )
    new = next((edit for edit in proposal.edits if isinstance(edit, AddSection)), None)
    return ProposalRow(
        id=proposal.id,
        kind=proposal.kind,
        words=_words(proposal) + (f": {one_line(new.title)}" if new else ""),
        sections=proposal.ids,
        edges=edges,
        document=proposal.document,
        line=proposal.line,
        quote=one_line(proposal.quote, 400),
        reason=one_line(proposal.reason, 600),
        source=one_line(proposal.source),
        fate=one.fate,
        by=one_line(one.by),
        now=() if new else tuple(_now(edition, edges)),
        does=tuple(one_line(words(edit), 600) for edit in proposal.edits),
        text=clean(new.text) if new else "",
    )


def _words(proposal: Proposal) -> str:
    names = [one_line(name, 60) for name in proposal.ids]
    if proposal.kind == "missing-section":
        beside = f", beside {' and '.join(names)}" if names else ""
        return f"{_SAID[proposal.kind]}{beside}"
    if proposal.kind == "new-section":
        return _SAID[proposal.kind].format(*names)
    return _SAID[proposal.kind].format(*names) if len(names) == 2 else f"{proposal.kind}: {', '.join(names)}"


def _now(edition: Edition, edges: tuple[tuple[str, str], ...]) -> list[str]:
    """What the sections at the end of these edges wait for, as the graph is."""
    waiting = dict.fromkeys(downstream for _, downstream in edges)
    return [
        f"{one_line(name, 60)} waits for {_reasons([edge for edge in edition.dependencies if edge.downstream == name])}"
        for name in waiting
    ]


def _reasons(edges: list[Dependency]) -> str:
    said = [
        f"{one_line(edge.upstream, 60)}"
        + (f" (line {edge.evidence.line}: “{one_line(edge.evidence.quote, 90)}”)" if edge.evidence.line else "")
        for edge in edges
    ]
    return ", ".join(said) or "nothing"


def _cost(last: Validation) -> str:
    if not last.outcome:
        return ""
    if last.cost_usd is None:
        return "" if last.outcome == "failed" and not last.question_sha else "cost not known"
    if not last.question_sha:
        return "nothing was asked"
    return f"${last.cost_usd:.4f}"
