"""Finding a repository and starting a run's integration branch in it."""

from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError
from orch_tui.git import command


def test_a_repository_is_found_from_inside_it(top: Path, repo: git.repo.Repo):
    inside = top / "a" / "b"
    inside.mkdir(parents=True)
    assert git.repo.find(inside) == repo == git.repo.Repo(root=top.resolve(), common=top.resolve() / ".git")


def test_worktrees_share_one_git_directory(repo: git.repo.Repo, tree):
    found = git.repo.find(tree("B"))
    assert found
    assert found.common == repo.common


def test_there_is_no_repository_in_a_plain_directory(tmp_path: Path):
    assert git.repo.find(tmp_path) is None


def test_a_bare_repository_is_refused_with_what_would_help(tmp_path: Path, sh):
    sh("init", "--bare", str(tmp_path / "bare.git"))
    with pytest.raises(GitError, match="cannot use the repository") as refusal:
        git.repo.find(tmp_path / "bare.git")
    assert "checkout" in refusal.value.hint


def test_an_inherited_repository_is_not_used(
    top: Path, repo: git.repo.Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GIT_DIR", str(repo.common))
    monkeypatch.setenv("GIT_WORK_TREE", str(top))
    assert git.repo.find(tmp_path) is None


def test_an_old_git_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "OLDEST", (99, 0))
    command.check_version.cache_clear()
    with pytest.raises(GitError, match=r"is too old: orch-tui needs git 99\.0"):
        git.repo.find(Path("/"))
    command.check_version.cache_clear()


def test_git_errors_carry_the_words_of_git(repo: git.repo.Repo):
    with pytest.raises(GitError, match=r"git cat-file failed in .*Not a valid object name"):
        command.git(repo.root, "cat-file", "-p", "nothing")


class TestIntegrationBranch:
    def test_starts_at_head_and_stays_when_head_moves_on(self, repo: git.repo.Repo, sh):
        start = git.repo.ensure_integration(repo, "r1")
        assert start == git.repo.head(repo) == sh("rev-parse", "orch/r1")
        sh("commit", "--allow-empty", "-m", "Second")
        assert git.repo.ensure_integration(repo, "r1") == start

    def test_starts_at_a_detached_head(self, repo: git.repo.Repo, sh):
        sh("checkout", "--detach")
        assert git.repo.ensure_integration(repo, "r1") == sh("rev-parse", "HEAD")

    def test_starts_empty_where_nothing_is_committed_and_leaves_the_branch_unborn(self, top: Path, sh):
        sh("init")
        repo = git.repo.find(top)
        assert repo
        assert git.repo.head(repo) is None
        start = git.repo.ensure_integration(repo, "r1")
        assert sh("ls-tree", start) == ""
        assert git.repo.ensure_integration(repo, "r1") == start
        assert git.repo.head(repo) is None
        assert sh("symbolic-ref", "HEAD") == "refs/heads/main"

    def test_needs_no_configured_identity(self, top: Path, tmp_path: Path, sh):
        (tmp_path / "gitconfig").write_text("")
        sh("init")
        repo = git.repo.find(top)
        assert repo
        git.repo.ensure_integration(repo, "r1")
        assert sh("log", "-1", "--format=%an <%ae>", "orch/r1") == "orch-tui <orch-tui@localhost>"

    def test_says_so_when_a_branch_is_in_the_way(self, repo: git.repo.Repo, sh):
        sh("branch", "orch")
        with pytest.raises(GitError, match="refs/heads/orch"):
            git.repo.ensure_integration(repo, "r1")

    @pytest.mark.parametrize("name", ["", "-x", "a/b", "a..b", "$(x)", "a b"])
    def test_takes_no_name_that_git_could_misread(self, repo: git.repo.Repo, name: str):
        with pytest.raises(GitError, match="cannot be part of a branch name"):
            git.repo.ensure_integration(repo, name)


class TestExcludeState:
    def test_hides_the_state_directory_once(self, top: Path, repo: git.repo.Repo, sh):
        (top / ".orch").mkdir()
        (top / ".orch" / "status.json").write_text("{}")
        git.repo.exclude(repo)
        git.repo.exclude(repo)
        assert sh("status", "--porcelain") == ""
        assert (repo.common / "info" / "exclude").read_text().count("/.orch/") == 1

    def test_keeps_what_the_user_excluded(self, repo: git.repo.Repo):
        exclude = repo.common / "info" / "exclude"
        exclude.parent.mkdir(exist_ok=True)
        exclude.write_text("*.tmp")
        git.repo.exclude(repo)
        assert exclude.read_text() == "*.tmp\n/.orch/\n"


class TestStatusFingerprint:
    def test_changes_with_everything_the_user_could_miss(self, top: Path, repo: git.repo.Repo, sh):
        def commit() -> None:
            sh("commit", "--allow-empty", "-m", "Second")

        def edit() -> None:
            (top / "one.txt").write_text("other\n")

        changes = [
            commit,
            edit,
            lambda: sh("add", "one.txt"),
            lambda: (top / "one.txt").write_text("edited again, elsewhere\n"),
            (top / "new").touch,
            lambda: sh("checkout", "-b", "b"),
        ]
        seen = {git.repo.status_fingerprint(repo)}
        for change in changes:
            assert git.repo.status_fingerprint(repo) in seen
            change()
            seen.add(git.repo.status_fingerprint(repo))
        assert len(seen) == 1 + len(changes)
