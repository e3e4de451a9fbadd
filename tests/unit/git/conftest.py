"""Real repositories, with nothing of the machine's own git configuration."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui import git

Shell = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Top of the user's checkout; its name has a space and an umlaut."""
    top = tmp_path / "my prøject"
    top.mkdir()
    return top


@pytest.fixture
def sh(top: Path) -> Shell:
    """The user at work: a git command in their checkout, or elsewhere."""

    def run(*arguments: str, at: Path = top) -> str:
        done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, check=True)
        return done.stdout.decode().strip()

    return run


@pytest.fixture
def repo(top: Path, sh: Shell) -> git.repo.Repo:
    sh("init")
    (top / "one.txt").write_text("one\ntwo\nthree\n")
    (top / ".gitignore").write_text("*.log\n")
    sh("add", ".")
    sh("commit", "-m", "First")
    found = git.repo.find(top)
    assert found
    return found


@pytest.fixture
def base(repo: git.repo.Repo) -> str:
    return git.repo.ensure_integration(repo, "r1")


@pytest.fixture
def tree(repo: git.repo.Repo, base: str) -> Callable[[str], Path]:
    """A worktree for the first attempt of a section."""

    def make(slug: str) -> Path:
        path = git.worktrees.worktree_root(repo, "r1") / slug / "1"
        git.worktrees.add_worktree(repo, branch=git.repo.attempt_branch("r1", slug, 1), base=base, path=path)
        return path

    return make


@pytest.fixture
def left(tree: Callable[[str], Path], base: str) -> Callable[..., str]:
    """A section that leaves the given files on its attempt's branch; returns the branch."""

    def make(slug: str, **files: str | bytes) -> str:
        path = tree(slug)
        for name, content in files.items():
            (path / name.replace("_", ".")).write_bytes(content if isinstance(content, bytes) else content.encode())
        git.work.commit_all(path, f"Section {slug}", base=base)
        return git.repo.attempt_branch("r1", slug, 1)

    return make
