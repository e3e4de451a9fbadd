"""Worktrees that a new runner finds: moved, locked, with work in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.git.places import git_dir_of


@pytest.fixture
def tree(repo: git.repo.Repo, base: str, tmp_path: Path) -> Path:
    path = tmp_path / "trees" / "A" / "1"
    git.worktrees.add_worktree(repo, branch="orch-work/r1/A/1", base=base, path=path)
    return path


def test_locks_that_a_killed_git_left_in_a_worktree_are_gone_when_the_next_agent_comes(tree: Path):
    left = [git_dir_of(tree) / name for name in ("index.lock", "HEAD.lock")]
    for lock in left:
        lock.touch()
    git.leftovers.unlock([tree, tree.with_name("no such")])
    assert not any(lock.exists() for lock in left)


def test_worktrees_and_a_repository_that_was_moved_find_each_other_again(
    repo: git.repo.Repo, tree: Path, sh: Callable[..., str]
):
    moved = repo.root.with_name("moved")
    repo.root.rename(moved)
    there = git.repo.find(moved)
    assert there is not None
    assert git.worktrees.repair(there, [tree]) == []
    assert sh("rev-parse", "--abbrev-ref", "HEAD", at=tree) == "orch-work/r1/A/1"


def test_a_worktree_that_git_knows_nothing_of_any_more_is_told_and_left(
    repo: git.repo.Repo, tree: Path, sh: Callable[..., str]
):
    (tree / "draft.txt").write_text("draft")
    aside = tree.with_name("aside")
    tree.rename(aside)
    sh("worktree", "prune")
    aside.rename(tree)
    assert git.worktrees.repair(repo, [tree]) == [tree]
    assert (tree / "draft.txt").exists()


def test_what_is_in_a_worktree_is_kept_once_however_often_it_is_asked(
    repo: git.repo.Repo, tree: Path, sh: Callable[..., str]
):
    (tree / "draft.txt").write_text("draft")
    (tree / "one.txt").write_text("changed")
    kept = git.work.rescue(tree)
    assert kept == "refs/orch/rescue/r1/A/1"
    assert git.work.rescue(tree) == kept
    assert sh("show", f"{kept}:draft.txt") == "draft"
    (tree / "draft.txt").write_text("another")
    other = git.work.rescue(tree)
    assert other.startswith(f"{kept}-")
    assert git.work.rescue(tree) == other
    assert git.work.rescue(tree) == other
    assert (tree / "draft.txt").read_text() == "another"
