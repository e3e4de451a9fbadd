"""What stands in the terminal after the cockpit was left."""

from __future__ import annotations

from pathlib import Path

from orch_tui.cockpit.farewell import farewell
from orch_tui.core.attempt_events import AskRaised
from orch_tui.testing.stage import Stage

PLAN = "# Tea\n\n" + "".join(f"## Section S{n}: part {n}\n\n" for n in range(12))


def told(stage: Stage) -> list[str]:
    return farewell(stage.state, stage.run, stage.clock.wall())


def fail(stage: Stage, section: str) -> None:
    stage.start(section)
    stage.fail(section)


def ask(stage: Stage, section: str) -> None:
    stage.start(section)
    stage.happens(
        AskRaised(
            section=section,
            attempt=1,
            n=9,
            request_id=section,
            kind="permission",
            title="may I?",
            detail="",
            options=("allow", "deny"),
        )
    )


def test_who_asks_what_failed_and_what_is_at_work_are_named(tmp_path: Path) -> None:
    stage = Stage(root=tmp_path, text=PLAN)
    stage.approve()
    fail(stage, "S0")
    ask(stage, "S1")
    stage.start("S2")
    lines = told(stage)
    assert "  ? S1 asks: may I?" in lines
    assert "  × S0 failed: block 1 ended with code 2" in lines
    assert "  ▶ at work: S1, S2" in lines
    assert lines[-2:] == [f"  state    {stage.run.path}", f"  back     orch-tui {stage.plan}"]


def test_however_much_is_wrong_ten_lines_hold_the_paths(tmp_path: Path) -> None:
    stage = Stage(root=tmp_path, text=PLAN)
    stage.approve()
    for number in range(10):
        fail(stage, f"S{number}")
    lines = told(stage)
    assert len(lines) == 10
    assert lines[-3:] == [
        f"  branch   orch/{stage.run.name}",
        f"  state    {stage.run.path}",
        f"  back     orch-tui {stage.plan}",
    ]


def test_unapproved_it_says_that_nothing_runs(tmp_path: Path) -> None:
    assert "  nothing runs before you approve it" in told(Stage(root=tmp_path, text=PLAN))
