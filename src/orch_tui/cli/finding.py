"""Which run is meant, and how to name it in a command that can be copied."""

from __future__ import annotations

import difflib
import shlex
from pathlib import Path

from orch_tui.core.state import OVER
from orch_tui.errors import OrchError, UserError
from orch_tui.store import files, layout
from orch_tui.store.layout import RunDir

_OVER = frozenset(phase.value for phase in OVER)


def newest(run: str, directory: Path | None, plan: Path | None = None) -> RunDir:
    """The run called `run`, or the newest one (of `plan` when given) of the project. Raises UserError."""
    return _runs(run, directory, plan)[0]


def every(run: str, directory: Path | None, plan: Path | None = None) -> list[RunDir]:
    """All runs of the project (of `plan`, or called `run`), the newest first. Raises UserError when there is none."""
    return _runs(run, directory, plan)


def unfinished(run: str, directory: Path | None) -> RunDir:
    """The run called `run`, or the one that is not over; when all are, the newest. Raises UserError.

    Two unfinished runs are never chosen between: what comes next may end one of them.
    """
    found = _runs(run, directory, None)
    going = [run for run in found if _told(run).get("phase") not in _OVER]
    if len(going) > 1:
        names = ", ".join(run.name for run in going[:6])
        raise UserError(f"{len(going)} runs are not over: {names}", hint="name one with --run")
    return (going or found)[0]


def reference(run: RunDir) -> str:
    """The options that name `run` from the present directory, for a shell."""
    here = Path().resolve()
    inside = layout.find_root(here) == run.root
    return f"--run {shlex.quote(run.name)}" + ("" if inside else f" -C {shlex.quote(str(run.root))}")


def _runs(run: str, directory: Path | None, plan: Path | None) -> list[RunDir]:
    start = (directory or (plan.parent if plan else Path())).resolve()
    if not start.is_dir():
        raise UserError(f"no such directory: {str(start)!r}")
    root = layout.find_root(start)
    there = layout.runs(root) if root else []
    found = [
        one
        for one in there
        if (not run or one.name == run) and (plan is None or _told(one).get("plan") == str(plan.resolve()))
    ]
    if not found:
        what = f"no run called {run!r}" if run else f"no run of {str(plan)!r}" if plan else "no runs"
        raise UserError(f"{what} in {str(start)!r} or above it", hint=_near(run, [one.name for one in there]))
    return found


def _near(run: str, names: list[str]) -> str:
    close = difflib.get_close_matches(run, names, n=1) if run else []
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are {', '.join(names[:6])}" if names else "start one with `orch-tui PLAN`"


def _told(run: RunDir) -> dict[str, object]:
    try:
        return files.read_json(run.status) or {}
    except OrchError:
        return {}
