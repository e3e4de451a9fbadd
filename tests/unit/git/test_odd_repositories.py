"""Repositories as people have them: each works, or one line says what would help."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError

BRANCH = "orch-work/r1/B/1"


@pytest.fixture
def path(repo: git.repo.Repo) -> Path:
    return git.worktrees.worktree_root(repo, "r1") / "B" / "1"


def whole_way(repo: git.repo.Repo, path: Path, branch: str = BRANCH) -> None:
    """A section from its worktree to the integration branch."""
    base = git.repo.ensure_integration(repo, "r1")
    git.worktrees.add_worktree(repo, branch=branch, base=base, path=path)
    assert git.copying.furnish(repo, path, copy=["*.log"]) == ()
    (path / "new.txt").write_text("new")
    git.work.commit_all(path, "B", base=base)
    found = git.merge.compute(repo, run="r1", branch=branch, message="B")
    assert isinstance(found, git.merge.Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, words="merge B")
    assert git.worktrees.remove_worktree(repo, path) == ""


def merged(sh, at: Path) -> list[str]:
    return sh("ls-tree", "-r", "--name-only", "orch/r1", at=at).split()


def test_a_shallow_clone_works(repo, tmp_path, sh):
    for number in range(3):
        sh("commit", "--allow-empty", "-m", f"{number}")
    shallow = tmp_path / "shallow"
    sh("clone", "--depth", "1", repo.root.as_uri(), str(shallow))
    found = git.repo.find(shallow)
    whole_way(found, git.worktrees.worktree_root(found, "r1") / "B" / "1")
    assert "new.txt" in merged(sh, shallow)


def test_a_detached_head_works_and_stays(repo, path, sh):
    sh("checkout", "--detach")
    head = sh("rev-parse", "HEAD")
    whole_way(repo, path)
    assert "new.txt" in merged(sh, repo.root)
    assert (sh("rev-parse", "HEAD"), sh("branch", "--show-current")) == (head, "")


def test_a_repository_without_a_commit_works(top, sh):
    sh("init")
    found = git.repo.find(top)
    whole_way(found, git.worktrees.worktree_root(found, "r1") / "B" / "1")
    assert merged(sh, top) == ["new.txt"]


def test_uncommitted_changes_are_left_alone_and_sections_do_not_see_them(repo, top, path, sh):
    (top / "one.txt").write_text("changed")
    before = git.repo.status_fingerprint(repo)
    whole_way(repo, path)
    assert git.repo.status_fingerprint(repo) == before
    assert sh("show", "orch/r1:one.txt") == "one\ntwo\nthree"


def test_uncommitted_changes_are_told_of_but_not_those_of_the_plan(repo, top, sh):
    assert git.notable.uncommitted(repo, apart="") == ""
    (top / "untracked").touch()
    assert git.notable.uncommitted(repo, apart="") == ""
    (top / "one.txt").write_text("changed")
    assert "do not see your changes in 'one.txt'. Commit" in git.notable.uncommitted(repo, apart="")
    assert git.notable.uncommitted(repo, apart=hashlib.sha256(b"changed").hexdigest()) == ""


@pytest.mark.parametrize("taken", ["orch", "orch-work"])
def test_a_branch_in_the_way_of_ours_is_named(repo, path, sh, taken):
    sh("branch", taken)
    with pytest.raises(GitError) as refused:
        whole_way(repo, path)
    assert refused.value.hint == f"rename your branch {taken!r}: it is in the way of ours"


def test_a_branch_with_other_work_is_named_with_what_would_help(repo, base, path, sh):
    sh("commit", "--allow-empty", "-m", "Second")
    sh("branch", BRANCH)
    with pytest.raises(GitError, match="already holds other work") as refused:
        git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)
    assert "rename the branch" in refused.value.hint


def test_a_dirty_locked_worktree_is_rescued_and_removed(repo, base, path, sh):
    git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)
    (path / "new.txt").write_text("new")
    sh("worktree", "lock", str(path))
    ref = git.worktrees.remove_worktree(repo, path)
    assert sh("show", f"{ref}:new.txt") == "new"
    assert not path.exists()


class TestSubmodules:
    @pytest.fixture
    def inner(self, repo, top, sh, tmp_path) -> Path:
        """A repository with a file, and a submodule of `repo`."""
        inner = tmp_path / "inner"
        inner.mkdir()
        sh("init", at=inner)
        (inner / "lib.c").write_text("int x;")
        sh("add", ".", at=inner)
        sh("commit", "-m", "Inner", at=inner)
        sh("-c", "protocol.file.allow=always", "submodule", "add", str(inner), "lib")
        sh("commit", "-m", "Submodule")
        return inner

    @pytest.fixture
    def worktree(self, repo, inner, path) -> Path:
        base = git.repo.ensure_integration(repo, "r1")
        git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)
        return path

    def test_they_are_empty_in_a_worktree_and_that_is_said_unless_setup_fills_them(self, worktree):
        [said] = git.notable.lacking(worktree, ())
        assert "git submodule update --init" in said
        assert git.notable.lacking(worktree, ("git submodule update --init",)) == ()
        assert not (worktree / "lib" / "lib.c").exists()

    def test_a_filled_one_is_no_work_and_goes_with_its_worktree(self, repo, worktree, sh):
        sh("-c", "protocol.file.allow=always", "submodule", "update", "--init", at=worktree)
        assert git.work.commit_all(worktree, "B", base=sh("rev-parse", "orch/r1")).file_count == 0
        assert git.worktrees.remove_worktree(repo, worktree) == ""
        assert not worktree.exists()

    @pytest.mark.parametrize("how", ["changed", "committed"])
    def test_work_in_one_is_not_thrown_away(self, repo, worktree, sh, how):
        sh("-c", "protocol.file.allow=always", "submodule", "update", "--init", at=worktree)
        (worktree / "lib" / "lib.c").write_text("int y;")
        if how == "committed":
            sh("commit", "-am", "In the submodule", at=worktree / "lib")
        with pytest.raises(GitError, match=r"the submodule 'lib' in .* has work that is nowhere else"):
            git.worktrees.remove_worktree(repo, worktree)
        assert (worktree / "lib" / "lib.c").read_text() == "int y;"


class TestLargeFiles:
    POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n"

    @pytest.fixture
    def worktree(self, repo, top, path, sh) -> Path:
        (top / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
        (top / "big.bin").write_text(self.POINTER)
        sh("add", ".")
        sh("commit", "-m", "Pointers")
        base = git.repo.ensure_integration(repo, "r1")
        git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)
        return path

    def test_pointers_stay_pointers_without_the_program_and_that_is_said(self, worktree, sh):
        [said] = git.notable.lacking(worktree, ())
        assert "git lfs install" in said
        assert (worktree / "big.bin").read_text() == self.POINTER
        assert git.work.commit_all(worktree, "B", base=sh("rev-parse", "orch/r1")).file_count == 0

    def test_with_it_nothing_is_said(self, worktree, sh):
        sh("config", "filter.lfs.smudge", "git-lfs smudge -- %f")
        assert git.notable.lacking(worktree, ()) == ()
