"""What a run would bring to the user's own branch, and the words it comes with."""

from __future__ import annotations

from orch_tui import git
from orch_tui.core import commit_words
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
    return git.landing.land(_repository(run), found, way, commit_words.of_landing(state))


def _repository(run: RunDir) -> Repo:
    repo = git.repo.find(run.root)
    if repo is None:
        raise UserError(f"{str(run.root)!r} is no git repository")
    return repo
