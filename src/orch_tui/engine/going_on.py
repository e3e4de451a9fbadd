"""Going on with a session: what is kept of the one before when it ends, and what is looked at before it is resumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orch_tui import git
from orch_tui.core.attempt_events import AttemptEnded, AttemptLost
from orch_tui.core.state import AttemptState
from orch_tui.errors import OrchError
from orch_tui.store.layout import AttemptDir
from orch_tui.store.left_behind import deeds_of


def as_left(
    ending: AttemptEnded | AttemptLost, attempt: AttemptState, directory: AttemptDir
) -> AttemptEnded | AttemptLost:
    """The end of a session, with what tells later whether it is gone on with, and whether it went in circles."""
    if isinstance(ending, AttemptEnded) and ending.outcome == "succeeded":
        return ending
    if not attempt.resumable:
        return ending
    if isinstance(ending, AttemptEnded):
        ending = replace(ending, did=deeds_of(directory))
    if not attempt.branch:
        return ending
    try:
        return replace(ending, left=git.work.head_of(Path(attempt.path)))
    except (OrchError, OSError):
        return ending  # its worktree is gone: nothing goes on there


def unfit(before: AttemptState) -> str:
    """Why the session of an attempt cannot be gone on with; "" when its worktree is as it was left."""
    path = Path(before.path)
    try:
        if git.unfinished.stands_at(path, before.left):
            return ""
    except (OrchError, OSError):
        pass
    state = "is not at the commit it was left at" if (path / ".git").exists() else "is gone"
    return f"the session of attempt {before.number} cannot be gone on with: its worktree {state}"
