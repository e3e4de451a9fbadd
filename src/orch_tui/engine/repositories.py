"""Which repositories the sections of a plan are in: words of the plan and names of the settings, looked up on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from orch_tui import git
from orch_tui.config import Config, load
from orch_tui.core.run_events import OWN, Repository, Settings
from orch_tui.directories import state_dir
from orch_tui.engine.checks import discovered
from orch_tui.engine.front_matter import word_in, words_in
from orch_tui.engine.rule_files import rule_files
from orch_tui.errors import ConfigError, OrchError
from orch_tui.git.repo import Repo
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding, Plan
from orch_tui.repository_settings import places
from orch_tui.worktree_settings import completed

_OWN_WORDS = (OWN, "this", "this repo", "this repository", "own")
_DEFAULT = ("repository", "repo")
"""The fields of the front matter that say where sections are done that name no repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The repositories of a plan, and a finding for each section that names one there is none of."""

    repositories: tuple[Repository, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()


def default_of(stated: Mapping[str, object]) -> str:
    """The repository of sections that name none, as the front matter writes it. Raises ConfigError."""
    return next((word for key in _DEFAULT if (word := word_in(stated, key))), "")


def look_up(root: Path, plan: Plan, settings: Settings, config: Config, plan_sha: str) -> Found:
    """The repositories that sections of `plan` can be in, for the project at `root`.

    Raises ConfigError for `repositories` that are none, and for a plan all of which is in one that there is not.
    """
    named = places(config.repositories, plan.settings.get("repositories") or {})
    used = {section.hints.repository for section in plan.sections if section.hints.repository}
    if not named and not used and not settings.repository:
        return Found()
    looked = _Looking(root, named, in_place=settings.isolation == "none")
    for word in dict.fromkeys((*named, *filter(None, [settings.repository]), *sorted(used))):
        looked.see(word)
    if settings.repository in looked.wrong:
        raise ConfigError(f"the plan's front matter has all of it done in {looked.words(settings.repository)}")
    findings = [
        finding("unknown-repository", (one.id,), one.lines[0], f"section {one.id!r} {words}")
        for one in plan.sections
        if (words := looked.amiss(one.hints.repository or settings.repository))
    ]
    found = tuple(looked.repositories(plan.settings, config.rules))
    inside = {one.name for one in found for word in used | {settings.repository} if one.name and word in one.names}
    return Found(repositories=found, findings=tuple(findings), notices=tuple(_unseen(found, inside, plan_sha)))


@dataclass(slots=True)
class _Place:
    """A repository, what it is called, and every word that means it."""

    repo: Repo
    name: str
    words: list[str]


@dataclass(slots=True)
class _Looking:
    """What was found so far: places by the git directory their worktrees share, and what is wrong with other words."""

    root: Path
    named: Mapping[str, str]
    in_place: bool
    places: dict[Path, _Place] = field(default_factory=dict[Path, _Place])
    wrong: dict[str, str] = field(default_factory=dict[str, str])
    here: list[str] = field(default_factory=list[str])
    """The words that mean the project's own directory."""
    own: bool = False
    """Whether sections can be done where the project itself is."""

    def __post_init__(self) -> None:
        words = [word for word in (*_OWN_WORDS, self.root.name) if not self._path_of(word)]
        if (own := git.repo.find(self.root)) is not None:
            self.places[own.common.resolve()] = _Place(
                own, "", [word for word in words if word in {OWN, self.root.name}]
            )
        self.own = own is not None or self.in_place
        self.here = words

    def see(self, word: str) -> None:
        """Find out what `word` means."""
        low = word.casefold()
        if any(low == known.casefold() for place in self.places.values() for known in place.words):
            place = next(one for one in self.places.values() if low in {known.casefold() for known in one.words})
            place.words += [word] if word not in place.words else []
            return
        if low in map(str.casefold, self.here):
            own = next((place for place in self.places.values() if not place.name), None)
            if own is not None:  # else it is the project's own directory, without git
                own.words.append(word)
            return
        path = self._path_of(word) or (word if _is_path(word) else "")
        if not path:
            self.wrong[word] = "there is no repository of that name"
            return
        try:
            repo = _repository(self.root / Path(path).expanduser(), self.root)
        except (OrchError, OSError, RuntimeError, ValueError) as error:
            self.wrong[word] = f"{path!r}: {error}" if path != word else str(error)
            return
        place = self.places.setdefault(repo.common.resolve(), _Place(repo, self._called(word, repo), []))
        if place.name and self.in_place:
            del self.places[repo.common.resolve()]
            self.wrong[word] = "the run works in place, in the project's own directory only"
            return
        place.words += [one for one in dict.fromkeys((place.name, word)) if one and one not in place.words]

    def amiss(self, word: str) -> str:
        """Why a section that names `word` cannot be started, and that nobody starts it elsewhere; "" when it can."""
        if word in self.wrong:
            return f"is to be done in {self.words(word)}; it cannot be started in any other one"
        if not self.own and (not word or word.casefold() in map(str.casefold, self.here)):
            return f"is to be done in the project's own directory, {str(self.root)!r}, which is no git repository"
        return ""

    def words(self, word: str) -> str:
        """The word, what is wrong with it, and which ones there are."""
        known = [place.name or OWN for place in self.places.values()]
        return f"repository {word!r}, but {self.wrong[word]} (known: {', '.join(known)})"

    def repositories(self, stated: Mapping[str, object], rules: Sequence[str]) -> Iterator[Repository]:
        """As the journal keeps them; checks and worktrees by the plan, else by the repository's own settings."""
        for place in self.places.values():
            one = Repository(
                name=place.name,
                path=str(place.repo.root),
                base=git.repo.head(place.repo) or "",
                names=tuple(place.words),
            )
            yield replace(one, **_settings_of(place.repo.root, stated, rules)) if place.name else one

    def _path_of(self, word: str) -> str:
        low = word.casefold()
        return self.named.get(word) or next((path for name, path in self.named.items() if name.casefold() == low), "")

    def _called(self, word: str, repo: Repo) -> str:
        """A path is called as its directory is, where nothing else is."""
        taken = {one.name for one in self.places.values()} | {*self.named, *_OWN_WORDS}
        return repo.root.name if _is_path(word) and repo.root.name not in taken else word


def _is_path(word: str) -> bool:
    return "/" in word and "://" not in word


def _repository(path: Path, root: Path) -> Repo:
    """The repository with its top at `path`, in which a run of the project at `root` may work. Raises ConfigError with
    what is in the way, GitError, OSError."""
    if not path.is_dir():
        raise ConfigError("there is no such directory")
    real = path.resolve()
    if any(real.is_relative_to(kept.resolve()) for kept in (root / ".orch", state_dir(os.environ))):
        raise ConfigError("that is where runs keep their own files")
    repo = git.repo.find(real)
    if repo is None:
        raise ConfigError("that is no git repository")
    if repo.root.resolve() != real:
        raise ConfigError(f"that is a directory in the repository {str(repo.root)!r}, name that one")
    if git.repo.head(repo) is None:
        raise ConfigError("it has no commit so far")
    return repo


def _settings_of(root: Path, stated: Mapping[str, object], rules: Sequence[str]) -> dict[str, Any]:
    """What holds for sections in the repository at `root`; `rules` are names of files that speak to agents."""
    own = load(root)
    return {
        "checks": words_in(stated, "checks") or own.checks,
        "worktree": completed(own.worktree, stated.get("worktree") or {}),
        "discovered": discovered(root),
        "rules": rule_files(root, rules, isolated=True)[0],
    }


def _unseen(found: tuple[Repository, ...], used: set[str], plan_sha: str) -> Iterator[str]:
    """What the user changed in other repositories, and sections do not see."""
    for one in found:
        repo = git.repo.find(Path(one.path)) if one.name in used else None
        if repo and (words := git.notable.uncommitted(repo, apart=plan_sha)):
            yield f"In the repository {one.name!r}: {words}"
