"""Sections with workflows of several phases, in the cockpit: where they are, and the keys that send them elsewhere."""

from __future__ import annotations

import pytest
from conftest_cockpit import opened, said, screen, until

from orch_tui.cockpit.screens.picker import Choose
from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended
from orch_tui.core.section_events import PhaseEntered, PhaseFailed
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow

LOCAL = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "verify"}, max_visits=3),
        "verify": ScriptPhase(do="checks", to={"success": "merge", "failure": "implement", "none": "review"}),
        "review": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)
SIZE = (120, 40)


@pytest.fixture
def phased(lay):
    """A is being checked; C is being implemented."""
    table = lay(workflows=(LOCAL,), workflow="local")
    table.stage.approve()
    for section in ("A", "C"):
        writer = table.stage.start(section)
        writer.append("text", text=f"{section} is implemented\n")
        writer.close()
    table.stage.pass_on("A", files=("kettle.py",))
    writer = table.stage.start("A", phase="verify", agent="script")
    writer.append("text", text="5 passed\n")
    writer.close()
    return table


async def chooses(pilot, key: str) -> str:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, Choose), "the dialog")
    return screen(pilot)


async def test_a_section_is_sent_to_a_phase_by_a_key(phased):
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        shown = await chooses(pilot, "d")
        assert "1 go to implement" in " ".join(shown.split())
        assert "begins it again" in shown
        await pilot.press("4")
        await until(pilot, lambda: phased.sent, "the command")
        assert phased.sent == [("dispatch", {"section": "A", "phase": "merge"})]
        await until(pilot, lambda: "A: go to merge" in said(pilot), "the answer")


async def test_a_phase_is_passed_by_the_same_key(phased):
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        assert "pass review" in await chooses(pilot, "d")
        await pilot.press("7")
        await until(pilot, lambda: phased.sent, "the command")
        assert phased.sent == [("skip", {"section": "A", "phase": "review"})]


async def test_a_retry_asks_from_which_phase_on(phased):
    phased.stage.fail("A")
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        shown = await chooses(pilot, "ctrl+r")
        assert "from the beginning" in shown
        assert "from verify" in shown
        await pilot.press("3")
        await until(pilot, lambda: phased.sent, "the command")
        assert phased.sent == [("retry", {"section": "A", "phase": "verify"})]


async def test_a_retry_of_a_section_with_one_attempt_and_its_merge_asks_nothing(running):
    running.stage.fail("A")
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent == [("retry", {"section": "A"})]


async def test_where_a_section_can_be_sent_nowhere_that_is_said(phased):
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("D")
        assert "pass implement" in await chooses(pilot, "d"), "a section that waits can have a phase passed"
        assert "go to" not in screen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_details_show_how_far_a_section_is_in_its_workflow(phased, size):
    async with phased.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        words = "implement ✓ → verify ▶ → merge"
        await until(pilot, lambda: words in screen(pilot), "the phases")


async def test_a_phase_that_asks_is_marked_as_asking_and_one_that_had_nothing_to_check_as_that(phased):
    phased.stage.pass_on("A", named="none")
    phased.stage.happens(PhaseEntered(section="A", phase="review", visit=1))
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        await until(pilot, lambda: "implement ✓ → verify – → review ? → merge" in screen(pilot), "the phases")


async def test_a_phase_that_had_nothing_to_run_says_so_where_its_stream_would_be(phased):
    stage = phased.stage
    begun = AttemptIntended(section="C", attempt=2, agent="script", session_id="s", marker="m", phase="verify", tree=1)
    words = "nothing checks this section"
    ended = {"outcome": "succeeded", "failure": "", "message": words, "summary": "", "cost_usd": 0.0, "exit_code": None}
    stage.pass_on("C")
    stage.happens(begun, AttemptEnded(section="C", attempt=2, named="none", **ended))
    stage.happens(PhaseEntered(section="C", phase="review", visit=1))
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("C")
        await until(pilot, lambda: words in str(screen(pilot)).split("status")[0], "why there is no stream")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "C is implemented" in screen(pilot), "the agent's stream")


async def test_the_streams_of_earlier_phases_are_walked_through_by_keys(phased):
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        await until(pilot, lambda: "5 passed" in screen(pilot), "the checks")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "A is implemented" in screen(pilot), "the agent's stream")
        assert "attempt 1 of 2 · implement" in screen(pilot)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "the first" in said(pilot), "that there is none before")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "5 passed" in screen(pilot), "the checks again")


async def test_an_earlier_stream_stays_on_the_screen_when_the_section_goes_on(phased):
    async with phased.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "A is implemented" in screen(pilot), "the agent's stream")
        phased.stage.use("C", 0.2)
        phased.stage.happens(PhaseFailed(section="A", phase="verify", outcome="failure", detail="red"))
        phased.stage.start("A").close()
        await until(pilot, lambda: "attempt 1 of 3" in screen(pilot), "that there is another one")
        assert "A is implemented" in screen(pilot)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: "attempt 3 of 3" in screen(pilot), "the latest")
