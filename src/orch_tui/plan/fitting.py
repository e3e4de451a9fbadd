"""Which mends of a file fit a plan as it is read now, and which edits do not, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from orch_tui.plan.assigning import Known, unknown_name
from orch_tui.plan.difference import match
from orch_tui.plan.edit_words import words
from orch_tui.plan.edits import AddSection, Edit, Mend, named, renamed
from orch_tui.plan.mend_file import LONGEST_TITLE, Brought
from orch_tui.plan.mending import Part, mended
from orch_tui.plan.model import Dependency

_MOST_SAID = 5


class Titled(Part, Protocol):
    """A section with what it is called."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """An edit that cannot be made, with its line in the file it came from."""

    edit: Edit
    line: int
    reason: str

    @property
    def message(self) -> str:
        """For a person."""
        return f"not applied: {words(self.edit)}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """The mends that can be made, each without the edits that cannot, and these; `moved` says which ids changed."""

    mends: tuple[Mend, ...]
    misfits: tuple[Misfit, ...]
    moved: Mapping[str, str]

    @property
    def moved_words(self) -> str:
        """Which sections have other ids now; of many the first few."""
        some = [f"{old!r} is {new!r}" for old, new in self.moved.items()][:_MOST_SAID]
        return ", ".join(some) + (f" and {len(self.moved) - _MOST_SAID} more" if len(self.moved) > _MOST_SAID else "")


def fitting(
    parts: Sequence[Titled],
    dependencies: Iterable[Dependency],
    before: Sequence[Mend],
    brought: Brought,
    known: Known,
) -> Fitting:
    """What of a file can be made on top of the mends `before`; linear, unless something closes a circle.

    Numbers are not names: sections whose titles the file tells are found again by them. A section that is not there any
    more is never mistaken for the one that has its id now.
    """
    edges = tuple(dependencies)
    added = {
        edit.section: edit.title[:LONGEST_TITLE]
        for lined in brought.mends
        for edit in lined.mend.edits
        if isinstance(edit, AddSection)
    }
    moved, strangers = _found_again(parts, {**added, **brought.titles})
    made = [[renamed(edit, moved) for edit in lined.mend.edits] for lined in brought.mends]
    place = {id(edit): (m, e) for m, edits in enumerate(made) for e, edit in enumerate(edits)}
    reasons: dict[tuple[int, int], str] = {}
    for m, lined in enumerate(brought.mends):
        for e, edit in enumerate(lined.mend.edits):
            lost = next((strangers[name] for name in named(edit) if name in strangers), "")
            if reason := lost or unknown_name([edit], known):
                reasons[m, e] = reason

    def attempt(one_by_one: Collection[int]) -> dict[tuple[int, int], str]:
        """Why edits cannot be made, when these mends are taken apart and the others are not."""
        new: list[Mend] = []
        for m, edits in enumerate(made):
            good = [edit for edit in edits if place[id(edit)] not in reasons]
            units = [[edit] for edit in good] if m in one_by_one else [good]
            new += [Mend(edits=tuple(unit), by="", at=0.0) for unit in units]
        left = mended(parts, edges, [*before, *new]).unapplied
        return {place[id(one.edit)]: one.reason for one in left if id(one.edit) in place}

    found = attempt(())
    whole = {m for m, edits in enumerate(made) if all(place[id(edit)] in found.keys() | reasons for edit in edits)}
    reasons |= attempt(whole) if whole else found  # a circle leaves a mend out whole, and one edit may be enough for it
    lined_edits = [(lined, edits) for lined, edits in zip(brought.mends, made, strict=True)]
    return Fitting(
        mends=tuple(
            replace(lined.mend, edits=good)
            for lined, edits in lined_edits
            if (good := tuple(edit for edit in edits if place[id(edit)] not in reasons))
        ),
        misfits=tuple(
            Misfit(edit=lined.mend.edits[e], line=lined.lines[e], reason=reasons[m, e])
            for m, (lined, edits) in enumerate(lined_edits)
            for e in range(len(edits))
            if (m, e) in reasons
        ),
        moved=moved,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A section as far as a file tells it."""

    id: str
    title: str
    text_sha: str = ""


def _found_again(parts: Sequence[Titled], titles: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Old id -> new id where it is another one; and of sections that are gone why their id is no use any more."""
    now = {part.id: part.title for part in parts}
    same = match(
        (_Named(id=name, title=title) for name, title in titles.items()),
        (_Named(id=name, title=title[:LONGEST_TITLE]) for name, title in now.items()),
    )
    moved = {name: to for name, to in same.items() if name != to}
    strangers = {
        name: f"{name!r} was {title!r} when this was written, and is {now[name]!r} now"
        for name, title in titles.items()
        if name not in same and name in now
    }
    return moved, strangers
