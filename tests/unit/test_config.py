"""Settings files: what they may say, who wins, and what a mistake looks like."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui import config
from orch_tui.config import Config, SecondReader
from orch_tui.errors import ConfigError


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def user(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "orch-tui" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "project" / ".orch" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def load(project: Path, env: dict[str, str]) -> Callable[[], Config]:
    return lambda: config.load(project.parents[1], env)


def test_without_files_everything_is_as_by_default(load):
    assert load() == Config()


def test_everything_can_be_set(load, project):
    project.write_text(
        "agent: claude\nmodel: sonnet\nconcurrency: 8\nisolation: none\nmax_attempts: 5\ntheme: dusk\n"
        "keys: {approve: A}\nidle_exit: 2.5\ndeny: [git push, 'rm -rf *']\nenv_pass: [ANTHROPIC_*, HTTP_TOKEN]\n"
        "merge_strategy: squash\nland_strategy: ff\nbranches: plan\n"
        "agents:\n  claude: {permission_mode: plan, turns: 5, tools: [Read, Edit]}\n"
    )
    assert load() == Config(
        agent="claude",
        model="sonnet",
        concurrency=8,
        isolation="none",
        max_attempts=5,
        merge_strategy="squash",
        land_strategy="ff",
        branches="plan",
        theme="dusk",
        keys={"approve": "A"},
        idle_exit=2.5,
        deny=("git push", "rm -rf *"),
        env_pass=("ANTHROPIC_*", "HTTP_TOKEN"),
        agents={"claude": {"permission_mode": "plan", "turns": 5, "tools": ["Read", "Edit"]}},
    )


def test_the_project_wins_over_the_user(load, user, project):
    user.write_text("agent: claude\nconcurrency: 2\nkeys: {skip: s, approve: a}\n")
    project.write_text("concurrency: 3\nkeys: {skip: S}\n")
    assert load() == Config(agent="claude", concurrency=3, keys={"skip": "S", "approve": "a"})


def test_another_file_can_be_named_in_the_environment(load, user, env, tmp_path):
    user.write_text("agent: claude")
    (tmp_path / "other.yaml").write_text("agent: script")
    env[config.OVERRIDE] = str(tmp_path / "other.yaml")
    assert load().agent == "script"
    env[config.OVERRIDE] = str(tmp_path / "gone.yaml")
    with pytest.raises(ConfigError, match=r"gone\.yaml', which is not a file"):
        load()


def test_isolation_none_is_a_word_also_where_yaml_reads_nothing(load, project):
    for spelled in ("none", "null", "~"):
        project.write_text(f"isolation: {spelled}")
        assert load().isolation == "none"


@pytest.mark.parametrize("content", ["", "\n", "# only a comment\n", "---\n"])
def test_an_empty_file_says_nothing(load, project, content):
    project.write_text(content)
    assert load() == Config()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("agent: claude\nconcurency: 3", "config.yaml:2: unknown setting 'concurency' (did you mean 'concurrency'?)"),
        ("zzz: 1", "config.yaml:1: unknown setting 'zzz' (there are agent, model,"),
        ("agent: claude\n\nconcurrency: many", "config.yaml:3: expected a number from 1 to 1000, got 'many'"),
        ("concurrency: 0", "config.yaml:1: expected a number from 1 to 1000, got 0"),
        ("concurrency: true", "got True"),
        ("concurrency: 1.5", "expected a whole number, got 1.5"),
        ("idle_exit: .nan", "got nan"),
        ("isolation: docker", "isolation cannot be 'docker' (use 'worktree' or 'none')"),
        ("merge_strategy: ff", "merge_strategy cannot be 'ff' (use 'merge' or 'squash' or 'rebase')"),
        ("branches: [plan]", "branches cannot be ['plan'] (use 'section' or 'plan')"),
        ("agent: 3", "expected a word, got 3"),
        ("agent: [a]", "expected a word, got ['a']"),
        ("agent: a\nagent: b", "config.yaml:2: 'agent' is set twice"),
        ("- agent", "expected settings as 'name: value'"),
        ("just words", "expected settings as 'name: value'"),
        ("keys: a", "expected actions and their keys as 'name: value'"),
        ("agents: {claude: 3}", "expected options as 'name: value'"),
        ("deny: git push", "expected a list of commands"),
        ("deny: ['']", "a pattern is empty"),
        ("env_pass: PATH", "expected a list of names"),
        ("env_pass: ['*']", "'*' would pass every secret"),
        ("? [a]\n: b", "a name has to be a word"),
        ("agent: 'a\nb: c", "config.yaml:2: found unexpected end of stream"),
        ("agent: a\n\tb: c", "config.yaml:2: found character '\\t'"),
        ("agent: !!python/object/apply:os.system ['echo']", "expected a word"),
        ("agents: {a: {b: !!python/name:os.system x}}", "cannot read 'x'"),
        ("agents: {a: {b: &x [*x]}}", "too many values, or nested too deeply"),
        ("agent: " + "[" * 3000, "it has to be YAML"),
        ("agent: \x00", "unacceptable character"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(load, project, content, message):
    project.write_text(content)
    with pytest.raises(ConfigError) as mistake:
        load()
    assert message in mistake.value.line()
    assert "\n" not in mistake.value.line()
    assert str(project) in mistake.value.line()


def test_invalid_utf8_is_named(load, project):
    project.write_bytes(b"agent: \xff\xfe")
    with pytest.raises(ConfigError, match=r"config\.yaml:"):
        load()


def test_a_huge_file_is_refused(load, project):
    project.write_bytes(b"#" * (config.LARGEST + 1))
    with pytest.raises(ConfigError, match="is larger than"):
        load()


def test_aliases_do_not_multiply_without_limit(load, project):
    lines = ["agents:", "  a:", "    a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"    a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    project.write_text("\n".join(lines))
    with pytest.raises(ConfigError, match=r"config\.yaml:.*too many values"):
        load()


def test_a_file_that_cannot_be_read_is_named(load, project):
    project.mkdir()
    with pytest.raises(ConfigError, match="cannot read"):
        load()


def test_the_quick_commands_pay_for_neither_yaml_nor_pydantic():
    code = "import sys, orch_tui.config; print(sorted({'yaml', 'pydantic', 'platformdirs'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"


def test_the_second_reader_is_set_key_by_key_and_the_project_wins(load, user, project):
    user.write_text("second_reader: {provider: codex, timeout: 30, codex_config: ['a=1', 'b=2']}\n")
    project.write_text("second_reader: {model: luna, timeout: 60, cost_limit_usd: 1}\n")
    assert load().second_reader == SecondReader(
        provider="codex", model="luna", timeout=60.0, cost_limit_usd=1.0, codex_config=("a=1", "b=2")
    )


@pytest.mark.parametrize("word", ["off", "'off'", "false"])
def test_the_second_reader_and_its_limit_can_be_switched_off_though_yaml_reads_off_as_false(load, project, word):
    project.write_text(f"second_reader: {{provider: {word}, cost_limit_usd: {word}}}\n")
    assert (load().second_reader.provider, load().second_reader.cost_limit_usd) == ("off", None)


def test_a_limit_of_nothing_is_a_limit(load, project):
    project.write_text("second_reader: {cost_limit_usd: 0}\n")
    assert load().second_reader.cost_limit_usd == 0.0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{privider: auto}", "did you mean 'provider'?"),
        ("{timeout: 0}", "from 1 to 3600"),
        ("{cost_limit_usd: -1}", "from 0"),
        ("{codex_config: a=1}", "list of words"),
        ("[auto]", "expected settings"),
    ],
)
def test_a_wrong_setting_of_the_second_reader_is_named_with_its_line(load, project, settings, words):
    project.write_text(f"agent: claude\nsecond_reader: {settings}\n")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "config.yaml:2" in caught.value.line()
    assert words in caught.value.line()
