"""A whole run as one pull request, on a stand-in for a forge."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.client import pull_requests
from orch_tui.errors import UserError
from orch_tui.testing.forge_stand_in import StandIn

BRANCH = "orch/r1"
MESSAGE = "The plan\n\n- A: Part A\n\nOrch-Run: r1\n"


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(tmp_path)
    monkeypatch.setenv("PATH", f"{made.program.parent}{os.pathsep}{os.environ['PATH']}")
    return made


@pytest.fixture
def repo(tmp_path: Path, forge: StandIn) -> git.repo.Repo:
    """A repository whose run has merged something."""
    at = tmp_path / "project"
    shell(tmp_path, "init", "-q", str(at))
    shell(at, "commit", "-q", "--allow-empty", "-m", "start")
    shell(at, "remote", "add", "origin", str(forge.repository))
    shell(at, "push", "-q", "origin", "main")
    found = git.repo.find(at)
    assert found
    merged(found, "a.txt")
    return found


def shell(at: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=at, capture_output=True, check=True, text=True).stdout.strip()


def merged(repo: git.repo.Repo, name: str) -> None:
    """The run merges a file of this name."""
    shell(repo.root, "checkout", "-q", "-B", BRANCH, *([BRANCH] if git.repo.commit_of(repo, BRANCH) else []))
    (repo.root / name).write_text(name)
    shell(repo.root, "add", ".")
    shell(repo.root, "commit", "-q", "-m", f"Merge {name}")
    shell(repo.root, "checkout", "-q", "main")


def test_a_run_is_shown_pushed_and_opened_once(repo: git.repo.Repo, forge: StandIn):
    found = pull_requests.look(repo, BRANCH)
    assert (found.onto, found.count, found.files) == ("origin/main", 1, (("a.txt", 1, 0),))
    assert [subject for _, subject in found.commits] == ["Merge a.txt"]
    assert forge.pull == {}, "nothing is made by looking"
    said = "pull request 1 is open: https://forge.example/pull/1"
    assert pull_requests.request(repo, found, MESSAGE) == said
    assert pull_requests.request(repo, found, MESSAGE) == said
    assert (forge.pull["title"], forge.pull["body"]) == ("The plan", "- A: Part A\n\nOrch-Run: r1")
    assert len(forge.load()["pulls"]) == 1
    assert shell(repo.root, "status", "--porcelain") == ""


def test_what_is_merged_later_goes_into_the_one_that_is_open_and_into_another_one_after_that(
    repo: git.repo.Repo, forge: StandIn
):
    pull_requests.request(repo, pull_requests.look(repo, BRANCH), MESSAGE)
    merged(repo, "b.txt")
    pull_requests.request(repo, pull_requests.look(repo, BRANCH), MESSAGE)
    assert forge.head() == shell(repo.root, "rev-parse", BRANCH)
    forge.close()
    assert pull_requests.request(repo, pull_requests.look(repo, BRANCH), MESSAGE).startswith("pull request 2 is open")


def test_a_hook_of_the_user_that_says_no_is_told_and_nothing_is_made(repo: git.repo.Repo, forge: StandIn):
    hook = repo.common / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not on mondays >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UserError, match=r"'orch/r1' was not pushed: not on mondays"):
        pull_requests.request(repo, pull_requests.look(repo, BRANCH), MESSAGE)
    assert forge.pull == {}
    assert git.command.text(forge.repository, "for-each-ref", "refs/heads/orch") == ""


def test_what_is_in_the_way_is_told(repo: git.repo.Repo, forge: StandIn):
    found = pull_requests.look(repo, BRANCH)
    merged(repo, "b.txt")
    with pytest.raises(UserError, match="moved since this was shown"):
        pull_requests.request(repo, found, MESSAGE)
    with pytest.raises(UserError, match="there is no branch 'orch/r2'"):
        pull_requests.look(repo, "orch/r2")
    shell(repo.root, "push", "-q", "origin", f"{BRANCH}:main")
    with pytest.raises(UserError, match="'origin/main' holds everything"):
        pull_requests.look(repo, BRANCH)
    forge.log_out()
    with pytest.raises(UserError, match="is not logged in"):
        pull_requests.look(repo, BRANCH)
