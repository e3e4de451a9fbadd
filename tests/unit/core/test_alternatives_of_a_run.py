"""Of "1 or 2" one is enough while the run is under way: what is ready, blocked, said, and the same after a replay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import Scene, plan

from orch_tui.core import choosing, rules
from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Cancel, MendPlan, Pause, Retry, Skip
from orch_tui.core.settling import count_all
from orch_tui.core.state import State
from orch_tui.plan.edits import AddEdge, DropEdge, Edit, Exclude, Include, MarkDone, ReverseEdge

MANY = 40
"""Sections that may run at once: no slot is ever waited for."""


def scene(*sections: str, mends: tuple[Edit, ...] = ()) -> Scene:
    made = Scene(plan(*sections), isolation="none", concurrency=MANY)
    for edit in mends:
        made.when(MendPlan(edits=(edit,)))
    return made.approve()


def fail(made: Scene, *names: str) -> None:
    for name in names:
        made.start(name)
        made.end(name, "failed", "script")


def play(made: Scene, story: str) -> None:
    """ "A+ B- C~ D!": A is done, B fails, C is skipped, D is cancelled."""
    for word in story.split():
        name = word[0]
        match word[1]:
            case "+":
                made.finish(name)
            case "-":
                fail(made, name)
            case "~":
                made.when(Skip(section=name))
            case _:
                made.when(Cancel(section=name))


def consistent(made: Scene) -> None:
    """Counting anew, a snapshot and a replay give the same."""
    state = made.state
    assert decode_state(encode_state(state)) == state
    again = State()
    for number, (event, cause) in enumerate(zip(made.happened, made.causes, strict=True), 1):
        apply(again, event, seq=number, at=1000.0, cause=cause)
    assert again == state
    count_all(again)
    assert again == state


def said(made: Scene, section: str) -> str:
    """Why it is not started, the first words."""
    return dict(rules.why(made.state, section, made.now)).get("dependencies", "")


@pytest.mark.parametrize(
    ("needs", "story", "status"),
    [
        ("A|B", "", "waiting"),
        ("A|B", "A+", "running"),
        ("A|B", "B+", "running"),
        ("A|B", "A-", "waiting"),
        ("A|B", "A!", "waiting"),
        ("A|B", "A- B+", "running"),
        ("A|B", "A+ B-", "running"),
        ("A|B", "A- B-", "blocked"),
        ("A|B", "A- B!", "blocked"),
        ("A|B", "A~", "waiting"),
        ("A|B", "A~ B+", "running"),
        ("A|B", "A~ B-", "blocked"),
        ("A|B", "A- B~", "blocked"),
        ("A|B", "A~ B~", "running"),
        ("A|B|C", "A- B-", "waiting"),
        ("A|B|C", "A- B- C+", "running"),
        ("A|B,C", "A+", "waiting"),
        ("A|B,C", "C+", "waiting"),
        ("A|B,C", "B+ C+", "running"),
        ("A|B,C", "A+ C-", "blocked"),
        ("A,B|C", "B+", "waiting"),
        ("A|B,C|D", "A+", "waiting"),
        ("A|B,C|D", "A+ D+", "running"),
        ("A|B,C|D", "A+ C- D-", "blocked"),
        ("A|B,B|C", "B+", "running"),
        ("A|B,B|C", "A+", "waiting"),
        ("A|B,B|C", "A+ C+", "running"),
        ("A|B,A", "B+", "waiting"),
        ("A|B,A", "A+", "running"),
        ("A+B|C", "A+", "waiting"),
        ("A+B|C", "A+ B+", "running"),
        ("A+B|C", "C+", "running"),
        ("A+B|C", "A-", "waiting"),
        ("A+B|C", "A- C+", "running"),
        ("A+B|C", "A- C-", "blocked"),
        ("A+B|C", "A~ B+", "running"),
        ("A+B|C+D", "A+ C+", "waiting"),
        ("A+B|C+D", "A+ C+ D+", "running"),
    ],
)
def test_of_alternatives_one_is_enough_and_none_blocks_while_another_can_be_done(needs: str, story: str, status: str):
    made = scene("A", "B", "C", "D", f"S<-{needs}")
    play(made, story)
    assert made.statuses()["S"] == status
    consistent(made)


def test_what_was_blocked_goes_on_when_one_alternative_is_tried_again():
    made = scene("A", "B", "S<-A|B", "T<-S")
    fail(made, "A", "B")
    assert made.statuses()["T"] == "blocked"
    assert "waits for 'A', which failed" in made.refused(Retry(section="S"))
    made.when(Retry(section="B"))
    assert made.statuses() == {"A": "failed", "B": "running", "S": "waiting", "T": "waiting"}
    made.finish("B")
    assert made.statuses()["S"] == "running"
    consistent(made)


def test_a_pause_of_one_alternative_holds_nobody_back_who_has_the_other():
    made = scene("X", "A<-X", "B", "S<-A|B")
    made.when(Pause(section="A"))
    made.finish("B")
    assert made.statuses()["S"] == "running"


def test_an_alternative_that_is_blocked_can_still_be_passed_by_the_other():
    made = scene("X", "A<-X", "B", "S<-A|B")
    fail(made, "X")
    assert made.statuses() == {"X": "failed", "A": "blocked", "B": "running", "S": "waiting"}
    fail(made, "B")
    assert made.statuses()["S"] == "blocked"
    consistent(made)


def test_alternatives_that_are_all_skipped_pass_on_what_the_first_to_come_waited_for():
    made = scene("X", "Y", "A<-X", "B<-Y", "S<-A|B")
    play(made, "A~ B~")
    assert said(made, "S") == "waiting for 1 of 1: X running or Y running"
    play(made, "Y+")
    assert made.statuses()["S"] == "running"
    consistent(made)


def test_a_skipped_section_with_a_choice_passes_it_on():
    made = scene("A", "B", "S<-A|B", "T<-S")
    play(made, "S~")
    assert made.statuses()["T"] == "waiting"
    play(made, "B+")
    assert made.statuses()["T"] == "running"
    play(made, "A+")
    assert [one.unmet for one in made.state.sections.values()] == [0, 0, 0, 0]
    consistent(made)


@pytest.mark.parametrize(
    ("needs", "story", "words"),
    [
        ("A|B", "", "waiting for 1 of 1: A running or B running"),
        ("A|B", "A-", "waiting for 1 of 1: A failed or B running"),
        ("A|B", "A~", "waiting for 1 of 1: B running"),
        ("A|B,C", "", "waiting for 2 of 2: C running, A running or B running"),
        ("A|B,C", "A+", "waiting for 1 of 2: C running"),
        ("A+B|C", "A+", "waiting for 1 of 1: B running or C running"),
        ("A+B|C", "", "waiting for 1 of 1: A running and B running or C running"),
        ("A|B,A", "", "waiting for 1 of 2: A running"),
    ],
)
def test_what_is_waited_for_is_said_with_the_choice_there_is(needs: str, story: str, words: str):
    made = scene("A", "B", "C", f"S<-{needs}")
    play(made, story)
    assert said(made, "S") == words


def test_what_blocks_is_said_and_a_failed_alternative_is_none_of_it():
    made = scene("A", "B", "C", "S<-A|B,C")
    fail(made, "A", "C")
    assert dict(rules.why(made.state, "S", made.now))["blocked"] == "blocked: C failed"
    fail(made, "B")
    assert dict(rules.why(made.state, "S", made.now))["blocked"] == "blocked: A failed, B failed, C failed"


def test_a_long_choice_is_said_in_short():
    names = "ABCDEFGHI"
    made = scene(*names, f"S<-{'|'.join(names)}")
    assert said(made, "S").endswith("E running or F running …")


def test_what_a_section_starts_from_is_what_is_done_of_its_alternatives():
    made = scene("A", "B", "C", "S<-A|B,C")
    section = made.state.sections["S"]
    play(made, "A+")
    assert choosing.needed(made.state, section) == ["A", "C"]
    play(made, "B+")
    assert choosing.needed(made.state, section) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("mends", "story", "status"),
    [
        ((DropEdge(upstream="A", downstream="S"),), "A+", "waiting"),
        ((DropEdge(upstream="A", downstream="S"),), "B+", "running"),
        ((DropEdge(upstream="A", downstream="S"), DropEdge(upstream="B", downstream="S")), "", "running"),
        ((ReverseEdge(upstream="A", downstream="S"),), "B+", "running"),
        ((AddEdge(upstream="C", downstream="S"),), "A+", "waiting"),
        ((AddEdge(upstream="C", downstream="S"),), "A+ C+", "running"),
        ((DropEdge(upstream="A", downstream="S"), AddEdge(upstream="A", downstream="S")), "A+", "waiting"),
        ((DropEdge(upstream="A", downstream="S"), AddEdge(upstream="A", downstream="S")), "A+ B+", "running"),
        ((MarkDone(section="A"),), "", "running"),
        ((MarkDone(section="A"), MarkDone(section="A", done=False)), "", "waiting"),
        ((Exclude(section="A"),), "", "waiting"),
        ((Exclude(section="A"),), "B+", "running"),
        ((Exclude(section="A"), Exclude(section="B")), "", "running"),
        ((Exclude(section="A", dependants="exclude"),), "B+", "running"),
        ((Exclude(section="A", dependants="exclude"), Exclude(section="B", dependants="exclude")), "", "skipped"),
        ((Exclude(section="A", dependants="exclude"), Exclude(section="B")), "", "skipped"),
        (
            (
                Exclude(section="A", dependants="exclude"),
                Exclude(section="B", dependants="exclude"),
                Include(section="B"),
            ),
            "B+",
            "running",
        ),
    ],
)
def test_mends_of_a_choice(mends: tuple[Edit, ...], story: str, status: str):
    made = scene("A", "B", "C", "S<-A|B", mends=mends)
    play(made, story)
    assert made.statuses()["S"] == status
    consistent(made)


def test_a_choice_that_is_another_one_after_a_revision_holds_from_its_approval():
    made = scene("A", "B", "S<-A,B")
    play(made, "A+")
    assert made.statuses()["S"] == "waiting"
    made.revise(plan("A", "B", "S<-A|B", sha="q"))
    made.when(made.seen())
    assert made.statuses()["S"] == "running"
    consistent(made)


NAMES = "ABCDEF"
GROUPS = st.lists(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=4)
FATES = st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from(["", "+", "-"])))


@given(groups=GROUPS, fates=FATES)
def test_a_section_begins_when_each_that_is_needed_and_one_of_each_choice_is_done(
    groups: list[set[str]], fates: dict[str, str]
):
    made = scene(*NAMES, f"S<-{','.join('|'.join(sorted(group)) for group in groups)}")
    play(made, " ".join(name + fate for name, fate in fates.items() if fate))
    done = {name for name, fate in fates.items() if fate == "+"}
    hopeless = {name for name, fate in fates.items() if fate == "-"}
    ready = all(done & group for group in groups)
    blocked = any(group <= hopeless for group in groups)
    assert made.statuses()["S"] == ("running" if ready else "blocked" if blocked else "waiting")
    consistent(made)
