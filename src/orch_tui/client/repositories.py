"""The repositories of a run as front ends show them, and those that hold its work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orch_tui.clean import one_line
from orch_tui.core.repositories import known, merged_in, named, title
from orch_tui.core.run_events import Repository
from orch_tui.core.state import SectionState, State
from orch_tui.errors import GitError, UserError
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from orch_tui.git.repo import Repo


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository that holds work of a run: `path` is the top of the user's checkout as the journal has it.

    `title` is what people call it, "" where there is no other one.
    """

    path: str
    title: str
    repo: Repo


def repository_words(one: Repository) -> str:
    """A repository that sections can be in, and where it is."""
    at = f" at {one.base[:10]}" if one.base else ""
    return one_line(f"repository {one.name}: {one.path}{at}", 600)


def place(state: State, section: SectionState) -> str:
    """The repository of a section, in words; "" where it is the project's own and there is no other."""
    one = known(state, section.repository)
    return one_line(f"{title(state, section.repository)} · {one.path}" if one else section.repository, 600)


def branches(state: State) -> Iterator[str]:
    """The integration branches that hold the work of a run, each with the repository it is in, where there are more."""
    for path in merged_in((*state.sections.values(), *state.gone)) or ("",):
        name = title(state, named(state, path))
        yield one_line(f"orch/{state.run}" + (f" in {name}" if name else ""), 600)


def opened(run: RunDir, state: State, path: str) -> Place:
    """The repository at `path`, "" for the project's own. Raises UserError when it is none any more."""
    from orch_tui.git.repo import standing_at  # not before a board is drawn

    at = Path(path) if path else run.root
    try:
        repo = standing_at(at)
    except GitError as error:
        raise UserError(str(error), hint=error.hint) from error
    return Place(path=path, title=title(state, named(state, path)), repo=repo)
