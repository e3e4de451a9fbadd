"""The second reader in a run: when it may be asked, and what its answer makes of the state."""

from __future__ import annotations

from typing import assert_never

from orch_tui.core.commands import Validate
from orch_tui.core.decide_plan import Refusal
from orch_tui.core.edition import ProposalState, Validation
from orch_tui.core.events import Event
from orch_tui.core.state import Phase, State
from orch_tui.core.validation_events import (
    ValidationEnded,
    ValidationEvent,
    ValidationIntended,
    ValidationNoticed,
)


def validate(state: State, command: Validate, actor: str) -> list[Event]:
    """A person asks for a second reader. Raises Refusal."""
    if state.phase is not Phase.REVIEW and state.candidate is None:
        raise Refusal(f"there is nothing in review, the run is {state.phase.value}")
    if under_way(state) is not None:
        raise Refusal("the second reader is at work already")
    edition = state.candidate or state.edition
    assert edition is not None, "a run in review has read its plan"
    if not edition.read.sections:
        raise Refusal("the plan has no sections")
    return [
        ValidationIntended(
            number=state.validations + 1,
            plan_sha=edition.read.plan_sha,
            graph_sha=edition.graph_sha,
            by=actor,
            provider=command.provider,
            model=command.model,
            prd=command.prd,
            confirmed=command.confirm,
        )
    ]


def under_way(state: State) -> Validation | None:
    """The question that is not answered yet, or None."""
    last = state.validation
    return last if last is not None and not last.outcome else None


def apply_validation(state: State, event: ValidationEvent, at: float) -> None:
    """Fold what happens with the second reader."""
    if isinstance(event, ValidationIntended):
        state.validations = event.number
        state.validation = Validation(
            number=event.number,
            plan_sha=event.plan_sha,
            graph_sha=event.graph_sha,
            by=event.by,
            at=at,
            provider=event.provider,
            model=event.model,
            prd=event.prd,
            confirmed=event.confirmed,
        )
        return
    last = state.validation
    assert last is not None, "what goes on was intended"
    match event:
        case ValidationNoticed():
            last.notice = event.text
        case ValidationEnded():
            _end(state, last, event, at)
        case _:
            assert_never(event)


def _end(state: State, last: Validation, event: ValidationEnded, at: float) -> None:
    last.outcome, last.message, last.ended_at = event.outcome, event.message, at
    last.provider, last.model = event.provider or last.provider, event.model or last.model
    last.thrown, last.cost_usd, last.estimate_usd = dict(event.thrown), event.cost_usd, event.estimate_usd
    last.input_tokens, last.output_tokens = event.input_tokens, event.output_tokens
    last.question_sha, last.answer_sha = event.question_sha, event.answer_sha
    last.proposals = tuple(proposal.id for proposal in event.proposals)
    if event.cost_usd is not None:
        state.cost_usd += event.cost_usd
    elif event.question_sha or event.outcome in {"timeout", "lost"}:
        state.cost_unknown += 1
    edition = state.candidate or state.edition
    if edition is not None and edition.read.plan_sha == last.plan_sha:
        for proposal in event.proposals:
            edition.proposals[proposal.id] = ProposalState(proposal=proposal)
