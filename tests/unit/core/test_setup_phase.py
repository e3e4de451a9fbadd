"""A worktree is set up once, by an attempt of its own, before anybody works in it."""

from __future__ import annotations

import pytest
from scene import Scene, plan

from orch_tui.core import flowing
from orch_tui.core.attempt_events import AttemptIntended, AttemptLost, WorktreeReady
from orch_tui.core.commands import Cancel, Pause, Resume, Retry
from orch_tui.flow.workflow import SETUP, AgentPhase, TerminalPhase, Workflow
from orch_tui.worktree_settings import WorktreeSettings

GIVEN = WorktreeSettings(setup=("make deps",))
DONE = {"done": TerminalPhase()}


@pytest.fixture
def scene() -> Scene:
    return Scene(plan("A", "B<-A"), worktree=GIVEN).approve()


def intents(scene: Scene) -> list[tuple[str, str, int]]:
    """The phase of each attempt, who makes it, and the attempt in whose worktree."""
    return [(one.phase, one.agent, one.tree) for one in scene.of(AttemptIntended) if isinstance(one, AttemptIntended)]


def set_up(scene: Scene, name: str = "A") -> None:
    scene.start(name)
    scene.end(name)


def test_the_first_phase_begins_in_the_worktree_that_was_set_up(scene: Scene):
    assert intents(scene) == [(SETUP, "script", 0)]
    assert flowing.entered(scene.state, scene.state.sections["A"]) == SETUP
    set_up(scene)
    assert intents(scene)[1:] == [("implement", "simulated", 1)]
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_another_attempt_has_another_worktree_and_that_is_set_up_too(scene: Scene):
    set_up(scene)
    for _ in range(3):
        scene.start("A")
        scene.end("A", "failed", "crash")
        if scene.statuses()["A"] == "failed":
            break
        scene.now += 1000
        scene.record([], "clock")
        set_up(scene)
    assert [phase for phase, _, _ in intents(scene)] == [SETUP, "implement"] * 3, "setting up resets no counter"
    assert [tree for _, _, tree in intents(scene)] == [0, 1, 0, 3, 0, 5]


def test_a_worktree_that_was_made_again_is_set_up_again_before_the_phase_goes_on_in_it():
    look = AgentPhase(role="read-only", to={"success": "done"})
    own = Workflow(name="own", start="do", phases={"do": AgentPhase(to={"success": "look"}), "look": look, **DONE})
    scene = Scene(plan("A", "B<-A", workflows=[own]), worktree=GIVEN, workflow="own").approve()
    set_up(scene)
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    here = WorktreeReady(section="A", attempt=3, path="/A", branch="b/A/1", base="0" * 40, bare=True)
    scene.record([here, AttemptLost(section="A", attempt=3, why="gone", swept=0, counted=False)], "start")
    scene.record([], "clock")
    assert intents(scene)[2:] == [("look", "simulated", 1), (SETUP, "script", 1)]
    set_up(scene)
    assert intents(scene)[4:] == [("look", "simulated", 1)]
    assert (scene.state.sections["A"].tries, scene.state.sections["A"].visits["look"]) == (0, 1)
    scene.start("A")
    scene.end("A")
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_a_setup_that_fails_waits_for_a_person_with_what_it_printed(scene: Scene):
    scene.start("A")
    scene.end("A", "failed", "script", message="block 1 ended with code 2", summary="no such package\nstopped")
    section = scene.state.sections["A"]
    assert section.attention == "worktree setup failed"
    assert section.detail == "block 1 ended with code 2: no such package\nstopped"
    scene.when(Retry(section="A"))
    assert [phase for phase, _, _ in intents(scene)] == [SETUP, SETUP]


def test_a_setup_that_is_lost_is_tried_again(scene: Scene):
    scene.start("A")
    scene.end("A", "failed", "crash")
    assert scene.statuses()["A"] == "parked"
    scene.now += 1000
    scene.record([], "clock")
    assert [phase for phase, _, _ in intents(scene)] == [SETUP, SETUP]


def test_a_paused_run_goes_on_after_the_setup_when_it_is_resumed(scene: Scene):
    scene.when(Pause())
    set_up(scene)
    assert len(intents(scene)) == 1
    scene.when(Resume())
    assert intents(scene)[1:] == [("implement", "simulated", 1)]


def test_a_run_that_is_cancelled_during_the_setup_comes_to_its_end(scene: Scene):
    scene.when(Cancel())
    scene.start("A")
    scene.end("A", "interrupted", "interrupted")
    assert scene.state.phase.value == "cancelled"


def test_in_place_there_is_no_worktree_to_set_up():
    scene = Scene(plan("A"), worktree=GIVEN, isolation="none").approve()
    assert [phase for phase, _, _ in intents(scene)] == ["implement"]
