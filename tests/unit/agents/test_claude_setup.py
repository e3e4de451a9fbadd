"""What the claude agent looks for before it starts anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orch_tui.agents.claude import ClaudeProvider, setup
from orch_tui.errors import AgentUnavailable, ConfigError

KEYED = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK"]


@pytest.mark.parametrize("name", KEYED)
def test_a_key_or_a_cloud_is_enough(name: str, tmp_path: Path):
    assert ClaudeProvider().check({"HOME": str(tmp_path), "PATH": "", name: "1"}, {}) == ""


@pytest.mark.skipif(sys.platform == "darwin", reason="the keychain is not looked into")
def test_without_credentials_it_says_how_to_log_in(tmp_path: Path):
    told = ClaudeProvider().check({"HOME": str(tmp_path), "PATH": ""}, {})
    assert "not logged in" in told
    assert "ANTHROPIC_API_KEY" in told
    assert "\n" not in told


@pytest.mark.parametrize("place", ["home", "config"])
def test_a_login_is_seen_but_never_read(tmp_path: Path, place: str):
    directory = tmp_path / (".claude" if place == "home" else "elsewhere")
    directory.mkdir()
    (directory / ".credentials.json").touch(mode=0o000)
    env = {"HOME": str(tmp_path), "PATH": ""} | ({"CLAUDE_CONFIG_DIR": str(directory)} if place == "config" else {})
    assert ClaudeProvider().check(env, {}) == ""


def test_a_key_helper_counts_only_when_the_users_settings_are_used(tmp_path: Path):
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "settings.json").write_text('{"apiKeyHelper": "/bin/key"}')
    env = {"HOME": str(tmp_path), "PATH": ""}
    assert ClaudeProvider().check(env, {"setting_sources": ["user"]}) == ""
    if sys.platform != "darwin":
        assert ClaudeProvider().check(env, {}) != ""


def test_a_program_that_is_not_there_is_named(tmp_path: Path):
    told = ClaudeProvider().check({"PATH": str(tmp_path), "ANTHROPIC_API_KEY": "x"}, {"cli": "clod"})
    assert "'clod'" in told
    assert "install" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"permision_mode": "plan"}, "'permision_mode'"),
        ({"permission_mode": "yolo"}, "'yolo'"),
        ({"setting_sources": ["everything"]}, "'everything'"),
        ({"max_turns": "3"}, "must be a int"),
    ],
)
def test_wrong_options_are_refused_with_the_known_ones(options: dict[str, object], words: str):
    assert words in ClaudeProvider().check({"ANTHROPIC_API_KEY": "x"}, options)


def test_lists_of_yaml_and_whole_numbers_are_taken():
    options = setup.Options.of({"allowed_tools": ["Bash", "Edit"], "max_budget_usd": 2})
    assert (options.allowed_tools, options.max_budget_usd) == (("Bash", "Edit"), 2.0)


def test_an_effort_is_one_of_the_known_ones():
    assert setup.effort("") is None
    assert setup.effort("high") == "high"
    with pytest.raises(ConfigError):
        setup.effort("heroic")


def test_the_wrapper_names_what_it_takes_away_and_holds_no_value(tmp_path: Path):
    env = {"PATH": "/usr/bin:/bin", "ANTHROPIC_API_KEY": "sk-secret", "KEPT": "1"}
    inherited = {"PATH": "/x", "KEPT": "0", "AWS_SECRET": "hunter2", "odd name; rm -rf": "x"}
    file = setup.write_wrapper(tmp_path, "/opt/it's/claude", env, inherited)
    text = file.read_text()
    assert "-u AWS_SECRET" in text
    assert "KEPT" not in text
    assert "secret" not in text.replace("AWS_SECRET", "")
    assert "hunter2" not in text
    assert "rm -rf" not in text
    assert """'/opt/it'"'"'s/claude'""" in text
    assert file.stat().st_mode & 0o777 == 0o700


async def test_opening_without_the_program_says_how_to_get_it(tmp_path: Path):
    from orch_tui.agents.base import SessionSpec

    spec = SessionSpec(
        provider="claude",
        run="r",
        section="A",
        attempt=1,
        title="A",
        cwd=str(tmp_path),
        brief="",
        session_id="1",
        env={"PATH": str(tmp_path), "ANTHROPIC_API_KEY": "x"},
        options={"cli": "clod"},
    )
    with pytest.raises(AgentUnavailable, match="install"):
        await ClaudeProvider().open(spec)
