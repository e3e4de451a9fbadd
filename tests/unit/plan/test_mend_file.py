"""Mends as a file beside the plan, or in its front matter: what is written is read again, and mistakes have a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.errors import PlanError
from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    AddSection,
    Assign,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    Mend,
    ReverseEdge,
)
from orch_tui.plan.fitting import fitting
from orch_tui.plan.mend_file import dump, load, load_front_matter, with_front_matter
from orch_tui.plan.parsing import parse

PLAN = "# P\n\n## Section A: One\nDo it.\n\n## Section B: Two\nDepends on: Section A\n"

text = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=40)
edits = st.one_of(
    st.builds(AddEdge, upstream=text, downstream=text, needs=text),
    st.builds(DropEdge, upstream=text, downstream=text),
    st.builds(ReverseEdge, upstream=text, downstream=text),
    st.builds(Exclude, section=text, dependants=st.sampled_from(["release", "exclude"])),
    st.builds(Include, section=text),
    st.builds(MarkDone, section=text, done=st.booleans()),
    st.builds(Assign, section=text, what=st.sampled_from(["agent", "budget"]), value=text),
    st.builds(AddNote, section=text, text=text),
    st.builds(AddSection, section=text, title=text, text=text, files=st.lists(text).map(tuple), verify=st.just(())),
)
mends = st.lists(
    st.builds(
        Mend,
        edits=st.lists(edits, min_size=1, max_size=5).map(tuple),
        by=text,
        at=st.integers(0, 4_000_000_000).map(float),
        why=text,
        source=text,
    ),
    max_size=4,
)


def changed(made: list[Mend]) -> list[list[Edit]]:
    """What is to come back: values set for one section are told in the order of the table."""
    return [sorted(mend.edits, key=str) for mend in made]


@given(mends)
def test_what_is_written_is_read_again(made: list[Mend]):
    again = [lined.mend for lined in load(dump(made, {})).mends]
    assert changed(again) == changed(made)
    assert [(m.by, m.at, m.why, m.source) for m in again] == [(m.by, m.at, m.why, m.source) for m in made]
    assert dump(again, {}) == dump([lined.mend for lined in load(dump(again, {})).mends], {})


@given(mends)
def test_the_front_matter_carries_them_too_and_changes_nothing_else(made: list[Mend]):
    first = with_front_matter(
        f"---\nagent: script\n---\n{PLAN}", [Mend(edits=(Include(section="A"),), by="", at=0.0)], {}
    )
    second = with_front_matter(first, made, {"A": "One"})
    found = parse(second)
    assert [section.title for section in found.sections] == ["One", "Two"]
    assert found.findings == parse(PLAN).findings
    assert found.settings["agent"] == "script"
    matter = second.partition("\n---\n")[0].removeprefix("---\n")
    assert changed([lined.mend for lined in load_front_matter(matter, first_line=2).mends]) == changed(made)
    assert second.endswith(PLAN)


def test_a_plan_without_front_matter_gets_one_in_its_own_line_ends():
    made = with_front_matter(PLAN.replace("\n", "\r\n"), [Mend(edits=(Include(section="A"),), by="me", at=0.0)], {})
    assert made.startswith("---\r\norch:\r\n  version: 1\r\n")
    assert "\n" not in made.replace("\r\n", "")


def test_ids_are_text_whatever_yaml_takes_them_for():
    found = load("mends:\n- edits:\n  - {add: 1.10, after: 001}\n  - exclude: no\n  - done: 2026-11-21\n").mends
    assert found[0].mend.edits == (
        AddEdge(upstream="001", downstream="1.10"),
        Exclude(section="no"),
        MarkDone(section="2026-11-21"),
    )
    assert found[0].lines == (3, 4, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mends: [", "line 1, column 9: "),
        ("mends:\n- edits:\n  - {add: A}\n", "line 3, column 5: 'add' needs 'after'"),
        ("mends:\n- edits:\n  - {explode: A}\n", "line 3, column 5: an edit is one of add, drop, "),
        ("mends:\n- edits:\n  - {add: A, after: B, beef: 1}\n", "line 3, column 5: 'add' does not know 'beef'"),
        ("mends:\n- edits:\n  - {set: A}\n", "line 3, column 5: 'set' needs one of agent, "),
        (
            "mends:\n- edits:\n  - {exclude: A, dependants: shoot}\n",
            "dependants are 'release' or 'exclude', not 'shoot'",
        ),
        ("mends:\n- edits:\n  - {note: A, text: [x]}\n", "line 3, column 21: a word or a text is expected"),
        ("mends:\n- edits:\n  - {done: {A: B}}\n", "line 3, column 12: it is not a list"),
        ("mends:\n- edits:\n  - {done: [[A]]}\n", "line 3, column 13: a word or a text is expected"),
        ("sections: [A]\nmends: []\n", "line 1, column 11: it is not a list of `name: value` fields"),
        ("mends:\n- edits: A\n", "line 2, column 10: it is not a list"),
        ("mends:\n- by: me\n", "line 2, column 3: a mend without `edits:`"),
        ("mends:\n- {at: yesterday, edits: []}\n", "line 2, column 8: a time looks like"),
        ("mends:\n- {who: me, edits: []}\n", "'who' is not known here; known are by, at, why, source, edits"),
        ("version: 2\nmends: []\n", "line 1, column 10: this orch-tui reads version 1"),
        ("version: 1\n", "line 1, column 1: there is no `mends:` list"),
        ("- A\n", "line 1, column 1: it is not a list of `name: value` fields"),
        ("mends: []\nmends: []\n", "line 2, column 1: 'mends' stands there twice"),
        ("a: &x [1]\nmends: *x\n", "aliases"),
        ("mends: !!python/object:os.system []\n", "tags"),
        ("mends: " + "[" * 200 + "]" * 200, "nested deeper than"),
        ("x" * 2_100_000, "longer than 2097152 characters"),
        ("mends:\n- edits: [\x00]\n", "line 1: "),
    ],
)
def test_a_mistake_in_the_file_has_a_line_and_a_column(text: str, words: str):
    with pytest.raises(PlanError) as caught:
        load(text)
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nothing\n", "mends:\n", "mends: []\n"])
def test_a_file_without_mends_has_none(text: str):
    assert load(text).mends == ()


def test_edits_that_do_not_fit_are_told_with_their_line_and_the_others_are_made():
    plan = parse(PLAN)
    brought = load(
        "mends:\n- by: kim\n  edits:\n  - {exclude: Z}\n  - {drop: B, after: A}\n  - {set: A, agent: gpt}\n"
        "- edits:\n  - {add: A, after: B}\n  - {add: B, after: A}\n"
    )
    found = fitting(plan.sections, plan.dependencies, (), brought, {"agent": ["script"]})
    kept, misfits = found.mends, found.misfits
    assert [mend.edits for mend in kept] == [
        (DropEdge(upstream="A", downstream="B"),),
        (AddEdge(upstream="B", downstream="A"),),
    ]
    assert kept[0].by == "kim"
    assert [misfit.line for misfit in misfits] == [4, 6, 9]
    assert "no section 'Z'" in misfits[0].message
    assert "there is no agent 'gpt'; known: script" in misfits[1].message
    assert "closes a circle" in misfits[2].message


def test_what_is_done_to_many_sections_is_one_line():
    made = Mend(
        edits=tuple(Assign(section=name, what=what, value="x") for name in "ABC" for what in ("agent", "model")),
        by="",
        at=0.0,
    )
    written = dump([made], {})
    assert "- {set: [A, B, C], agent: x, model: x}\n" in written
    assert load(written).mends[0].mend == made


def test_ten_thousand_sections_are_written_and_read():
    names = [f"T{number}" for number in range(10_000)]
    made = Mend(edits=tuple(Assign(section=name, what="agent", value="script") for name in names), by="me", at=1.0)
    again = load(dump([made], {name: f"Title of the section {name}" for name in names}))
    assert again.mends[0].mend == made
    assert len(again.titles) == 10_000


RENUMBERED = "# P\n\n## Section A: Zero\nNew.\n\n## Section B: One\n\n## Section C: Two\nDepends on: Section B\n"


def test_sections_with_other_numbers_are_found_again_by_their_titles():
    plan = parse(RENUMBERED)
    made = [Mend(edits=(DropEdge(upstream="A", downstream="B"), MarkDone(section="A")), by="kim", at=1.0)]
    found = fitting(plan.sections, plan.dependencies, (), load(dump(made, {"A": "One", "B": "Two"})), {})
    assert found.mends[0].edits == (DropEdge(upstream="B", downstream="C"), MarkDone(section="B"))
    assert found.moved == {"A": "B", "B": "C"}
    assert found.moved_words == "'A' is 'B', 'B' is 'C'"
    assert found.misfits == ()


def test_what_was_done_to_a_section_that_is_gone_is_not_done_to_the_one_with_its_id():
    plan = parse(RENUMBERED)
    made = [Mend(edits=(MarkDone(section="A"), MarkDone(section="C")), by="kim", at=1.0)]
    found = fitting(plan.sections, plan.dependencies, (), load(dump(made, {"A": "Cellar vaults", "C": "Two"})), {})
    assert [mend.edits for mend in found.mends] == [(MarkDone(section="C"),)]
    assert [misfit.message for misfit in found.misfits] == [
        "not applied: 'A' done already: 'A' was 'Cellar vaults' when this was written, and is 'Zero' now"
    ]


def test_a_title_that_was_polished_is_the_same_section():
    plan = parse(PLAN.replace("One", "Number one, revised"))
    made = [Mend(edits=(MarkDone(section="A"),), by="kim", at=1.0)]
    assert fitting(plan.sections, plan.dependencies, (), load(dump(made, {"A": "Number one"})), {}).misfits == ()


def test_of_a_mend_that_closes_a_circle_only_the_edit_that_closes_it_is_left_out():
    plan = parse(PLAN)
    edits = (MarkDone(section="A"), AddEdge(upstream="B", downstream="A"), AddNote(section="B", text="x"))
    found = fitting(plan.sections, plan.dependencies, (), load(dump([Mend(edits=edits, by="", at=0.0)], {})), {})
    assert found.mends[0].edits == (edits[0], edits[2])
    assert [misfit.edit for misfit in found.misfits] == [edits[1]]


def test_a_circle_that_another_edit_of_the_same_mend_opens_is_none():
    plan = parse(PLAN)
    edits = (AddEdge(upstream="B", downstream="A"), DropEdge(upstream="A", downstream="B"))
    found = fitting(plan.sections, iter(plan.dependencies), (), load(dump([Mend(edits=edits, by="", at=0.0)], {})), {})
    assert (found.mends[0].edits, found.misfits) == (edits, ())


def test_one_of_thousands_that_does_not_fit_costs_no_more_than_the_others():
    count = 5_000
    text = "# P\n\n" + "".join(f"## Section T{number}: Step {number}\n\n" for number in range(count))
    plan = parse(text)
    names = [f"T{number}" for number in range(count + 1)]
    made = Mend(edits=tuple(Assign(section=name, what="agent", value="script") for name in names), by="me", at=1.0)
    found = fitting(plan.sections, plan.dependencies, (), load(dump([made], {})), {"agent": ["script"]})
    assert (len(found.mends[0].edits), [misfit.edit for misfit in found.misfits]) == (count, [made.edits[-1]])


def test_a_new_section_is_written_as_people_would_write_it_and_comes_back():
    new = AddSection(section="N1", title="Limits", text="Say what is refused.\n\nAnd test it.", verify=("make test",))
    made = Mend(edits=(new, AddEdge(upstream="A", downstream="N1")), by="kim", at=0.0)
    written = dump([made], {"A": "One"})
    assert "text: |-\n          Say what is refused.\n\n          And test it.\n        verify:\n" in written
    assert load(written).mends[0].mend == made
    plan = parse(PLAN)
    assert not fitting(plan.sections, plan.dependencies, (), load(written), {}).misfits


def test_a_new_section_that_the_plan_has_by_now_is_not_added_and_what_was_done_to_it_is_done_to_that():
    new = AddSection(section="N1", title="two", text="Do it.")
    note = AddNote(section="N1", text="mind the gap")
    written = dump([Mend(edits=(new, note), by="kim", at=0.0)], {})
    plan = parse(PLAN)
    found = fitting(plan.sections, plan.dependencies, (), load(written), {})
    assert [one.edits for one in found.mends] == [(AddNote(section="B", text="mind the gap"),)]
    assert "there is a section 'B' already, 'Two'; it is not added a second time" in found.misfits[0].message


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("{new: N1, text: x}", "'new' needs 'title'"),
        ("{new: N1, title: x, text: x, verify: make}", "it is not a list"),
        ("{new: N1, title: x, text: x, agent: script}", "'new' does not know 'agent'"),
    ],
)
def test_a_new_section_written_wrongly_has_a_line(edit: str, words: str):
    with pytest.raises(PlanError, match=f"line 2, column .*{words}"):
        load(f"mends:\n- edits: [{edit}]\n")
