"""Which sections are going to collide when they are merged: by the files they name, and those they changed so far.

It costs next to nothing where no section names a file. What git says of two branches is asked only where this speaks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice

from orch_tui.core import flowing
from orch_tui.core.state import AttemptState, SectionState, State

MOST_UNDER_WAY = 64
"""Sections that one is compared with; where hundreds wait for reviews, looking at all takes longer than it helps."""
MOST_COMPARED = 8
"""Branches that a new one is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A section whose work is not in what another one builds on, and the files that both change."""

    section: str
    files: tuple[str, ...]


def expected(state: State, section: SectionState) -> list[Beside]:
    """Sections under way that change what this one is going to change, or has changed."""
    mine = changes(section)
    if not mine:
        return []
    others = (one for one in _running(state, section) if one is not section)
    found = (Beside(section=other.id, files=common(mine, changes(other))) for other in others)
    return [one for one in found if one.files]


def unseen(
    state: State, section: SectionState, attempt: AttemptState, files: Collection[str]
) -> list[tuple[str, AttemptState]]:
    """The work of others that changed one of `files` and is not in what `attempt` began with: waiting, or merged since.

    Each with its section's id.
    """
    owner = section.attempts[attempt.tree - 1]
    names = [*state.merged[owner.merged_before :], *state.running]
    others = (state.sections[name] for name in dict.fromkeys(names) if name in state.sections and name != section.id)
    works = ((other.id, flowing.left_work(other)) for other in others)
    here = ((name, work) for name, work in works if work is not None and work.repository == attempt.repository)
    found = [(name, work) for name, work in here if not set(files).isdisjoint(work.files)]
    return found[:MOST_COMPARED]


def changes(section: SectionState) -> Collection[str]:
    """What a section changed, where it left work, else the files that it names."""
    work = flowing.left_work(section) if section.attempts else None
    return work.files if work is not None else section.hints.files


def common(mine: Collection[str], others: Collection[str]) -> tuple[str, ...]:
    """The paths of `mine` that are among the others, or in a folder of theirs, or the other way round.

    A folder at the top ("src/") says too little.
    """
    if not mine or not others:
        return ()
    known = {_normal(path) for path in others}
    return tuple(path for path in mine if _named(_normal(path), known))


def _named(path: str, known: Collection[str]) -> bool:
    return path in known or any(_holds(path, other) or _holds(other, path) for other in known)


def _holds(folder: str, path: str) -> bool:
    """Whether `folder` is a folder, or a pattern, that `path` is in."""
    if "*" in folder:
        return "*" not in path and fnmatchcase(path, folder)
    return folder.endswith("/") and folder.count("/") > 1 and path.startswith(folder)


def _normal(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def _running(state: State, section: SectionState) -> Iterator[SectionState]:
    """Sections under way in the same repository, those that began last first."""
    last = (state.sections[name] for name in islice(reversed(state.running), MOST_UNDER_WAY))
    return (one for one in last if one.repository == section.repository)


def keeps_off(state: State, section: SectionState, put_off: Iterable[SectionState] = ()) -> str:
    """Who is under way, or is to begin before it, and changes a file that a section names that has not begun; or "".

    A section to which a person gave priority is kept off by nobody.
    """
    mine = section.hints.files
    if not mine or section.phase or section.priority > 0:
        return ""
    beside = (one for one in put_off if one.repository == section.repository)
    others = (*_running(state, section), *beside)
    return next((other.id for other in others if common(mine, changes(other))), "")


def told(state: State, section: SectionState) -> Iterable[str]:
    """What is foreseen of merging a section under way, in words: by git, and by what sections name."""
    if section.foreseen:
        yield f"conflicts with {listed(section.foreseen)} in {listed(section.foreseen_in)}, says git"
    for one in expected(state, section):
        if one.section not in section.foreseen:
            yield f"{one.section} changes {listed(one.files)} too"


def listed(names: Collection[str], most: int = 3) -> str:
    """The first of some names."""
    return ", ".join(list(names)[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
