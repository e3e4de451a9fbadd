"""A staged run in a real repository: worktrees, commits and merges are real, only the agents are not."""

from __future__ import annotations

from pathlib import Path

from orch_tui import process
from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptStarted, WorktreeReady
from orch_tui.core.section_events import SectionDone
from orch_tui.core.work_events import CommitIntended, MergeIntended, WorkCommitted, WorkMerged
from orch_tui.testing.stage import Stage


def git(root: Path, *words: str) -> str:
    """What git prints, as somebody who has told it their name."""
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    done = process.run(["git", *who, *words], cwd=root)
    assert done.code == 0, done.err.decode(errors="replace")
    return done.out.decode().strip()


def in_git(stage: Stage, ignored: str = "/.orch/\n") -> None:
    """Make the staged project a repository, with the integration branch at its first commit; approve."""
    root = stage.root
    git(root, "init", "-q")
    git(root, "config", "user.name", "T")
    git(root, "config", "user.email", "t@example.org")
    (root / ".git" / "info" / "exclude").write_text(ignored)
    git(root, "add", "plan.md")
    git(root, "commit", "-qm", "start")
    git(root, "branch", f"orch/{stage.name}")
    stage.approve()


def works(stage: Stage, section: str, files: dict[str, bytes], *, tree: Path, commits: bool = True) -> Path:
    """An attempt at a section that writes files in a worktree of its own at `tree`, which it returns."""
    number = len(stage.state.sections[section].attempts) + 1
    branch = f"orch-work/{stage.name}/{section}/{number}"
    base = git(stage.root, "rev-parse", f"orch/{stage.name}")
    git(stage.root, "worktree", "add", "-q", "-b", branch, str(tree), base)
    marker = f"{stage.name}/{section}/{number}"
    stage.happens(
        AttemptIntended(
            section=section, attempt=number, agent="claude", session_id=f"s-{marker}", marker=marker, phase="implement"
        ),
        WorktreeReady(section=section, attempt=number, path=str(tree), branch=branch, base=base),
        AttemptStarted(section=section, attempt=number, pid=1, brief_sha=""),
    )
    for name, data in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)
    if commits:
        ended = AttemptEnded(
            section=section,
            attempt=number,
            outcome="succeeded",
            failure="",
            message="",
            summary="",
            cost_usd=0.1,
            exit_code=0,
        )
        stage.happens(ended, CommitIntended(section=section, attempt=number))
        git(tree, "add", ".")
        git(tree, "commit", "-qm", section)
        stage.happens(
            WorkCommitted(
                section=section,
                attempt=number,
                commit=git(tree, "rev-parse", "HEAD"),
                files=tuple(files),
                file_count=len(files),
                insertions=1,
                deletions=0,
            )
        )
    return tree


def merged(stage: Stage, section: str) -> None:
    """What it committed is merged, and it is done."""
    branch = f"orch/{stage.name}"
    last = stage.state.sections[section].last
    assert last is not None
    tree = git(stage.root, "merge-tree", "--write-tree", branch, last.commit).splitlines()[0]
    commit = git(stage.root, "commit-tree", "-p", branch, "-p", last.commit, "-m", f"Merge {section}", tree)
    git(stage.root, "update-ref", f"refs/heads/{branch}", commit)
    stage.happens(
        MergeIntended(section=section, attempt=last.number),
        WorkMerged(section=section, attempt=last.number, commit=commit),
        SectionDone(section=section, summary="done"),
    )
