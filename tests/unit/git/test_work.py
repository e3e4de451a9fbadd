"""What a section left, on the branch of its attempt, whatever the agent did with git."""

import os
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError
from orch_tui.git.work import MOST_FILES

BRANCH = "orch-work/r1/B/1"


@pytest.fixture
def path(tree) -> Path:
    return tree("B")


def test_everything_that_is_not_ignored_is_committed(path, base, sh):
    (path / "one.txt").write_text("one\nTWO\nthree\nfour\n")
    (path / "dir").mkdir()
    (path / "dir" / "spaß 日本.txt").write_text("new\n")
    (path / "skip.log").write_text("ignored")
    work = git.work.commit_all(path, "Section B\n\nWhy.", base=base)
    assert work.files == ("dir/spaß 日本.txt", "one.txt")
    assert (work.file_count, work.insertions, work.deletions, work.strayed) == (2, 3, 1, "")
    assert sh("rev-parse", BRANCH) == work.commit == sh("rev-parse", "HEAD", at=path)
    assert sh("log", "-1", "--format=%an %ae %s", BRANCH) == "Ada ada@example.org Section B"
    assert sh("status", "--porcelain", at=path) == ""


def test_again_changes_nothing(path, base):
    (path / "new").write_text("new")
    assert git.work.commit_all(path, "Section B", base=base) == git.work.commit_all(path, "Section B", base=base)


def test_nothing_left_is_no_commit(path, base):
    work = git.work.commit_all(path, "Section B", base=base)
    assert (work.commit, work.files, work.file_count) == (base, (), 0)


def test_commits_of_the_agent_belong_to_its_work(path, base, sh):
    (path / "own").write_text("own\n")
    sh("add", ".", at=path)
    sh("commit", "-m", "Own", at=path)
    own = sh("rev-parse", "HEAD", at=path)
    (path / "rest").write_text("rest\n")
    work = git.work.commit_all(path, "Section B", base=base)
    assert work.files == ("own", "rest")
    assert sh("rev-parse", f"{work.commit}^") == own


def test_deleted_renamed_binary_and_executable_files_are_kept_as_they_are(path, base, sh):
    (path / "one.txt").rename(path / "two.txt")
    (path / "blob").write_bytes(bytes(range(256)))
    (path / "tool").write_text("#!/bin/sh\n")
    (path / "tool").chmod(0o755)
    (path / "link").symlink_to("tool")
    work = git.work.commit_all(path, "Section B", base=base)
    assert work.files == ("blob", "link", "one.txt", "tool", "two.txt")
    modes = {line.split("\t")[1]: line.split()[0] for line in sh("ls-tree", work.commit).splitlines()}
    assert (modes["tool"], modes["link"]) == ("100755", "120000")


def test_names_a_limited_number_of_files(path, base):
    for number in range(MOST_FILES + 5):
        (path / f"{number}").touch()
    work = git.work.commit_all(path, "Section B", base=base)
    assert (len(work.files), work.file_count) == (MOST_FILES, MOST_FILES + 5)


def test_work_on_a_branch_of_the_agent_comes_to_the_branch_of_the_attempt(path, base, sh):
    sh("checkout", "-b", "my-idea", at=path)
    (path / "new").write_text("new\n")
    work = git.work.commit_all(path, "Section B", base=base)
    assert work.strayed == "my-idea"
    assert sh("rev-parse", BRANCH) == work.commit
    assert sh("rev-parse", "my-idea") == base
    assert sh("symbolic-ref", "HEAD", at=path) == f"refs/heads/{BRANCH}"
    assert sh("status", "--porcelain", at=path) == ""


def test_a_branch_of_the_user_is_not_committed_to(path, base, sh):
    sh("branch", "users-own")
    sh("checkout", "users-own", at=path)
    (path / "new").write_text("new\n")
    git.work.commit_all(path, "Section B", base=base)
    assert sh("rev-parse", "users-own") == base


def test_work_on_a_detached_head_comes_to_the_branch(path, base, sh):
    sh("checkout", "--detach", at=path)
    sh("commit", "--allow-empty", "-m", "Own", at=path)
    work = git.work.commit_all(path, "Section B", base=base)
    assert work.strayed == "detached HEAD"
    assert sh("rev-parse", BRANCH) == work.commit


def test_rewritten_history_is_rescued(path, base, sh):
    sh("commit", "--allow-empty", "-m", "Thrown away?", at=path)
    thrown = sh("rev-parse", "HEAD", at=path)
    sh("checkout", "--detach", base, at=path)
    (path / "new").write_text("new\n")
    git.work.commit_all(path, "Section B", base=base)
    assert sh("rev-parse", "refs/orch/rescue/r1/B/1") == thrown


def test_a_branch_without_history_still_builds_on_the_base(path, base, sh):
    sh("checkout", "--orphan", "fresh", at=path)
    (path / "new").write_text("new\n")
    work = git.work.commit_all(path, "Section B", base=base)
    assert work.files == ("new",)
    assert sh("rev-parse", f"{work.commit}^") == base


def test_a_lock_of_a_killed_git_is_no_obstacle(path, base, sh):
    git_dir = Path(sh("rev-parse", "--absolute-git-dir", at=path))
    (git_dir / "index.lock").touch()
    (path / "new").write_text("new\n")
    assert git.work.commit_all(path, "Section B", base=base).files == ("new",)
    assert sh("status", "--porcelain", at=path) == ""


def test_an_unfinished_merge_of_the_agent_is_no_obstacle(path, base, sh):
    sh("checkout", "-b", "left", at=path)
    (path / "one.txt").write_text("left\n")
    sh("commit", "-am", "Left", at=path)
    sh("checkout", "-b", "right", base, at=path)
    (path / "one.txt").write_text("right\n")
    sh("commit", "-am", "Right", at=path)
    with pytest.raises(Exception, match="merge"):
        sh("merge", "left", at=path)
    assert git.work.commit_all(path, "Section B", base=base).files == ("one.txt",)


def test_without_a_configured_identity_orch_tui_signs(path, base, sh, tmp_path):
    (tmp_path / "gitconfig").write_text("")
    (path / "new").touch()
    work = git.work.commit_all(path, "Section B", base=base)
    assert sh("log", "-1", "--format=%an <%ae>", work.commit) == "orch-tui <orch-tui@localhost>"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_said_and_not_left_out(path, base):
    (path / "secret").write_text("x")
    (path / "secret").chmod(0)
    with pytest.raises(GitError, match="secret"):
        git.work.commit_all(path, "Section B", base=base)


def test_a_repository_inside_is_said_and_not_left_out(path, base, sh):
    (path / "inner").mkdir()
    sh("init", at=path / "inner")
    sh("commit", "--allow-empty", "-m", "Inner", at=path / "inner")
    with pytest.raises(GitError, match=r"'inner' in .* is a git repository of its own"):
        git.work.commit_all(path, "Section B", base=base)


def test_a_repository_inside_without_a_commit_is_said_too(path, base, sh):
    (path / "inner").mkdir()
    (path / "inner" / "file").touch()
    sh("init", at=path / "inner")
    with pytest.raises(GitError, match="'inner/' does not have a commit checked out"):
        git.work.commit_all(path, "Section B", base=base)
    assert (path / "inner" / "file").exists()


def test_what_was_not_to_change_a_worktree_is_put_back_but_for_ignored_files(path, base, sh):
    (path / "kept").write_text("work")
    commit = git.work.commit_all(path, "Section B", base=base).commit
    (path / "kept").write_text("spoilt")
    (path / "one.txt").unlink()
    (path / "dir").mkdir()
    (path / "dir" / "spaß.txt").write_text("junk")
    (path / "skip.log").write_text("a cache")
    sh("add", "dir", at=path)
    (path / "fresh").mkdir()
    (path / "fresh" / "junk").write_text("not even added")
    undone = git.work.put_back(path, head=commit, keep="r1/B/2")
    assert set(undone.files) == {"kept", "one.txt", "dir/spaß.txt", "fresh/junk"}
    assert not undone.moved
    assert (path / "kept").read_text() == "work"
    assert (path / "one.txt").exists()
    assert not (path / "dir").exists()
    assert not (path / "fresh").exists()
    assert (path / "skip.log").exists()
    assert sh("rev-parse", "HEAD", at=path) == commit
    assert git.work.put_back(path, head=commit, keep="r1/B/2") == git.work.PutBack()


@pytest.mark.parametrize("how", ["on its branch", "on another one", "on none", "before it"])
def test_commits_of_who_was_only_to_read_are_taken_off_the_branch_and_kept(path, base, sh, how):
    (path / "work").write_text("work")
    head = git.work.commit_all(path, "Section B", base=base).commit
    branch = sh("branch", "--show-current", at=path)
    if how == "before it":
        sh("reset", "--hard", "HEAD~1", at=path)
    elif how != "on its branch":
        sh("checkout", *(["-b", "mine"] if how == "on another one" else ["--detach"]), at=path)
    (path / "sly").write_text("sly")
    sh("add", "sly", at=path)
    sh("commit", "-m", "Sly", at=path)
    sly = sh("rev-parse", "HEAD", at=path)
    (path / "work").write_text("spoilt")
    undone = git.work.put_back(path, head=head, keep="r1/B/2")
    assert (undone.moved, undone.kept) == (True, "refs/orch/rescue/r1/B/2")
    assert set(undone.files) == {"work", "sly"}
    assert sh("rev-parse", undone.kept) == sly
    assert (sh("rev-parse", branch), sh("branch", "--show-current", at=path)) == (head, branch)
    assert (path / "work").read_text() == "work"
    assert sh("status", "--porcelain", at=path) == ""
    again = git.work.put_back(path, head=head, keep="r1/B/2")
    assert (again.moved, again.kept) == (True, undone.kept), "told again to a runner that came after a crash"


def test_a_branch_that_was_only_set_back_is_brought_forward_again(path, base, sh):
    (path / "work").write_text("work")
    head = git.work.commit_all(path, "Section B", base=base).commit
    sh("reset", "--hard", "HEAD~1", at=path)
    undone = git.work.put_back(path, head=head, keep="r1/B/2")
    assert undone == git.work.PutBack(files=("work",), moved=True)
    assert sh("rev-parse", "HEAD", at=path) == head
