"""What a new worktree is given of the user's checkout, and what is left out."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import ConfigError
from orch_tui.git import copying

BRANCH = "orch-work/r1/B/1"


@pytest.fixture
def worktree(repo: git.repo.Repo, base: str) -> Path:
    path = git.worktrees.worktree_root(repo, "r1") / "B" / "1"
    git.worktrees.add_worktree(repo, branch=BRANCH, base=base, path=path)
    return path


@pytest.fixture
def ignores(top: Path, repo: git.repo.Repo):
    """The user ignores these, beside what they ignored already."""

    def write(*patterns: str) -> None:
        (top / ".git" / "info" / "exclude").write_text("".join(f"{pattern}\n" for pattern in patterns))

    return write


def include(top: Path, *patterns: str) -> None:
    (top / ".worktreeinclude").write_text("".join(f"{pattern}\n" for pattern in patterns))


def test_ignored_files_that_match_are_copied_with_their_modes(repo, top, worktree, ignores):
    ignores(".env*", "secrets/", ".worktreeinclude")
    include(top, ".env*", "!.env.example", "secrets/**")
    (top / ".env").write_text("KEY=1")
    (top / ".env").chmod(0o600)
    (top / ".env.example").write_text("KEY=")
    (top / "secrets" / "deep").mkdir(parents=True)
    (top / "secrets" / "deep" / "rün.sh").write_text("#!/bin/sh\n")
    (top / "secrets" / "deep" / "rün.sh").chmod(0o755)
    (top / "debug.log").write_text("not asked for")
    assert copying.furnish(repo, worktree) == ()
    assert (worktree / ".env").read_text() == "KEY=1"
    assert stat.S_IMODE((worktree / ".env").stat().st_mode) == 0o600
    assert os.access(worktree / "secrets" / "deep" / "rün.sh", os.X_OK)
    assert not (worktree / ".env.example").exists()
    assert not (worktree / "debug.log").exists()


def test_patterns_of_the_settings_count_beside_the_file(repo, top, worktree):
    include(top, "a.log")
    for name in ("a.log", "b.log", "c.log"):
        (top / name).write_text(name)
    assert copying.furnish(repo, worktree, copy=["b.*"]) == ()
    assert sorted(path.name for path in worktree.glob("*.log")) == ["a.log", "b.log"]


def test_nothing_is_copied_where_nothing_is_asked_for(repo, top, worktree):
    (top / "a.log").touch()
    assert copying.furnish(repo, worktree) == ()
    assert not (worktree / "a.log").exists()


def test_what_git_does_not_ignore_would_become_work_and_is_left_out_with_words(repo, top, worktree):
    (top / "notes.txt").write_text("untracked")
    (top / "one.txt").write_text("changed by the user")
    [said] = copying.furnish(repo, worktree, copy=["*.txt"])
    assert "'notes.txt'" in said
    assert "not ignored by git" in said
    assert not (worktree / "notes.txt").exists()
    assert (worktree / "one.txt").read_text() == "one\ntwo\nthree\n", "a tracked file is never overwritten"


def test_what_stands_in_the_worktree_is_never_replaced(repo, top, worktree):
    (top / "a.log").write_text("the user's")
    (worktree / "a.log").write_text("a session's")
    assert copying.furnish(repo, worktree, copy=["*.log"]) == ()
    assert (worktree / "a.log").read_text() == "a session's"


def test_links_that_lead_out_are_left_out_and_those_within_are_kept_as_links(repo, top, worktree, tmp_path):
    (tmp_path / "secret").write_text("of somebody else")
    (top / "out.log").symlink_to(tmp_path / "secret")
    (top / "up.log").symlink_to("../secret")
    (top / "in.log").symlink_to("one.txt")
    [*said] = copying.furnish(repo, worktree, copy=["*.log"])
    assert len(said) == 2
    assert all("leads out" in words for words in said)
    assert (worktree / "in.log").readlink() == Path("one.txt")
    assert not os.path.lexists(worktree / "out.log")
    assert not os.path.lexists(worktree / "up.log")


def test_a_link_on_the_way_in_the_worktree_is_not_followed(repo, top, worktree, tmp_path):
    (top / "logs").mkdir()
    (top / "logs" / "a.log").write_text("a")
    (worktree / "logs").symlink_to(tmp_path)
    [said] = copying.furnish(repo, worktree, copy=["*.log"])
    assert "in the way" in said
    assert not (tmp_path / "a.log").exists()


def test_too_many_and_too_much_are_refused_before_anything_is_copied(repo, top, worktree, monkeypatch):
    for number in range(3):
        (top / f"{number}.log").write_text("12345")
    monkeypatch.setattr(copying, "MOST_FILES", 2)
    with pytest.raises(ConfigError, match="3 files would be copied into each worktree, 2 at most"):
        copying.furnish(repo, worktree, copy=["*.log"])
    monkeypatch.setattr(copying, "MOST_FILES", 3)
    monkeypatch.setattr(copying, "MOST_BYTES", 14)
    with pytest.raises(ConfigError, match="would be copied into each worktree"):
        copying.furnish(repo, worktree, copy=["*.log"])
    assert not list(worktree.glob("*.log"))


def test_state_and_inner_repositories_are_never_copied(repo, top, worktree, sh):
    git.repo.exclude(repo)
    (top / ".orch").mkdir()
    (top / ".orch" / "config.yaml").write_text("agent: script")
    (top / "inner").mkdir()
    sh("init", at=top / "inner")
    (top / "inner" / "a.log").touch()
    said = copying.furnish(repo, worktree, copy=["*"])
    assert any("'inner/'" in words and "repository of its own" in words for words in said)
    assert not (worktree / ".orch").exists()
    assert not (worktree / "inner").exists()


def test_an_include_file_that_is_a_link_is_not_read(repo, top, worktree, tmp_path):
    (tmp_path / "patterns").write_text("*.log")
    (top / ".worktreeinclude").symlink_to(tmp_path / "patterns")
    (top / "a.log").touch()
    [said] = copying.furnish(repo, worktree)
    assert "not read" in said


class TestLinks:
    def test_a_directory_of_the_user_is_linked_and_is_no_work(self, repo, top, worktree, ignores, base, sh):
        ignores("node_modules/")
        (top / "node_modules").mkdir()
        (top / "node_modules" / "x.js").write_text("x")
        assert copying.furnish(repo, worktree, link=["node_modules"]) == ()
        assert copying.furnish(repo, worktree, link=["node_modules/"]) == (), "again changes nothing"
        assert (worktree / "node_modules" / "x.js").read_text() == "x"
        assert git.work.commit_all(worktree, "B", base=base).file_count == 0
        git.worktrees.remove_worktree(repo, worktree)
        assert (top / "node_modules" / "x.js").exists(), "what is linked to stays"

    def test_what_is_not_there_not_ignored_or_outside_is_left_out_with_words(self, repo, top, worktree, tmp_path):
        (top / "out.log").symlink_to(tmp_path)
        (top / "seen").mkdir()
        said = copying.furnish(repo, worktree, link=["missing", "out.log", "seen", "one.txt"])
        assert [next(words for words in ("not there", "leads out", "not ignored") if words in one) for one in said] == [
            "not there",
            "leads out",
            "not ignored",
            "not ignored",
        ]

    def test_what_stands_in_the_worktree_is_not_replaced(self, repo, top, worktree):
        (top / "a.log").touch()
        (worktree / "a.log").write_text("a session's")
        [said] = copying.furnish(repo, worktree, link=["a.log"])
        assert "in the worktree already" in said
