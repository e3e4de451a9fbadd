"""The files a run tells others with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.run_events import PlanRead, RunCreated, SectionEntry
from orch_tui.core.state import State
from orch_tui.engine.publish import Publisher
from orch_tui.flow.workflow import SETUP
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.testing.stage import Stage


def test_a_plan_that_is_read_again_shows_its_new_words(tmp_path: Path):
    run = RunDir(private_dir(tmp_path / ".orch" / "runs" / "r"))
    entry = SectionEntry(id="A", slug="A", title="Old words", lines=(1, 2), agent="script")
    read = PlanRead(plan_sha="p", title="Plan", reader="headed", sections=(entry,), dependencies=(), findings=())
    state, publisher = State(), Publisher(run)
    for event in (RunCreated(run="r", plan_path="plan.md"), read):
        apply(state, event, seq=state.seq + 1, at=1.0)
    publisher.write_status(state, 1.0)
    again = replace(read, sections=(replace(entry, title="New words", agent="claude"),))
    apply(state, again, seq=state.seq + 1, at=2.0)
    publisher.write_status(state, 2.0)
    (row,) = json.loads(run.status.read_text())["sections"]
    assert (row["title"], row["agent"]) == ("New words", "claude")


def test_a_choice_is_published_with_what_of_it_is_done(tmp_path: Path):
    text = "# P\n" + "".join(f"\n## Section {name}: {name}\nDependencies: none\n" for name in "ABX")
    stage = Stage(root=tmp_path, text=text + "\n## Section C: C\nDependencies: Section A or Section B\n")
    stage.approve()
    publisher = Publisher(stage.run)

    def row(name: str) -> dict[str, object]:
        publisher.write_status(stage.state, 1.0)
        return next(row for row in json.loads(stage.run.status.read_text())["sections"] if row["id"] == name)

    assert "one_of" not in row("X")
    assert row("C")["one_of"] == [{"options": [["A"], ["B"]], "satisfied_by": None}]
    for name in "BA":
        stage.start(name).close()
        stage.finish(name, cost=0.0)
        assert row("C")["one_of"] == [{"options": [["A"], ["B"]], "satisfied_by": [name]}]
    assert row("C")["depends_on"] == ["A", "B"]


def test_a_section_is_published_with_what_it_claims_and_while_its_worktree_is_set_up(tmp_path: Path):
    run = RunDir(tmp_path)
    state = State()
    entry = SectionEntry(id="A", slug="A", title="A", lines=(1, 1), claims={"gpu": 2})
    read = PlanRead(
        plan_sha="p", title="P", reader="headed", sections=(entry,), dependencies=(), findings=(), exclusions=()
    )
    happened = (
        RunCreated(run="r", plan_path="p"),
        read,
        AttemptIntended(section="A", attempt=1, agent="script", session_id="s", marker="m", phase=SETUP),
    )
    for seq, event in enumerate(happened, 1):
        apply(state, event, seq=seq, at=1.0)
    Publisher(run).write_status(state, 1.0)
    [row] = json.loads(run.status.read_text())["sections"]
    assert (row["claims"], row["phase"]) == ({"gpu": 2}, SETUP)
