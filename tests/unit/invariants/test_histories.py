"""A journal is looked at record by record; what earlier versions wrote holds, what was tampered with is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from orch_tui.core.codec import decode_event
from orch_tui.core.events import Event
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import PhaseSkipped, SectionDone
from orch_tui.core.work_events import MergeIntended, WorkMerged
from orch_tui.flow.workflow import AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.invariants import of_history
from orch_tui.invariants.history import History, started
from orch_tui.store.journal import Tail
from orch_tui.store.record import Record
from orch_tui.testing.stage import Stage

EARLIER = Path(__file__).parents[1] / "store" / "journals"
PLAN = """# Tea

## Section A: Boil
Dependencies: none
"""
CHECKED = Workflow(
    name="checked",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "checks"}),
        "checks": ScriptPhase(
            do="checks", to={"success": "merge", "failure": "implement", "none": "merge"}, max_visits=3
        ),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def records(journal: Path) -> list[tuple[Record, Event]]:
    tail, found = Tail(journal), list[Record]()
    while more := tail.read():
        found += more
    return [(one, decode_event(one.type, one.v, one.data)) for one in found]


@pytest.fixture
def stage(tmp_path) -> Stage:
    made = Stage(root=tmp_path, text=PLAN, workflows=(CHECKED,), settings=Settings(workflow="checked"))
    made.approve()
    made.start("A")
    return made


@pytest.mark.parametrize("path", sorted(EARLIER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_journal_of_an_earlier_version_holds(path: Path, tmp_path: Path):
    (tmp_path / "000001.jsonl").write_bytes(path.read_bytes())
    assert of_history(records(tmp_path)) == []


def test_a_gap_and_an_epoch_that_falls_are_named(stage: Stage):
    told = records(stage.run.journal)
    assert [found.invariant for found in of_history(told)] == []
    without = [*told[:3], *told[4:]]
    assert "I2" in {found.invariant for found in of_history(without)}
    last, event = told[-1]
    fallen = [*told[:-1], (replace(last, epoch=0), event)]
    assert [found.invariant for found in of_history(fallen)] == ["I2"]


def test_what_cannot_be_folded_is_told_and_not_thrown(stage: Stage):
    told = records(stage.run.journal)
    record = replace(told[-1][0], seq=len(told) + 1)
    history = History()
    found = [one for pair in [*told, (record, SectionDone(section="X"))] for one in history.look(*pair)]
    assert {one.invariant for one in found} == {"I6", "I13"}
    assert history.over
    assert list(history.look(record, SectionDone(section="A"))) == []


def test_every_attempt_that_was_intended_is_known_with_its_session(stage: Stage):
    assert started(records(stage.run.journal)) == {("A", 1): "5e55-A-1"}


def done(stage: Stage) -> list[str]:
    """A is merged and done; what does not hold of the journal then."""
    stage.happens(MergeIntended(section="A", attempt=len(stage.state.sections["A"].attempts)))
    last = len(stage.state.sections["A"].attempts)
    stage.happens(WorkMerged(section="A", attempt=last, commit="d"), SectionDone(section="A"))
    return [one.invariant for one in of_history(records(stage.run.journal))]


def test_work_that_its_checks_looked_at_may_be_done(stage: Stage):
    stage.pass_on("A")
    stage.start("A", phase="checks", agent="script")
    stage.pass_on("A")
    assert done(stage) == []


def test_work_that_nothing_checked_may_not(stage: Stage):
    stage.pass_on("A")
    assert done(stage) == ["I8"]


def test_a_person_may_let_a_section_off_its_checks(stage: Stage):
    stage.pass_on("A")
    stage.happens(PhaseSkipped(section="A", phase="checks", by="me"))
    assert done(stage) == []


def test_a_workflow_without_checks_asks_for_none(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN)
    stage.approve()
    stage.start("A")
    stage.pass_on("A")
    assert done(stage) == []
