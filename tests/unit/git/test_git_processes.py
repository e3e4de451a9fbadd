"""How often git is called: each call costs milliseconds, and a section pays them all."""

from pathlib import Path

import pytest

from orch_tui import git, process
from orch_tui.git.merge import Candidate


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands of git that were called so far."""
    seen: list[str] = []
    run = process.run

    def counted(argv: list[str], **options: object) -> process.Completed:
        seen.append(next(word for at, word in enumerate(argv[1:], 1) if argv[at - 1] != "-c" and word != "-c"))
        return run(argv, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(process, "run", counted)
    return seen


def test_a_section_that_is_committed_merged_and_cleared_away_calls_git_as_often_as_it_has_to(tree, base, repo, called):
    path = tree("B")
    git.command.identity(path)
    called.clear()
    (path / "new").write_text("new\n")
    work = git.work.commit_all(path, "Section B", base=base)
    assert called == ["rev-parse", "add", "write-tree", "diff-tree", "commit-tree", "update-ref"]
    called.clear()
    found = git.merge.compute(repo, run="r1", branch="orch-work/r1/B/1", message="it")
    assert isinstance(found, Candidate)
    assert git.merge.move(repo, run="r1", commit=found.commit, onto=found.onto, words="merge", looked=True)
    assert called == ["for-each-ref", "merge-tree", "commit-tree", "update-ref"]
    called.clear()
    assert git.work.put_back(path, head=work.commit, keep="r1/B/2") == git.work.PutBack()
    git.worktrees.remove_worktree(repo, path)
    assert called == ["status", "worktree"]


@pytest.mark.parametrize("place", ["gitconfig", "config/git/config", "checkout", "included"])
def test_who_commits_is_seen_at_once_wherever_the_user_says_it(path_of, place, called):
    settings, at = path_of(place)
    assert git.command.identity(at)["GIT_AUTHOR_NAME"] == "orch-tui"
    before = len(called)
    git.command.identity(at)
    assert (len(called) > before) == (place == "included"), "asked again only where a file brings in others"
    with settings.open("a") as file:
        file.write("[user]\nname = Eve\n")
    assert set(git.command.identity(at)) == {"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"}


@pytest.fixture
def path_of(tmp_path: Path, top: Path, repo: git.repo.Repo, tree, monkeypatch: pytest.MonkeyPatch):
    """Where the user may say who they are, and a checkout in which that counts."""

    def find(place: str) -> tuple[Path, Path]:
        at = tree("B")
        (tmp_path / "gitconfig").write_text("")
        if place == "checkout":
            return top / ".git" / "config", at
        if place == "included":
            (tmp_path / "gitconfig").write_text(f"[Include]\npath = {tmp_path / 'more'}\n")
            return tmp_path / "more", at
        monkeypatch.delenv("GIT_CONFIG_GLOBAL")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        (tmp_path / "config" / "git").mkdir(parents=True)
        return tmp_path / (".gitconfig" if place == "gitconfig" else place), at

    return find
