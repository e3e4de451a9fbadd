"""Mends that travel with the plan: written beside it or into it, and taken in by a new run for review."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from cli_project import over

from orch_tui.core.state import Phase

if TYPE_CHECKING:
    from cli_project import Project


def mended(project: Project) -> None:
    """A run in review with two mends."""
    assert project.call("run", project.plan("A", "B<-A", "C"), "--headless").code == 10
    assert project.call("mend", "add", "C", "--after", "B", "--why", "C reads B").code == 0
    assert project.call("mend", "exclude", "A", "--why", "by hand").code == 0


async def again(project: Project) -> None:
    """A new run of the same plan."""
    assert project.call("cancel").code == 0
    told = project.call("run", "plan.md", "--headless")
    assert told.code == 10, told.err


async def test_a_new_run_takes_in_what_stands_beside_the_plan_and_waits_for_approval(project: Project) -> None:
    mended(project)
    beside = project.root / "plan.orch.yaml"
    assert project.call("mend", "export").out == f"wrote 2 mends to {beside}\n"
    assert beside.stat().st_mode & 0o777 == 0o644
    first = project.state().edition
    await again(project)
    state = project.state()
    second = state.edition
    assert first is not None
    assert second is not None
    assert [(m.edits, m.by, m.why, int(m.at)) for m in second.mends] == [
        (m.edits, m.by, m.why, int(m.at)) for m in first.mends
    ]
    assert second.graph_sha == first.graph_sha
    assert "2 edits of the graph taken in from plan.orch.yaml; look before you approve." in state.notices
    assert state.phase is Phase.REVIEW
    assert project.call("mend", "undo").code == 0
    assert project.call("approve").out.startswith("approved: 3 of 3 sections")
    assert (await project.until(over)).phase is Phase.DONE


async def test_the_front_matter_carries_them_as_well(project: Project) -> None:
    mended(project)
    assert project.call("mend", "export", "--front-matter").code == 0
    text = (project.root / "plan.md").read_text()
    assert text.startswith("---\nagent: script\nisolation: none\norch:\n  version: 1\n")
    assert not (project.root / "plan.orch.yaml").exists()
    await again(project)
    assert [edge.kind for edge in project.state().dependencies if edge.downstream == "C"] == ["mended"]


EVERYTHING = """mends:
- by: kim
  at: 2026-11-21T14:02:10+00:00
  why: "it's: “so”"
  edits:
  - {reverse: B, after: A}
  - {add: C, after: B, needs: the tokens}
  - {exclude: D, dependants: exclude}
  - {include: E}
  - {done: A}
  - {set: [B, C], budget: 2.50, priority: -3, model: some-model}
  - {note: C, text: "two\\nlines"}
"""


def what_runs(graph: dict[str, list[dict[str, object]]]) -> list[object]:
    """Sections and edges of a graph, wherever their words stand in the plan."""
    rows = (*graph["sections"], *graph["edges"])
    return [{name: value for name, value in row.items() if name not in {"line", "lines"}} for row in rows]


@pytest.mark.parametrize("where", [(), ("--front-matter",)], ids=["beside", "front matter"])
def test_a_commit_and_a_fresh_clone_give_the_same_graph(project: Project, where: tuple[str, ...]) -> None:
    plan = project.plan("A", "B<-A", "C", "D<-C", "E<-D")
    project.repository()
    assert project.call("run", plan, "--headless").code == 10
    project.text(EVERYTHING, name="some.yaml")
    assert project.call("mend", "import", "some.yaml").err == ""
    (project.root / "some.yaml").unlink()
    assert project.call("mend", "export", *where).code == 0
    project.git("add", ".")
    project.git("commit", "-qm", "mended")
    clone = project.root.parent / "clone"
    project.git("clone", "-q", str(project.root), str(clone))
    assert project.call("run", clone / "plan.md", "--headless").code == 10
    ours, theirs = (json.loads(project.call("graph", "-f", "json", "-C", root).out) for root in (project.root, clone))
    assert what_runs(theirs) == what_runs(ours)
    assert (theirs["graph_sha"] == ours["graph_sha"]) is (where == ()), "below its front matter a plan has other lines"
    made = [edge for edge in theirs["edges"] if edge.get("by")]
    assert [(e["from"], e["to"], e["needs_text"], e["quote"]) for e in made] == [
        ("B", "A", "", "it's: “so”"),
        ("B", "C", "the tokens", "it's: “so”"),
    ]
    assert [(edge["by"], edge["at"]) for edge in made] == [("kim", 1795269730.0), ("kim", 1795269730.0)]


def test_data_is_never_broken_by_mends_in_front_of_it(project: Project) -> None:
    tasks = '{"tasks": [{"id": 1, "title": "One"}, {"id": 2, "title": "Two", "dependencies": [1]}]}'
    assert project.call("run", project.text(tasks, name="tasks.json"), "--headless", "--agent", "script").code == 10
    assert project.call("mend", "drop", "2", "--after", "1").code == 0
    told = project.call("mend", "export", "--front-matter")
    assert told.code == 1
    assert "the plan would not be read as it is now (write them to a file instead)" in told.line
    assert (project.root / "tasks.json").read_text() == tasks


async def test_edits_that_do_not_fit_any_more_are_findings_with_their_line(project: Project) -> None:
    mended(project)
    assert project.call("mend", "export").code == 0
    project.plan("A", "B<-A")
    await again(project)
    state = project.state()
    found = [finding for finding in state.findings if finding.type == "mend-not-applied"]
    assert [(finding.line, "no section 'C'" in finding.message) for finding in found] == [(12, True)]
    assert found[0].message.startswith("plan.orch.yaml: not applied: 'C' waits for 'B'")
    assert state.sections["A"].planned == "excluded"


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (("run", "--headless"), "mends: [", "plan.orch.yaml: line 1, column 9: "),
        (
            ("graph",),
            "mends:\n- edits:\n  - {exclud: A}\n",
            "plan.orch.yaml: line 3, column 5: an edit is one of add, drop",
        ),
        (("graph",), b"mends: \xff", "plan.orch.yaml cannot be read: "),
    ],
)
def test_a_broken_file_beside_the_plan_is_refused_and_not_ignored(
    project: Project, words: tuple[str, ...], text: str | bytes, said: str
) -> None:
    plan = project.plan("A", "B")
    project.text(text, name="plan.orch.yaml")
    told = project.call(*words, plan)
    assert told.code == 1
    assert said in told.line
    assert "mend that file, or move it away" in told.line


def test_broken_mends_in_the_front_matter_name_their_line_in_the_plan(project: Project) -> None:
    plan = project.plan("A", "B", head="orch:\n  mends:\n  - edits:\n    - {add: B}\n")
    told = project.call("run", plan, "--headless")
    assert "plan.md: line 7, column 7: 'add' needs 'after'" in told.line


def test_a_file_is_taken_into_a_run_that_is_there_already(project: Project) -> None:
    assert project.call("run", project.plan("A", "B<-A", "C"), "--headless").code == 10
    project.text(
        "mends:\n- {why: a reason, by: kim, at: 2026-11-21T14:02:10+00:00,\n"
        "   source: a friend, edits: [{add: C, after: B}]}\n"
        "- edits:\n  - {done: B}\n  - {done: Z}\n",
        name="some.yaml",
    )
    told = project.call("mend", "import", "some.yaml")
    assert told.code == 1
    assert told.line.startswith("line 6: not applied: 'Z' done already: no section 'Z'")
    assert told.out.startswith("made 2 mends\n")
    edge = next(edge for edge in project.state().dependencies if edge.downstream == "C")
    assert (edge.evidence.by, edge.evidence.at, edge.evidence.quote) == ("kim", 1795269730.0, "a reason")
    listed = project.call("mend").out.splitlines()
    assert re.fullmatch(r"  by kim, 2026-11-2\d \d\d:\d\d \(from a friend\): a reason", listed[1])
    assert listed[3].endswith(" (from some.yaml)")


def test_what_is_written_to_standard_output_can_be_taken_in_again(project: Project) -> None:
    mended(project)
    written = project.call("mend", "export", "-").out
    project.text(written, name="other.yaml")
    assert project.call("mend", "undo").code == 0
    assert project.call("mend", "undo").code == 0
    before = project.call("mend", "import", "other.yaml", "--json")
    assert before.code == 0
    assert [row["why"] for row in json.loads(before.out)["mends"]] == ["C reads B", "by hand"]


def test_nobody_elses_file_is_overwritten(project: Project) -> None:
    mended(project)
    project.text("mine\n", name="notes.txt")
    assert "was not written by `mend export`" in project.call("mend", "export", "notes.txt").line
    assert (project.root / "notes.txt").read_text() == "mine\n"
    assert "not both" in project.call("mend", "export", "x.yaml", "--front-matter").line
    assert "write one with `orch-tui mend export`" in project.call("mend", "import").line


def test_nothing_mended_is_nothing_to_write_unless_it_takes_the_place_of_what_was_written(project: Project) -> None:
    assert project.call("run", project.plan("A", "B"), "--headless").code == 10
    assert "nothing is mended" in project.call("mend", "export").line
    assert "nothing is mended" in project.call("mend", "export", "--front-matter").line
    assert project.call("mend", "done", "A").code == 0
    assert project.call("mend", "export").code == 0
    assert project.call("mend", "undo").code == 0
    assert project.call("mend", "export").out.startswith("wrote 0 mends to ")
    assert (project.root / "plan.orch.yaml").read_text().endswith("\nmends: []\n")
