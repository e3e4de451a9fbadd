"""Merging attempts into the integration branch, with nobody's checkout involved."""

import pytest

from orch_tui import git
from orch_tui.errors import GitError
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.three_way import Conflict


def compute(repo: git.repo.Repo, branch: str) -> Candidate | Contained | Conflict:
    return git.merge.compute(repo, run="r1", branch=branch, message=branch)


def merge(repo: git.repo.Repo, branch: str) -> Candidate | Contained | Conflict:
    """Compute, and move the integration branch there."""
    found = compute(repo, branch)
    assert not isinstance(found, Candidate) or git.merge.move(repo, run="r1", commit=found.commit, words="merge")
    return found


def test_two_sections_come_together(repo, base, left, sh):
    first, second = left("B", b_txt="b\n"), left("C", c_txt="c\n")
    merge(repo, first)
    merged = merge(repo, second)
    assert isinstance(merged, Candidate)
    assert sh("rev-parse", "orch/r1") == merged.commit
    assert sh("ls-tree", "--name-only", "orch/r1").split() == [".gitignore", "b.txt", "c.txt", "one.txt"]
    assert sh("log", "-1", "--format=%s", "orch/r1") == f"Merge {second}"


def test_it_is_a_merge_commit_even_where_it_could_be_forwarded(repo, base, left, sh):
    branch = left("B", b_txt="b\n")
    merge(repo, branch)
    assert sh("log", "-1", "--format=%P", "orch/r1").split() == [base, sh("rev-parse", branch)]


def test_changes_in_different_places_of_one_file_come_together(repo, left, sh):
    merge(repo, left("B", one_txt="ONE\ntwo\nthree\n"))
    merge(repo, left("C", one_txt="one\ntwo\nthree\nfour\n"))
    assert sh("show", "orch/r1:one.txt").split() == ["ONE", "two", "three", "four"]


def test_again_changes_nothing(repo, left):
    branch = left("B", b_txt="b\n")
    merged = merge(repo, branch)
    assert isinstance(merged, Candidate)
    assert merge(repo, branch) == Contained(commit=merged.commit)
    assert git.merge.move(repo, run="r1", commit=merged.commit, words="again")


def test_nothing_is_merged_before_somebody_moves_the_branch(repo, base, left, sh):
    found = compute(repo, left("B", b_txt="b\n"))
    assert isinstance(found, Candidate)
    assert (found.onto, found.forward) == (base, True)
    assert sh("rev-parse", "orch/r1") == base
    assert git.repo.among(repo, found.commit, ["b.txt"])
    assert not git.repo.among(repo, found.commit, ["*.txt", "c.txt"])


def test_what_was_computed_on_an_older_branch_does_not_move_it(repo, left, sh):
    second = compute(repo, left("C", c_txt="c\n"))
    first = merge(repo, left("B", b_txt="b\n"))
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert not git.merge.move(repo, run="r1", commit=second.commit, words="late")
    assert sh("rev-parse", "orch/r1") == first.commit
    again = compute(repo, git.repo.attempt_branch("r1", "C", 1))
    assert isinstance(again, Candidate)
    assert (again.onto, again.forward) == (first.commit, False)


def test_who_has_looked_just_now_moves_the_branch_from_where_it_was_and_from_nowhere_else(repo, left, sh):
    second, first = compute(repo, left("C", c_txt="c\n")), compute(repo, left("B", b_txt="b\n"))
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert git.merge.move(repo, run="r1", commit=first.commit, onto=first.onto, words="b", looked=True)
    assert git.merge.move(repo, run="r1", commit=first.commit, onto=first.onto, words="again", looked=True)
    assert not git.merge.move(repo, run="r1", commit=second.commit, onto=second.onto, words="late", looked=True)
    assert sh("rev-parse", "orch/r1") == first.commit


def test_work_that_comes_to_the_files_that_are_there_is_merged_all_the_same(repo, left, sh):
    first = merge(repo, left("B", b_txt="b\n"))
    assert isinstance(first, Candidate)
    second = merge(repo, left("C", b_txt="b\n"))
    assert isinstance(second, Candidate)
    assert sh("log", "-1", "--format=%P", "orch/r1").split() == [first.commit, sh("rev-parse", "orch-work/r1/C/1")]


def test_no_work_is_no_commit(repo, base, left):
    assert merge(repo, left("B")) == Contained(commit=base)


def test_the_checkout_of_the_user_is_not_touched(repo, left, top):
    (top / "one.txt").write_text("in the middle of an edit\n")
    before = git.repo.status_fingerprint(repo)
    merge(repo, left("B", one_txt="b\n"))
    merge(repo, left("C", one_txt="c\n"))
    assert git.repo.status_fingerprint(repo) == before
    assert (top / "one.txt").read_text() == "in the middle of an edit\n"


@pytest.mark.parametrize(("ours", "theirs"), [("b\n", "c\n"), (b"\0b", b"\0c")], ids=["text", "binary"])
def test_a_conflict_names_the_files_and_keeps_both_sides(repo, left, sh, ours, theirs):
    first, second = left("B", one_txt=ours, same_txt="s"), left("C", one_txt=theirs, same_txt="s")
    merge(repo, first)
    before, side = sh("rev-parse", "orch/r1"), sh("rev-parse", second)
    assert merge(repo, second) == Conflict(files=("one.txt",))
    assert (sh("rev-parse", "orch/r1"), sh("rev-parse", second)) == (before, side)


def test_a_conflict_of_deletion_and_change_is_one(repo, base, left, tree, sh):
    merge(repo, left("B", one_txt="changed\n"))
    path = tree("C")
    (path / "one.txt").unlink()
    git.work.commit_all(path, "Section C", base=base)
    assert merge(repo, "orch-work/r1/C/1") == Conflict(files=("one.txt",))


def test_file_names_of_a_conflict_are_not_quoted(repo, base, tree):
    for slug in ("B", "C"):
        path = tree(slug)
        (path / 'a "b"\tü.txt').write_text(slug)
        git.work.commit_all(path, slug, base=base)
    merge(repo, "orch-work/r1/B/1")
    assert merge(repo, "orch-work/r1/C/1") == Conflict(files=('a "b"\tü.txt',))


def test_an_integration_branch_somebody_stands_on_is_not_moved(repo, left, sh):
    branch = left("B", b_txt="b\n")
    sh("checkout", "orch/r1")
    before = git.repo.status_fingerprint(repo)
    with pytest.raises(GitError, match="'orch/r1' is checked out in"):
        merge(repo, branch)
    assert git.repo.status_fingerprint(repo) == before
    sh("checkout", "main")
    assert isinstance(merge(repo, branch), Candidate)


def test_a_missing_branch_is_said(repo, base):
    with pytest.raises(GitError, match="branch 'orch-work/r1/X/1' does not exist"):
        merge(repo, "orch-work/r1/X/1")


def test_sections_come_together_in_a_repository_that_was_empty(top, sh):
    sh("init")
    repo = git.repo.find(top)
    assert repo
    base = git.repo.ensure_integration(repo, "r1")
    path = git.worktrees.worktree_root(repo, "r1") / "B" / "1"
    git.worktrees.add_worktree(repo, branch="orch-work/r1/B/1", base=base, path=path)
    (path / "b.txt").write_text("b\n")
    git.work.commit_all(path, "Section B", base=base)
    assert isinstance(merge(repo, "orch-work/r1/B/1"), Candidate)
    assert sh("ls-tree", "--name-only", "orch/r1") == "b.txt"
