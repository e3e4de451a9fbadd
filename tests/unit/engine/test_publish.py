"""The files a run tells others with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from orch_tui.core.apply import apply
from orch_tui.core.run_events import PlanRead, RunCreated, SectionEntry
from orch_tui.core.state import State
from orch_tui.engine.publish import Publisher
from orch_tui.store.layout import RunDir, private_dir


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
