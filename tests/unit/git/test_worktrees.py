"""Worktrees of attempts: made, made again after a crash, removed without losing work."""

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError
from orch_tui.git import command

BRANCH = "orch-work/r1/B/1"


@pytest.fixture
def path(repo: git.repo.Repo) -> Path:
    return git.worktrees.worktree_root(repo, "r1") / "B" / "1"


def add(repo: git.repo.Repo, base: str, path: Path) -> None:
    git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)


def poison(repo: git.repo.Repo, tmp_path: Path, sh) -> Path:
    """Hooks and a file system monitor that leave a trace when anything runs them."""
    trace = tmp_path / "trace"
    hooks = repo.common / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in (
        "post-checkout",
        "pre-commit",
        "post-commit",
        "commit-msg",
        "reference-transaction",
        "post-index-change",
    ):
        (hooks / name).write_text(f"#!/bin/sh\necho {name} >> '{trace}'\n")
        (hooks / name).chmod(0o755)
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\necho monitor >> '{trace}'\n")
    monitor.chmod(0o755)
    sh("config", "core.fsmonitor", str(monitor))
    sh("config", "commit.gpgSign", "true")
    sh("config", "gpg.program", str(monitor))
    return trace


def test_the_root_of_a_run_lies_in_the_state_directory_of_the_user(repo: git.repo.Repo, tmp_path: Path):
    root = git.worktrees.worktree_root(repo, "r1")
    assert root.parent.parent == tmp_path / "state" / "orch-tui" / "worktrees"
    assert root.parent.name.startswith("my-pr-ject-")


class TestAdd:
    def test_stands_at_its_base_on_its_own_branch_in_a_private_directory(self, repo, base, path, sh):
        add(repo, base, path)
        assert sh("rev-parse", "HEAD", at=path) == base
        assert sh("symbolic-ref", "HEAD", at=path) == f"refs/heads/{BRANCH}"
        assert (path / "one.txt").read_text() == "one\ntwo\nthree\n"
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_leaves_the_checkout_of_the_user_alone(self, repo, base, path):
        before = git.repo.status_fingerprint(repo)
        add(repo, base, path)
        assert git.repo.status_fingerprint(repo) == before

    def test_runs_nothing_of_the_repository(self, repo, base, path, tmp_path, sh):
        trace = poison(repo, tmp_path, sh)
        add(repo, base, path)
        (path / "new").write_text("new")
        git.work.commit_all(path, "Section B", base=base)
        merged = git.merge.compute(repo, run="r1", branch=BRANCH, message="B")
        assert isinstance(merged, git.merge.Candidate)
        assert git.merge.move(repo, run="r1", commit=merged.commit, words="merge B")
        git.worktrees.remove_worktree(repo, path)
        assert not trace.exists()

    def test_again_changes_nothing(self, repo, base, path):
        add(repo, base, path)
        (path / "begun").touch()
        add(repo, base, path)
        assert (path / "begun").exists()

    def test_sixteen_at_once_all_succeed(self, repo, base, sh):
        def one(number: int) -> None:
            branch, path = (
                git.repo.attempt_branch("r1", "B", number),
                git.worktrees.worktree_root(repo, "r1") / str(number),
            )
            git.worktrees.add_worktree(repo, branch=branch, base=base, path=path)

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(one, range(16)))
        assert len(sh("branch", "--list", "orch-work/r1/B/*").splitlines()) == 16

    def test_finishes_when_only_the_branch_was_made(self, repo, base, path, sh):
        sh("branch", BRANCH, base)
        add(repo, base, path)
        assert sh("symbolic-ref", "HEAD", at=path) == f"refs/heads/{BRANCH}"

    def test_finishes_when_the_directory_is_gone(self, repo, base, path):
        add(repo, base, path)
        path.rename(path.with_name("elsewhere"))
        add(repo, base, path)
        assert (path / "one.txt").exists()

    def test_finishes_when_git_was_cut_short_in_the_checkout(self, repo, base, path, sh):
        add(repo, base, path)
        sh("worktree", "lock", "--reason", "initializing", str(path))
        (path / "one.txt").unlink()
        add(repo, base, path)
        assert (path / "one.txt").exists()
        assert "locked" not in sh("worktree", "list", "--porcelain")

    def test_sets_files_aside_that_are_in_the_way(self, repo, base, path):
        path.mkdir(parents=True)
        (path / "somebody").write_text("else's")
        add(repo, base, path)
        assert (path.with_name("1.left-1") / "somebody").read_text() == "else's"

    def test_refuses_a_branch_that_holds_other_work(self, repo, base, path, sh):
        sh("commit", "--allow-empty", "-m", "Second")
        sh("branch", BRANCH)
        with pytest.raises(GitError, match="already holds other work"):
            add(repo, base, path)
        assert not path.exists()

    def test_refuses_a_worktree_that_holds_other_work(self, repo, base, path, sh):
        add(repo, base, path)
        sh("commit", "--allow-empty", "-m", "Mine", at=path)
        with pytest.raises(GitError, match="already holds other work"):
            add(repo, base, path)

    def test_follows_no_remote_branch(self, repo, base, path, sh, tmp_path):
        sh("clone", "--bare", str(repo.root), str(tmp_path / "far.git"))
        sh("remote", "add", "far", str(tmp_path / "far.git"))
        sh("fetch", "far")
        sh("config", "branch.autoSetupMerge", "always")
        git.worktrees.add_worktree(repo, branch=BRANCH, base=sh("rev-parse", "far/main"), path=path)
        assert "orch-work" not in (repo.common / "config").read_text()


class TestRemove:
    def test_a_clean_one_vanishes_and_its_branch_stays(self, repo, base, path, sh):
        add(repo, base, path)
        assert git.worktrees.remove_worktree(repo, path) == ""
        assert not path.exists()
        assert sh("rev-parse", BRANCH) == base
        assert sh("worktree", "list").count("\n") == 0

    def test_again_changes_nothing(self, repo, base, path):
        add(repo, base, path)
        git.worktrees.remove_worktree(repo, path)
        assert git.worktrees.remove_worktree(repo, path) == ""

    def test_unsaved_work_is_rescued_first(self, repo, base, path, sh):
        add(repo, base, path)
        (path / "one.txt").write_text("changed")
        (path / "new ü.txt").write_text("new")
        (path / "skip.log").write_text("ignored")
        assert git.worktrees.remove_worktree(repo, path) == "refs/orch/rescue/r1/B/1"
        assert sh("show", "refs/orch/rescue/r1/B/1:one.txt") == "changed"
        assert sh("show", "refs/orch/rescue/r1/B/1:new ü.txt") == "new"
        assert sh("rev-parse", "refs/orch/rescue/r1/B/1^") == base

    def test_an_earlier_rescue_is_kept(self, repo, base, path, sh):
        refs = []
        for text in ("first", "second"):
            add(repo, base, path)
            (path / "one.txt").write_text(text)
            refs.append(git.worktrees.remove_worktree(repo, path))
        assert [sh("show", f"{ref}:one.txt") for ref in refs] == ["first", "second"]

    def test_commits_on_no_branch_are_rescued(self, repo, base, path, sh):
        add(repo, base, path)
        sh("checkout", "--detach", at=path)
        sh("commit", "--allow-empty", "-m", "On no branch", at=path)
        commit = sh("rev-parse", "HEAD", at=path)
        assert sh("rev-parse", git.worktrees.remove_worktree(repo, path)) == commit

    def test_a_repository_inside_is_not_thrown_away(self, repo, base, path, sh):
        add(repo, base, path)
        (path / "inner").mkdir()
        sh("init", at=path / "inner")
        sh("commit", "--allow-empty", "-m", "Inner", at=path / "inner")
        with pytest.raises(GitError, match=r"'inner' in .* is a git repository of its own"):
            git.worktrees.remove_worktree(repo, path)
        assert (path / "inner" / ".git").exists()

    def test_a_removal_cut_short_is_finished_and_what_is_left_kept(self, repo, base, path, sh):
        add(repo, base, path)
        (path / ".git").unlink()
        git.worktrees.remove_worktree(repo, path)
        assert (path.with_name("1.left-1") / "one.txt").exists()
        assert sh("worktree", "list").count("\n") == 0


def test_when_the_last_worktree_is_gone_no_empty_directory_is_left(repo: git.repo.Repo, base: str, path: Path):
    other = path.parent.with_name("C") / "1"
    add(repo, base, path)
    git.worktrees.add_worktree(repo, branch="orch-work/r1/C/1", base=base, path=other)
    git.worktrees.remove_worktree(repo, path)
    assert not path.parent.exists()
    assert other.is_dir()
    git.worktrees.remove_worktree(repo, other)
    assert list(git.worktrees.worktree_root(repo, "r1").parent.parent.iterdir()) == []


def test_the_lock_outlives_a_killed_caller_until_git_is_done(repo: git.repo.Repo):
    with command.locked(repo.common) as lock:
        done = command.git(repo.root, "-c", f"alias.held=!test -e /dev/fd/{lock} && echo held", "held", holding=(lock,))
    assert done.out == b"held\n"


class TestReopen:
    def test_leaves_one_that_stands_as_it_is(self, repo, base, path):
        add(repo, base, path)
        (path / "new").write_text("not committed")
        git.worktrees.reopen_worktree(repo, branch=BRANCH, path=path)
        assert (path / "new").read_text() == "not committed"

    @pytest.mark.parametrize("how", ["removed", "deleted", "locked"])
    def test_makes_one_that_is_gone_again_with_what_its_branch_holds(self, repo, base, path, sh, how):
        add(repo, base, path)
        (path / "new").write_text("work")
        git.work.commit_all(path, "Section B", base=base)
        if how == "removed":
            git.worktrees.remove_worktree(repo, path)
        else:
            if how == "locked":
                sh("worktree", "lock", str(path))
            shutil.rmtree(path)
        git.worktrees.reopen_worktree(repo, branch=BRANCH, path=path)
        assert (path / "new").read_text() == "work"
        assert sh("symbolic-ref", "HEAD", at=path) == f"refs/heads/{BRANCH}"
        (path / "more").write_text("more")
        assert git.work.commit_all(path, "More", base=base).files == ("more", "new")
