"""A second reader in a run: asked only about what is in review, one question at a time, and never twice by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core.apply import apply
from orch_tui.core.codec import VERSION, decode_event, decode_state, encode_event, encode_state
from orch_tui.core.commands import Accept, Dismiss, MendPlan, Validate
from orch_tui.core.effects import AskSecondReader
from orch_tui.core.mend_events import PlanMended
from orch_tui.core.run_events import CommandAccepted
from orch_tui.core.validation import under_way
from orch_tui.core.validation_events import ValidationEnded, ValidationIntended, ValidationNoticed, ValidationOutcome
from orch_tui.plan.edits import AddEdge, Proposal

PROPOSED = Proposal(
    id="v1-1",
    kind="missing-edge",
    ids=("A", "B"),
    line=3,
    quote="uses what A makes",
    reason="B uses what A makes.",
    source="anthropic haiku",
    edits=(AddEdge(upstream="A", downstream="B"),),
)


def ended(scene: Scene, outcome: ValidationOutcome = "ok", **more: object) -> None:
    number = scene.state.validations
    scene.record([ValidationEnded(number=number, outcome=outcome, **more)], "second reader")  # type: ignore[arg-type]


def answered(**more: object) -> Scene:
    """A run in review whose second reader proposed that B waits for A."""
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    given = {"cost_usd": 0.01, "proposals": (PROPOSED,), "question_sha": "q", **more}
    ended(scene, **given)
    return scene


def test_a_question_is_intended_durably_before_it_is_asked():
    scene = Scene(plan("A", "B"))
    accepted, intended = scene.when(Validate(provider="codex", model="luna", prd="/prd.md", confirm=True))
    assert isinstance(accepted, CommandAccepted)
    assert intended == ValidationIntended(
        number=1,
        plan_sha=scene.state.plan_sha,
        graph_sha=scene.state.graph_sha,
        by="me",
        provider="codex",
        model="luna",
        prd="/prd.md",
        confirmed=True,
    )
    assert scene.effects == [AskSecondReader(number=1)]
    assert under_way(scene.state) is not None


def test_one_question_at_a_time():
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    assert scene.refused(Validate()) == "the second reader is at work already"
    ended(scene, "timeout")
    scene.when(Validate())
    assert scene.state.validations == 2


def test_nothing_is_asked_about_what_is_approved_unless_there_is_a_candidate():
    scene = Scene(plan("A", "B")).approve()
    assert "nothing in review" in scene.refused(Validate())
    scene.when(MendPlan(edits=(AddEdge(upstream="A", downstream="B"),)))
    candidate = scene.state.candidate
    assert candidate is not None
    scene.when(Validate())
    assert scene.state.validation is not None
    assert scene.state.validation.graph_sha == candidate.graph_sha != scene.state.graph_sha
    ended(scene, proposals=(replace(PROPOSED, edits=(), kind="missing-section"),), cost_usd=0.0)
    assert list(candidate.proposals) == ["v1-1"]


def test_an_answer_changes_nothing_until_a_person_accepts_it():
    scene = answered()
    before = scene.state.graph_sha
    assert [(edge.upstream, edge.downstream) for edge in scene.state.dependencies] == []
    scene.when(Accept(ids=("v1-1",)))
    assert scene.state.graph_sha != before
    assert scene.state.sections["B"].upstream == ["A"]
    mended = scene.of(PlanMended)[0]
    assert isinstance(mended, PlanMended)
    assert (mended.source, mended.why) == ("v1-1", "B uses what A makes.")


def test_a_proposal_can_be_dismissed():
    scene = answered()
    scene.when(Dismiss())
    assert scene.state.edition is not None
    assert scene.state.edition.proposals["v1-1"].fate == "dismissed"
    assert scene.refused(Accept()) == "no proposal is open"


def test_what_it_cost_is_part_of_the_bill():
    assert (answered().state.cost_usd, answered().state.cost_unknown) == (0.01, 0)


@pytest.mark.parametrize(
    ("outcome", "more", "unknown"),
    [
        ("off", {"cost_usd": 0.0}, 0),
        ("limit", {"cost_usd": 0.0}, 0),
        ("timeout", {"question_sha": "q"}, 1),
        ("timeout", {}, 1),
        ("lost", {}, 1),
        ("failed", {"question_sha": "q"}, 1),
        ("failed", {}, 0),
        ("ok", {"question_sha": "q"}, 1),
    ],
)
def test_a_cost_that_nobody_knows_is_counted_as_unknown_and_never_as_nothing(
    outcome: ValidationOutcome, more: dict[str, object], unknown: int
):
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    ended(scene, outcome, **more)
    assert (scene.state.cost_usd, scene.state.cost_unknown) == (0.0, unknown)


def test_what_goes_on_is_kept_for_those_who_look():
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    scene.record([ValidationNoticed(number=1, text="529, trying again in 1 s")], "second reader")
    assert scene.state.validation is not None
    assert scene.state.validation.notice == "529, trying again in 1 s"


def test_proposals_about_another_text_are_not_taken_over():
    """Its quotes and lines would be of words nobody sees any more."""
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    scene.record([replace(plan("A", "B", "C"), plan_sha="n" * 64)], "revise")
    ended(scene, proposals=(PROPOSED,), cost_usd=0.01)
    assert scene.state.edition is not None
    assert scene.state.edition.proposals == {}
    assert scene.state.cost_usd == 0.01


def test_open_proposals_go_with_the_text_they_quote_and_decided_ones_stay():
    scene = answered(proposals=(PROPOSED, replace(PROPOSED, id="v1-2", edits=(), kind="missing-section")))
    scene.when(Dismiss(ids=("v1-2",)))
    scene.record([plan("A", "B")], "revise")
    assert scene.state.edition is not None
    assert list(scene.state.edition.proposals) == ["v1-1", "v1-2"]
    scene.record([replace(plan("A", "B", "C"), plan_sha="n" * 64)], "revise")
    assert list(scene.state.edition.proposals) == ["v1-2"]


def test_an_answer_survives_the_journal():
    happened = answered(thrown={"do not fit the schema": 2}).happened
    assert any(isinstance(event, ValidationEnded) for event in happened)
    for event in happened:
        kind, data = encode_event(event)
        assert decode_event(kind, VERSION, data) == event


def test_a_snapshot_holds_the_question_and_what_was_proposed():
    state = answered(thrown={"do not fit the schema": 2}).state
    assert decode_state(encode_state(state)) == state


def test_the_fold_takes_a_late_end_of_a_run_that_is_approved():
    scene = Scene(plan("A", "B"))
    scene.when(Validate())
    scene.approve()
    apply(scene.state, ValidationEnded(number=1, outcome="ok", proposals=(PROPOSED,), cost_usd=0.0), seq=99, at=1.0)
    assert under_way(scene.state) is None
