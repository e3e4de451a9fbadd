"""A follower catches up with a run without keeping what happened, and then sees what is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client.follow import Follower
from orch_tui.core.run_events import RunPaused, Settings
from orch_tui.store import journal
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="simulated", isolation="none"))
    stage.approve()
    return stage


def test_who_catches_up_is_where_who_saw_everything_is_and_sees_what_comes_then(stage: Stage) -> None:
    seeing, catching_up = Follower(stage.run), Follower(stage.run)
    assert len(seeing.poll()) == seeing.state.seq
    catching_up.catch_up()
    assert catching_up.state == seeing.state
    stage.happens(RunPaused(by="me"))
    assert [seen.event for seen in catching_up.poll()] == [RunPaused(by="me")]


def test_damage_is_told_to_who_catches_up_too_and_nothing_more_is_taken_in(stage: Stage) -> None:
    path = journal.segment(stage.run.journal, 1)
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"RunCreated"', b'"RunCreateb"'))
    follower = Follower(stage.run)
    follower.catch_up()
    assert "record 1 " in follower.damage
    path.write_bytes(good)
    follower.catch_up()
    assert follower.poll() == []
    assert follower.state.seq == 0
