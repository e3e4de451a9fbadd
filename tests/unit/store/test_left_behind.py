"""What a session left, read from its transcript and its worktree."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.clock import Clock
from orch_tui.core.attempt import AttemptState
from orch_tui.core.attempt_events import AttemptEnded, AttemptLost
from orch_tui.engine import going_on
from orch_tui.process import run
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.store.left_behind import deeds_of, left_by
from orch_tui.store.transcripts import Writer


@pytest.fixture
def directory(tmp_path: Path) -> AttemptDir:
    return AttemptDir(private_dir(tmp_path / "attempt"))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a commit, a change and a file that git does not know."""
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    tree = tmp_path / "tree"
    tree.mkdir()
    git(tree, "init", "-q")
    (tree / "one.txt").write_text("one\n")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "Base")
    return tree


def git(tree: Path, *words: str) -> str:
    return run(["git", *words], cwd=tree).out.decode().strip()


def attempt_at(tree: Path, **more: object) -> AttemptState:
    base = git(tree, "rev-parse", "HEAD")
    fields: dict[str, object] = {"path": str(tree), "branch": "b", "base": base, "left": base, **more}
    return AttemptState(number=1, agent="claude", session_id="s", marker="r/A/1", **fields)  # type: ignore[arg-type]


def told(directory: AttemptDir, tmp_path: Path, *events: tuple[str, dict[str, object]]) -> None:
    writer = Writer(directory, private_dir(tmp_path / "artifacts"), Clock())
    for kind, fields in events:
        writer.append(kind, **fields)
    writer.close()


def test_it_is_what_git_shows_and_what_was_called_answered_and_said_last(
    directory: AttemptDir, tree: Path, tmp_path: Path
):
    attempt = attempt_at(tree)
    (tree / "two.txt").write_text("two\n")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "Write two")
    (tree / "one.txt").write_text("other\n")
    (tree / "three.txt").write_text("three\n")
    told(
        directory,
        tmp_path,
        ("text", {"text": "before\n"}),
        *(("tool", {"name": "Bash", "input": f"make {number}", "id": "1"}) for number in range(12)),
        ("ask", {"request_id": "r", "ask": "question", "title": "Which?"}),
        ("notice", {"notice": "answer", "text": "kim: lite", "until": 0}),
        ("text", {"text": "the par"}),
        ("text", {"text": "ser is next\nand then"}),
    )
    left = left_by(directory, attempt)
    assert [line.split("|")[0].strip() for line in left.stat[:-1]] == ["one.txt", "two.txt"]
    assert left.stat[-1].strip().startswith("2 files changed")
    assert list(left.untracked) == ["three.txt"]
    assert [one.partition(" ")[2] for one in left.commits] == ["Write two"]
    assert list(left.tools) == [f"Bash make {number}" for number in range(2, 12)]
    assert list(left.answers) == [("Which?", "kim: lite")]
    assert left.said == "the parser is next\nand then"


def test_of_an_attempt_whose_files_are_gone_nothing_is_known(directory: AttemptDir, tree: Path, tmp_path: Path):
    left = left_by(directory, attempt_at(tree, path=str(tmp_path / "gone")))
    assert (left.stat, left.untracked, left.tools, left.said) == ((), (), (), "")
    assert deeds_of(directory) == ""


def test_two_sessions_that_did_the_same_are_alike_but_for_numbers(tmp_path: Path):
    found: list[str] = []
    for name, calls in (("a", ("make 1", "cat x")), ("b", ("make 2", "cat x")), ("c", ("make 1", "cat y"))):
        directory = AttemptDir(private_dir(tmp_path / name))
        told(directory, tmp_path, *(("tool", {"name": "Bash", "input": call, "id": "1"}) for call in calls))
        found.append(deeds_of(directory))
    assert found[0] == found[1] != found[2]


def test_a_session_is_gone_on_with_only_where_its_worktree_is_as_it_was_left(tree: Path):
    attempt = attempt_at(tree)
    assert going_on.unfit(attempt) == ""
    git(tree, "commit", "-q", "--allow-empty", "-m", "By somebody else")
    assert going_on.unfit(attempt) == (
        "the session of attempt 1 cannot be gone on with: its worktree is not at the commit it was left at"
    )
    assert going_on.unfit(attempt_at(tree, path=str(tree / "gone"))).endswith("its worktree is gone")


def test_the_end_of_a_session_keeps_where_its_worktree_stood_and_what_it_did(
    directory: AttemptDir, tree: Path, tmp_path: Path
):
    told(directory, tmp_path, ("tool", {"name": "Bash", "input": "make", "id": "1"}))
    attempt = attempt_at(tree, resumable=True)
    over = {"message": "", "summary": "", "cost_usd": None, "exit_code": None}
    ending = AttemptEnded(section="A", attempt=1, outcome="failed", failure="agent", **over)
    left = going_on.as_left(ending, attempt, directory)
    assert (left.left, left.did) == (git(tree, "rev-parse", "HEAD"), deeds_of(directory))
    lost = AttemptLost(section="A", attempt=1, why="gone", swept=0, counted=True)
    assert going_on.as_left(lost, attempt, directory).left == left.left
    assert going_on.as_left(ending, attempt_at(tree), directory) == ending, "nobody goes on with what cannot be"
