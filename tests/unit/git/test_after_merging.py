"""A section's branch after it was merged: gone on with, begun again, removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.three_way import Conflict
from orch_tui.merge_settings import MERGE_STRATEGIES, MergeStrategy

BRANCH = "orch-work/r1/B/1"
each = pytest.mark.parametrize("strategy", MERGE_STRATEGIES)
other = pytest.mark.parametrize("strategy", ["squash", "rebase"])


def merge(repo: git.repo.Repo, strategy: MergeStrategy, slug: str = "B") -> Candidate:
    branch = git.repo.attempt_branch("r1", slug, 1)
    found = git.merge.compute(repo, run="r1", branch=branch, message=f"Part {slug}\n", strategy=strategy)
    assert isinstance(found, Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, onto=found.onto, words="merge")
    return found


def write(path: Path, **files: str) -> None:
    for name, content in files.items():
        (path / name.replace("_", ".")).write_text(content)


def commit(path: Path, base: str, words: str, **files: str) -> git.work.Work:
    write(path, **files)
    return git.work.commit_all(path, words, base=base, onto="orch/r1")


@other
def test_work_on_a_branch_that_was_merged_does_not_conflict_with_itself(repo, base, tree, sh, strategy):
    path = tree("B")
    commit(path, base, "first", one_txt="B\ntwo\nthree\n", kept_log="ignored\n")
    merge(repo, strategy)
    later = tree("C")

    sh("checkout", "--quiet", "-B", "orch-work/r1/C/1", "orch/r1", "--force", at=later)
    commit(later, base, "C", one_txt="C\ntwo\nthree\n")
    merge(repo, strategy, "C")
    assert git.after_merging.rejoin(repo, path, "r1")
    assert not git.after_merging.rejoin(repo, path, "r1"), "once is enough"
    work = commit(path, base, "second", one_txt="B\ntwo\nTHREE\n")
    assert work.files == ("one.txt",)
    assert (path / "kept.log").exists()
    found = merge(repo, strategy)
    assert sh("show", "orch/r1:one.txt").split() == ["C", "two", "THREE"]
    assert sh("rev-list", "--count", f"{found.onto}..orch/r1") == "1"
    assert found.said == ""
    assert sh("log", "-1", "--format=%s", "orch/r1") == ("second" if strategy == "rebase" else "Part B")
    again = git.merge.compute(repo, run="r1", branch=BRANCH, message="x", strategy=strategy)
    assert again == Contained(commit=found.commit)


@other
def test_what_a_resolver_is_given_has_no_conflict_with_what_was_merged_of_it_before(repo, base, tree, sh, strategy):
    path = tree("B")
    commit(path, base, "first", one_txt="B\ntwo\nthree\n")
    merge(repo, strategy)
    later = tree("C")
    sh("checkout", "--quiet", "-B", "orch-work/r1/C/1", "orch/r1", at=later)
    commit(later, base, "C", one_txt="C\ntwo\nC\n")
    merge(repo, strategy, "C")
    git.after_merging.rejoin(repo, path, "r1")
    commit(path, base, "second", one_txt="B\ntwo\nTHREE\n")
    conflict = git.merge.compute(repo, run="r1", branch=BRANCH, message="x", strategy=strategy)
    assert conflict == Conflict(files=("one.txt",))
    assert git.conflicts.merge_in(path, "orch/r1") == ("one.txt",)
    marked = (path / "one.txt").read_text()
    assert marked.startswith("C\ntwo\n<<<<<<< "), "only the line that both changed since is in conflict"


def test_nothing_is_joined_where_nothing_was_merged_or_the_history_tells_it(repo, base, tree, sh):
    path = tree("B")
    commit(path, base, "first", one_txt="B\n")
    assert not git.after_merging.rejoin(repo, path, "r1")
    merge(repo, "merge")
    assert not git.after_merging.rejoin(repo, path, "r1")
    assert sh("log", "-1", "--format=%s", at=path) == "first"


@each
def test_the_branch_of_what_is_merged_is_removed_without_a_rescue(repo, base, tree, sh, strategy):
    path = tree("B")
    commit(path, base, "first", one_txt="B\n")
    commit(path, base, "second", two_txt="two\n")
    merge(repo, strategy)
    assert git.after_merging.remove_branch(repo, BRANCH, "r1") == "", "a worktree stands on it"
    assert git.after_merging.branches(repo, "r1") == {BRANCH}
    git.worktrees.remove_worktree(repo, path)
    assert git.after_merging.remove_branch(repo, BRANCH, "r1") == ""
    assert git.after_merging.branches(repo, "r1") == frozenset()
    assert sh("for-each-ref", "refs/orch") == ""
    assert git.after_merging.remove_branch(repo, BRANCH, "r1") == ""


def test_what_is_not_merged_is_saved_before_its_branch_is_removed(repo, base, tree, sh):
    path = tree("B")
    tip = commit(path, base, "first", one_txt="B\n").commit
    git.worktrees.remove_worktree(repo, path)
    assert git.after_merging.remove_branch(repo, BRANCH, "r1") == "refs/orch/rescue/r1/B/1"
    assert sh("rev-parse", "refs/orch/rescue/r1/B/1") == tip


def test_what_the_run_made_itself_or_changes_nothing_needs_no_rescue(repo, base, tree, sh):
    path = tree("B")
    tip = commit(path, base, "first", one_txt="B\n").commit
    commit(tree("C"), base, "the same", one_txt="B\n")
    merge(repo, "squash")
    git.worktrees.remove_worktree(repo, path)
    git.worktrees.remove_worktree(repo, git.worktrees.worktree_root(repo, "r1") / "C" / "1")
    assert git.after_merging.remove_branch(repo, "orch-work/r1/C/1", "r1") == ""
    assert git.after_merging.remove_branch(repo, BRANCH, "r1", apart=[tip]) == ""
    assert sh("for-each-ref", "refs/orch") == ""


def test_a_branch_that_was_removed_begins_again_at_what_was_merged(repo, base, tree, sh):
    path = tree("B")
    commit(path, base, "first", one_txt="B\n")
    found = merge(repo, "squash")
    git.worktrees.remove_worktree(repo, path)
    git.after_merging.begin_again(repo, BRANCH, "r1")
    assert sh("rev-parse", BRANCH) != found.commit, "a branch that is there is left as it is"
    git.after_merging.remove_branch(repo, BRANCH, "r1")
    git.after_merging.begin_again(repo, BRANCH, "r1")
    assert sh("rev-parse", BRANCH) == found.commit
    assert git.worktrees.reopen_worktree(repo, branch=BRANCH, path=path)
    assert (path / "one.txt").read_text() == "B\n"
