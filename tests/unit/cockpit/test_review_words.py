"""What the review says of how a run is carried out: whatever will be run is shown in full."""

from __future__ import annotations

from types import SimpleNamespace

from orch_tui.cockpit.review_text import about_run
from orch_tui.core.run_events import Repository, Settings
from orch_tui.worktree_settings import LONGEST, WorktreeSettings


def lines(settings: Settings, *repositories: Repository) -> list[str]:
    read = SimpleNamespace(repositories=repositories)
    reviewed = SimpleNamespace(findings=list, edition=SimpleNamespace(read=read))
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


def test_each_repository_is_shown_with_what_is_run_in_its_worktrees():
    api = Repository(name="api", path="/src/api", base="1" * 40, worktree=WorktreeSettings(setup=("make deps",)))
    shown = lines(Settings(), Repository(name="", path="/src/web"), api)
    assert f"repository api: /src/api at {'1' * 10}" in shown
    assert "each worktree of api is set up with: make deps" in shown
    assert not any("/src/web" in line for line in shown)
