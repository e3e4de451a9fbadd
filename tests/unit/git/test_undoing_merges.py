"""Merges taken off the integration branch again."""

from __future__ import annotations

import pytest

from orch_tui import git
from orch_tui.errors import GitError
from orch_tui.git.merge import Candidate
from orch_tui.git.three_way import Conflict
from orch_tui.git.undoing import Reverted


@pytest.fixture
def merged(repo, base, sh):
    """Merge a section that leaves these files; returns the commit that was merged."""

    def make(slug: str, **files: str) -> str:
        start = git.repo.ensure_integration(repo, "r1")
        path = git.worktrees.worktree_root(repo, "r1") / slug / "1"
        branch = git.repo.attempt_branch("r1", slug, 1)
        git.worktrees.add_worktree(repo, branch=branch, base=start, path=path)
        for name, content in files.items():
            (path / name.replace("_", ".")).write_text(content)
        work = git.work.commit_all(path, slug, base=start)
        found = git.merge.compute(repo, run="r1", branch=branch, message=slug)
        assert isinstance(found, Candidate)
        assert git.merge.move(repo, run="r1", commit=found.commit, words="merge")
        return work.commit

    return make


def undo(repo: git.repo.Repo, *tips: str) -> Reverted | Conflict:
    """Revert, and move the branch."""
    found = git.undoing.revert(repo, "r1", {tip: f"Revert {tip}" for tip in tips})
    if isinstance(found, Reverted):
        assert git.merge.move(repo, run="r1", commit=found.commit, onto=found.onto, words="undo")
    return found


def names(sh) -> list[str]:
    return sh("ls-tree", "--name-only", "orch/r1").split()


def test_one_of_several_is_taken_back_and_the_others_stay(repo, merged, sh):
    first = merged("B", b_txt="b\n", one_txt="ONE\ntwo\nthree\n")
    merged("C", c_txt="c\n")
    found = undo(repo, first)
    assert isinstance(found, Reverted)
    assert len(found.merges) == 1
    assert names(sh) == [".gitignore", "c.txt", "one.txt"]
    assert sh("show", "orch/r1:one.txt").split() == ["one", "two", "three"]
    assert sh("log", "-1", "--format=%s", "orch/r1") == f"Revert {first}"


def test_what_builds_on_another_one_is_taken_back_with_it_in_one_step(repo, merged, sh):
    first = merged("B", one_txt="b\n")
    second = merged("C", one_txt="c\n")
    before = sh("rev-parse", "orch/r1")
    found = git.undoing.revert(repo, "r1", {first: "one", second: "two"})
    assert isinstance(found, Reverted)
    assert sh("rev-parse", "orch/r1") == before, "nothing is moved by looking"
    undo(repo, first, second)
    assert sh("show", "orch/r1:one.txt").split() == ["one", "two", "three"]
    assert sh("reflog", "show", "--format=%gs", "orch/r1").splitlines()[0] == "orch-tui: undo"


def test_a_revert_that_conflicts_is_told_and_changes_nothing(repo, merged, sh):
    first = merged("B", one_txt="b\n")
    merged("C", one_txt="c\n")
    before = sh("rev-parse", "orch/r1")
    assert undo(repo, first) == Conflict(files=("one.txt",))
    assert sh("rev-parse", "orch/r1") == before


def test_again_changes_nothing(repo, merged, sh):
    tip = merged("B", b_txt="b\n")
    undo(repo, tip)
    before = sh("rev-parse", "orch/r1")
    undo(repo, tip)
    assert sh("rev-parse", "orch/r1") == before


def test_what_merged_nothing_has_nothing_to_take_back(repo, base):
    found = undo(repo, base)
    assert isinstance(found, Reverted)
    assert (found.commit, found.merges) == (base, ())


def test_a_branch_somebody_stands_on_is_not_moved(repo, merged, sh):
    tip = merged("B", b_txt="b\n")
    sh("checkout", "orch/r1")
    with pytest.raises(GitError, match="is checked out in"):
        undo(repo, tip)
