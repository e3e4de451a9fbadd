"""Landing a branch on the one the user stands on, and everything that is in the way of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import UserError
from orch_tui.merge_settings import LocalStrategy


@pytest.fixture
def merged(repo, base, tree):
    """A section was merged that changed one.txt and added new.txt."""
    path = tree("B")
    (path / "one.txt").write_text("ONE\ntwo\nthree\n")
    (path / "new.txt").write_text("new\n")
    git.work.commit_all(path, "Section B", base=base)
    found = git.merge.compute(repo, run="r1", branch="orch-work/r1/B/1", message="B")
    assert isinstance(found, git.merge.Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, words="merge B")
    return found.commit


def land(repo: git.repo.Repo, way: LocalStrategy) -> str:
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


@pytest.mark.parametrize(("way", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1), ("ff", 2)])
def test_it_lands_in_each_way(repo, merged, sh, top, way, parents):
    commit = land(repo, way)
    assert sh("rev-parse", "main") == commit
    assert len(sh("log", "-1", "--format=%P").split()) == parents
    assert (commit == merged) == (way == "ff")
    subject = {"ff": "Merge B", "rebase": "Section B"}.get(way, "The plan")
    assert sh("log", "-1", "--format=%s") == subject
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


@pytest.mark.parametrize(
    ("way", "name"), [("merge", "pre-merge-commit"), ("squash", "pre-commit"), ("rebase", "commit-msg")]
)
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


@pytest.fixture
def two(repo, base, tree, sh):
    """A section was squashed, another one replayed that made two commits as an agent does."""
    for slug, strategy, subjects in (("B", "squash", ["b"]), ("C", "rebase", ["one", "two\n\nIn more words."])):
        path = tree(slug)
        for number, subject in enumerate(subjects):
            (path / f"{slug}{number}.txt").write_text(subject)
            sh("add", ".", at=path)
            sh("-c", "user.name=Agnes", "commit", "--date=@1700000000 +0200", "-m", subject, at=path)
        branch = git.repo.attempt_branch("r1", slug, 1)
        found = git.merge.compute(repo, run="r1", branch=branch, message=f"Part {slug}\n", strategy=strategy)
        assert isinstance(found, git.merge.Candidate)
        assert git.merge.move(repo, run="r1", commit=found.commit, words="merge")


def test_commits_are_made_again_one_by_one_on_a_branch_that_went_on(repo, two, top, sh):
    (top / "mine.txt").write_text("mine\n")
    sh("add", ".")
    sh("commit", "-m", "Mine")
    (top / "one.txt").write_text("in the middle of an edit\n")
    found = git.landing.look(repo, "orch/r1", "rebase")
    assert len(found.replayed) == 3
    land(repo, "rebase")
    assert sh("log", "--format=%s").splitlines() == ["two", "one", "Part B", "Mine", "First"]
    assert sh("log", "-1", "--format=%an %cn %at") == "Agnes Ada 1700000000"
    assert sh("log", "-1", "--format=%b").startswith("In more words.")
    assert sh("status", "--porcelain") == "M one.txt"


def test_a_hook_that_says_no_to_the_last_of_them_leaves_everything_as_it_was(repo, two, top, sh):
    hook(repo, "commit-msg", 'case "$(cat "$1")" in two*) echo no twos >&2; exit 1;; esac')
    (top / "one.txt").write_text("in the middle of an edit\n")
    before = git.repo.status_fingerprint(repo)
    with pytest.raises(UserError, match="nothing was landed: no twos"):
        land(repo, "rebase")
    assert git.repo.status_fingerprint(repo) == before
    assert sh("log", "--format=%s") == "First"


def test_an_interruption_between_two_of_them_leaves_everything_as_it_was(repo, two, monkeypatch, sh):
    asked = git.landing.as_the_user
    seen: list[str] = []

    def interrupted(at: Path, *arguments: str) -> object:
        seen.append(arguments[0])
        if seen.count("commit") > 1:
            raise KeyboardInterrupt
        return asked(at, *arguments)

    monkeypatch.setattr(git.landing, "as_the_user", interrupted)
    before = git.repo.status_fingerprint(repo)
    with pytest.raises(KeyboardInterrupt):
        land(repo, "rebase")
    assert git.repo.status_fingerprint(repo) == before


def test_commits_that_need_a_merge_are_not_landed_one_by_one(repo, base, tree, top, sh):
    for slug, content in (("B", "b\n"), ("C", "c\n")):
        path = tree(slug)
        (path / "one.txt").write_text(content)
        git.work.commit_all(path, slug, base=base)
        if slug == "C":
            git.conflicts.merge_in(path, "orch/r1")
            (path / "one.txt").write_text("both\n")
            git.work.commit_all(path, slug, base=base, onto="orch/r1")
        found = git.merge.compute(repo, run="r1", branch=f"orch-work/r1/{slug}/1", message="it")
        assert isinstance(found, git.merge.Candidate)
        assert git.merge.move(repo, run="r1", commit=found.commit, words="merge")
    with pytest.raises(UserError, match=r"do not come to the same one by one: they conflict in 'one\.txt'"):
        git.landing.look(repo, "orch/r1", "rebase")


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
