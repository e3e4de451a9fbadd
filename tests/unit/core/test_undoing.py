"""Taking a section back: what goes with it, what is refused, and what becomes of them."""

from __future__ import annotations

import pytest
from scene import Scene, plan

from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Pause, Resume, Skip, Stop, Undo
from orch_tui.core.effects import UndoWork
from orch_tui.core.run_events import RunFinished, RunStopped
from orch_tui.core.undoing import tips
from orch_tui.core.work_events import MergeIntended, UndoFailed, UndoIntended, WorkUndone


def done(*sections: str) -> Scene:
    """A run that is over, in which A, B and so on were carried out in this order."""
    scene = Scene(plan(*sections)).approve()
    for word in sections:
        scene.finish(word[0])
    return scene


def undone(scene: Scene, name: str = "A") -> None:
    """The branch is without a section's work now."""
    number = len(scene.state.sections[name].attempts)
    scene.record([WorkUndone(section=name, attempt=number, commit="u")], "undo")


def test_what_builds_on_a_section_goes_with_it_and_all_is_done_again():
    scene = done("A", "B<-A", "C<-B", "D")
    scene.when(Undo(section="A"))
    assert scene.of(UndoIntended) == [UndoIntended(section="A", attempt=1, sections=("A", "B", "C"), by="me")]
    assert scene.effects[-1] == UndoWork(section="A", attempt=1)
    assert scene.state.phase.value == "running"
    undone(scene)
    assert scene.statuses() == {"A": "running", "B": "waiting", "C": "waiting", "D": "done"}
    assert scene.of(AttemptIntended)[-1].attempt == 2  # type: ignore[attr-defined]
    scene.finish("A", "B", "C")
    assert len(scene.of(RunFinished)) == 2


def test_nothing_begins_and_nothing_is_merged_while_something_is_taken_back():
    scene = Scene(plan("A", "B", "C<-A", "D", "E"), concurrency=3).approve()
    scene.finish("A")
    scene.start("B")
    before = len(scene.of(AttemptIntended))
    scene.when(Undo(section="A"))
    scene.end("B")
    scene.commit("B")
    assert scene.of(MergeIntended)[1:] == []
    assert len(scene.of(AttemptIntended)) == before
    undone(scene)
    assert len(scene.of(MergeIntended)) == 2
    assert len(scene.of(AttemptIntended)) > before


def test_when_it_cannot_be_taken_back_all_is_as_it_was_and_it_says_why():
    scene = done("A", "B<-A")
    scene.when(Undo(section="A"))
    scene.record([UndoFailed(section="A", attempt=1, why="it conflicts in f")], "undo")
    assert scene.statuses() == {"A": "done", "B": "done"}
    assert scene.state.sections["A"].detail == "not undone: it conflicts in f"
    assert scene.state.phase.value == "done"


def test_what_was_taken_back_once_is_not_looked_for_again():
    scene = done("A", "B<-A")
    assert tips(scene.state, ["A", "B"]).keys() == {""}
    scene.when(Undo(section="A"))
    undone(scene)
    assert tips(scene.state, ["A", "B"]) == {}
    scene.finish("A")
    assert list(tips(scene.state, ["A"])[""]) == ["c"]


def test_what_is_under_way_on_top_of_a_section_is_not_undone_behind_its_back():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.finish("A")
    assert scene.refused(Undo(section="A")) == "section 'B' is under way and builds on 'A'; cancel it first"


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("B", "section 'B' is not done, it is running"),
        ("Z", "no section 'Z'; there are A, B, C"),
        ("C", "section 'C' was done before this run began"),
    ],
)
def test_what_was_not_merged_in_this_run_is_not_undone(section, reason):
    scene = Scene(plan("A", "B", "C", done="C")).approve()
    assert scene.refused(Undo(section=section)) == reason


def test_a_section_that_is_skipped_passes_on_what_is_undone():
    scene = Scene(plan("A", "B<-A", "C<-B")).approve()
    scene.when(Skip(section="B"))
    scene.finish("A", "C")
    scene.when(Undo(section="A"))
    assert scene.state.undoing == ("A", "C")


def test_only_one_thing_is_undone_at_a_time():
    scene = done("A", "B")
    scene.when(Undo(section="A"))
    assert "is being undone" in scene.refused(Undo(section="B"))


def test_in_place_there_is_nothing_to_undo():
    scene = Scene(plan("A", "B"), isolation="none", concurrency=1).approve()
    scene.finish("A")
    assert "works in place" in scene.refused(Undo(section="A"))


def test_a_paused_run_is_undone_and_goes_on_when_it_is_resumed():
    scene = Scene(plan("A", "B<-A"), concurrency=1).approve()
    scene.when(Pause())
    scene.finish("A")
    scene.when(Undo(section="A"))
    undone(scene)
    assert scene.statuses() == {"A": "ready", "B": "waiting"}
    scene.when(Resume())
    assert scene.statuses() == {"A": "running", "B": "waiting"}


def test_a_run_is_not_stopped_before_what_is_being_undone_is_settled():
    scene = done("A", "B")
    scene.when(Undo(section="A"))
    scene.when(Stop())
    assert not scene.of(RunStopped)
    undone(scene)
    assert scene.of(RunStopped)
    assert "stopped" in scene.refused(Undo(section="B"))


def test_a_snapshot_while_something_is_undone_holds_everything():
    scene = done("A", "B")
    scene.when(Undo(section="A"))
    assert decode_state(encode_state(scene.state)) == scene.state


def test_another_plan_is_not_approved_while_something_is_taken_back():
    scene = done("A", "B<-A")
    scene.when(Undo(section="A"))
    scene.revise(plan("B", sha="q"))
    assert "A, B is being undone" in scene.refused(scene.seen())
    undone(scene)
    scene.when(scene.seen())
    assert scene.state.plan_sha == "q" * 64


def test_what_is_undone_twice_is_taken_back_twice():
    scene = done("A", "B")
    for _ in range(2):
        scene.when(Undo(section="A"))
        undone(scene)
        scene.finish("A")
    assert [attempt.undone for attempt in scene.state.sections["A"].attempts] == [True, True, False]
