"""What a repository's own configuration, hooks and attributes would run: nothing of it runs in the runner's git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orch_tui import git
from orch_tui.errors import GitError

ATTRIBUTES = "*.txt filter=trap diff=trap merge=trap\n"
# fmt: off
HOOKS = (
    "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout",
    "post-merge", "pre-push", "pre-auto-gc", "post-rewrite", "reference-transaction", "post-index-change",
)
# fmt: on
SETTINGS = {
    "core.fsmonitor": "{trap}",
    "core.pager": "{trap}",
    "core.editor": "{trap}",
    "core.sshCommand": "{trap}",
    "core.askPass": "{trap}",
    "core.alternateRefsCommand": "{trap}",
    "core.hooksPath": "{hooks}",
    "core.attributesFile": "{attributes}",
    "sequence.editor": "{trap}",
    "pager.status": "{trap}",
    "pager.diff": "{trap}",
    "interactive.diffFilter": "{trap}",
    "alias.status": "!{trap}",
    "alias.worktree": "!{trap}",
    "alias.merge-tree": "!{trap}",
    "credential.helper": "!{trap}",
    "commit.gpgSign": "true",
    "merge.verifySignatures": "true",
    "log.showSignature": "true",
    "gpg.program": "{trap}",
    "gpg.ssh.program": "{trap}",
    "gpg.format": "ssh",
    "uploadpack.packObjectsHook": "{trap}",
    "remote.origin.url": "ext::{trap}",
    "remote.origin.uploadpack": "{trap}",
    "remote.origin.receivepack": "{trap}",
    "diff.external": "{trap}",
    "diff.trap.command": "{trap}",
    "diff.trap.textconv": "{trap}",
    "merge.trap.driver": "{trap}",
    "merge.default": "trap",
    "filter.trap.clean": "{trap}",
    "filter.trap.smudge": "{trap}",
    "filter.trap.process": "{trap}",
    "trailer.x.command": "{trap}",
    "submodule.recurse": "true",
}


BRANCHES = ("orch-work/r1/B/1", "orch-work/r1/C/1")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a trace beside it; as a filter it passes on what it is given."""
    program = tmp_path / "trap"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{tmp_path}/trace"\ntimeout 5 cat\n')
    program.chmod(0o755)
    return program


def caught(trap: Path) -> list[str]:
    trace = trap.with_name("trace")
    return trace.read_text().splitlines() if trace.exists() else []


def places(trap: Path) -> dict[str, str]:
    """A directory of hooks and a file of attributes, all of which lead to the trap."""
    hooks = trap.with_name("hooks")
    hooks.mkdir(exist_ok=True)
    for name in HOOKS:
        if not (hooks / name).exists():
            (hooks / name).symlink_to(trap)
    attributes = trap.with_name("attributes")
    attributes.write_text(ATTRIBUTES)
    return {"trap": str(trap), "hooks": str(hooks), "attributes": str(attributes)}


def whole_way(repo: git.repo.Repo, top: Path) -> None:
    """Two sections that change the same file, from their worktrees to the branch and back."""
    base = git.repo.ensure_integration(repo, "r1")
    git.repo.status_fingerprint(repo)
    git.notable.uncommitted(repo, apart="")
    trees = [git.worktrees.worktree_root(repo, "r1") / slug / "1" for slug in "BC"]
    for branch, path in zip(BRANCHES, trees, strict=True):
        git.worktrees.add_worktree(repo, branch=branch, base=base, path=path)
        git.notable.lacking(path, ())
        git.copying.furnish(repo, path, copy=["*.log"])
        (path / "one.txt").write_text(f"one of {branch}\ntwo\n")
        commit = git.work.commit_all(path, "words", base=base).commit
        (path / "one.txt").write_text("spoilt")
        git.work.put_back(path, head=commit, keep="r1/B/2")
        git.conflicts.marked(path, base, commit)
    first = git.merge.compute(repo, run="r1", branch=BRANCHES[0], message="B")
    assert isinstance(first, git.merge.Candidate)
    assert git.merge.move(repo, run="r1", commit=first.commit, words="B")
    assert isinstance(git.merge.compute(repo, run="r1", branch=BRANCHES[1], message="C"), git.merge.Conflict)
    assert git.conflicts.merge_in(trees[1], "orch/r1") == ("one.txt",)
    (trees[1] / "one.txt").write_text("both\n")
    git.work.commit_all(trees[1], "merged", base=base, onto="orch/r1")
    git.undoing.revert(repo, "r1", {git.repo.commit_of(repo, BRANCHES[0]) or "": "Undo"})
    for path in trees:
        (path / "more.txt").write_text("not committed")
        assert git.worktrees.remove_worktree(repo, path).startswith("refs/orch/rescue/")


@pytest.fixture
def attributed(repo, top, sh) -> git.repo.Repo:
    """The repository, whose files have a filter, a way to show differences, and a way to be merged, by name."""
    (top / ".gitattributes").write_text(ATTRIBUTES)
    sh("add", ".")
    sh("commit", "-m", "Attributes")
    return repo


@pytest.mark.parametrize("where", ["its configuration", "a file that it includes", "the configuration of a worktree"])
def test_nothing_that_a_repository_configures_runs(attributed, top, trap, sh, tmp_path, where):
    aside = tmp_path / "included"
    match where:
        case "its configuration":
            configuration = attributed.common / "config"
        case "a file that it includes":
            configuration = aside
            sh("config", "include.path", str(aside))
        case _:
            configuration = attributed.common / "config.worktree"
            sh("config", "extensions.worktreeConfig", "true")
    with configuration.open("a") as file:
        for name, value in SETTINGS.items():
            section, *inner, variable = name.split(".")
            head = f'[{section} "{inner[0]}"]' if inner else f"[{section}]"
            file.write(f'{head}\n{variable} = "{value.format(**places(trap))}"\n')
    whole_way(attributed, top)
    assert caught(trap) == []


def test_a_filter_with_a_name_that_git_could_misread_does_not_run_either(repo, top, trap, sh):
    (top / ".gitattributes").write_text("*.txt filter=a=b\n")
    sh("add", ".")
    sh("commit", "-m", "Attributes")
    sh("config", "filter.a=b.clean", str(trap))
    whole_way(repo, top)
    assert caught(trap) == []


def test_what_an_agent_configures_while_it_works_does_not_run_when_its_work_is_committed(
    attributed, base, tree, trap, sh
):
    path = tree("B")
    git.work.commit_all(path, "words", base=base)
    sh("config", "filter.trap.clean", str(trap), at=path)
    (path / "one.txt").write_text("changed")
    git.work.commit_all(path, "words", base=base)
    assert caught(trap) == []


@pytest.mark.parametrize("by", ["remote.origin.uploadpack", "core.sshCommand"])
def test_what_a_partial_clone_lacks_is_not_fetched_by_a_program_of_its_own(attributed, trap, sh, tmp_path, by):
    sh("config", "uploadpack.allowFilter", "true")
    partial = tmp_path / "partial"
    sh("clone", "--filter=blob:none", "--no-checkout", attributed.root.as_uri(), str(partial))
    sh("config", by, f"{trap} </dev/null; false", at=partial)
    if by == "core.sshCommand":
        sh("config", "remote.origin.url", "ssh://localhost:1/nowhere", at=partial)
    found = git.repo.find(partial)
    base = git.repo.ensure_integration(found, "r1")
    path = git.worktrees.worktree_root(found, "r1") / "B" / "1"
    with pytest.raises(GitError):
        git.worktrees.add_worktree(found, branch=BRANCHES[0], base=base, path=path)
    assert caught(trap) == []


class TestFilters:
    def test_one_that_must_run_is_told_with_what_would_help(self, attributed, base, tree, sh):
        sh("config", "filter.trap.required", "true")
        sh("config", "filter.trap.clean", "cat")
        sh("config", "filter.trap.smudge", "cat")
        with pytest.raises(GitError, match="one") as refused:
            tree("B")
        assert refused.value.hint == (
            "filters of a repository's own configuration do not run: put 'trap' into yours if you trust it"
        )

    def test_one_that_is_left_out_is_told_where_files_have_it(self, attributed, tree, sh):
        sh("config", "filter.trap.clean", "cat")
        sh("config", "filter.other.clean", "cat")
        [said] = git.notable.lacking(tree("B"), ())
        assert said.startswith("the filter 'trap' of this repository's own configuration does not run")

    def test_one_of_the_users_own_configuration_runs(self, attributed, base, tree, trap, sh):
        sh("config", "--global", "filter.trap.clean", str(trap))
        (tree("B") / "one.txt").write_text("changed")
        git.work.commit_all(tree("B"), "words", base=base)
        assert caught(trap) != []

    def test_those_of_git_lfs_run_wherever_they_are_configured(self, repo, base, tree, trap, sh, monkeypatch):
        trap.rename(trap.with_name("git-lfs"))
        monkeypatch.setenv("PATH", f"{trap.parent}:{os.environ['PATH']}")
        (repo.root / ".gitattributes").write_text("*.txt filter=lfs\n")
        sh("config", "filter.lfs.clean", "git-lfs clean -- %f")
        path = tree("B")
        (path / ".gitattributes").write_text("*.txt filter=lfs\n")
        (path / "one.txt").write_text("changed")
        git.work.commit_all(path, "words", base=base)
        assert caught(trap) != []


def test_a_merge_driver_is_left_out_for_the_merge_that_git_does_by_itself(attributed, base, tree, sh):
    sh("config", "merge.trap.driver", "exit 1")
    for slug, content in (("B", "ONE\ntwo\nthree\n"), ("C", "one\ntwo\nthree\nfour\n")):
        (tree(slug) / "one.txt").write_text(content)
        git.work.commit_all(tree(slug), slug, base=base)
        found = git.merge.compute(attributed, run="r1", branch=git.repo.attempt_branch("r1", slug, 1), message=slug)
        assert isinstance(found, git.merge.Candidate)
        assert git.merge.move(attributed, run="r1", commit=found.commit, words=slug)
    assert sh("show", "orch/r1:one.txt").split() == ["ONE", "two", "three", "four"]
