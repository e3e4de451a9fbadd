"""Proposals and the second reader as rows: in words, beside what is there today, without anything a terminal obeys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui.client.proposals import can_validate, proposals, validation
from orch_tui.core.mend_events import ProposalDismissed
from orch_tui.core.validation_events import ValidationEnded, ValidationIntended, ValidationNoticed, ValidationOutcome
from orch_tui.plan.edits import AddEdge, DropEdge, Proposal, ProposalKind, ReverseEdge
from orch_tui.testing.stage import Stage

PLAN = """# Plan

## Section A: One
Dependencies: none

## Section B: Two
Dependencies: Section A

## Section C: Three
Dependencies: none
"""
ADD = AddEdge(upstream="B", downstream="C")
MISSING = Proposal(
    id="v1-1",
    kind="missing-edge",
    ids=("B", "C"),
    line=9,
    quote="Section C: \x1b[31mThree",
    reason="C needs\nB.",
    source="anthropic haiku",
    edits=(ADD,),
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, PLAN)


def intended(stage: Stage) -> None:
    state = stage.state
    stage.happens(ValidationIntended(number=1, plan_sha=state.plan_sha, graph_sha=state.graph_sha, by="me"))


def ended(stage: Stage, outcome: ValidationOutcome = "ok", **more: object) -> None:
    intended(stage)
    stage.happens(ValidationEnded(number=1, outcome=outcome, **more))  # type: ignore[arg-type]


def test_a_proposal_is_in_words_with_what_its_section_waits_for_now(stage: Stage):
    drop = DropEdge(upstream="A", downstream="B")
    ended(stage, proposals=(MISSING, replace(MISSING, id="v1-2", kind="wrong-edge", ids=("A", "B"), edits=(drop,))))
    first, second = proposals(stage.state)
    assert (first.words, first.edges, first.now) == (
        "C should wait for B",
        (("B", "C"),),
        ("C waits for nothing",),
    )
    assert (first.quote, first.reason, first.fate) == ("Section C: Three", "C needs B.", "open")
    assert second.words == "B does not wait for A"
    assert second.now[0].startswith("B waits for A (line ")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("wrong-order", "B should wait for C, not the other way round"),
        ("lost-parallelism", "C need not wait for B"),
        ("missing-section", "a section is missing, beside B and C"),
        ("recommended-order", "C could wait for B"),
    ],
)
def test_each_kind_has_its_words(stage: Stage, kind: ProposalKind, words: str):
    edits = {"wrong-order": (ReverseEdge(upstream="B", downstream="C"),), "missing-section": ()}.get(kind, (ADD,))
    ended(stage, proposals=(replace(MISSING, kind=kind, edits=edits),))
    assert [row.words for row in proposals(stage.state)] == [words]


def test_rows_can_be_asked_for_by_section_and_by_fate(stage: Stage):
    ended(stage, proposals=(MISSING, replace(MISSING, id="v1-2", kind="missing-section", ids=(), edits=())))
    stage.happens(ProposalDismissed(proposal="v1-1", by="you"))
    assert [row.id for row in proposals(stage.state, "C")] == ["v1-1"]
    assert [row.id for row in proposals(stage.state, fate="open")] == ["v1-2"]
    assert [(row.id, row.by) for row in proposals(stage.state, fate="dismissed")] == [("v1-1", "you")]
    assert proposals(stage.state, "A") == ()


def test_while_it_is_at_work_the_last_notice_is_shown(stage: Stage):
    assert validation(stage.state) is None
    assert can_validate(stage.state)
    intended(stage)
    stage.happens(ValidationNoticed(number=1, text="529, trying again in 1 s"))
    row = validation(stage.state)
    assert row is not None
    assert (row.under_way, row.words, row.detail) == (
        True,
        "the second reader is at work",
        "529, trying again in 1 s",
    )
    assert not can_validate(stage.state)


@pytest.mark.parametrize(
    ("outcome", "more", "cost"),
    [
        ("ok", {"cost_usd": 0.00123, "question_sha": "q"}, "$0.0012"),
        ("ok", {"question_sha": "q"}, "cost not known"),
        ("timeout", {"question_sha": "q"}, "cost not known"),
        ("lost", {}, "cost not known"),
        ("off", {"cost_usd": 0.0}, "nothing was asked"),
        ("limit", {"cost_usd": 0.0}, "nothing was asked"),
    ],
)
def test_a_cost_is_known_or_said_not_to_be(
    stage: Stage, outcome: ValidationOutcome, more: dict[str, object], cost: str
):
    ended(stage, outcome, **more)
    row = validation(stage.state)
    assert row is not None
    assert (row.cost, row.can_confirm) == (cost, outcome == "limit")


def test_what_was_thrown_out_is_counted_in_words(stage: Stage):
    ended(stage, thrown={"quote words that are not in the plan": 2}, message="")
    row = validation(stage.state)
    assert row is not None
    assert row.thrown == ("2 quote words that are not in the plan",)
