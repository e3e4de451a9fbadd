"""A runner that would break an invariant stops instead: it says so, starts nothing, and what comes next is right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orch_tui import invariants
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted, Settings
from orch_tui.core.state import Phase, State, Status
from orch_tui.engine.runner import serve
from orch_tui.invariants import of_state
from orch_tui.invariants.violation import Broken
from orch_tui.store import inbox
from orch_tui.store.journal import Tail
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay, drop_snapshot, write_snapshot
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Pour
Dependencies: Section A
"""


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """An approved run with a snapshot that says of B, which waits for A, that it is ready."""
    stage = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="simulated", isolation="none"))
    stage.approve()
    replay = Replay(stage.run)
    replay.read_all()
    forged = replay.state
    forged.sections["B"].status = Status.READY
    forged.ready.append((0, -1, 1, "B"))
    write_snapshot(stage.run, forged, replay.position)
    return stage.run


def folded(run: RunDir) -> State:
    replay = Replay(run)
    replay.read_all()
    return replay.state


def test_it_halts_the_run_in_words_and_starts_nothing(run: RunDir):
    with pytest.raises(Broken, match=r"I7: section 'B': 1 of what it waits for is not done"):
        serve(run, {})
    types = [record.type for record in Tail(run.journal).read()]
    assert types[-3:] == ["RunnerStarted", "RunHalted", "RunnerStopped"]
    state = folded(run)
    assert state.phase is Phase.PAUSED
    assert "orch-tui doctor" in state.halted
    assert not state.running


def test_the_next_runner_folds_every_record_and_is_right(run: RunDir):
    with pytest.raises(Broken):
        serve(run, {})
    assert not run.snapshot.exists()
    state = folded(run)
    assert of_state(state) == []
    assert state.sections["B"].status is Status.WAITING


def test_a_command_that_leads_to_it_is_refused_and_stops_no_second_runner(run: RunDir, monkeypatch: pytest.MonkeyPatch):
    drop_snapshot(run)
    wrong = AttemptIntended(section="B", attempt=1, agent="simulated", session_id="s", marker="m")

    def decide(_state: State, _command: object, *, command_id: str, actor: str, **_: object) -> list[Event]:
        return [CommandAccepted(id=command_id, op="pause", actor=actor, events=1), wrong]

    monkeypatch.setattr("orch_tui.engine.intake.decide", decide)
    for name in ("tmp", "new"):
        (run.inbox / name).mkdir(parents=True, exist_ok=True)
    command = inbox.drop(run.inbox, {"op": "stop", "args": {}, "actor": "me"})
    with pytest.raises(Broken, match="I7"):
        serve(run, {})
    assert folded(run).commands[command].startswith("I7: section 'B': ")
    assert folded(run).sections["B"].attempts == []
    monkeypatch.undo()
    inbox.drop(run.inbox, {"op": "cancel", "args": {}, "actor": "me"})
    assert serve(run, {}) == 0
    assert list((run.inbox / "new").iterdir()) == []


def test_no_look_is_an_assertion_that_python_can_leave_out():
    modules = Path(invariants.__file__).parent.glob("*.py")
    assert [
        path.name for path in modules for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Assert)
    ] == []
