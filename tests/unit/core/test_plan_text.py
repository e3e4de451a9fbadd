"""The words of a section: own lines of the plan, or the text that was made of its fields and approved with it."""

from __future__ import annotations

from dataclasses import replace

from scene import Scene, plan

from orch_tui.core.codec import decode_event, encode_event
from orch_tui.core.commands import Approve
from orch_tui.core.hashing import first_graph_sha, graph_sha, row
from orch_tui.core.plan_text import PlanText, Words
from orch_tui.core.run_events import PlanRead
from orch_tui.plan.difference import difference

FILE = '{"tasks": [\n  {"id": "A"},\n  {"id": "B"}\n]}\n'
MADE = "Sow.\n\n```bash\necho sown\n```"


def data(sha: str = "p", **texts: str) -> PlanRead:
    """A plan of A and B<-A that is data."""
    read = plan("A", "B<-A", sha=sha)
    return replace(read, sections=tuple(replace(one, text=texts.get(one.id, "")) for one in read.sections))


def test_a_made_text_is_told_shown_and_run_and_has_no_lines_in_the_file():
    section = Scene(data(A=MADE)).state.sections["A"]
    text = PlanText(FILE)
    assert text.told(section) == MADE
    assert text.words(section) == Words(first=0, lines=MADE.split("\n"))
    assert [(block.shell, block.text, block.line) for block in text.blocks(section)] == [("bash", "echo sown\n", 0)]


def test_a_section_that_has_nothing_but_its_title_has_no_words_and_not_its_lines():
    section = Scene(data()).state.sections["B"]
    assert (PlanText(FILE).told(section), list(PlanText(FILE).words(section).lines)) == ("", [])


def test_a_section_without_a_made_text_is_its_own_lines():
    section = Scene(plan("A", "B<-A")).state.sections["B"]
    assert PlanText("a\n  b \nc").words(section) == Words(first=2, lines=["  b "])


def test_what_is_approved_is_also_the_made_text():
    scene = Scene(data(A=MADE)).approve()
    state = scene.state
    assert state.approval is not None
    state.sections["A"].text = MADE.replace("sown", "stolen")
    found = graph_sha(map(row, state.sections.values()), state, state.dependencies)
    assert found != state.approval.graph_sha
    assert Scene(data(A=MADE)).state.graph_sha != Scene(data(A=MADE + " ")).state.graph_sha


def test_a_graph_of_lines_has_the_first_hash_it_had_before_there_were_made_texts():
    """A journal of an earlier version was approved with this one."""
    state = Scene(plan("A", "B<-A")).state
    found = first_graph_sha(state.sections.values(), state)
    assert found == "85450354f1440dba087392ceef034fe7d4a20c0af6ebbb118e10a6739324ee43"


def test_a_plan_that_an_earlier_version_read_is_carried_out_by_its_lines_until_it_is_approved_anew():
    type_, fields = encode_event(data(A=MADE))
    for entry in fields["sections"]:
        del entry["text"]
    read = decode_event(type_, 1, fields)
    assert isinstance(read, PlanRead)
    scene = Scene(read).approve()
    assert PlanText(FILE).told(scene.state.sections["A"]) == '{"tasks": ['
    scene.revise(data(A=MADE))
    edition = scene.state.candidate
    assert edition is not None
    before = dict(scene.state.sections)
    scene.when(Approve(plan_sha=edition.read.plan_sha, graph_sha=edition.graph_sha))
    assert PlanText(FILE).told(scene.state.sections["A"]) == MADE
    assert before["A"] is scene.state.sections["A"], "what it did stays with it"


def test_that_a_brief_is_made_otherwise_is_a_change():
    lines, made = Scene(plan("A", "B<-A")).state.sections, Scene(data(A=MADE)).state.sections
    assert [change.run for change in difference(lines, made)] == [
        ("brief: lines of the file -> text of its fields",)
    ] * 2
    assert difference(made, made) == ()
