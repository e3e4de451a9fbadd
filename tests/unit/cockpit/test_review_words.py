"""What the review says of how a run is carried out: whatever will be run is shown in full."""

from __future__ import annotations

from types import SimpleNamespace

from orch_tui.cockpit.review_text import about_run
from orch_tui.core.run_events import Settings
from orch_tui.worktree_settings import LONGEST, WorktreeSettings


def lines(settings: Settings) -> list[str]:
    reviewed = SimpleNamespace(findings=list)
    return [line.text for line in about_run(settings, [], reviewed, None)]  # type: ignore[arg-type]


def test_every_command_that_sets_a_worktree_up_is_shown_to_its_end():
    long = "x" * (LONGEST - 4) + " end"
    shown = lines(Settings(worktree=WorktreeSettings(copy=(".env",), setup=("npm ci", long))))
    assert "each worktree has copies of .env" in shown
    assert "each worktree is set up with: npm ci" in shown
    assert f"each worktree is set up with: {long}" in shown


def test_in_place_nothing_is_set_up():
    assert not any(
        "set up" in line for line in lines(Settings(isolation="none", worktree=WorktreeSettings(setup=("x",))))
    )


def test_resources_are_counted():
    assert "resources: database 1 · gpu 2" in lines(Settings(resources={"database": 1, "gpu": 2}))
