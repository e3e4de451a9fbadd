"""The forge by its commands: made for gh, and for another program by settings alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orch_tui.errors import ConfigError, MachineError
from orch_tui.forge import __main__ as program
from orch_tui.forge.commands import Forge, missing
from orch_tui.forge_settings import ForgeSettings, forge_of
from orch_tui.testing.forge_stand_in import StandIn

BRANCH = "orch-work/r/A/1"
GITLAB = """#!/bin/sh
# another forge's program: other words, and what it knows in the same JSON
case "$1 $2" in
  "auth status") exec {gh} auth status ;;
  "mr show") exec {gh} pr view "$3" --json=number,url,state,headRefOid,statusCheckRollup ;;
  "mr new") exec {gh} pr create --head="$3" --base="$4" --title="$5" --body= ;;
  "mr accept") exec {gh} pr merge "$3" --squash --match-head-commit="$4" ;;
esac
exit 9
"""


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("ORCH_RUN", raising=False)


def shell(at: Path, *argv: str) -> str:
    return subprocess.run(argv, cwd=at, capture_output=True, check=True, text=True).stdout.strip()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(tmp_path)
    monkeypatch.setenv("PATH", f"{made.program.parent}{os.pathsep}{os.environ['PATH']}")
    return made


@pytest.fixture
def tree(tmp_path: Path, stand_in: StandIn) -> Path:
    """A checkout on a section's branch with work on it."""
    at = tmp_path / "tree"
    shell(tmp_path, "git", "init", "-q", str(at))
    shell(at, "git", "commit", "-q", "--allow-empty", "-m", "start")
    shell(at, "git", "remote", "add", "origin", str(stand_in.repository))
    shell(at, "git", "push", "-q", "origin", "main")
    shell(at, "git", "checkout", "-q", "-b", BRANCH)
    (at / "work").write_text("work")
    shell(at, "git", "add", ".")
    shell(at, "git", "commit", "-q", "-m", "work")
    return at


def other_work(tree: Path) -> str:
    """Somebody else changes the same on the forge's main branch; returns that commit."""
    shell(tree, "git", "checkout", "-q", "main")
    (tree / "work").write_text("other")
    shell(tree, "git", "add", ".")
    shell(tree, "git", "commit", "-q", "-m", "other")
    shell(tree, "git", "push", "-q", "origin", "main")
    commit = shell(tree, "git", "rev-parse", "HEAD")
    shell(tree, "git", "checkout", "-q", BRANCH)
    return commit


def test_a_branch_is_published_opened_once_merged_and_taken_over(tree: Path, stand_in: StandIn):
    forge = Forge(ForgeSettings(), tree, BRANCH)
    forge.publish()
    of = forge.open("A: --title", "words")
    assert forge.open("again", "") == of, "after a crash the same one is found"
    assert (stand_in.pull["title"], stand_in.pull["base"], of.state) == ("A: --title", "main", "OPEN")
    assert of.head == shell(tree, "git", "rev-parse", "HEAD")
    forge.merge(of)
    assert forge.view().state == "MERGED"
    forge.clean_up()
    forge.clean_up()
    assert shell(tree, "git", "merge-base", "--is-ancestor", "origin/main", "HEAD") == ""
    assert shell(stand_in.repository, "git", "branch", "--format=%(refname:short)") == "main"


def test_what_was_not_reviewed_is_not_merged(tree: Path, stand_in: StandIn):
    forge = Forge(ForgeSettings(), tree, BRANCH)
    forge.publish()
    of = forge.open("t", "")
    shell(tree, "git", "commit", "-q", "--allow-empty", "-m", "more")
    forge.publish()
    with pytest.raises(MachineError, match=r"gh \(merge\): Head branch was modified"):
        forge.merge(of)


def test_what_was_merged_and_does_not_fit_leaves_the_branch_as_it_was(tree: Path, stand_in: StandIn):
    forge = Forge(ForgeSettings(), tree, BRANCH)
    forge.publish()
    other_work(tree)
    with pytest.raises(MachineError, match="CONFLICT"):
        forge.clean_up()
    assert shell(tree, "git", "status", "--porcelain") == ""


def test_another_program_is_used_by_settings_alone(tree: Path, stand_in: StandIn, tmp_path: Path):
    other = stand_in.program.with_name("glab")
    other.write_text(GITLAB.format(gh=stand_in.program))
    other.chmod(0o755)
    said = {
        "command": "glab",
        "base": "main",
        "view": ["{{ command }}", "mr", "show", "{{ branch }}"],
        "create": ["{{ command }}", "mr", "new", "{{ branch }}", "{{ base }}", "{{ title }}"],
        "merge": ["{{ command }}", "mr", "accept", "{{ number }}", "{{ head }}"],
    }
    settings = forge_of(ForgeSettings(), said)
    assert missing(settings, os.environ, tmp_path) == ""
    forge = Forge(settings, tree, BRANCH)
    forge.publish()
    forge.merge(forge.open("A", ""))
    forge.clean_up()
    assert forge.view().state == "MERGED"
    assert shell(tree, "git", "diff", "origin/main", "HEAD") == ""


def test_what_is_missing_is_told_in_one_line(stand_in: StandIn, tmp_path: Path):
    assert missing(ForgeSettings(), os.environ, tmp_path) == ""
    nowhere = missing(ForgeSettings(command="hg-forge"), os.environ, tmp_path)
    assert nowhere.startswith("'hg-forge', which makes pull requests, is not installed")
    stand_in.log_out()
    assert missing(ForgeSettings(), os.environ, tmp_path).endswith("is not logged in: run `gh auth login`")
    assert missing(ForgeSettings(auth=()), os.environ, tmp_path) == ""


def test_the_program_says_by_its_exit_code_how_it_stands(
    tree: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tree)

    def ends(*argv: str) -> tuple[int, str]:
        code = program.main([argv[0], BRANCH, *argv[1:]])
        return code, capsys.readouterr().out.splitlines()[-1]

    assert ends("review") == (1, f'gh (view): no pull requests found for branch "{BRANCH}"')
    assert ends("publish")[0] == 0
    assert ends("open", "--title=t") == (0, "pull request 1 is open: https://forge.example/pull/1")
    assert ends("review") == (9, "pull request 1 waits for a review: https://forge.example/pull/1")
    other = other_work(tree)
    assert ends("review") == (3, "pull request 1 conflicts with its base: https://forge.example/pull/1")
    shell(tree, "git", "merge", "-q", "-s", "ours", "origin/main")
    assert ends("publish")[0] == 0
    assert other == shell(tree, "git", "rev-parse", "origin/main")
    stand_in.check("build", "FAILURE")
    assert ends("review")[0] == 4
    stand_in.check("build", "SUCCESS")
    stand_in.review("ada", "CHANGES_REQUESTED")
    assert ends("review")[0] == 3
    assert ends("merged")[0] == 9
    stand_in.review("ada", "APPROVED")
    assert ends("review")[0] == 0
    assert ends("merge")[0] == 0
    assert ends("merge")[0] == 0, "after a crash it is merged already"
    assert ends("merged") == (0, "pull request 1 is merged: https://forge.example/pull/1")
    assert ends("clean-up")[0] == 0
    stand_in.close()
    assert ends("review")[0] == ends("merged")[0] == 5
    stand_in.log_out()
    assert ends("publish")[0] == 6
    assert program.main(["publish", ""]) == 6


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("gh", "'forge' has names and values, not 'gh'"),
        ({"comand": "gh"}, "unknown setting 'forge.comand'"),
        ({"command": ""}, "'forge.command' is a name, not ''"),
        ({"remote": "--upload-pack=x"}, "'forge.remote' is a name, not '--upload-pack=x'"),
        ({"view": "gh pr view"}, "'forge.view' is a list of words"),
        ({"merge": []}, "'forge.merge' names no program"),
    ],
)
def test_settings_that_make_no_sense_are_refused(said: object, words: str):
    with pytest.raises(ConfigError, match=words.replace("(", r"\(")):
        forge_of(ForgeSettings(), said)


def test_a_template_with_a_name_that_is_not_there_is_told(tree: Path, stand_in: StandIn):
    forge = Forge(ForgeSettings(view=("gh", "{{ brnch }}")), tree, BRANCH)
    with pytest.raises(ConfigError, match=r"'forge\.view': 'brnch' is undefined"):
        forge.view()
