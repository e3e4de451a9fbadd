"""How a service counts tokens is measured once for each agent and model, and used for what is sent from then on."""

from __future__ import annotations

from scene import Scene, plan

from orch_tui.core import counting
from orch_tui.core.attempt_events import TokensCounted
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.trimming import Piece, fit
from orch_tui.flow.workflow import AgentPhase
from orch_tui.tokens import UNIT, size

LONG = "word " * 400


def counted(scene: Scene, tokens: int, model: str = "") -> None:
    scene.record([TokensCounted(section="A", attempt=1, n=3, model=model, size=size(LONG), tokens=tokens)], "agent")


def begun() -> Scene:
    scene = Scene(plan("A")).approve()
    scene.start("A")
    return scene


def test_what_was_counted_is_the_rate_for_that_agent_and_model_and_no_other():
    scene = begun()
    assert counting.rate(scene.state, "simulated", "") == UNIT
    counted(scene, size(LONG) // UNIT * 2)
    assert abs(counting.rate(scene.state, "simulated", "") - UNIT / 2) < 0.1
    assert counting.rate(scene.state, "simulated", "opus") == UNIT
    assert counting.rate(scene.state, "claude", "") == UNIT
    assert decode_state(encode_state(scene.state)) == scene.state


def test_one_brief_of_some_length_is_counted_for_each():
    scene = begun()
    assert counting.wanted(scene.state, "simulated", "", LONG)
    assert not counting.wanted(scene.state, "simulated", "", "short")
    counted(scene, 500)
    assert not counting.wanted(scene.state, "simulated", "", LONG)
    assert counting.wanted(scene.state, "simulated", "opus", LONG)


def test_a_count_that_cannot_be_is_not_believed():
    scene = begun()
    counted(scene, 1)
    counted(scene, 1_000_000)
    assert scene.state.rates == {}


def test_a_budget_holds_more_where_fewer_tokens_were_counted():
    kept: list[str] = []

    def put(lines: object) -> None:
        kept[:] = lines  # type: ignore[call-overload]

    lines = [f"line {at} of many" for at in range(300)]
    lengths = []
    for rate in (UNIT, UNIT * 1.5):
        kept[:] = lines
        piece = Piece(name="lines", lines=lines, put=put)
        fit(lambda: "\n".join(kept), [[piece]], 1000, rate)
        lengths.append(len(kept))
    assert lengths[0] < lengths[1] < 300


def test_the_model_is_that_of_the_phase_before_that_of_the_section_and_the_run():
    scene = Scene(plan("A"), model="run").approve()
    section = scene.state.sections["A"]
    assert counting.model_of(scene.state, section, AgentPhase()) == "run"
    section.model = "section"
    assert counting.model_of(scene.state, section, AgentPhase()) == "section"
    assert counting.model_of(scene.state, section, AgentPhase(model="phase")) == "phase"
