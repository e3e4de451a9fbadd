"""Mends, proposals and what is approved, told as a story."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core import rules
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.commands import Accept, Approve, Cancel, Dismiss, MendPlan, Remend, Retry, Unmend
from orch_tui.core.mend_events import MendUndone, PlanMended, ProposalAccepted, ProposalDismissed
from orch_tui.core.run_events import PlanRead, RevisionRead, RunApproved
from orch_tui.core.state import State
from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    Assign,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    Proposal,
)
from orch_tui.plan.model import Finding, Hints

DIAMOND = ("A", "B<-A", "C<-A", "D<-B,C")


def mend(*edits: Edit, why: str = "") -> MendPlan:
    return MendPlan(edits=edits, why=why)


def begun(scene: Scene) -> list[str]:
    return [event.section for event in scene.of(AttemptIntended) if isinstance(event, AttemptIntended)]


def with_findings(read: PlanRead, *findings: Finding) -> PlanRead:
    return replace(read, findings=findings)


def found(kind: str, *ids: str) -> Finding:
    return Finding(type=kind, ids=ids, line=1, message=f"a finding: {kind}")  # type: ignore[arg-type]


def sha_after(*edits: Edit) -> str:
    scene = Scene(plan(*DIAMOND))
    scene.when(mend(*edits))
    return scene.state.graph_sha


# --- what mends do to a run ---


def test_a_mended_order_is_the_one_that_runs():
    scene = Scene(plan("A", "B<-A", "C<-B"), concurrency=3)
    scene.when(mend(DropEdge(upstream="A", downstream="B"), AddEdge(upstream="B", downstream="A")))
    scene.approve()
    assert begun(scene) == ["B"]
    scene.finish("B")
    assert begun(scene) == ["B", "A", "C"]


def test_a_section_left_out_is_skipped_with_the_reason_and_what_waits_for_it_goes_on():
    scene = Scene(plan("A", "B<-A"), concurrency=3)
    scene.when(mend(Exclude(section="A"), why="done by hand"))
    scene.approve()
    assert scene.statuses() == {"A": "skipped", "B": "running"}
    assert rules.why(scene.state, "A", 0.0)[0] == ("verdict", "skipped: left out by me: done by hand")
    assert "left out when the graph was approved" in scene.refused(Retry(section="A"))


def test_what_is_marked_done_is_not_run():
    scene = Scene(plan("A", "B<-A"))
    scene.when(mend(MarkDone(section="A")))
    scene.approve()
    assert begun(scene) == ["B"]
    assert scene.state.sections["A"].detail == "done already, says me"


def test_assignments_take_effect():
    scene = Scene(plan("A", "B"), concurrency=1)
    scene.when(
        mend(
            Assign(section="B", what="agent", value="script"),
            Assign(section="B", what="model", value="opus"),
            Assign(section="B", what="budget", value="2.5"),
            Assign(section="B", what="priority", value="7"),
            AddNote(section="B", text="mind the gap"),
        )
    )
    scene.approve()
    section = scene.state.sections["B"]
    assert begun(scene) == ["B"]
    assert section.last is not None
    assert (section.last.agent, section.model, section.budget_usd, section.cannot) == (
        "script",
        "opus",
        2.5,
        ("steer",),
    )
    assert [note.text for note in section.notes] == ["mind the gap"]


def test_a_priority_goes_before_the_longest_chain():
    scene = Scene(plan("A", "B<-A", "C"), concurrency=1)
    scene.when(mend(Assign(section="C", what="priority", value="1")))
    scene.approve()
    scene.finish("C")
    assert begun(scene) == ["C", "A"]


def test_the_longest_chain_is_that_of_the_mended_graph():
    scene = Scene(plan("A", "B", "C<-A"), concurrency=1)
    scene.when(mend(DropEdge(upstream="A", downstream="C"), AddEdge(upstream="B", downstream="C")))
    scene.approve()
    assert begun(scene) == ["B"]


def test_an_agent_that_is_not_installed_is_refused():
    words = Scene(plan("A")).refused(mend(Assign(section="A", what="agent", value="gpt")))
    assert words == "there is no agent 'gpt'; known: simulated, script"


def test_a_circle_is_refused_and_nothing_changed():
    scene = Scene(plan(*DIAMOND))
    before = scene.state.graph_sha
    words = scene.refused(mend(AddEdge(upstream="D", downstream="A")))
    assert "A (line 1) -> B (line 2) -> D (line 4) -> A" in words
    assert scene.state.graph_sha == before
    assert scene.state.edition is not None
    assert scene.state.edition.mends == []


def test_a_circle_of_the_plan_is_mended_away_and_can_be_approved():
    scene = Scene(plan("A<-B", "B<-A"))
    assert "A (line 1) -> B (line 2) -> A" in scene.refused(
        Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    )
    scene.when(mend(DropEdge(upstream="B", downstream="A")))
    assert scene.state.findings == ()
    scene.approve()
    assert begun(scene) == ["A"]


def test_a_circle_one_of_whose_sections_is_left_out_is_none():
    scene = Scene(plan("A<-B", "B<-A", "C<-A"))
    scene.when(mend(Exclude(section="A")))
    scene.approve()
    assert begun(scene) == ["B", "C"]


# --- exclusions of the plan ---


def test_two_that_never_run_side_by_side_take_turns():
    scene = Scene(plan("A", "B", "C", apart=["AB"]), concurrency=3).approve()
    assert begun(scene) == ["A", "C"]
    assert scene.statuses()["B"] == "waiting"
    assert rules.why(scene.state, "B", 0.0) == [("exclusive", "never at the same time as A, which is under way")]
    scene.start("A")
    scene.end("A")
    assert begun(scene) == ["A", "C"], "its work is not merged yet"
    scene.commit("A")
    scene.merge("A")
    assert begun(scene) == ["A", "C", "B"]


def test_one_of_three_that_exclude_each_other_runs_at_a_time():
    scene = Scene(plan("A", "B", "C", apart=["AB", "BC", "AC"]), concurrency=3).approve()
    assert begun(scene) == ["A"]
    scene.start("A")
    scene.end("A", "failed", "script")
    assert begun(scene) == ["A", "B"], "one that failed is in nobody's way"
    scene.finish("B")
    assert begun(scene) == ["A", "B", "C"]


def test_nothing_waits_for_a_section_that_waits_for_a_person():
    scene = Scene(plan("A", "B", apart=["AB"])).approve()
    scene.start("A")
    scene.end("A", "failed", "blocked")
    assert begun(scene) == ["A", "B"]


# --- back and forth ---


def test_mends_are_taken_back_and_made_again_one_at_a_time():
    scene = Scene(plan(*DIAMOND))
    shas = [scene.state.graph_sha]
    for name in "BCD":
        scene.when(mend(Exclude(section=name)))
        shas.append(scene.state.graph_sha)
    for expected in reversed(shas[:-1]):
        scene.when(Unmend())
        assert scene.state.graph_sha == expected
    assert scene.refused(Unmend()) == "there is no mend to take back"
    for expected in shas[1:]:
        scene.when(Remend())
        assert scene.state.graph_sha == expected
    assert scene.refused(Remend()) == "no mend was taken back that could be made again"


def test_of_two_who_take_back_the_same_mend_the_second_takes_back_none():
    scene = Scene(plan(*DIAMOND))
    scene.when(mend(Exclude(section="B")))
    scene.when(mend(Exclude(section="C")), by="kim")
    assert scene.state.edition is not None
    seen = scene.state.edition.mends[-1].record
    scene.when(Unmend(record=seen))
    assert scene.refused(Unmend(record=seen)) == (
        "the last mend is not the one you saw any more, but me's: 'B' left out; look again"
    )
    scene.when(Remend(record=seen))
    scene.when(Unmend(record=seen))
    scene.when(Unmend())
    assert "is not the one you saw any more" in scene.refused(Remend(record=seen))
    assert scene.statuses()["C"] == "waiting"


def test_a_new_mend_ends_the_way_forth():
    scene = Scene(plan(*DIAMOND))
    scene.when(mend(Exclude(section="B")))
    scene.when(Unmend())
    scene.when(mend(Exclude(section="C")))
    assert "no mend was taken back" in scene.refused(Remend())


def test_a_thousand_mends_there_and_back():
    scene = Scene(plan(*DIAMOND))
    before = scene.state.graph_sha
    for number in range(1000):
        scene.when(mend(Assign(section="A", what="priority", value=str(number - 500))))
    assert scene.state.sections["A"].priority == 499
    for _ in range(1000):
        scene.when(Unmend())
    assert scene.state.graph_sha == before
    for _ in range(1000):
        scene.when(Remend())
    assert scene.state.sections["A"].priority == 499


def test_the_journal_alone_gives_the_same_mended_state():
    scene = Scene(plan(*DIAMOND))
    scene.when(mend(Exclude(section="B", dependants="exclude"), AddNote(section="C", text="x"), why="y"))
    scene.when(mend(DropEdge(upstream="A", downstream="C")))
    scene.when(Unmend())
    scene.approve()
    again = State()
    for number, (event, cause) in enumerate(zip(scene.happened, scene.causes, strict=True), 1):
        apply(again, event, seq=number, at=1000.0, cause=cause)
    assert again == scene.state


# --- the hash ---


def test_the_hash_is_of_exactly_what_will_run():
    edits: list[Edit] = [
        AddEdge(upstream="B", downstream="C"),
        DropEdge(upstream="B", downstream="D"),
        Exclude(section="D"),
        MarkDone(section="D"),
        Assign(section="D", what="agent", value="script"),
        Assign(section="D", what="model", value="opus"),
        Assign(section="D", what="effort", value="high"),
        Assign(section="D", what="budget", value="1"),
        Assign(section="D", what="workflow", value="minimal"),
        Assign(section="D", what="priority", value="1"),
        AddNote(section="D", text="x"),
    ]
    shas = {sha_after(edit) for edit in edits}
    assert len(shas) == len(edits)
    assert Scene(plan(*DIAMOND)).state.graph_sha not in shas
    assert Scene(plan(*DIAMOND), isolation="none").state.graph_sha != Scene(plan(*DIAMOND)).state.graph_sha
    assert Scene(plan(*DIAMOND, apart=["BC"])).state.graph_sha != Scene(plan(*DIAMOND)).state.graph_sha


def test_what_was_approved_before_the_last_mend_is_not_approved_any_more():
    scene = Scene(plan(*DIAMOND))
    seen = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    scene.when(mend(Exclude(section="B")))
    assert "the graph changed since you looked" in scene.refused(seen)
    scene.approve()
    assert scene.of(RunApproved) == [
        RunApproved(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha, by="me")
    ]


# --- what a person has to answer ---


def test_alternatives_have_to_be_chosen_between():
    scene = Scene(with_findings(plan("A", "B"), found("alternatives", "A", "B")))
    asked = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    assert "leave out what shall not run, or confirm" in scene.refused(asked)
    scene.when(mend(Exclude(section="B")))
    assert scene.state.findings == ()
    scene.approve()
    assert begun(scene) == ["A"]


def test_one_alternative_that_is_done_is_no_choice_against_the_other():
    scene = Scene(with_findings(plan("A", "B", done="A"), found("alternatives", "A", "B")))
    asked = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    assert "a finding: alternatives" in scene.refused(asked)
    scene.when(replace(asked, confirm=True))
    assert begun(scene) == ["B"]


def test_a_retired_plan_is_approved_on_the_second_word_only():
    scene = Scene(with_findings(plan("A", "B"), found("retired")))
    asked = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    assert "confirm that you mean it" in scene.refused(asked)
    scene.when(replace(asked, confirm=True))
    assert scene.state.approval is not None


def test_confirming_is_no_way_past_a_circle():
    scene = Scene(plan("A<-B", "B<-A"))
    asked = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha, confirm=True)
    assert "drop a dependency" in scene.refused(asked)


@pytest.mark.parametrize(
    ("kind", "ids", "edit", "stands"),
    [
        ("deferred-item", ("B",), Exclude(section="B"), False),
        ("deferred-item", ("B",), Exclude(section="C"), True),
        ("orphaned", ("E",), AddEdge(upstream="B", downstream="E"), False),
        ("orphaned", ("E",), AddEdge(upstream="B", downstream="C"), True),
        ("too-large", ("B",), MarkDone(section="B"), False),
        ("contradiction", ("A", "B"), DropEdge(upstream="A", downstream="B"), False),
        ("contradiction", ("A", "D"), DropEdge(upstream="A", downstream="B"), True),
        ("no-dependencies-stated", (), AddEdge(upstream="D", downstream="E"), False),
        ("no-dependencies-stated", (), MarkDone(section="E"), True),
        ("unknown-reference", ("B",), Exclude(section="B"), True),
    ],
)
def test_a_finding_stands_until_a_mend_answers_it(kind: str, ids: tuple[str, ...], edit: Edit, stands: bool):
    scene = Scene(with_findings(plan(*DIAMOND, "E"), found(kind, *ids)))
    scene.when(mend(edit))
    assert [finding.type for finding in scene.state.findings] == ([kind] if stands else [])


def sharing(*names: str, apart: tuple[str, ...] = ()) -> Scene:
    """A diamond in which some sections name the same file."""
    read = plan(*DIAMOND, apart=apart)
    sections = tuple(replace(one, hints=Hints(files=("a.py",))) if one.id in names else one for one in read.sections)
    return Scene(replace(read, sections=sections))


@pytest.mark.parametrize(
    "edit", [AddEdge(upstream="B", downstream="C"), MarkDone(section="B"), Exclude(section="C")], ids=lambda e: e.edit
)
def test_sections_that_may_collide_over_a_file_are_told_until_they_cannot(edit: Edit):
    scene = sharing("B", "C")
    assert [(finding.type, finding.ids) for finding in scene.state.findings] == [("file-overlap", ("B", "C"))]
    scene.when(mend(edit))
    assert scene.state.findings == ()


def test_a_mend_that_lets_sections_collide_is_told():
    scene = sharing("A", "B")
    assert scene.state.findings == ()
    scene.when(mend(DropEdge(upstream="A", downstream="B")))
    assert [finding.ids for finding in scene.state.findings] == [("A", "B")]


def test_sections_that_take_turns_do_not_collide():
    assert sharing("B", "C", apart=("BC",)).state.findings == ()


# --- proposals ---


def proposal(name: str, *edits: Edit) -> Proposal:
    return Proposal(
        id=name, kind="missing-edge", ids=("B", "C"), line=2, quote="q", reason="C reads B", source="r", edits=edits
    )


def proposed(*proposals: Proposal) -> Scene:
    return Scene(replace(plan(*DIAMOND), proposals=proposals))


def test_all_that_was_accepted_at_once_is_taken_back_and_accepted_again_one_by_one():
    one, two = DropEdge(upstream="A", downstream="B"), AddEdge(upstream="B", downstream="C")
    scene = proposed(proposal("v1-1", one), proposal("v1-2", two))
    assert scene.state.edition is not None
    before = scene.state.graph_sha
    scene.when(Accept())
    after = scene.state.graph_sha
    for step, sha, fate in ((Unmend(), before, "open"), (Remend(), after, "accepted"), (Unmend(), before, "open")):
        scene.when(step)
        scene.when(step)
        assert scene.state.graph_sha == sha
        assert {one.fate for one in scene.state.edition.proposals.values()} == {fate}


def test_a_proposal_changes_nothing_until_it_is_accepted():
    scene = proposed(proposal("p1", AddEdge(upstream="B", downstream="C")))
    assert scene.state.graph_sha == Scene(plan(*DIAMOND)).state.graph_sha
    events = scene.when(Accept(ids=("p1",)), by="kim")
    assert events[1:] == [
        ProposalAccepted(proposal="p1", by="kim"),
        PlanMended(edits=(AddEdge(upstream="B", downstream="C"),), by="kim", why="C reads B", source="p1"),
    ]
    assert scene.state.sections["C"].upstream == ["A", "B"]
    assert "kim accepted proposal 'p1' already" in scene.refused(Accept(ids=("p1",)))


def test_an_accepted_proposal_that_is_taken_back_is_open_again():
    scene = proposed(proposal("p1", AddEdge(upstream="B", downstream="C")))
    scene.when(Accept())
    scene.when(Unmend())
    edition = scene.state.edition
    assert edition is not None
    assert edition.proposals["p1"].fate == "open"
    scene.when(Remend())
    assert edition.proposals["p1"].fate == "accepted"


def test_all_at_once_takes_those_that_fit():
    scene = proposed(
        proposal("p1", AddEdge(upstream="B", downstream="C")),
        proposal("p2", AddEdge(upstream="C", downstream="B")),
        proposal("p3"),
    )
    events = scene.when(Accept())
    assert [event.proposal for event in events if isinstance(event, ProposalAccepted)] == ["p1", "p3"]
    assert "proposal 'p2': that closes a circle" in scene.refused(Accept())
    assert "proposal 'p2': that closes a circle" in scene.refused(Accept(ids=("p2",)))


def test_a_proposal_that_was_dismissed_by_mistake_is_accepted_by_its_name():
    scene = proposed(proposal("p1", AddEdge(upstream="B", downstream="C")))
    scene.when(Dismiss())
    assert scene.refused(Accept()) == "no proposal is open"
    scene.when(Accept(ids=("p1",)))
    assert scene.state.sections["C"].upstream == ["A", "B"]
    assert "accepted proposal 'p1' already" in scene.refused(Dismiss(ids=("p1",)))


def test_dismissed_proposals_stay_dismissed_when_the_plan_is_read_again():
    one = proposal("p1", AddEdge(upstream="B", downstream="C"))
    scene = proposed(one, proposal("p2"))
    assert scene.when(Dismiss(ids=("p1",)))[1:] == [ProposalDismissed(proposal="p1", by="me")]
    assert scene.refused(Accept(ids=("p9",))) == "there is no proposal 'p9'; there are p1, p2"
    again = replace(plan(*DIAMOND), proposals=(one,), plan_sha="q" * 64)
    scene.revise(again)
    edition = scene.state.edition
    assert edition is not None
    assert (edition.proposals["p1"].fate, scene.state.plan_sha) == ("dismissed", "q" * 64)
    scene.when(Dismiss())
    assert scene.refused(Dismiss()) == "no proposal is open"


# --- while it runs ---


def test_a_mend_of_a_run_under_way_makes_a_candidate_and_changes_nothing_that_runs():
    scene = Scene(plan(*DIAMOND)).approve()
    before = scene.state.graph_sha
    scene.when(mend(Exclude(section="D")))
    assert scene.state.graph_sha == before
    assert scene.statuses()["D"] == "waiting"
    candidate = scene.state.candidate
    assert candidate is not None
    assert candidate.graph_sha != before
    assert len(candidate.mends) == 1
    scene.when(Unmend())
    assert candidate.graph_sha == before


def test_the_plan_read_again_while_it_runs_is_a_candidate_with_the_same_mends():
    scene = Scene(plan(*DIAMOND))
    scene.when(mend(Exclude(section="B")))
    scene.approve()
    events = scene.revise(plan(*DIAMOND, "E<-D"))
    assert isinstance(events[1], RevisionRead)
    assert list(scene.state.sections) == ["A", "B", "C", "D"]
    assert scene.state.candidate is not None
    assert [one.edits for one in scene.state.candidate.mends] == [(Exclude(section="B"),)]


def test_nothing_is_mended_in_a_run_that_was_cancelled():
    scene = Scene(plan("A")).approve()
    scene.when(Cancel())
    assert "cancelled" in scene.refused(mend(Exclude(section="A")))


def test_who_undid_it_is_in_the_journal():
    scene = Scene(plan("A", "B"))
    scene.when(mend(Include(section="A")))
    scene.when(mend(Exclude(section="A")))
    scene.when(Unmend(), by="lu")
    assert scene.of(MendUndone) == [MendUndone(by="lu")]
