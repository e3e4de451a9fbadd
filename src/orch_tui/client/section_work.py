"""What a section changed, as git has it: files and lines, of a worktree as it is now, or of what was committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orch_tui import git
from orch_tui.clean import clean, one_line
from orch_tui.client.repositories import opened
from orch_tui.core import flowing
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.errors import UserError
from orch_tui.git.difference import Difference
from orch_tui.git.repo import Repo
from orch_tui.store.layout import RunDir

MOST = 2_000_000
"""Bytes of a difference that are read; git is ended then."""
_LONGEST = 2_000  # characters of a line
_FILES = 500
_HAPPENED = {"A": "new", "D": "gone", "M": "changed", "R": "renamed", "C": "copied", "T": "another type"}

RowKind = Literal["file", "about", "part", "new", "gone", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRow:
    """A line of a difference, cleaned, with the sign git puts before it."""

    kind: RowKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a section changed. `where` says of what in words, `command` how to see all of it; `more` what is not shown.

    `files` are (what happened, path); `unknown` those of a worktree that git does not track.
    """

    where: str
    command: str
    files: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    rows: tuple[DiffRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a section's work is: on the branch of the attempt `home`, and up to its `commit` where there is one."""

    home: AttemptState
    commit: str
    merged: str
    live: bool


def look(run: RunDir, state: State, name: str) -> Work:
    """What the section `name` changed so far. Raises UserError with why there is nothing to see, GitError."""
    section = state.sections[name]
    place = _place(state, section)
    if state.settings.isolation != "worktree":
        raise UserError("the run works in place, where nobody can tell whose change is whose", hint="git diff")
    if place is None:
        raise UserError(f"section {section.id!r} has no branch yet")
    repo = opened(run, state, place.home.repository).repo
    return _in_worktree(repo, state, place) if place.live else _committed(repo, state, place)


def _place(state: State, section: SectionState) -> _Place | None:
    """The last attempt's worktree while somebody is at work there, else the last commit of the section's work."""
    own = [one for one in section.attempts if one.branch and not one.proves]
    if not own:
        return None
    last = next((one for one in reversed(own) if one.commit), own[-1])
    if section.id in state.live and own[-1] is section.last:
        last = own[-1]
    home = section.attempts[(last.tree or last.number) - 1]
    merged = next((one.merge_commit for one in reversed(section.attempts) if one.merge_commit), "")
    live = section.id in state.live and last is section.last and flowing.leaves_work(state, section, last.phase)
    return _Place(home=home, commit=last.commit, merged="" if live else merged, live=live)


def _in_worktree(repo: Repo, state: State, place: _Place) -> Work:
    tree = Path(place.home.path)
    if not tree.is_dir():
        raise UserError(f"its worktree {place.home.path!r} is not there")
    branch = git.repo.integration_branch(state.run)
    found = git.difference.in_worktree(repo, f"refs/heads/{branch}", tree, most=MOST)
    where = f"worktree {one_line(place.home.path, 500)}, as it is now"
    return _work(found, where, f"git -C {place.home.path} diff {found.base[:12]}")


def _committed(repo: Repo, state: State, place: _Place) -> Work:
    branch = place.home.branch
    tip = place.commit or f"refs/heads/{branch}"
    upper = f"{place.merged}^1" if place.merged else f"refs/heads/{git.repo.integration_branch(state.run)}"
    if place.home.undone and not place.merged:  # the branch's history has it, and its revert
        upper = place.home.base
    if place.merged and not git.difference.exists(repo, tip):  # a squashed branch that is gone
        tip = place.merged
    if not git.difference.exists(repo, upper):
        upper = place.home.base
    found = git.difference.between(repo, upper, tip, most=MOST)
    where = f"branch {one_line(branch, 500)}" + (", merged" if place.merged else "")
    return _work(found, where, f"git diff {found.base[:12]} {place.commit[:12] or branch}")


def _work(found: Difference, where: str, command: str) -> Work:
    files = [(_HAPPENED.get(letter, letter), one_line(name, 400)) for letter, name in found.files[:_FILES]]
    left = max(0, len(found.files) - _FILES)
    more = [f"{left:,} more files are changed"] if left else []
    more += [f"the difference goes on after {MOST // 1_000_000} MB"] if found.cut else []
    return Work(
        where=where,
        command=one_line(command, 600),
        files=tuple(files),
        unknown=tuple(one_line(name, 400) for name in found.unknown[:_FILES]),
        rows=tuple(_rows(found.text)),
        more="; ".join(more),
    )


def _rows(text: bytes) -> Iterator[DiffRow]:
    """The lines of git's own form: a head for each file, then parts in which a sign begins each line."""
    within = False
    for raw in text.decode("utf-8", "replace").removesuffix("\n").split("\n") if text else ():
        if raw.startswith("diff --git "):
            within = False
        elif raw.startswith("@@ "):
            within = True
        yield DiffRow(kind=_kind(raw, within=within), text=_bounded(raw))


def _kind(line: str, *, within: bool) -> RowKind:
    if line.startswith("diff --git "):
        return "file"
    if not within:
        return "about"
    kinds: dict[str, RowKind] = {"@": "part", "+": "new", "-": "gone"}
    return kinds.get(line[:1], "same")


def _bounded(line: str) -> str:
    if len(line) <= _LONGEST:
        return clean(line).replace("\n", " ")
    return f"{clean(line[:_LONGEST]).replace(chr(10), ' ')} … ({len(line):,} characters)"
