"""How far a section is in its workflow, in whatever room there is."""

from scene import Scene
from test_phases import begun, fail_checks, flow, implement

from orch_tui.client import phases
from orch_tui.core.commands import Skip
from orch_tui.flow.workflow import AgentPhase


def line(scene: Scene, room: int = 100) -> str:
    return phases.line(scene.state, scene.state.sections["A"], room)


def test_the_line_says_where_it_was_is_and_how_often():
    scene = begun("A", "B<-A")
    assert line(scene) == "implement ▶ → verify → merge"
    implement(scene)
    fail_checks(scene)
    assert line(scene) == "implement ▶2 → verify ✓ → merge"
    scene.when(Skip(section="A", phase="review"))
    implement(scene)
    assert line(scene) == "implement ✓2 → verify ▶2 → review » → merge"
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert line(scene) == "implement ✓2 → verify ✓2 → review » → merge ✓"


def test_checks_that_there_were_none_of_are_not_marked_as_passed():
    scene = begun("A", "B<-A")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none")
    assert line(scene) == "implement ✓ → verify – → review ? → merge"


def test_in_less_room_it_is_shorter_and_still_says_where_it_is():
    steps = {f"step{n}": AgentPhase(to={"success": f"step{n + 1}"}) for n in range(8)}
    scene = begun("A", workflow=flow(**steps, step8=AgentPhase(to={"success": "done"})))
    for _ in range(4):
        implement(scene)
    assert line(scene, 40).startswith("…→")
    for room in range(12, 90):
        assert "step4" in line(scene, room)
        assert len(line(scene, room)) <= room


def test_a_detour_behind_the_way_is_shown_once_it_is_taken():
    steps = {"build": AgentPhase(retries=0, to={"success": "polish", "failure": "mend"})}
    detour = AgentPhase(to={"success": "done"})
    scene = begun("A", workflow=flow(**steps, polish=AgentPhase(to={"success": "done"}), mend=detour))
    assert line(scene) == "build ▶ → polish"
    scene.start("A")
    scene.end("A", "failed", "agent")
    assert line(scene) == "build ✓ → polish → mend ▶"


def test_a_section_that_never_began_has_no_line():
    scene = begun("A", "B<-A")
    assert phases.line(scene.state, scene.state.sections["B"], 100) == ""
