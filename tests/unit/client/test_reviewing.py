"""The graph as the review sees it: edges from both ends, people's changes, findings, proposals, the critical path."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client.reviewing import Reviewed
from orch_tui.plan.edits import AddEdge, Proposal
from orch_tui.plan.model import Finding
from orch_tui.testing.stage import Stage

PLAN = """# Plan

## Section A: Make
Dependencies: none

## Section B: Use
Dependencies: Section A (the [bold] file)

## Section C: Check
Dependencies: Section B

## Section D: Aside
Dependencies: none
"""
CHOICE = PLAN.replace("Dependencies: Section B\n", "Dependencies: Section B or Section D\n")


def stage(tmp_path: Path, *edits: dict[str, object], **options: object) -> Stage:
    made = Stage(root=tmp_path, **{"text": PLAN, **options})
    for edit in edits:
        made.obey("mend", {"edits": [edit], "why": "so\nit is"}, actor="me")
    return made


def reviewed(made: Stage) -> Reviewed:
    found = Reviewed.of(made.state)
    assert found is not None
    return found


def test_edges_are_seen_from_both_ends_with_line_and_words(tmp_path):
    seen = reviewed(stage(tmp_path))
    (up, _) = seen.edges("B")
    assert (up.direction, up.other, up.line, up.needs) == ("waits for", "A", 7, "the [bold] file")
    assert up.quote == "Dependencies: Section A (the [bold] file)"
    (down,) = seen.edges("A")
    assert (down.direction, down.other) == ("before", "B")


def test_an_edge_of_which_nobody_waits_says_which_alternative_is_done(tmp_path):
    made = stage(tmp_path, text=CHOICE)
    found = [(row.other, row.instead, row.satisfied_by) for row in reviewed(made).edges("C")]
    assert found == [("B", "D", ""), ("D", "B", "")]
    made.obey("mend", {"edits": [{"edit": "mark-done", "section": "D"}]}, actor="me")
    assert [(row.other, row.satisfied_by) for row in reviewed(made).edges("C")] == [("B", "D"), ("D", "")]
    assert [(row.other, row.instead, row.satisfied_by) for row in reviewed(made).edges("D")] == [("C", "B", "")]
    assert reviewed(made).critical_path == ("A", "B")


def test_an_edge_says_while_it_runs_which_alternative_is_done(tmp_path):
    made = stage(tmp_path, text=CHOICE)
    made.approve()
    seen = reviewed(made)
    assert seen.edges("C")[0].satisfied_by == ""
    made.start("D").close()
    made.finish("D", cost=0.0)
    assert [(row.other, row.satisfied_by) for row in seen.edges("C")] == [("B", "D"), ("D", "")]


def test_with_a_choice_the_wave_is_the_one_behind_the_first_option_that_is_not_left_out(tmp_path):
    made = stage(tmp_path, text=CHOICE)
    assert reviewed(made).waves == (("A", "D"), ("B", "C"))
    made.obey("mend", {"edits": [{"edit": "exclude", "section": "D"}]}, actor="me")
    assert reviewed(made).waves == (("A", "D"), ("B",), ("C",))


def test_a_mended_edge_has_a_person_in_place_of_a_quote(tmp_path):
    seen = reviewed(stage(tmp_path, {"edit": "add-edge", "upstream": "D", "downstream": "A"}))
    (edge,) = [row for row in seen.edges("A") if row.other == "D"]
    assert (edge.by, edge.why, edge.quote, edge.kind) == ("me", "so it is", "", "mended")
    assert edge.at > 0


@pytest.mark.parametrize("edit", ["drop-edge", "reverse-edge"])
def test_an_edge_a_person_took_away_keeps_the_plans_words_and_theirs(tmp_path, edit):
    seen = reviewed(stage(tmp_path, {"edit": edit, "upstream": "A", "downstream": "B"}))
    (gone,) = seen.dropped("B")
    assert (gone.other, gone.quote) == ("A", "Dependencies: Section A (the [bold] file)")
    assert (gone.by, gone.why) == ("me", "so it is")
    assert [row.other for row in seen.dropped("A")] == ["B"]


def test_what_forbids_approval_comes_first(tmp_path):
    found = (
        Finding(type="contradiction", ids=("A",), line=4, message="odd"),
        Finding(type="too-many-dependencies", ids=("A", "B"), line=3, message="A and B name too much"),
    )
    seen = reviewed(stage(tmp_path, findings=found))
    assert [(row.type, row.blocking) for row in seen.findings()] == [
        ("too-many-dependencies", True),
        ("contradiction", False),
    ]
    assert [row.type for row in seen.findings("B")] == ["too-many-dependencies"]
    assert seen.findings("C") == ()


def test_flags_count_what_there_is_of_each(tmp_path):
    proposal = Proposal(
        id="p",
        kind="missing-edge",
        ids=("D",),
        line=13,
        quote="none",
        reason="why not",
        source="reader",
        edits=(AddEdge(upstream="C", downstream="D"),),
    )
    done = {"edit": "mark-done", "section": "A"}
    seen = reviewed(stage(tmp_path, done, proposals=(proposal,)))
    assert (seen.flags("C").critical, seen.flags("D").critical) == (True, False)
    assert seen.flags("A").mended == 1
    assert (seen.flags("C").proposals, seen.flags("D").proposals) == (1, 1)
    (row,) = seen.proposals("C")
    assert (row.edges, row.fate) == ((("C", "D"),), "open")


def test_the_critical_path_is_of_what_is_still_to_be_done(tmp_path):
    assert reviewed(stage(tmp_path)).critical_path == ("A", "B", "C")
    (tmp_path / "other").mkdir()
    made = stage(tmp_path / "other", {"edit": "mark-done", "section": "A"})
    assert reviewed(made).critical_path == ("B", "C")


def test_what_is_behind_a_section_leaves_out_what_is_not_carried_out(tmp_path):
    seen = reviewed(stage(tmp_path, {"edit": "exclude", "section": "C", "dependants": "release"}))
    assert seen.behind("A") == ["B"]


def test_the_stamp_changes_with_every_decision_of_a_person(tmp_path):
    made = stage(tmp_path)
    seen = [Reviewed.stamp(made.state)]
    note = {"edit": "add-note", "section": "A", "text": "hear, hear"}
    for op, args in (("mend", {"edits": [note]}), ("unmend", {}), ("remend", {}), ("unmend", {})):
        made.clock.now += 1
        made.obey(op, args)
        seen.append(Reviewed.stamp(made.state))
    assert seen[0] != seen[1] != seen[2] != seen[3]
    assert seen[2] == seen[4]


def test_a_mend_in_a_run_that_is_approved_is_seen_in_the_candidate_only(tmp_path):
    made = stage(tmp_path)
    made.approve()
    made.obey("mend", {"edits": [{"edit": "exclude", "section": "C", "dependants": "release"}]})
    seen = reviewed(made)
    assert seen.candidate
    assert seen.sections["C"].planned == "excluded"
    assert made.state.sections["C"].planned == ""
