"""What a run would bring to the user's own branch, and the words it comes with."""

from __future__ import annotations

from orch_tui import git
from orch_tui.clean import clean, one_line
from orch_tui.core.state import Phase, State
from orch_tui.errors import UserError
from orch_tui.git.landing import WAYS, Landing, Way
from orch_tui.git.repo import Repo
from orch_tui.store.layout import RunDir

__all__ = ["WAYS", "Landing", "Way", "land", "look"]


def look(run: RunDir, state: State, way: Way, *, partial: bool) -> Landing:
    """What landing a run comes to. Raises UserError with what is in the way, GitError; changes nothing."""
    if state.settings.isolation != "worktree" or not state.approval:
        raise UserError(f"run {run.name!r} has no branch to land", hint="it works in place, or was not approved so far")
    done = [section for section in state.sections.values() if section.verdict in {"done", "skipped"}]
    if state.phase is not Phase.DONE and not partial:
        raise UserError(
            f"run {run.name!r} is {state.phase.value}: {len(done)} of {len(state.sections)} sections are through",
            hint="--partial lands what is merged so far",
        )
    return git.landing.look(_repository(run), git.repo.integration_branch(state.run), way)


def land(run: RunDir, state: State, found: Landing, way: Way) -> str:
    """Land exactly what was looked at; returns the commit (hex) the user's branch is at. Raises UserError, GitError."""
    return git.landing.land(_repository(run), found, way, _message(state))


def _message(state: State) -> str:
    """The run's title, and what each section that was merged did."""
    lines = [f"{one_line(state.title, 60) or state.run}", ""]
    for section in state.sections.values():
        if section.verdict == "done" and any(attempt.merge_commit for attempt in section.attempts):
            lines.append(f"- {one_line(section.id, 40)}: {one_line(section.title, 100)}")
    return clean("\n".join(lines)).rstrip() + f"\n\nOrch-Run: {state.run}\n"


def _repository(run: RunDir) -> Repo:
    repo = git.repo.find(run.root)
    if repo is None:
        raise UserError(f"{str(run.root)!r} is no git repository")
    return repo
