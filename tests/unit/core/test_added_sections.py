"""Sections that the plan does not have: added by people, proposed by agents, and what becomes of them later."""

from __future__ import annotations

import pytest
from scene import Scene, plan

from orch_tui.core import proposing
from orch_tui.core.adding import taken
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptIntended, SectionProposed
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Accept, Discard, Dismiss, MendPlan, Retry, Unmend
from orch_tui.core.hashing import graph_sha, row
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import State
from orch_tui.plan.edits import AddEdge, AddNote, AddSection, Assign, Edit


def new(name: str = "N1", title: str = "Limits", text: str = "Say what is refused.", **hints: object) -> AddSection:
    return AddSection(section=name, title=title, text=text, **hints)  # type: ignore[arg-type]


def after(up: str, down: str) -> AddEdge:
    return AddEdge(upstream=up, downstream=down)


def mend(*edits: Edit, why: str = "") -> MendPlan:
    return MendPlan(edits=edits, why=why)


def proposed(scene: Scene, name: str = "A", **fields: object) -> None:
    """The agent at work on a section proposes one."""
    attempt = len(scene.state.sections[name].attempts)
    said: dict[str, object] = {"title": "Limits", "text": "Say what is refused.", "why": "nobody does", "n": 7}
    scene.record([SectionProposed(section=name, attempt=attempt, **{**said, **fields})], "agent")  # type: ignore[arg-type]


def working(*sections: str) -> Scene:
    """A run in which A is under way."""
    scene = Scene(plan(*sections)).approve()
    scene.start("A")
    return scene


def begun(scene: Scene) -> list[str]:
    return [event.section for event in scene.of(AttemptIntended) if isinstance(event, AttemptIntended)]


def same_again(scene: Scene) -> None:
    """The journal gives the same state, a snapshot does, and the graph is the approved one."""
    state, again = scene.state, State()
    for number, (event, cause) in enumerate(zip(scene.happened, scene.causes, strict=True), 1):
        apply(again, event, seq=number, at=1000.0, cause=cause)
    assert again == state
    assert decode_state(encode_state(state)) == state
    if state.approval:
        assert graph_sha(map(row, state.sections.values()), state, state.dependencies) == state.graph_sha


# --- added by a person ---


def test_an_added_section_runs_in_its_place_and_its_agent_is_told_its_words():
    scene = Scene(plan("A", "B<-A"))
    scene.when(mend(new(files=("f.py",), verify=("make test",)), after("A", "N1"), after("N1", "B"), why="it lacks"))
    section = scene.state.sections["N1"]
    assert (section.title, section.agent, section.added_by, section.slug) == ("Limits", "simulated", "me", "N1")
    assert (section.hints.files, section.hints.verify) == (("f.py",), ("make test",))
    assert PlanText("# A\n").told(section) == "Say what is refused."
    assert PlanText("# A\n").words(section).first == 0
    edge = next(one for one in scene.state.dependencies if one.downstream == "N1")
    assert (edge.kind, edge.evidence.by, edge.evidence.quote) == ("mended", "me", "it lacks")
    scene.approve().finish("A", "N1", "B")
    assert begun(scene) == ["A", "N1", "B"]
    same_again(scene)


def test_the_hash_covers_every_word_of_an_added_section():
    def sha(edit: AddSection, *more: Edit) -> str:
        scene = Scene(plan("A"))
        scene.when(mend(edit, *more))
        return scene.state.graph_sha

    others = (new("N2"), new(title="L"), new(text="Say."), new(files=("f",)), new(verify=("make",)))
    shas = [sha(new()), *map(sha, others), sha(new(), after("A", "N1")), sha(new(), after("N1", "A"))]
    assert len(set(shas)) == len(shas)


def test_taking_it_back_leaves_the_plan_as_it_was_read():
    scene = Scene(plan("A"))
    before = scene.state.graph_sha
    scene.when(mend(new(), after("A", "N1")))
    scene.when(mend(AddNote(section="N1", text="mind the gap")))
    scene.when(Unmend())
    scene.when(Unmend())
    assert (list(scene.state.sections), scene.state.graph_sha) == (["A"], before)
    same_again(scene)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (new("A"), "there is a section 'A' already, 'Title A'"),
        (new("a"), "there is a section 'A' already"),
        (new(title=" title a "), "there is a section 'A' already"),
        (new("no id"), "'no id' is no id"),
        (new(title="two\nlines"), "a title is one line"),
        (new(text=" \n"), "no words"),
        (new(text="x" * 20_001), "20001 characters, 20000 at most"),
        (new(verify=("",)), "commands that verify it"),
        (new(files=("x" * 501,)), "files are at most"),
        (new(verify=("make a\nmake b",)), "each one line"),
        (new(verify=("make \x1b[8mall",)), "characters that can be shown"),
    ],
)
def test_what_cannot_be_a_section_is_refused_in_words(edit: AddSection, words: str):
    assert words in Scene(plan("A")).refused(mend(edit))


def test_an_added_section_that_closes_a_circle_is_refused_and_the_circle_shown():
    reason = Scene(plan("A", "B<-A")).refused(mend(new(), after("B", "N1"), after("N1", "A")))
    assert "closes a circle" in reason
    assert "N1 ->" in reason or "N1" in reason.split("->")[-1]
    assert "line 0" not in reason


def test_two_with_one_name_or_title_are_not_added():
    scene = Scene(plan("A"))
    scene.when(mend(new()))
    assert "there is a section 'N1' already, 'Limits'" in scene.refused(mend(new("N2")))
    assert "there is a section 'N1' already" in scene.refused(mend(new(title="Other")))


def test_its_directory_is_never_one_that_another_section_had():
    scene = working("A", "B<-A")
    scene.when(mend(new("X.1", "Gone soon")))
    scene.when(scene.seen())
    scene.start("X.1")
    scene.end("X.1", "failed", "role")
    scene.when(Unmend())
    scene.when(scene.seen())
    assert "X.1" not in scene.state.sections
    assert "X.1" in set(taken(scene.state))
    scene.when(mend(new("X-1", "Another thing", "Do another thing.")))
    scene.when(scene.seen())
    assert scene.state.sections["X-1"].slug == "X-1-2"
    same_again(scene)


def test_it_stays_when_the_plan_file_changes_and_follows_the_sections_it_waits_for():
    scene = working("A", "B<-A")
    scene.when(mend(new(), after("B", "N1")))
    scene.when(scene.seen())
    scene.revise(plan("A", "C<-A", sha="q", titles={"C": "Title B"}))
    scene.when(scene.seen())
    assert scene.state.sections["N1"].upstream == ["C"]
    same_again(scene)


def test_a_plan_that_has_it_by_now_is_told_of_and_it_is_not_done_twice():
    scene = working("A", "B<-A")
    scene.when(mend(new(), after("A", "N1")))
    scene.when(mend(Assign(section="N1", what="priority", value="5")))
    scene.when(scene.seen())
    scene.finish("A", "N1")
    assert scene.state.sections["N1"].verdict == "done"
    scene.revise(plan("A", "B<-A", "C<-A", sha="q", titles={"C": "Limits"}))
    candidate = scene.state.candidate
    assert candidate is not None
    told = [finding.message for finding in candidate.findings if finding.type == "mend-not-applied"]
    assert any("there is a section 'C' already, 'Limits'; it is not added a second time" in words for words in told)
    scene.when(scene.seen())
    assert list(scene.state.sections) == ["A", "B", "C"]
    assert (scene.state.sections["C"].verdict, scene.state.sections["C"].priority) == ("done", 5)
    assert scene.state.sections["C"].attempts, "what was done stays with it"
    same_again(scene)


def test_another_section_that_has_its_id_by_now_is_left_alone():
    scene = Scene(plan("A"))
    scene.when(mend(new(), AddNote(section="N1", text="mind the gap")))
    scene.approve()
    scene.start("A")
    scene.revise(plan("A", "N1", sha="q", titles={"N1": "Something else"}))
    candidate = scene.state.candidate
    assert candidate is not None
    told = " ".join(finding.message for finding in candidate.findings)
    assert "there is a section 'N1' already, 'Something else'" in told
    assert "no section 'N1 (gone)'" in told, "the note is not about that one"


# --- proposed by an agent ---


def test_nothing_runs_of_a_proposal_before_a_person_accepted_and_approved_it():
    scene = working("A", "B<-A")
    proposed(scene, after=("a",), before=("B",), files=("f.py",), verify=("make test",), agent="script")
    assert list(scene.state.sections) == ["A", "B"]
    assert scene.state.candidate is None
    assert scene.state.edition is not None
    proposal = scene.state.edition.proposals["N1"].proposal
    assert (proposal.kind, proposal.ids, proposal.reason) == ("new-section", ("A",), "nobody does")
    assert proposal.source == "simulated, section A, attempt 1"
    scene.when(Accept(ids=("N1",)))
    assert list(scene.state.sections) == ["A", "B"], "accepted, and not approved"
    scene.when(scene.seen())
    section = scene.state.sections["N1"]
    assert (section.upstream, section.downstream, section.agent) == (["A"], ["B"], "script")
    scene.finish("A")
    assert begun(scene) == ["A", "N1"]
    same_again(scene)


def test_what_a_person_dismisses_opens_nothing_and_is_not_proposed_again():
    scene = working("A")
    proposed(scene)
    scene.when(Dismiss(ids=("N1",)))
    assert scene.state.candidate is None
    proposed(scene, text="In other words.")
    edition = scene.state.edition
    assert edition is not None
    assert [(name, one.fate) for name, one in edition.proposals.items()] == [("N1", "dismissed")]
    assert scene.refused(Accept()) == "no proposal is open"
    same_again(scene)


def test_an_attempt_that_is_made_again_doubles_no_proposal_and_its_words_are_the_last_ones():
    scene = working("A")
    proposed(scene)
    scene.end("A", "failed", "role")
    scene.when(Retry(section="A"))
    scene.start("A")
    proposed(scene, title="LIMITS", text="In other words.")
    proposed(scene, title="Colours", why="it is grey")
    edition = scene.state.edition
    assert edition is not None
    texts = {
        name: edit.text
        for name, one in edition.proposals.items()
        for edit in one.proposal.edits
        if isinstance(edit, AddSection)
    }
    assert texts == {"N1": "In other words.", "N2": "Say what is refused."}


def test_names_that_nobody_has_are_told_and_the_rest_can_be_accepted():
    scene = working("A")
    proposed(scene, after=("A", "Z"), agent="nobody")
    edition = scene.state.edition
    assert edition is not None
    reason = edition.proposals["N1"].proposal.reason
    assert "nobody does; it also names 'Z', which no section is called; it names the agent 'nobody'" in reason
    scene.when(Accept(ids=("N1",)))
    scene.when(scene.seen())
    assert scene.state.sections["N1"].upstream == ["A"]


def test_proposals_outlive_a_candidate_that_is_given_up_and_a_plan_that_is_read_anew():
    scene = working("A", "B<-A")
    scene.when(mend(Assign(section="B", what="priority", value="1")))
    proposed(scene, after=("B",))
    scene.when(Accept(ids=("N1",)))
    scene.when(Discard())
    edition = scene.state.edition
    assert edition is not None
    assert edition.proposals["N1"].fate == "open"
    scene.revise(plan("A", "C<-A", sha="q", titles={"C": "Title B"}))
    scene.when(Accept(ids=("N1",)))
    scene.when(scene.seen())
    assert scene.state.sections["N1"].upstream == ["C"]
    same_again(scene)


def proposals(scene: Scene) -> list[tuple[str, str]]:
    """The proposals of a run by id and by the section whose agent made them."""
    assert scene.state.edition is not None
    return [(name, one.proposal.ids[0]) for name, one in scene.state.edition.proposals.items()]


def test_what_two_agents_propose_under_one_title_are_two_proposals():
    scene = working("A", "B")
    scene.start("B")
    proposed(scene)
    proposed(scene, "B", text="In other words.")
    assert proposals(scene) == [("N1", "A"), ("N2", "B")]


def test_a_run_keeps_so_many_proposals_and_their_words_may_still_change(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proposing, "MOST", 1)
    scene = working("A")
    proposed(scene)
    proposed(scene, title="Colours")
    proposed(scene, text="In other words.")
    assert proposals(scene) == [("N1", "A")]
    assert scene.state.edition is not None
    added = scene.state.edition.proposals["N1"].proposal.edits[0]
    assert isinstance(added, AddSection)
    assert added.text == "In other words."


def test_a_proposal_has_never_the_id_of_a_section_that_was_taken_back_or_left_the_plan():
    scene = working("A")
    scene.when(mend(new(title="Taken back")))
    scene.when(Unmend())
    proposed(scene)
    assert proposals(scene) == [("N2", "A")]

    scene = working("A", "N1")
    scene.start("N1")
    scene.end("N1", "failed", "role")
    scene.revise(plan("A", sha="q"))
    scene.when(scene.seen())
    assert "N1" not in scene.state.sections
    proposed(scene)
    assert proposals(scene) == [("N2", "A")]
