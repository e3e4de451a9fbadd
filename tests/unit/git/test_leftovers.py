"""What a git that was killed leaves behind stands in nobody's way, and a step whose git was killed is done again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError, GitKilled
from orch_tui.git import leftovers
from orch_tui.git.command import once_more
from orch_tui.git.places import git_dir_of
from orch_tui.git.worktrees import add_worktree, take_up, worktree_root
from orch_tui.proctable import called

BRANCH = "orch-work/r1/A/1"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests beside these have gits of their own, which these do not wait for."""
    monkeypatch.setattr(leftovers.proctable, "called", lambda _name: {})


@pytest.fixture
def half_made(repo, top: Path) -> Path:
    """A worktree in git's register whose adding was killed before its entry was complete."""
    entry = top / ".git" / "worktrees" / "1"
    entry.mkdir(parents=True)
    (entry / "gitdir").write_text(f"{worktree_root(repo, 'r1') / 'A' / '1'}/.git\n")
    (entry / "HEAD").write_text("0" * 40 + "\n")
    (entry / "locked").write_text("initializing")
    (entry / "commondir").touch()
    return entry


@pytest.fixture
def killed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that somebody kills: the next call of the command named in this file, before or after it did its work."""
    word, real = tmp_path / "word", shutil.which("git")
    path = tmp_path / "bin"
    path.mkdir()
    (path / "git").write_text(
        f'#!/bin/sh\nread -r when named < "{word}" 2>/dev/null\ncase " $* " in *" $named "*) hit=$when ;; esac\n'
        f'[ "$named" ] && [ "$hit" ] && rm "{word}"\n[ "$hit" = before ] && kill -9 $$\n'
        f'"{real}" "$@"\ncode=$?\n[ "$hit" = after ] && kill -9 $$\nexit $code\n'
    )
    (path / "git").chmod(0o700)
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
    return word


@pytest.fixture
def working() -> Iterator[subprocess.Popen[bytes]]:
    """A process that goes on until it is ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield child
    child.communicate()


def test_a_worktree_whose_adding_was_killed_keeps_no_other_one_from_being_made(repo, base, half_made, sh):
    with pytest.raises(subprocess.CalledProcessError):
        sh("worktree", "list")
    path = worktree_root(repo, "r1") / "A" / "1"
    path.mkdir(parents=True)  # so that it is asked what stands there
    add_worktree(repo, branch=BRANCH, base=base, path=path)
    assert len(sh("worktree", "list").splitlines()) == 2


def test_a_runner_that_begins_clears_away_what_killed_gits_left_of_its_run_and_nothing_else(repo, half_made, top, sh):
    refs = top / ".git" / "refs" / "heads"
    ours, packed, others = refs / f"{BRANCH}.lock", top / ".git" / "packed-refs.lock", refs / "feature.lock"
    ours.parent.mkdir(parents=True)
    for lock in (ours, packed, others):
        lock.touch()
    assert take_up(top) == repo
    assert [lock.exists() for lock in (ours, packed, others)] == [False, False, True]
    assert not half_made.exists()
    assert len(sh("worktree", "list").splitlines()) == 1


def test_a_lock_whose_maker_was_killed_is_removed_and_git_is_called_again(repo, base, top):
    lock = top / ".git" / "refs" / "heads" / f"{BRANCH}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    git.command.git(top, "update-ref", f"refs/heads/{BRANCH}", base)
    assert git.repo.commit_of(repo, f"refs/heads/{BRANCH}") == base
    assert not lock.exists()


def test_a_worktree_is_free_of_the_locks_of_gits_that_are_gone_when_the_next_agent_comes(repo, base):
    path = worktree_root(repo, "r1") / "A" / "1"
    add_worktree(repo, branch=BRANCH, base=base, path=path)
    lock = git_dir_of(path) / "index.lock"
    lock.touch()
    leftovers.unlock([path, path.with_name("2")])
    assert not lock.exists()


def test_a_lock_stays_while_a_git_lives_that_may_have_made_it(repo, base, top, working, monkeypatch):
    there = {working.pid: leftovers.proctable.start_time(working.pid)}
    monkeypatch.setattr(leftovers.proctable, "called", lambda _name: there)
    monkeypatch.setattr(leftovers, "_LONGEST", 0.0)
    lock = top / ".git" / "refs" / "heads" / "orch" / "r1.lock"
    lock.touch()
    with pytest.raises(GitError, match="File exists"):
        git.command.git(top, "update-ref", "refs/heads/orch/r1", base)
    assert lock.exists()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["worktree", "write-tree", "update-ref"])
def test_work_is_committed_once_whichever_git_of_it_is_killed(repo, base, killed_once, step, when):
    path = worktree_root(repo, "r1") / "A" / "1"
    if step == "worktree":
        killed_once.write_text(f"{when} {step}\n")
    add_worktree(repo, branch=BRANCH, base=base, path=path)
    (path / "new.txt").write_text("new\n")
    if step != "worktree":
        killed_once.write_text(f"{when} {step}\n")
    work = git.work.commit_all(path, "A", base=base)
    assert not killed_once.exists(), "it was killed"
    assert work.files == ("new.txt",)
    assert git.command.text(path, "rev-list", f"{base}..{BRANCH}").split() == [work.commit]


def test_a_git_that_is_killed_again_and_again_is_an_error(repo, top, killed_once):
    def step() -> None:
        killed_once.write_text("before rev-parse\n")
        git.command.git(top, "rev-parse", "HEAD")

    with pytest.raises(GitKilled, match="git rev-parse was killed"):
        once_more(step)()


def test_a_git_that_is_killed_once_it_has_done_its_work_leaves_no_lock(repo, base, top, killed_once):
    packed = top / ".git" / "packed-refs.lock"
    packed.touch()
    killed_once.write_text("after rev-parse\n")
    with pytest.raises(GitKilled):
        git.command.git(top, "rev-parse", "HEAD")
    assert not packed.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc itself")
def test_a_git_that_waits_is_known_by_name_and_start_time_and_a_daemon_of_git_is_not_waited_for(repo, top):
    waiting, daemon = (
        subprocess.Popen(
            ["git", "hash-object", "--stdin", *more], cwd=top, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for more in ([], ["--path=daemon"])
    )
    try:
        while "git" not in Path(f"/proc/{daemon.pid}/comm").read_text():  # between fork and exec it has our name
            pass
        found = called("git")
        assert found[waiting.pid] == leftovers.proctable.start_time(waiting.pid)
        assert daemon.pid not in found
    finally:
        waiting.communicate()
        daemon.communicate()
