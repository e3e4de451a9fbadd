"""What `worktree:` may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.config import load
from orch_tui.errors import ConfigError
from orch_tui.worktree_settings import WorktreeSettings, completed


def test_a_word_is_a_list_of_one_and_what_is_not_said_stays():
    known = completed(WorktreeSettings(), {"copy": ".env", "link": ["data/models"]})
    assert completed(known, {"copy": ["*.key", ".env"]}) == WorktreeSettings(
        copy=("*.key", ".env"), link=("data/models",)
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["copy"], "has names and lists"),
        ({"copi": [".env"]}, "unknown setting 'worktree.copi'"),
        ({"copy": [1]}, "is a list of words"),
        ({"copy": ["a\nb"]}, "is a list of words"),
        ({"link": ["/etc"]}, "not inside the repository"),
        ({"link": ["a/../../b"]}, "not inside the repository"),
        ({"link": [".git/hooks"]}, "not inside the repository"),
    ],
)
def test_what_means_nothing_is_refused(said: object, words: str):
    with pytest.raises(ConfigError, match=words):
        completed(WorktreeSettings(), said)


def test_the_settings_file_tells_the_line_and_the_projects_file_completes_the_users(tmp_path: Path):
    user = tmp_path / "user.yaml"
    user.write_text("worktree:\n  copy: [.env]\n")
    project = tmp_path / ".orch" / "config.yaml"
    project.parent.mkdir()
    project.write_text("worktree:\n  link: [data]\n")
    env = {"ORCH_TUI_CONFIG": str(user)}
    assert load(tmp_path, env).worktree == WorktreeSettings(copy=(".env",), link=("data",))
    project.write_text("agent: script\nworktree:\n  lnk: [data]\n")
    with pytest.raises(ConfigError, match=r"config.yaml:3: unknown setting 'worktree.lnk'"):
        load(tmp_path, env)
