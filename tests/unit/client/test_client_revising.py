"""The plan that runs beside the plan as it is now: groups, edges that came and went, what a person may choose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui.client.editions import changed_around
from orch_tui.client.reviewing import Reviewed
from orch_tui.client.revising import ChangeRow, Revision
from orch_tui.core.plan_text import PlanText
from orch_tui.plan.model import Evidence, Exclusion
from orch_tui.testing.stage import Stage

PLAN = """# Plan

## Section A: Make it
Dependencies: none

By hand.

## Section B: Use it
Dependencies: Section A

Often.

## Section C: Check it
Dependencies: Section B

Twice.
"""


def under_way(root: Path, text: str) -> Stage:
    """A is done, B at work, and the file says `text` now."""
    made = Stage(root=root, text=PLAN)
    made.approve()
    made.start("A").close()
    made.finish("A", cost=0.1)
    made.start("B").close()
    made.plan.write_text(text)
    made.obey("revise", {"plan_sha": ""})
    return made


def revision(made: Stage) -> Revision:
    reviewed = Reviewed.of(made.state)
    assert reviewed is not None
    return Revision(made.state, reviewed)


def row(found: Revision, name: str) -> ChangeRow:
    return next(one for one in found.rows if one.change.id == name)


def test_changes_stand_in_groups_by_what_matters_most(tmp_path):
    text = PLAN.replace("By hand.", "By machine.").replace("C: Check it", "C: Prove it")
    found = revision(under_way(tmp_path, text + "\n## Section D: Tell\nDependencies: Section C\n\nAll.\n"))
    assert {title: [one.change.id for one in rows] for title, rows in found.groups().items()} == {
        "New": ["D"],
        "Reworded": ["A"],
        "Renamed": ["C"],
    }


@pytest.mark.parametrize(
    ("old", "new", "name", "fates"),
    [
        ("By hand.", "By machine.", "A", ("keep", "redo")),
        ("Often.", "Seldom.", "B", ("leave", "restart", "stop")),
        ("Twice.", "Thrice.", "C", ()),
        ("A: Make it", "A: Make it all", "A", ()),
    ],
)
def test_a_person_chooses_about_what_is_finished_and_reworded_and_about_what_runs(tmp_path, old, new, name, fates):
    assert row(revision(under_way(tmp_path, PLAN.replace(old, new))), name).fates == fates


def test_a_running_section_that_is_gone_cannot_begin_again(tmp_path):
    text = PLAN[: PLAN.index("## Section B")] + PLAN[PLAN.index("## Section C") :].replace("Section B", "Section A")
    found = revision(under_way(tmp_path, text))
    assert row(found, "B").group == "Gone"
    assert row(found, "B").fates == ("leave", "stop")


def test_a_running_section_that_is_left_out_can_only_be_stopped(tmp_path):
    made = under_way(tmp_path, PLAN)
    made.obey("mend", {"edits": [{"edit": "exclude", "section": "B", "dependants": "release"}]})
    assert row(revision(made), "B").fates == ("stop",)


def test_edges_that_came_and_went_have_their_words(tmp_path):
    found = revision(under_way(tmp_path, PLAN.replace("Dependencies: Section B", "Dependencies: Section A")))
    less, more = found.edges(row(found, "C"))
    assert [(edge.upstream, edge.quote) for edge in less] == [("B", "Dependencies: Section B")]
    assert [(edge.upstream, edge.quote) for edge in more] == [("A", "Dependencies: Section A")]


def test_a_renumbered_upstream_is_no_other_edge(tmp_path):
    text = PLAN.replace("Section A", "Section Z")
    found = revision(under_way(tmp_path, text))
    assert row(found, "Z").words == ("was A",)
    assert found.edges(row(found, "B")) == ((), ())  # reworded, since it says "Section Z", and nothing else


def test_the_texts_of_both_versions_are_compared(tmp_path):
    text = PLAN.replace("By hand.", "By machine.")
    found = revision(under_way(tmp_path, text))
    parts = found.text(row(found, "A"), PlanText(PLAN), PlanText(text))
    changed = [part for part in parts if not part.same]
    assert [(part.old[0].text, part.new[0].text) for part in changed] == [("By hand.", "By machine.")]


def test_what_changed_outside_the_sections_is_told_too(tmp_path):
    text = PLAN.replace("# Plan\n", "# Another plan\n\nIn this tone.\n", 1)
    made = under_way(tmp_path, text)
    assert made.state.candidate is not None
    candidate = made.state.candidate
    evidence = Evidence(line=1, quote="never")
    candidate.read = replace(
        candidate.read,
        settings=replace(candidate.read.settings, concurrency=7, model="m"),
        exclusions=(Exclusion(one="A", other="C", evidence=evidence),),
    )
    assert made.state.edition is not None
    made.state.edition.read = replace(
        made.state.edition.read,
        preamble="Other words.",
        exclusions=(Exclusion(one="A", other="B", evidence=evidence),),
    )
    found = revision(made)
    assert found.rows == ()
    assert found.around == (
        "title: “Plan” -> “Another plan”",
        "the words before the sections, which sessions that begin from now on are given",
        "model: not said -> m",
        f"concurrency: {made.state.settings.concurrency} -> 7",
        "A and B may run side by side",
        "A and C never run side by side",
    )
    assert changed_around(made.state) == found.around
