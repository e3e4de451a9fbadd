"""What a run would bring to the user's own branches, in each of its repositories, and the words it comes with."""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui import git
from orch_tui.clean import one_line
from orch_tui.client import pull_requests
from orch_tui.client.repositories import Place, opened
from orch_tui.core import commit_words
from orch_tui.core.repositories import merged_in
from orch_tui.core.state import Phase, State
from orch_tui.errors import OrchError, UserError
from orch_tui.git.landing import Landing, NothingToLand
from orch_tui.merge_settings import LandStrategy
from orch_tui.store.layout import RunDir

__all__ = ["Landing", "Looked", "how", "land", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What would land in a repository, or what is in the way of that; `title` is "" where there is no other one.

    With neither, there is nothing to land that is not there already, as `words` says.
    """

    path: str
    title: str
    found: Landing | None = None
    wrong: OrchError | None = None
    words: str = ""


def look(run: RunDir, state: State, way: LandStrategy, *, partial: bool) -> list[Looked]:
    """What landing a run comes to, in each repository that holds work of it; changes nothing.

    Raises UserError with what is in the way, GitError: of the whole run, or where there is one repository only.
    """
    if state.settings.isolation != "worktree" or not state.approval:
        raise UserError(f"run {run.name!r} has no branch to land", hint="it works in place, or was not approved so far")
    done = [section for section in state.sections.values() if section.verdict in {"done", "skipped"}]
    if state.phase is not Phase.DONE and not partial:
        raise UserError(
            f"run {run.name!r} is {state.phase.value}: {len(done)} of {len(state.sections)} sections are through",
            hint="--partial lands what is merged so far",
        )
    paths = merged_in((*state.sections.values(), *state.gone)) or ("",)
    if len(paths) == 1:
        place = opened(run, state, paths[0])
        return [Looked(path=place.path, title=place.title, found=_look(place, state, way))]
    looked = [_tried(run, state, way, path) for path in paths]
    if not any(one.found or one.wrong for one in looked):
        raise UserError("; ".join(f"{one.title}: {one.words}" for one in looked))
    return looked


def land(run: RunDir, state: State, looked: Looked, way: LandStrategy) -> str:
    """Land exactly what was looked at; returns in words where it is. Raises UserError, GitError, MachineError."""
    assert looked.found is not None, "only what was found is landed"
    place = opened(run, state, looked.path)
    message = commit_words.of_landing(state, looked.path)
    where = f" in {looked.title}" if looked.title else ""
    if way == "pull-request":
        return one_line(pull_requests.request(place.repo, looked.found, message)) + where
    commit = git.landing.land(place.repo, looked.found, way, message)
    return f"landed: {one_line(looked.found.onto)}{where} is at {commit[:10]}"


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
        case "pull-request":
            return "as one pull request, for which the branch is pushed; your hooks see that"
        case "ff":
            return "your branch is forwarded; its commits come as they are, unseen by your hooks and unsigned"


def _look(place: Place, state: State, way: LandStrategy) -> Landing:
    branch = git.repo.integration_branch(state.run)
    return (
        pull_requests.look(place.repo, branch) if way == "pull-request" else git.landing.look(place.repo, branch, way)
    )


def _tried(run: RunDir, state: State, way: LandStrategy, path: str) -> Looked:
    try:
        place = opened(run, state, path)
    except UserError as error:
        return Looked(path=path, title=one_line(path, 200), wrong=error)
    try:
        return Looked(path=path, title=place.title, found=_look(place, state, way))
    except NothingToLand as error:
        return Looked(path=path, title=place.title, words=str(error))
    except OrchError as error:
        return Looked(path=path, title=place.title, wrong=error)
