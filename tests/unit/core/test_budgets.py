"""What sections and attempts may cost: nobody goes on with what is spent, before a person raised it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core import budgets
from orch_tui.core.commands import MendPlan, Retry
from orch_tui.core.hashing import graph_sha
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import SectionDone
from orch_tui.core.state import Status
from orch_tui.flow.workflow import MINIMAL, AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.edits import Assign

REVIEWED = Workflow(
    name="reviewed",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "verify"}),
        "verify": ScriptPhase(do="checks", to={"success": "review", "failure": "implement"}, max_visits=3),
        "review": AgentPhase(budget=0.75, to={"success": "merge"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def allowed(budget: str, **settings: object) -> Scene:
    """A run with one section that may cost this much; "" leaves it to the settings."""
    scene = Scene(plan("A", workflows=[MINIMAL, REVIEWED]), **settings)
    if budget:
        scene.when(MendPlan(edits=(Assign(section="A", what="budget", value=budget),)))
    return scene.approve()


def fail(scene: Scene, cost: float | None) -> None:
    scene.start("A")
    scene.end("A", "failed", "context", cost_usd=cost)


def test_an_attempt_does_not_begin_where_the_budget_of_its_section_is_spent():
    scene = allowed("1.5")
    fail(scene, 0.5)
    scene.when(Retry(section="A"))
    fail(scene, 1.25)
    section = scene.state.sections["A"]
    assert section.verdict == "failed", "what is over is over"
    scene.when(Retry(section="A"))
    assert (section.status, section.attention, len(section.attempts)) == (Status.ATTENTION, "budget", 2)
    assert section.detail == (
        "$1.75 of its $1.50 are spent, in 2 attempts; raise it (`orch-tui mend set A budget=…`, then approve) and retry"
    )
    scene.when(Retry(section="A"))
    assert section.attention == "budget", "it is not raised"
    scene.when(MendPlan(edits=(Assign(section="A", what="budget", value="3"),)))
    scene.when(scene.seen())
    scene.when(Retry(section="A"))
    assert len(section.attempts) == 3


def test_what_nobody_knows_the_cost_of_is_said_and_counts_as_nothing():
    scene = allowed("0.5")
    fail(scene, None)
    scene.when(Retry(section="A"))
    fail(scene, 0.5)
    scene.when(Retry(section="A"))
    assert "in 2 attempts, and 1 of unknown cost; raise it" in scene.state.sections["A"].detail


def test_what_is_done_is_checked_and_merged_although_the_budget_is_spent():
    scene = allowed("0.25")
    scene.finish("A")
    assert scene.of(SectionDone)


def test_between_two_phases_only_an_agent_is_held_back():
    scene = allowed("0.5", workflow="reviewed")
    scene.start("A")
    scene.end("A", cost_usd=0.5)
    scene.commit("A")
    section = scene.state.sections["A"]
    assert section.attempts[-1].phase == "verify"
    scene.start("A")
    scene.end("A", cost_usd=0.0)
    assert (section.attention, len(section.attempts)) == ("budget", 2)
    scene.when(MendPlan(edits=(Assign(section="A", what="budget", value="2"),)))
    scene.when(scene.seen())
    scene.when(Retry(section="A", phase="review"))
    assert section.attempts[-1].phase == "review"
    assert section.attempts[-1].tree == 1, "with the work there is"


@pytest.mark.parametrize(
    ("budget", "settings", "phase", "most"),
    [
        ("", {}, AgentPhase(), None),
        ("", {"section_budget": 4.0}, AgentPhase(), 4.0),
        ("2", {"section_budget": 4.0}, AgentPhase(), 2.0),
        ("2", {}, AgentPhase(budget=0.5), 0.5),
        ("2", {}, AgentPhase(budget=5.0), 2.0),
        ("", {}, AgentPhase(budget=5.0), 5.0),
        ("2", {}, ScriptPhase(do="checks"), None),
    ],
)
def test_an_attempt_may_cost_what_its_phase_says_and_no_more_than_is_left(
    budget: str, settings: dict[str, object], phase: AgentPhase, most: float | None
):
    scene = allowed(budget, **settings)
    assert budgets.of_attempt(scene.state, scene.state.sections["A"], phase) == most


def test_what_an_attempt_spent_is_not_left_for_the_next():
    scene = allowed("2")
    fail(scene, 0.5)
    assert budgets.of_attempt(scene.state, scene.state.sections["A"], AgentPhase()) == 1.5


def test_an_attempt_that_costs_too_much_needs_a_person_and_is_not_tried_again():
    scene = allowed("")
    scene.start("A")
    scene.end("A", "failed", "budget", message="it cost $2.1000, and $2.0000 were allowed", cost_usd=2.1)
    section = scene.state.sections["A"]
    assert (section.attention, section.detail) == ("budget", "it cost $2.1000, and $2.0000 were allowed")
    assert section.tries == 0


def test_a_budget_for_every_section_is_approved_with_the_plan_and_none_changes_no_approval():
    read = replace(plan("A"), settings=Settings())
    with_one = replace(read, settings=Settings(section_budget=2.0))
    assert graph_sha([], read, ()) != graph_sha([], with_one, ())
