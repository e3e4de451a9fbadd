"""A section that is left out passes on what it would have waited for to those behind it."""

from __future__ import annotations

from dataclasses import replace

from scene import Scene, plan

from orch_tui.core import rules
from orch_tui.core.commands import MendPlan, Retry, Skip
from orch_tui.core.settling import count_all
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import DropEdge, Edit, Exclude, MarkDone
from orch_tui.plan.model import Hints
from orch_tui.plan.passing import longest_chain

CHAIN = ("A", "B<-A", "C<-B", "D<-C")


def approved(*edits: Edit, sections: tuple[str, ...] = CHAIN) -> Scene:
    scene = Scene(plan(*sections), isolation="none")
    for edit in edits:
        scene.when(MendPlan(edits=(edit,)))
    return scene.approve()


def said(scene: Scene, section: str) -> list[str]:
    return [words for _, words in rules.why(scene.state, section, scene.now)]


def test_what_is_behind_a_section_that_is_left_out_waits_for_what_is_before_it():
    scene = approved(Exclude(section="B"), Exclude(section="C"))
    assert scene.statuses() == {"A": "running", "B": "skipped", "C": "skipped", "D": "waiting"}
    assert said(scene, "D") == ["waiting for 1 of 1: A running"]
    scene.finish("A")
    assert scene.statuses()["D"] == "running"


def test_a_section_that_is_done_passes_nothing_on():
    scene = approved(MarkDone(section="B"))
    assert scene.statuses() == {"A": "running", "B": "done", "C": "running", "D": "waiting"}


def test_skipping_a_section_before_its_turn_lets_nobody_run_ahead_of_what_it_waits_for():
    scene = approved()
    scene.when(Skip(section="B"))
    assert scene.statuses()["C"] == "waiting"
    scene.finish("A")
    assert scene.statuses()["C"] == "running"


def test_a_failure_blocks_through_a_section_that_is_left_out_and_is_the_one_to_be_tried_again():
    scene = approved(Exclude(section="B"))
    scene.start("A")
    scene.end("A", "failed", "script")
    assert scene.statuses() == {"A": "failed", "B": "skipped", "C": "blocked", "D": "blocked"}
    assert said(scene, "C") == ["blocked: A failed", "the run is failed", "waiting for 1 of 1: A failed"]
    assert scene.refused(Retry(section="C")) == "section 'C' waits for 'A', which failed; retry or skip that one"
    scene.when(Skip(section="A"))
    assert scene.statuses()["C"] == "running"
    before = scene.statuses(), [one.unmet for one in scene.state.sections.values()]
    count_all(scene.state)
    assert before == (scene.statuses(), [one.unmet for one in scene.state.sections.values()])


def test_counting_anew_finds_a_failure_behind_a_section_that_is_left_out():
    scene = approved(Exclude(section="B"))
    scene.start("A")
    scene.end("A", "failed", "script")
    before = [(one.unmet, one.broken, one.frees, one.breaks) for one in scene.state.sections.values()]
    count_all(scene.state)
    assert before == [(one.unmet, one.broken, one.frees, one.breaks) for one in scene.state.sections.values()]


def test_leaving_out_a_section_of_a_circle_breaks_it():
    scene = approved(Exclude(section="B"), sections=("A<-B", "B<-A", "C<-B"))
    assert scene.statuses() == {"A": "running", "B": "skipped", "C": "running"}


def test_one_that_was_left_out_to_break_a_circle_passes_no_failure_on():
    scene = approved(Exclude(section="B"), sections=("A<-B", "B<-A", "C<-B,D", "D"))
    scene.start("A")
    scene.end("A", "failed", "script")
    scene.finish("D")
    assert scene.statuses() == {"A": "failed", "B": "skipped", "C": "running", "D": "done"}


def test_one_that_was_left_out_passes_on_again_what_it_waits_for_once_the_circle_is_broken_elsewhere():
    scene = approved(
        Exclude(section="B"),
        DropEdge(upstream="C", downstream="A"),
        sections=("A<-C", "B<-A", "C<-B", "X<-C", "Y<-X"),
    )
    assert scene.statuses() == {"A": "running", "B": "skipped", "C": "waiting", "X": "waiting", "Y": "waiting"}


def test_sections_that_wait_through_one_that_is_left_out_do_not_collide():
    read = plan(*CHAIN)
    sections = tuple(replace(one, hints=Hints(files=("a.py",))) if one.id in "AC" else one for one in read.sections)
    scene = Scene(replace(read, sections=sections))
    scene.when(MendPlan(edits=(Exclude(section="B"),)))
    assert scene.state.findings == ()


def test_the_longest_chain_goes_through_what_is_left_out_and_does_not_count_it():
    graph = Graph("ABCDE", [("A", "B"), ("B", "C"), ("C", "D"), ("A", "E")])
    assert longest_chain(graph, (), {"B"}) == ["A", "C", "D"]
    assert longest_chain(graph, ("A",), {"B", "C"}) == ["D"]
    scene = Scene(plan("A", "X<-A", "B<-A", "C<-B", "D<-C"))
    scene.when(MendPlan(edits=(Exclude(section="B"),)))
    assert [one.height for one in scene.state.sections.values()] == [3, 1, 2, 2, 1]


def test_of_two_alternatives_one_is_enough_when_it_is_done_already():
    scene = Scene(plan("A", "B", "C<-A|B", "D<-B"), isolation="none")
    scene.when(MendPlan(edits=(MarkDone(section="A"),)))
    assert [one.height for one in scene.state.sections.values()] == [0, 2, 1, 1]
    assert scene.approve().statuses() == {"A": "done", "B": "running", "C": "running", "D": "waiting"}
    scene.finish("B")
    assert [one.unmet for one in scene.state.sections.values()] == [0, 0, 0, 0]
