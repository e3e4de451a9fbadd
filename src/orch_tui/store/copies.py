"""A copy of a run's directory is not the run: it names the same processes and the same worktrees."""

from __future__ import annotations

from pathlib import Path

from orch_tui.errors import StateError
from orch_tui.store.layout import RunDir


def refuse_copy(run: RunDir, home: str) -> None:
    """Raises StateError when `run` is a copy of the run whose last runner had it in `home`, and that is still there.

    Its runner would take the other's hosts for gone, end them, and remove their worktrees. A directory that was moved
    is the run; so is one that goes by two paths. `home` "" is not known.
    """
    there = RunDir(Path(home)) if home else None
    if there is None or not there.journal.is_dir():
        return
    try:
        same = there.path.samefile(run.path)
    except OSError:
        return
    if not same:
        raise StateError(
            f"{str(run.path)!r} is a copy of the run in {home!r}",
            hint="go on with it there, or start a new run of the plan here; once that one is gone, this is the run",
        )
