"""Each section under way has a number of its own, the lowest that is free, through all its phases."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from scene import Scene, plan

from orch_tui.core.commands import Cancel, Retry, Skip, Stop
from orch_tui.worktree_settings import WorktreeSettings


def numbers(scene: Scene) -> dict[str, int]:
    return {name: scene.state.sections[name].number for name in scene.state.running}


def test_sections_side_by_side_have_numbers_of_their_own_and_the_lowest_is_given_again():
    scene = Scene(plan("A", "B", "C", "D", "E"), concurrency=3).approve()
    assert numbers(scene) == {"A": 1, "B": 2, "C": 3}
    scene.finish("B")
    assert numbers(scene) == {"A": 1, "C": 3, "D": 4}, "B kept its number until it was merged"
    scene.finish("C")
    assert numbers(scene) == {"A": 1, "D": 4, "E": 2}


def test_a_section_keeps_its_number_through_its_phases():
    scene = Scene(plan("A", "B"), worktree=WorktreeSettings(setup=("make",))).approve()
    scene.start("A", "B")
    scene.end("B")
    scene.end("A")
    assert numbers(scene) == {"A": 1, "B": 2}
    assert [attempt.slot for attempt in scene.state.sections["B"].attempts] == [2, 2]


def test_a_section_that_waits_for_another_try_has_none():
    scene = Scene(plan("A", "B", "C"), concurrency=2).approve()
    scene.start("A")
    scene.end("A", "failed", "crash")
    assert numbers(scene) == {"B": 2, "C": 1}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(0, 5)), max_size=40))
def test_no_two_sections_under_way_ever_have_the_same(steps: list[tuple[str, int]]):
    scene = Scene(plan("A", "B", "C", "D<-A", "E<-B", "F"), concurrency=3, workflow="minimal").approve()
    for name, what in steps:
        section = scene.state.sections[name]
        live = name in scene.state.live
        match what:
            case 0 if live:
                scene.finish(name)
            case 1 if live:
                scene.start(name)
                scene.end(name, "failed", "crash")
            case 2:
                scene.when(Skip(section=name))
            case 3:
                scene.when(Retry(section=name))
            case 4:
                scene.now += 1000
                scene.record([], "clock")
            case 5 if live and section.last and section.last.end_why:
                scene.end(name, "interrupted", "interrupted")
            case _:
                pass
        held = list(numbers(scene).values())
        assert 0 not in held
        assert len(set(held)) == len(held)
        idle = [one for one in scene.state.sections.values() if one.id not in scene.state.running]
        assert not any(one.number for one in idle)
        assert sorted(held + scene.state.free_numbers) == list(range(1, scene.state.top_number + 1))


def test_when_everything_has_ended_every_number_is_free_again():
    for command in (Stop(), Cancel()):
        scene = Scene(plan("A", "B"), concurrency=2).approve()
        scene.start("A", "B")
        scene.when(command)
        for name in "AB":
            scene.end(name, "interrupted", "interrupted")
        assert scene.state.free_numbers == [1, 2]
