"""A staged run in a real repository, whose merges are real commits on the integration branch."""

from __future__ import annotations

import subprocess
from pathlib import Path

from conftest_cockpit import Table

from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptStarted, WorktreeReady
from orch_tui.core.section_events import SectionDone
from orch_tui.core.work_events import MergeIntended, WorkCommitted, WorkMerged


def git(root: Path, *words: str) -> str:
    """What git prints, as somebody who has told it their name."""
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def in_git(table: Table) -> None:
    """Make the staged project a repository, with the integration branch at its first commit; approve."""
    root, run = table.stage.root, table.stage.name
    git(root, "init", "-q")
    git(root, "config", "user.name", "T")
    git(root, "config", "user.email", "t@example.org")
    (root / ".git" / "info" / "exclude").write_text("/.orch/\n/work/\n")
    git(root, "add", "plan.md")
    git(root, "commit", "-qm", "start")
    git(root, "branch", f"orch/{run}")
    table.stage.approve()


def works(table: Table, section: str, files: dict[str, bytes], *, commits: bool = True) -> Path:
    """An attempt at a section that writes files in a worktree of its own; its worktree."""
    stage, number = table.stage, len(table.stage.state.sections[section].attempts) + 1
    branch = f"orch-work/{stage.name}/{section}/{number}"
    tree = stage.root / "work" / section
    base = git(stage.root, "rev-parse", f"orch/{stage.name}")
    git(stage.root, "worktree", "add", "-q", "-b", branch, str(tree), base)
    begun = {"section": section, "attempt": number}
    stage.happens(
        AttemptIntended(**begun, agent="claude", session_id="s", marker="m", phase="implement"),
        WorktreeReady(**begun, path=str(tree), branch=branch, base=base),
        AttemptStarted(**begun, pid=1, brief_sha=""),
    )
    for name, data in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)
    if commits:
        ended = {"outcome": "succeeded", "failure": "", "message": "", "summary": "", "cost_usd": 0.1, "exit_code": 0}
        stage.happens(AttemptEnded(**begun, **ended))
        git(tree, "add", ".")
        git(tree, "commit", "-qm", section)
        commit = git(tree, "rev-parse", "HEAD")
        stage.happens(
            WorkCommitted(**begun, commit=commit, files=tuple(files), file_count=len(files), insertions=1, deletions=0)
        )
    return tree


def merged(table: Table, section: str) -> None:
    """What it committed is merged, and it is done."""
    stage, branch = table.stage, f"orch/{table.stage.name}"
    last = stage.state.sections[section].last
    assert last is not None
    tree = git(stage.root, "merge-tree", "--write-tree", branch, last.commit).splitlines()[0]
    commit = git(stage.root, "commit-tree", "-p", branch, "-p", last.commit, "-m", f"Merge {section}", tree)
    git(stage.root, "update-ref", f"refs/heads/{branch}", commit)
    begun = {"section": section, "attempt": last.number}
    stage.happens(
        MergeIntended(**begun), WorkMerged(**begun, commit=commit), SectionDone(section=section, summary="done")
    )
