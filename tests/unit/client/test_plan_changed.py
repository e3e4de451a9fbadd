"""What a person is told when the plan file says something else than the run was given."""

from __future__ import annotations

from pathlib import Path

from orch_tui.client.changes import GONE, fates
from orch_tui.client.editions import changed_sections
from orch_tui.client.launch import plan_changed
from orch_tui.plan.difference import Change
from orch_tui.testing.stage import Stage

PLAN = "# Tea\n\n## Section A: Boil\nDependencies: none\n\n## Section B: Pour\nDependencies: Section A\n"


def test_an_edited_plan_is_told_until_it_was_read_and_then_until_it_is_approved(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN)
    assert plan_changed(stage.state) == ""
    stage.plan.write_text(PLAN + "\n## Section C: Drink\nDependencies: Section B\n")
    assert "read it again before you approve" in plan_changed(stage.state)
    stage.approve()
    assert plan_changed(stage.state).endswith("the run goes on with the approved text, `revise` reads it again")
    stage.obey("revise", {"plan_sha": stage.sha})
    assert plan_changed(stage.state) == ""
    assert [(row.kind, row.id, row.words) for row in changed_sections(stage.state)] == [("new", "C", ("waits for B",))]
    stage.plan.write_text(PLAN + "\n## Section D: Wash up\nDependencies: Section B\n")
    assert "edited again since its changes were read" in plan_changed(stage.state)
    candidate = stage.state.candidate
    assert candidate is not None
    stage.obey("approve", {"plan_sha": candidate.read.plan_sha, "graph_sha": candidate.graph_sha})
    assert "edited since it was approved" in plan_changed(stage.state)
    assert list(stage.state.sections) == ["A", "B", "C"]


def test_a_plan_that_cannot_be_read_any_more_does_not_stop_the_run(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN)
    stage.plan.unlink()
    assert "the run goes on with the text it was given" in plan_changed(stage.state)


def test_what_is_gone_while_it_runs_is_not_taken_for_the_section_that_has_its_id_now(tmp_path: Path):
    sections = Stage(root=tmp_path, text=PLAN).state.sections
    gone = Change(kind="gone", id="B", old_id="B", title="Pour")
    assert fates(gone, sections["B"], sections["A"], running={"B"}, in_git=()) == GONE
    assert fates(gone, sections["B"], None, running={"B"}, in_git=()) == GONE


def test_what_is_being_committed_or_merged_is_left_to_its_end(tmp_path: Path):
    sections = Stage(root=tmp_path, text=PLAN).state.sections
    gone = Change(kind="gone", id="B", old_id="B", title="Pour")
    assert fates(gone, sections["B"], None, running={"B"}, in_git={"B"}) == ("leave",)
