"""What a run would bring to the user's own branch, and the words it comes with."""

from __future__ import annotations

from orch_tui import git
from orch_tui.core import commit_words
from orch_tui.core.state import Phase, State
from orch_tui.errors import UserError
from orch_tui.git.landing import Landing
from orch_tui.git.repo import Repo
from orch_tui.merge_settings import LandStrategy
from orch_tui.store.layout import RunDir

__all__ = ["Landing", "how", "land", "look"]


def look(run: RunDir, state: State, way: LandStrategy, *, partial: bool) -> Landing:
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


def land(run: RunDir, state: State, found: Landing, way: LandStrategy) -> str:
    """Land exactly what was looked at; returns the commit (hex) the user's branch is at. Raises UserError, GitError."""
    return git.landing.land(_repository(run), found, way, commit_words.of_landing(state))


def how(found: Landing, way: LandStrategy) -> str:
    """What a strategy makes of it on the user's branch, by their own git, in words."""
    own = "your hooks run, and it is signed as you have it"
    match way:
        case "merge":
            return f"as a merge commit of yours; {own}"
        case "squash":
            return f"as one commit of yours; {own}"
        case "rebase":
            count = len(found.replayed)
            made = "1 commit is made again by you" if count == 1 else f"{count:,} commits are made again by you"
            return f"{made}, one by one; {own}"
        case "ff":
            return "your branch is forwarded; its commits come as they are, unseen by your hooks and unsigned"


def _repository(run: RunDir) -> Repo:
    repo = git.repo.find(run.root)
    if repo is None:
        raise UserError(f"{str(run.root)!r} is no git repository")
    return repo
