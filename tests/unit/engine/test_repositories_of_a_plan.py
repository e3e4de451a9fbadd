"""Which repository each section of a plan is in, found on the disk when the plan is read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orch_tui.config import Config
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out
from orch_tui.core.run_events import Asked, PlanRead, RunCreated
from orch_tui.core.state import SectionState
from orch_tui.engine.planning import read_event
from orch_tui.errors import ConfigError
from orch_tui.plan.parsing import parse
from orch_tui.store.layout import RunDir, run_dir

BODY = """# P

## Section A: One

## Section B: Two
{field}
Dependencies: Section A
"""


def git(at: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "protocol.file.allow=always")
    return subprocess.run(["git", *identity, *arguments], cwd=at, check=True, capture_output=True, text=True).stdout


def repository(path: Path) -> Path:
    path.mkdir(parents=True)
    git(path, "init", "-q", "-b", "main")
    git(path, "commit", "-q", "--allow-empty", "-m", "start")
    return path


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """A run of the project `web`, beside which there is a repository `api`."""
    made = run_dir(repository(tmp_path / "web"), "a-run")
    made.path.mkdir(parents=True)
    repository(tmp_path / "api")
    return made


def read(run: RunDir, field: str, front: str = "", config: Config | None = None, **asked: object) -> PlanRead:
    text = f"---\n{front}\n---\n{BODY.format(field=field)}" if front else BODY.format(field=field)
    created = RunCreated(run="a-run", plan_path="plan.md", asked=Asked(**asked))  # type: ignore[arg-type]
    return read_event(run, parse(text), "sha", created, config or Config())


def laid(found: PlanRead) -> dict[str, SectionState]:
    return lay_out(Edition(read=found))


def refusal(found: PlanRead) -> str:
    [one] = [one for one in found.findings if one.type == "unknown-repository"]
    assert (one.ids, one.line) == (("B",), 8)
    return one.message


def test_a_plan_that_names_none_has_only_the_projects_own(run: RunDir):
    found = read(run, "")
    assert found.repositories == ()
    assert {one.repository for one in laid(found).values()} == {""}


@pytest.mark.parametrize("front", ["repositories: {api: ../api}", "repositories:\n  api: ../web/../api/"])
def test_a_name_of_the_front_matter_is_a_repository(run: RunDir, tmp_path: Path, front: str):
    found = read(run, "Repo: api", front)
    own, api = found.repositories
    assert (own.name, own.path, own.names) == ("", str(tmp_path / "web"), (".", "web"))
    assert (api.name, api.path, api.base) == (
        "api",
        str(tmp_path / "api"),
        git(tmp_path / "api", "rev-parse", "HEAD").strip(),
    )
    assert [one.repository for one in laid(found).values()] == ["", "api"]
    assert found.findings == read(run, "").findings


def test_names_of_the_settings_and_paths_in_the_plan_do_too(run: RunDir):
    assert laid(read(run, "Repo: API", config=Config(repositories={"api": "../api"})))["B"].repository == "api"
    assert laid(read(run, "Repo: ../api"))["B"].repository == "api"


def test_a_whole_plan_can_be_in_another_repository(run: RunDir):
    found = read(run, "Repo: .", "repository: ../api")
    assert [one.repository for one in laid(found).values()] == ["api", ""]
    with pytest.raises(
        ConfigError, match="all of it done in repository 'apy', but there is no repository of that name"
    ):
        read(run, "", "repo: apy")


@pytest.mark.parametrize("word", [".", "web", "this repo", "../web", "./"])
def test_the_project_itself_is_its_own_repository_whatever_it_is_called(run: RunDir, word: str):
    found = read(run, f"Repo: {word}")
    assert laid(found)["B"].repository == ""
    assert not [one for one in found.findings if one.type == "unknown-repository"]


def test_two_names_for_one_repository_are_one(run: RunDir, tmp_path: Path):
    (tmp_path / "backend").symlink_to(tmp_path / "api")
    git(tmp_path / "api", "worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
    git(tmp_path / "web", "worktree", "add", "-q", str(tmp_path / "mine"), "-b", "mine")
    for word, name in {"backend": "api", "twin": "api", "copy": ""}.items():
        found = read(
            run, f"Repo: {word}", "repositories: {api: ../api, backend: ../backend, twin: ../other, copy: ../mine}"
        )
        assert laid(found)["B"].repository == name
        assert [one.name for one in found.repositories] == ["", "api"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("Repo: apy", "done in repository 'apy', but there is no repository of that name (known: ., api)"),
        ("Repo: ../nowhere", "'../nowhere', but there is no such directory"),
        ("Repo: api, web", "no repository of that name"),
        ("Repo: the one of the backend team", "no repository of that name"),
        ("Repo: ../plain", "that is no git repository"),
        ("Repo: ../api/src", "that is a directory in the repository"),
        ("Repo: ../bare.git", "must be run in a work tree"),
        ("Repo: ../unborn", "it has no commit so far"),
        ("Repo: .orch/inner", "that is where runs keep their own files"),
        ("Repo: ../state/orch-tui/worktrees/x", "that is where runs keep their own files"),
        ("Repo: https://forge.example/acme/api", "no repository of that name"),
    ],
)
def test_what_is_no_repository_is_told_at_the_section(
    run: RunDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, words: str
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "plain").mkdir()
    (tmp_path / "api" / "src").mkdir()
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    git(tmp_path, "init", "-q", "unborn")
    repository(tmp_path / "web" / ".orch" / "inner")
    repository(tmp_path / "state" / "orch-tui" / "worktrees" / "x")
    found = read(run, field, "repositories: {api: ../api, gone: ../gone}")
    assert words in refusal(found)
    assert laid(found)["B"].repository not in {"", "api"}


def test_a_submodule_is_a_repository_of_its_own(run: RunDir, tmp_path: Path):
    git(tmp_path / "web", "submodule", "add", "-q", str(tmp_path / "api"), "lib")
    found = read(run, "Repo: ./lib")
    assert laid(found)["B"].repository == "lib"
    assert found.repositories[1].path == str(tmp_path / "web" / "lib")


def test_in_place_there_is_only_the_projects_own_directory(run: RunDir):
    found = read(run, "Repo: ../api", isolation="none")
    [one] = [one for one in found.findings if one.type == "unknown-repository"]
    assert (one.ids, one.line) == (("B",), 5)
    assert "the run works in place, in the project's own directory only" in one.message
    assert laid(read(run, "Repo: .", isolation="none"))["B"].repository == ""


def test_a_project_without_git_can_hold_repositories_for_all_of_its_sections(tmp_path: Path):
    run = run_dir(tmp_path, "a-run")
    run.path.mkdir(parents=True)
    repository(tmp_path / "api")
    found = read(run, "", "repository: ./api")
    assert (found.settings.isolation, {one.repository for one in laid(found).values()}) == ("worktree", {"api"})
    [one] = [one for one in read(run, "Repo: ./api").findings if one.type == "unknown-repository"]
    assert one.ids == ("A",)
    assert "in the project's own directory" in one.message


def test_checks_and_set_up_are_those_of_its_own_settings_unless_the_plan_says_otherwise(run: RunDir, tmp_path: Path):
    (tmp_path / "api" / ".orch").mkdir()
    (tmp_path / "api" / ".orch" / "config.yaml").write_text("checks: [make api]\nworktree: {setup: [make deps]}\n")
    config = Config(checks=("make web",))
    api = read(run, "Repo: ../api", config=config).repositories[1]
    assert (api.checks, api.worktree.setup) == (("make api",), ("make deps",))
    assert read(run, "Repo: ../api", "checks: make all", config=config).repositories[1].checks == ("make all",)


def test_changes_that_its_sections_do_not_see_are_said_with_its_name(run: RunDir, tmp_path: Path):
    (tmp_path / "api" / "a.txt").write_text("one\n")
    git(tmp_path / "api", "add", "a.txt")
    assert any("'api'" in words and "'a.txt'" in words for words in read(run, "Repo: ../api").notices)


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("repositories: [api]", "'repositories' has names and paths"),
        ("repositories: {api: 1}", "the repository 'api' is a path, not 1"),
        ("repositories: {'a/b': ../api}", "'a/b' is no name of a repository"),
        ("repository: [api]", "'repository' in the plan's front matter is a word"),
    ],
)
def test_front_matter_that_names_none_is_refused(run: RunDir, front: str, words: str):
    with pytest.raises(ConfigError, match=words.replace("[", r"\[")):
        read(run, "", front)
