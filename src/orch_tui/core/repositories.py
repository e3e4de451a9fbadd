"""The repository of a section: which one is meant by a word of the plan, where it is, what is run in it.

A plan may have sections in several repositories; each has its own worktrees, branches and integration branch there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from orch_tui.clean import one_line
from orch_tui.core.run_events import OWN, PlanRead, Repository, RuleFile, Settings
from orch_tui.core.state import SectionState
from orch_tui.worktree_settings import WorktreeSettings


class Places(Protocol):
    """What says which repositories there are: a run, or a plan as it was read."""

    @property
    def rules(self) -> tuple[RuleFile, ...]: ...
    @property
    def repositories(self) -> tuple[Repository, ...]: ...
    @property
    def settings(self) -> Settings: ...


def called(places: Places, word: str) -> str:
    """The name of the repository that `word` means, "" for the project's own; a word that means none stays."""
    word = word or places.settings.repository
    known = next((one.name for one in places.repositories if word in one.names), word)
    return "" if known == OWN else known


def known(places: Places, name: str) -> Repository | None:
    """The repository of this name; None where there is none, or only the project's own."""
    return next((one for one in places.repositories if one.name == name), None)


def checks(places: Places, section: SectionState) -> tuple[str, ...]:
    """The commands that check the sections of its repository, where their own text names none."""
    one = known(places, section.repository) if section.repository else None
    return one.checks if one else places.settings.checks


def worktree(places: Places, section: SectionState) -> WorktreeSettings:
    """What its worktrees are given."""
    one = known(places, section.repository) if section.repository else None
    return one.worktree if one else places.settings.worktree


def discovered(read: PlanRead, section: SectionState) -> tuple[str, ...] | None:
    """How its own files said that it is tested when the plan was read; None: nobody looked."""
    one = known(read, section.repository) if section.repository else None
    return one.discovered if one else read.discovered


def rules(places: Places, section: SectionState) -> tuple[RuleFile, ...]:
    """What its files say to agents."""
    one = known(places, section.repository) if section.repository else None
    return one.rules if one else places.rules


def named(places: Places, path: str) -> str:
    """The name of the repository at `path`, "" for the project's own; a path that is none any more stays."""
    return next((one.name for one in places.repositories if one.path == path), path)


def path_of(places: Places, name: str) -> str:
    """Where the repository of this name is; "" where only the project's own is known of."""
    one = known(places, name)
    return one.path if one else name


def title(places: Places, name: str) -> str:
    """What people call a repository: the project's own by its directory, "" where there is no other one."""
    one = known(places, name)
    return one_line(name or (one.path.rpartition("/")[2] if one else ""), 200)


def merged_in(sections: Iterable[SectionState]) -> tuple[str, ...]:
    """The repositories (tops of checkouts, "" for the project's own) that hold merged work of `sections`."""
    attempts = (attempt for section in sections for attempt in section.attempts)
    return tuple(dict.fromkeys(attempt.repository for attempt in attempts if attempt.merge_commit))


def elsewhere(places: Places) -> Iterator[Repository]:
    """All but the project's own."""
    return (one for one in places.repositories if one.name)
