"""A disk without room, as the core sees it: what begins no more, who ends, and that it goes on by itself."""

from __future__ import annotations

from scene import Scene, plan

from orch_tui.core import disk, policy, rules
from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptLost, EndRequested
from orch_tui.core.commands import Resume, Stop
from orch_tui.core.run_events import RoomChanged
from orch_tui.core.section_events import SectionParked
from orch_tui.core.state import Phase


def room(scene: Scene, level: str, why: str = "the disk is short") -> None:
    """A look at the disk found that there is this much room."""
    scene.record([RoomChanged(level=level, why=why if level else "")], "disk")  # pyright: ignore[reportArgumentType]


def begun(scene: Scene) -> list[str]:
    """The sections that attempts were intended for, in this order."""
    return [event.section for event in scene.of(AttemptIntended) if isinstance(event, AttemptIntended)]


def test_with_little_room_nothing_new_begins_and_what_is_under_way_goes_through():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    room(scene, "low")
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "ready"}
    assert begun(scene) == ["A"]
    assert rules.why(scene.state, "B", scene.now) == [("disk", "the disk is short")]


def test_it_goes_on_by_itself_as_room_comes_back():
    scene = Scene(plan("A"))
    room(scene, "low")
    scene.approve()
    assert begun(scene) == []
    assert not rules.needs_human(scene.state), "a runner stays and looks"
    room(scene, "")
    assert begun(scene) == ["A"]


def test_on_a_full_disk_agents_are_ended_uncounted_and_wait_for_room_and_not_for_a_time():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A", "B")
    room(scene, "full")
    ended = [event for event in scene.of(EndRequested) if isinstance(event, EndRequested)]
    assert [(event.section, event.why) for event in ended] == [("A", disk.NO_ROOM), ("B", disk.NO_ROOM)]
    scene.end("A", "interrupted", "interrupted")
    scene.record([AttemptLost(section="B", attempt=1, why="gone", swept=0, counted=True)], "host gone")
    assert scene.statuses() == {"A": "parked", "B": "parked"}
    assert [scene.state.sections[name].tries for name in "AB"] == [0, 0]
    scene.now += 100_000
    scene.record([], "time")
    assert scene.statuses() == {"A": "parked", "B": "parked"}
    assert rules.next_wake(scene.state) is None, "nobody is woken for nothing"
    room(scene, "")
    assert begun(scene) == ["A", "B", "A", "B"]


def test_who_was_done_in_the_moment_it_was_to_end_is_done():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    room(scene, "full")
    scene.end("A")
    scene.commit("A")
    room(scene, "")
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}


def test_on_a_full_disk_nothing_is_merged_and_no_phase_follows_until_there_is_room():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A")
    room(scene, "full")
    scene.commit("A")
    assert scene.state.leaving
    assert not scene.state.merging
    room(scene, "low")
    assert scene.state.merging == "A"


def test_a_write_that_found_no_room_on_a_disk_that_has_some_is_tried_later_and_later_and_then_asks():
    scene = Scene(plan("A")).approve()
    waits: list[float] = []
    for _ in range(policy.OUTAGE_TRIES):
        scene.start("A")
        scene.end("A", "failed", "disk", message="quota")
        waits.append(scene.state.sections["A"].until - scene.now)
        scene.now = scene.state.sections["A"].until
        scene.record([], "time")
    assert waits[:4] == [15.0, 30.0, 60.0, 120.0]
    assert max(waits) == policy.ROOM_MOST
    assert scene.state.sections["A"].tries == 0
    scene.start("A")
    scene.end("A", "failed", "disk", message="quota")
    assert scene.state.sections["A"].attention == "no room on the disk"


def test_a_person_can_stop_a_run_whose_disk_is_full_and_resume_it():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    room(scene, "full")
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    assert scene.state.phase is Phase.STOPPED
    scene.when(Resume())
    assert scene.state.sections["A"].attempts[1:] == []
    room(scene, "")
    assert begun(scene) == ["A", "A"]


def test_the_failure_of_a_disk_says_so_in_words():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A", "failed", "disk", message="[Errno 28] No space left on device")
    parked = scene.of(SectionParked)[-1]
    assert isinstance(parked, SectionParked)
    assert parked.why == "no room on the disk: [Errno 28] No space left on device"
    ended = scene.of(AttemptEnded)[-1]
    assert isinstance(ended, AttemptEnded)
    assert ended.failure == disk.CLASS


def test_an_attempt_is_known_to_have_been_under_way_on_a_full_disk_also_when_there_is_room_again():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    assert not disk.was_full(scene.state, scene.state.attempt("A", 1))
    scene.now += 10
    room(scene, "full")
    scene.now += 10
    room(scene, "")
    assert disk.was_full(scene.state, scene.state.attempt("A", 1))
    scene.now += 10
    scene.end("A", "failed", "disk")
    scene.now += 100
    scene.record([], "time")
    assert not disk.was_full(scene.state, scene.state.attempt("A", 2))
