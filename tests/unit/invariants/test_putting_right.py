"""What is safe is put right and nothing is lost by it; what is not is left as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from run_in_git import stage, tree

from orch_tui import process, proctable
from orch_tui.client.doctor import Examined, mend, verdict
from orch_tui.store.lock import Lock
from orch_tui.store.replay import Replay, write_snapshot
from orch_tui.testing.stage import Stage
from orch_tui.testing.staged_repository import git

__all__ = ["stage"]


@pytest.fixture(autouse=True)
def _private(stage: Stage) -> None:
    """Files as a runner makes them."""
    for path in (stage.run.path, *stage.run.path.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def done(examined: Examined) -> str:
    return "\n".join(examined.done)


def test_a_leftover_worktree_is_saved_to_a_ref_and_removed(stage: Stage):
    git(stage.root, "worktree", "add", "-q", str(tree(stage, "A")), f"orch-work/{stage.name}/A/1")
    (tree(stage, "A") / "late.txt").write_text("written after the merge\n")
    words = done(mend(stage.run))
    assert not tree(stage, "A").exists()
    ref = words.rpartition("is kept as ")[2]
    assert git(stage.root, "show", f"{ref}:late.txt") == "written after the merge"
    assert tree(stage, "B").exists(), "the worktree of a section that failed stays for a person to look at"


def test_a_worktree_of_no_attempt_is_saved_too(stage: Stage):
    git(stage.root, "worktree", "add", "-q", "-b", "elsewhere", str(tree(stage, "C")), "main")
    (tree(stage, "C") / "mine.txt").write_text("whose?\n")
    assert "is kept as refs/orch/rescue/" in done(mend(stage.run))
    assert not tree(stage, "C").exists()


def test_what_lives_of_an_attempt_that_is_over_is_ended(stage: Stage):
    marker = stage.state.sections["A"].attempts[0].marker
    own = {process.MARKER: marker, process.RUN_MARKER: str(stage.run.path), "PATH": os.environ["PATH"]}
    with subprocess.Popen(["sleep", "60"], env=own) as child:
        while not process.marked(marker):
            pass
        examined = mend(stage.run)
        assert child.wait(timeout=30) < 0
    assert f"ended what was left of the attempt {marker!r}" in done(examined)
    assert verdict(examined) != "wrong"


def test_a_snapshot_that_says_something_else_is_thrown_away(stage: Stage):
    replay = Replay(stage.run)
    replay.read_all()
    replay.state.sections["A"].summary = "something else"
    write_snapshot(stage.run, replay.state, replay.position)
    assert "threw snapshot.json away" in done(mend(stage.run))
    assert not stage.run.snapshot.exists()


def test_files_are_closed_to_others(stage: Stage):
    stage.run.journal.chmod(0o777)
    stage.run.plan(stage.sha).chmod(0o644)
    assert done(mend(stage.run)).count("only you can read") == 2
    assert stage.run.journal.stat().st_mode & 0o777 == 0o700
    assert stage.run.plan(stage.sha).stat().st_mode & 0o777 == 0o600


def test_a_lock_that_a_git_left_is_removed_unless_one_is_at_work(stage: Stage, tmp_path: Path):
    lock = stage.root / ".git" / "worktrees" / "1" / "index.lock"
    lock.write_text("")
    os.utime(lock, (1, 1))
    program = shutil.copy(shutil.which("sleep") or "", tmp_path / "git-at-work")
    with subprocess.Popen([program, "60"]) as child:
        try:
            while child.pid not in proctable.called("git"):
                pass
            assert "a git is at work that may hold" in done(mend(stage.run))
        finally:
            child.kill()
    assert "removed the lock" in done(mend(stage.run))
    assert not lock.exists()


def test_nothing_is_touched_while_a_runner_holds_the_lock(stage: Stage):
    stage.run.journal.chmod(0o777)
    lock = Lock(stage.run.lock)
    assert lock.acquire({"pid": os.getpid()})
    try:
        assert "a runner is at work" in done(mend(stage.run))
    finally:
        lock.release()
    assert stage.run.journal.stat().st_mode & 0o777 == 0o777
