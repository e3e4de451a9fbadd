"""What people read of a run in which nothing new is started."""

from __future__ import annotations

from pathlib import Path

from orch_tui.client.held import held_words
from orch_tui.clock import moment
from orch_tui.cockpit.standing import standing
from orch_tui.core.attempt_events import AttemptEnded
from orch_tui.core.run_events import RunPaused
from orch_tui.engine.publish import Publisher
from orch_tui.store import files
from orch_tui.testing.stage import Stage

PLAN = "# Tea\n\n## Section A: Boil\n\n## Section B: Pour\n"


def staged(root: Path, failure: str, message: str, until: float = 0.0) -> Stage:
    stage = Stage(root=root, text=PLAN)
    stage.approve()
    stage.start("A")
    stage.happens(
        AttemptEnded(
            section="A",
            attempt=1,
            outcome="failed",
            failure=failure,
            message=message,
            summary="",
            cost_usd=None,
            exit_code=None,
            until=until,
        )
    )
    return stage


def test_the_banner_and_the_status_say_until_when_an_agent_begins_nothing_new(tmp_path: Path):
    stage = staged(tmp_path, "usage-limit", "you have hit your limit", 1_790_003_600.0)
    (words,) = held_words(stage.state)
    until = moment(stage.state.breakers[stage.state.sections["A"].agent].until)
    assert words == f"claude begins nothing new until {until}: you have hit your limit"
    assert standing(stage.state, str) == (words, "warning")
    Publisher(stage.run).write_status(stage.state, stage.clock.now)
    told = files.read_json(stage.run.status)
    assert told is not None
    assert told["held"][0]["why"] == "you have hit your limit"
    assert told["held"][0]["until"] > 1_790_003_600.0


def test_where_only_a_person_can_help_that_is_said(tmp_path: Path):
    stage = staged(tmp_path, "auth", "log in")
    (words,) = held_words(stage.state)
    assert words == "claude needs you: log in; then retry one of its sections, or pause and resume the run"


def test_a_run_that_paused_itself_says_why(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN)
    stage.approve()
    stage.happens(RunPaused(by="orch-tui", why="A, B, C failed alike"))
    assert standing(stage.state, str)[0].startswith("paused by orch-tui: A, B, C failed alike: nothing new starts")
