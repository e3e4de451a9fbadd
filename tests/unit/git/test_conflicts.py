"""Conflicts begun in a section's worktree, resolved, and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError

MARKED = "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> orch/r1\n"


@pytest.fixture
def behind(repo, base, tree, sh):
    """The worktree of C, committed, where B was merged meanwhile; both changed the given file."""

    def make(name: str = "one.txt", *, mine: bytes = b"mine\n", theirs: bytes = b"theirs\n") -> Path:
        for slug, content in (("B", theirs), ("C", mine)):
            path = tree(slug)
            (path / name).write_bytes(content)
            (path / f"{slug}.txt").write_text(slug)
            git.work.commit_all(path, slug, base=base)
        found = git.merge.compute(repo, run="r1", branch="orch-work/r1/B/1", message="B")
        assert isinstance(found, git.merge.Candidate)
        assert git.merge.move(repo, run="r1", commit=found.commit, words="merge B")
        return path

    return make


def test_a_merge_is_begun_with_markers_and_what_it_comes_to_has_both_parents(repo, behind, base, sh):
    path = behind()
    assert git.conflicts.merge_in(path, "orch/r1") == ("one.txt",)
    assert "<<<<<<<" in (path / "one.txt").read_text()
    assert git.conflicts.merge_in(path, "orch/r1") == ("one.txt",), "again changes nothing"
    (path / "one.txt").write_text("both\n")
    work = git.work.commit_all(path, "Together", base=base, onto="orch/r1")
    assert sh("log", "-1", "--format=%P", work.commit).split() == [
        sh("rev-parse", f"{work.commit}^1"),
        sh("rev-parse", "orch/r1"),
    ]
    assert work.files == ("C.txt", "one.txt"), "what was merged in is not its own work"
    assert git.conflicts.marked(path, work.base, work.commit) == ()
    assert sh("status", "--porcelain", at=path) == ""
    assert git.work.commit_all(path, "Together", base=base, onto="orch/r1") == work
    found = git.merge.compute(repo, run="r1", branch="orch-work/r1/C/1", message="Merge C")
    assert isinstance(found, git.merge.Candidate)
    assert found.forward


def test_a_merge_without_conflicts_is_concluded_with_the_work(behind, base, sh, repo):
    path = behind(mine=b"one\ntwo\nthree\n")
    assert git.conflicts.merge_in(path, "orch/r1") == ()
    work = git.work.commit_all(path, "Together", base=base, onto="orch/r1")
    assert len(sh("log", "-1", "--format=%P", work.commit).split()) == 2
    assert (work.files, (path / "B.txt").read_text()) == (("C.txt",), "B")


def test_where_there_is_nothing_new_nothing_is_merged(base, tree, sh):
    path = tree("B")
    assert git.conflicts.merge_in(path, "orch/r1") == ()
    assert git.work.commit_all(path, "B", base=base, onto="orch/r1").commit == base


def test_an_agent_that_concluded_the_merge_itself_is_believed(behind, base, sh):
    path = behind()
    git.conflicts.merge_in(path, "orch/r1")
    (path / "one.txt").write_text("both\n")
    sh("commit", "--all", "--message", "mine", at=path)
    work = git.work.commit_all(path, "Together", base=base, onto="orch/r1")
    assert sh("log", "-1", "--format=%s", work.commit) == "mine"


def test_files_that_conflict_as_a_whole_are_named_too(behind):
    assert git.conflicts.merge_in(behind(mine=b"\0b", theirs=b"\0c"), "orch/r1") == ("one.txt",)


def test_a_file_that_both_sides_gave_another_name_is_a_conflict_that_names_all_three(repo, base, tree):
    for slug in ("B", "C"):
        path = tree(slug)
        (path / "one.txt").rename(path / f"{slug}.txt")
        git.work.commit_all(path, slug, base=base)
    found = git.merge.compute(repo, run="r1", branch="orch-work/r1/B/1", message="B")
    assert isinstance(found, git.merge.Candidate)
    git.merge.move(repo, run="r1", commit=found.commit, words="merge B")
    told = git.merge.compute(repo, run="r1", branch="orch-work/r1/C/1", message="Merge C")
    assert isinstance(told, git.merge.Conflict)
    assert set(told.files) == {"B.txt", "C.txt", "one.txt"}
    assert set(git.conflicts.merge_in(path, "orch/r1")) == {"B.txt", "C.txt", "one.txt"}
    (path / "B.txt").unlink()
    work = git.work.commit_all(path, "One name", base=base, onto="orch/r1")
    assert work.files == ("B.txt", "C.txt")


def test_what_is_not_committed_is_not_overwritten_by_a_merge(behind):
    path = behind()
    (path / "one.txt").write_text("not committed\n")
    with pytest.raises(GitError, match="cannot merge 'orch/r1'"):
        git.conflicts.merge_in(path, "orch/r1")
    assert (path / "one.txt").read_text() == "not committed\n"


def test_hooks_of_the_repository_do_not_run_when_a_merge_is_begun(behind, repo, tmp_path):
    trace = tmp_path / "trace"
    for name in ("post-merge", "pre-merge-commit", "post-checkout"):
        hook = repo.common / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {trace}\n")
        hook.chmod(0o755)
    git.conflicts.merge_in(behind(mine=b"one\ntwo\nthree\n"), "orch/r1")
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (MARKED, ("new.txt",)),
        (MARKED.replace("\n", "\r\n"), ("new.txt",)),
        ("Title\n=======\nwords\n", ()),
        ("<<<<<<< only this\n", ()),
        ("    <<<<<<< indented\n    =======\n    >>>>>>> so\n", ()),
    ],
    ids=["all three", "of another system", "a heading", "half of one", "told of"],
)
def test_markers_are_found_where_all_three_stand(tree, base, content, found):
    path = tree("B")
    (path / "new.txt").write_bytes(content.encode())
    work = git.work.commit_all(path, "B", base=base)
    assert git.conflicts.marked(path, base, work.commit) == found


def test_markers_in_a_file_that_was_there_are_found(tree, base):
    path = tree("B")
    (path / "one.txt").write_text("one\n" + MARKED)
    work = git.work.commit_all(path, "B", base=base)
    assert git.conflicts.marked(path, base, work.commit) == ("one.txt",)


def test_markers_that_were_there_before_are_no_fault_of_the_section(tree, base):
    path = tree("B")
    (path / "new.txt").write_text(MARKED)
    first = git.work.commit_all(path, "B", base=base).commit
    (path / "new.txt").write_text("more\n" + MARKED.replace("mine", "other"))
    second = git.work.commit_all(path, "B", base=base).commit
    assert git.conflicts.marked(path, first, second) == ()


def test_a_file_may_hold_markers_when_its_attributes_say_that_they_look_otherwise(tree, base):
    path = tree("B")
    (path / "new.txt").write_text(MARKED)
    (path / ".gitattributes").write_text("new.txt conflict-marker-size=32\n")
    work = git.work.commit_all(path, "B", base=base)
    assert git.conflicts.marked(path, base, work.commit) == ()
