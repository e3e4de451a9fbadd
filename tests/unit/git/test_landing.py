"""Landing a branch on the one the user stands on, and everything that is in the way of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import UserError


@pytest.fixture
def merged(repo, base, tree):
    """A section was merged that changed one.txt and added new.txt."""
    path = tree("B")
    (path / "one.txt").write_text("ONE\ntwo\nthree\n")
    (path / "new.txt").write_text("new\n")
    git.work.commit_all(path, "Section B", base=base)
    found = git.merge.compute(repo, run="r1", branch="orch-work/r1/B/1", message="Merge B")
    assert isinstance(found, git.merge.Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, words="merge B")
    return found.commit


def land(repo: git.repo.Repo, way: git.landing.Way) -> str:
    return git.landing.land(repo, git.landing.look(repo, "orch/r1", way), way, "The plan\n\nOrch-Run: r1\n")


def hook(repo: git.repo.Repo, name: str, text: str) -> None:
    path = repo.common / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_what_would_land_is_shown(repo, merged):
    found = git.landing.look(repo, "orch/r1", "merge")
    assert (found.onto, found.tip, found.count) == ("main", merged, 2)
    assert [subject for _, subject in found.commits] == ["Merge B"]
    assert found.files == (("new.txt", 1, 0), ("one.txt", 1, 1))


@pytest.mark.parametrize(("way", "parents"), [("merge", 2), ("squash", 1), ("ff", 2)])
def test_it_lands_in_each_way(repo, merged, sh, top, way, parents):
    commit = land(repo, way)
    assert sh("rev-parse", "main") == commit
    assert len(sh("log", "-1", "--format=%P").split()) == parents
    assert (commit == merged) == (way == "ff")
    assert sh("log", "-1", "--format=%s") == ("Merge B" if way == "ff" else "The plan")
    assert (top / "new.txt").read_text() == "new\n"
    assert sh("status", "--porcelain") == ""
    with pytest.raises(UserError, match=r"'main' (holds everything|has the very files) of 'orch/r1' already"):
        git.landing.look(repo, "orch/r1", way)


def test_it_lands_on_a_branch_that_went_on(repo, merged, sh, top):
    (top / "two.txt").write_text("two\n")
    sh("add", ".")
    sh("commit", "-m", "Second")
    with pytest.raises(UserError, match="'main' has commits that 'orch/r1' has not"):
        git.landing.look(repo, "orch/r1", "ff")
    land(repo, "merge")
    assert sh("ls-files").split() == [".gitignore", "new.txt", "one.txt", "two.txt"]


def test_the_hooks_of_the_user_run_and_their_identity_is_used(repo, merged, tmp_path, sh):
    hook(repo, "pre-merge-commit", f"touch '{tmp_path}/ran'")
    land(repo, "merge")
    assert (tmp_path / "ran").exists()
    assert sh("log", "-1", "--format=%an") == "Ada"


@pytest.mark.parametrize(("way", "name"), [("merge", "pre-merge-commit"), ("squash", "pre-commit")])
def test_a_hook_that_says_no_leaves_everything_as_it_was(repo, merged, top, way, name):
    hook(repo, name, "echo no such thing here >&2; exit 1")
    (top / "kept.txt").write_text("not committed\n")
    before = git.repo.status_fingerprint(repo)
    with pytest.raises(UserError, match="nothing was landed: no such thing here"):
        land(repo, way)
    assert git.repo.status_fingerprint(repo) == before


def test_a_signature_that_cannot_be_made_leaves_everything_as_it_was(repo, merged, sh):
    sh("config", "commit.gpgSign", "true")
    sh("config", "gpg.program", "false")
    before = git.repo.status_fingerprint(repo)
    with pytest.raises(UserError, match="nothing was landed"):
        land(repo, "merge")
    assert git.repo.status_fingerprint(repo) == before


def edit(top: Path) -> None:
    (top / "one.txt").write_text("mine\n")


def untracked(top: Path) -> None:
    (top / "new.txt").write_text("mine\n")


def ignored(top: Path) -> None:
    (top / ".git" / "info" / "exclude").write_text("new.txt\n")
    (top / "new.txt").write_text("mine\n")


@pytest.mark.parametrize(("change", "name"), [(edit, "one.txt"), (untracked, "new.txt"), (ignored, "new.txt")])
def test_nothing_lands_over_what_is_not_committed(repo, merged, top, change, name):
    change(top)
    with pytest.raises(UserError, match=f"your own changes would be overwritten: '{name}'"):
        git.landing.look(repo, "orch/r1", "merge")


def test_what_is_staged_does_not_slip_into_what_lands(repo, merged, top, sh):
    (top / "two.txt").write_text("two\n")
    sh("add", "two.txt")
    with pytest.raises(UserError, match=r"changes are staged: 'two\.txt'"):
        git.landing.look(repo, "orch/r1", "squash")


def test_changes_elsewhere_stay_as_they_are(repo, base, merged, top, sh):
    (top / ".gitignore").write_text("*.tmp\n")
    land(repo, "squash")
    assert sh("status", "--porcelain") == "M .gitignore"


def test_a_conflict_is_told_before_anything_is_changed(repo, merged, top, sh):
    (top / "one.txt").write_text("mine\n")
    sh("commit", "--all", "-m", "Mine")
    with pytest.raises(UserError, match=r"'main' and 'orch/r1' conflict in 'one\.txt'"):
        git.landing.look(repo, "orch/r1", "merge")
    assert sh("status", "--porcelain") == ""


def test_nothing_lands_on_a_detached_head_on_the_branch_itself_or_in_the_middle_of_something(repo, merged, sh):
    sh("checkout", "--detach")
    with pytest.raises(UserError, match="you stand on no branch"):
        git.landing.look(repo, "orch/r1", "merge")
    sh("checkout", "orch/r1")
    with pytest.raises(UserError, match="you stand on 'orch/r1' itself"):
        git.landing.look(repo, "orch/r1", "merge")
    sh("checkout", "main")
    (repo.common / "MERGE_HEAD").write_text(merged + "\n")
    with pytest.raises(UserError, match="a merge is under way"):
        git.landing.look(repo, "orch/r1", "merge")


def test_nothing_lands_that_was_not_shown(repo, merged, sh):
    found = git.landing.look(repo, "orch/r1", "merge")
    sh("commit", "--allow-empty", "-m", "Meanwhile")
    with pytest.raises(UserError, match="moved since this was shown"):
        git.landing.land(repo, found, "merge", "The plan")


def test_a_run_that_merged_nothing_has_nothing_to_land(repo):
    with pytest.raises(UserError, match="there is no branch 'orch/r1'"):
        git.landing.look(repo, "orch/r1", "merge")
