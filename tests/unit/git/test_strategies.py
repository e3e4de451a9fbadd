"""Squashed and replayed merges: what they make, that they are found again, and where it has to be another way."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.git.merge import Candidate, Contained
from orch_tui.git.three_way import Conflict
from orch_tui.git.undoing import Reverted
from orch_tui.merge_settings import MERGE_STRATEGIES, MergeStrategy

MESSAGE = "B: Part B\n\nIt works.\n\nOrch-Run: r1\nOrch-Section: B\n"
each = pytest.mark.parametrize("strategy", MERGE_STRATEGIES)
other = pytest.mark.parametrize("strategy", ["squash", "rebase"])


def compute(repo: git.repo.Repo, strategy: MergeStrategy, slug: str = "B") -> Candidate | Contained | Conflict:
    branch = git.repo.attempt_branch("r1", slug, 1)
    return git.merge.compute(repo, run="r1", branch=branch, message=MESSAGE, strategy=strategy)


def merge(repo: git.repo.Repo, strategy: MergeStrategy, slug: str = "B") -> Candidate:
    found = compute(repo, strategy, slug)
    assert isinstance(found, Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, words="merge"), "without being told what it stands on"
    return found


@pytest.fixture
def commits(tree, sh):
    """Commits that an agent makes itself, one for each (subject, content of one.txt); returns its worktree."""

    def make(*subjects: tuple[str, str], slug: str = "B", name: str = "one.txt") -> Path:
        path = tree(slug)
        for subject, content in subjects:
            (path / name).write_text(content)
            sh("add", ".", at=path)
            author = ("-c", "user.name=Agnes", "-c", "user.email=agnes@example.org")
            sh(*author, "commit", "--allow-empty", "--date=@1700000000 +0200", "-m", subject, at=path)
        return path

    return make


def line(sh, form: str = "%s") -> list[str]:
    return sh("log", "--first-parent", "-z", f"--format={form}", "orch/r1").split("\0")[:-1]


def test_a_squash_is_one_commit_with_the_words_given_and_a_mark_of_what_it_brings(repo, base, commits, sh):
    path = commits(("one", "ONE\n"), ("two", "TWO\n"))
    merge(repo, "squash")
    assert line(sh) == ["B: Part B", "First"]
    assert sh("log", "-1", "--format=%P", "orch/r1") == base
    tip = sh("rev-parse", "HEAD", at=path)
    assert line(sh, "%B")[0] == f"{MESSAGE}Orch-Merged: {tip}\n"
    assert sh("show", "orch/r1:one.txt") == "TWO"


def test_replayed_commits_keep_author_date_and_words_and_lose_those_that_change_nothing(repo, left, commits, sh):
    path = commits(("fix: ünö\n\n# not a comment", "ONE\n"), ("nothing", "ONE\n"), ("two\n\nSigned-off-by: A", "TWO\n"))
    left("C", c_txt="c\n")
    merge(repo, "squash", "C")
    found = merge(repo, "rebase")
    assert (found.said, found.forward) == ("", False)
    assert line(sh) == ["two", "fix: ünö", "B: Part B", "First"]
    tip = sh("rev-parse", "HEAD", at=path)
    assert line(sh, "%B")[:2] == [
        f"two\n\nSigned-off-by: A\nOrch-Merged: {tip}\n",
        f"fix: ünö\n\n# not a comment\n\nOrch-Merged: {tip}\n",
    ]
    assert line(sh, "%an %ae %at %ad")[0].startswith("Agnes agnes@example.org 1700000000 ")
    assert line(sh, "%ad")[0].endswith("+0200")
    assert sh("ls-tree", "--name-only", "orch/r1").split() == [".gitignore", "c.txt", "one.txt"]


@each
def test_the_files_are_the_same_whatever_the_strategy(repo, left, commits, sh, strategy):
    commits(("one", "ONE\ntwo\nthree\n"), ("two", "ONE\ntwo\nthree\nfour\n"))
    left("C", one_txt="one\nTWO\nthree\n", c_txt="c\n")
    left("D", d_txt="d\n")
    for slug in "DB":
        merge(repo, strategy, slug)
    assert sh("show", "orch/r1:one.txt").split() == ["ONE", "two", "three", "four"]
    assert compute(repo, strategy, "C") == Conflict(files=("one.txt",))


@each
def test_again_changes_nothing_whatever_was_merged_since(repo, left, commits, sh, strategy):
    commits(("one", "ONE\n"), ("two", "TWO\n"))
    first = merge(repo, strategy)
    assert isinstance(compute(repo, strategy), Contained)
    later = git.worktrees.worktree_root(repo, "r1") / "D" / "1"
    git.worktrees.add_worktree(repo, branch="orch-work/r1/D/1", base=first.commit, path=later)
    (later / "one.txt").write_text("by D\n")
    git.work.commit_all(later, "D", base=first.commit)
    merge(repo, strategy, "D")
    before = sh("rev-parse", "orch/r1")
    again = compute(repo, strategy)
    assert isinstance(again, Contained), "it would conflict with itself"
    assert again.commit == (before if strategy == "merge" else first.commit)
    assert git.merge.move(repo, run="r1", commit=first.commit, words="again")
    assert sh("rev-parse", "orch/r1") == before


@other
def test_what_was_computed_on_an_older_branch_does_not_move_it(repo, left, commits, sh, strategy):
    commits(("one", "ONE\n"), ("two", "TWO\n"))
    late = compute(repo, strategy)
    assert isinstance(late, Candidate)
    left("C", c_txt="c\n")
    first = merge(repo, strategy, "C")
    assert not git.merge.move(repo, run="r1", commit=late.commit, words="late")
    assert not git.merge.move(repo, run="r1", commit=late.commit, onto=late.onto, words="late")
    sh("update-ref", "refs/heads/orch/r1", sh("rev-parse", f"{first.commit}^"))
    again = compute(repo, strategy)
    assert isinstance(again, Candidate)
    sh("update-ref", "refs/heads/orch/r1", first.commit)
    two = compute(repo, strategy)
    assert isinstance(two, Candidate)
    sh("update-ref", "refs/heads/orch/r1", sh("rev-parse", f"{first.commit}^"))
    assert not git.merge.move(repo, run="r1", commit=two.commit, words="two at once"), "C was taken off by somebody"


@other
def test_work_that_changes_nothing_there_is_no_commit(repo, base, commits, sh, strategy):
    commits(("one", "ONE\n"), ("and back", "one\ntwo\nthree\n"))
    assert compute(repo, strategy) == Contained(commit=base)


def test_what_a_resolver_merged_is_squashed_where_it_was_to_be_replayed(repo, base, left, commits, sh):
    path = commits(("mine", "mine\n"))
    left("C", one_txt="theirs\n")
    merge(repo, "squash", "C")
    assert git.conflicts.merge_in(path, "orch/r1") == ("one.txt",)
    (path / "one.txt").write_text("both\n")
    git.work.commit_all(path, "Resolve", base=base, onto="orch/r1")
    found = merge(repo, "rebase")
    assert found.said == "squashed, not rebased: its commits do not come to the same one by one"
    assert line(sh) == ["B: Part B", "B: Part B", "First"]
    assert sh("show", "orch/r1:one.txt") == "both"
    assert isinstance(compute(repo, "rebase"), Contained)


def test_commits_that_conflict_one_by_one_and_not_as_a_whole_are_squashed(repo, left, commits, sh):
    commits(("try", "one\nTRY\nthree\n"), ("back, and something else", "one\ntwo\nthree\nfour\n"))
    left("C", one_txt="one\nBY C\nthree\n")
    merge(repo, "squash", "C")
    found = compute(repo, "rebase")
    assert isinstance(found, Candidate)
    assert found.said.startswith("squashed, not rebased")
    assert sh("show", f"{found.commit}:one.txt").split("\n") == ["one", "BY C", "three", "four"]
    assert sh("rev-list", "--count", f"orch/r1..{found.commit}") == "1"


def test_commits_that_come_to_other_files_one_by_one_than_as_a_whole_are_squashed(repo, left, commits, sh):
    """Both added the same file; taken away again by the second commit, it would be gone on the branch as well."""
    path = commits(("mine", "same\n"), name="new.txt")
    (path / "new.txt").unlink()
    (path / "kept.txt").write_text("kept\n")
    sh("add", ".", at=path)
    sh("commit", "-m", "away again", at=path)
    left("C", new_txt="same\n")
    merge(repo, "squash", "C")
    found = compute(repo, "rebase")
    assert isinstance(found, Candidate)
    assert found.said.startswith("squashed, not rebased")
    assert {"kept.txt", "new.txt"} <= set(sh("ls-tree", "--name-only", found.commit).split())


@other
def test_a_branch_of_somebody_else_that_was_merged_into_it_is_not_taken_for_its_work(repo, commits, sh, top, strategy):
    (top / "two.txt").write_text("two\n")
    sh("add", ".")
    sh("commit", "-m", "By the user")
    path = commits(("one", "ONE\n"))
    sh("merge", "--no-edit", "main", at=path)
    sh("branch", "looked-at", "orch-work/r1/B/1")
    found = merge(repo, strategy)
    assert found.said == f"merged, not {strategy}d: 'main' was merged into its branch"
    assert sh("merge-base", "--is-ancestor", "main", "orch/r1") == ""


@other
def test_what_a_pull_request_merged_at_its_remote_is_not_taken_for_its_work(repo, commits, sh, top, strategy):
    path = commits(("one", "ONE\n"))
    sh("update-ref", "refs/remotes/origin/orch-work/r1/B/1", "orch-work/r1/B/1")
    sh("checkout", "--detach")
    (top / "two.txt").write_text("two\n")
    sh("add", ".")
    sh("commit", "-m", "Merged there")
    sh("update-ref", "refs/remotes/origin/main", "HEAD")
    sh("checkout", "main")
    sh("merge", "--no-edit", "origin/main", at=path)
    found = merge(repo, strategy)
    assert found.said == f"merged, not {strategy}d: 'origin/main' was merged into its branch"
    assert sh("log", "-1", "--format=%s", "orch/r1") == "Merge B: Part B"


@other
def test_a_topic_branch_of_the_agent_is_its_work(repo, commits, sh, strategy):
    path = commits(("one", "ONE\n"))
    sh("switch", "--create", "topic", at=path)
    (path / "two.txt").write_text("two\n")
    sh("add", ".", at=path)
    sh("commit", "-m", "two", at=path)
    sh("switch", "orch-work/r1/B/1", at=path)
    sh("merge", "--no-ff", "--no-edit", "topic", at=path)
    found = merge(repo, strategy)
    assert found.said == (
        "" if strategy == "squash" else "squashed, not rebased: its commits do not come to the same one by one"
    )
    assert sh("rev-list", "--count", "orch/r1") == "2"


def test_a_mark_that_an_agent_wrote_does_not_count(repo, base, left, commits, sh):
    left("C", c_txt="c\n")
    tip = sh("rev-parse", "orch-work/r1/C/1")
    commits((f"one\n\norch-merged: {tip}\nOrch-Merged: {tip}", "ONE\n"), ("two", "TWO\n"))
    merge(repo, "rebase")
    assert tip not in sh("log", "--format=%B", "orch/r1")
    assert isinstance(compute(repo, "squash", "C"), Candidate)
    undone = git.undoing.revert(repo, "r1", {tip: "Revert"})
    assert isinstance(undone, Reverted)
    assert undone.merges == ()


@each
def test_each_is_taken_back_by_one_commit_and_what_was_merged_after_it_stays(repo, left, commits, sh, strategy):
    path = commits(("one", "ONE\ntwo\nthree\n"), ("two", "ONE\ntwo\nthree\nfour\n"))
    left("C", c_txt="c\n")
    for slug in "BC":
        merge(repo, strategy, slug)
    tip = sh("rev-parse", "HEAD", at=path)
    found = git.undoing.revert(repo, "r1", {tip: "Revert B"})
    assert isinstance(found, Reverted)
    assert len(found.merges) == 1
    assert sh("log", "--format=%s", f"orch/r1..{found.commit}") == "Revert B"
    assert sh("show", f"{found.commit}:one.txt").split() == ["one", "two", "three"]
    assert sh("show", f"{found.commit}:c.txt") == "c"
    assert git.merge.move(repo, run="r1", commit=found.commit, onto=found.onto, words="undo")
    again = git.undoing.revert(repo, "r1", {tip: "Revert B"})
    assert isinstance(again, Reverted)
    assert again.commit == found.commit


@each
def test_one_is_taken_back_although_its_branch_is_gone_with_all_it_held(repo, commits, sh, strategy):
    path = commits(("one", "ONE\n"), ("two", "TWO\n"))
    tip = sh("rev-parse", "HEAD", at=path)
    merge(repo, strategy)
    git.worktrees.remove_worktree(repo, path)
    sh("branch", "-D", "orch-work/r1/B/1")
    sh("reflog", "expire", "--all", "--expire=now")
    sh("gc", "--prune=now", "--quiet")
    found = git.undoing.revert(repo, "r1", {tip: "Revert B"})
    assert isinstance(found, Reverted)
    assert sh("show", f"{found.commit}:one.txt").split() == ["one", "two", "three"]
