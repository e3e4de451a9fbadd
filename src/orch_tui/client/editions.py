"""What is mended and changed, as plain rows for front ends; all foreign text cleaned."""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

from orch_tui.clean import one_line
from orch_tui.client.changes import Fate, around, change_words, fates
from orch_tui.core import flowing
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out
from orch_tui.core.state import SectionState, State
from orch_tui.errors import UserError
from orch_tui.plan.difference import Change, difference
from orch_tui.plan.edit_words import each_words

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRow:
    """A mend: what it does, by whom and when (wall seconds). `undone` ones can be made again, the first one first."""

    words: tuple[str, ...]
    by: str
    at: float
    why: str
    source: str
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSection:
    """A section that another edition changes: in which ways, where it stands now, what approving does to it.

    `fates` are what a person may decide about it when they approve, the first one unless they do.
    """

    kind: Literal["new", "gone", "changed"]
    id: str
    title: str
    words: tuple[str, ...]
    status: str
    becomes: str
    fates: tuple[Fate, ...]


def to_approve(state: State) -> Edition:
    """The edition that a mend or an approval is about: the candidate, else what is in review or approved.

    Raises UserError when the run has read no plan yet.
    """
    edition = state.candidate or state.edition
    if edition is None:
        raise UserError("the run has no plan yet")
    return edition


def section_named(edition: Edition, name: str) -> str:
    """The id of the section called `name`, in whatever case. Raises UserError with what is near."""
    sections = lay_out(edition)
    ids = list(sections)
    if name in sections:
        return name
    folded = name.casefold()
    found = {one.id for one in sections.values() if folded in {one.id.casefold(), one.slug.casefold()}}
    if len(found) == 1:
        return found.pop()
    close = difflib.get_close_matches(name, ids, n=1)
    some = ", ".join(map(one_line, ids[:_MOST_NAMED])) + (" …" if len(ids) > _MOST_NAMED else "")
    raise UserError(f"no section {name!r}", hint=f"did you mean {close[0]!r}?" if close else f"there are {some}")


def behind(edition: Edition, sections: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of the sections behind these: those that go on without them, and those that are left out with them."""
    planned = lay_out(edition)
    work, seen = deque(name for one in sections for name in planned[one].downstream), set(sections)
    without: list[str] = []
    with_them: list[str] = []
    while work:
        name = work.popleft()
        if name in seen or planned[name].planned == "done":
            continue
        seen.add(name)
        if planned[name].planned == "excluded":
            with_them.append(name)
            work += planned[name].downstream
        else:
            without.append(name)
    return without, with_them


def mend_rows(edition: Edition) -> tuple[MendRow, ...]:
    """Mends in force, oldest first, then those that can be made again."""
    marked = [*((mend, False) for mend in edition.mends), *((mend, True) for mend in reversed(edition.undone))]
    return tuple(
        MendRow(
            words=tuple(one_line(said, 300) for said in each_words(mend.edits)),
            by=one_line(mend.by),
            at=mend.at,
            why=one_line(mend.why, 600),
            source=one_line(mend.source),
            undone=undone,
        )
        for mend, undone in marked
    )


def changed_around(state: State) -> tuple[str, ...]:
    """What approving the candidate would change outside the sections, in words."""
    if state.candidate is None or state.edition is None:
        return ()
    return around(state.edition.read, state.candidate.read)


def changed_sections(state: State) -> tuple[ChangedSection, ...]:
    """What approving the candidate would change; in review, what the mends change of the plan as it was read."""
    edition = to_approve(state)
    after = lay_out(edition)
    in_git = frozenset(name for name in state.running if flowing.in_git(state, name))
    if state.candidate is None:
        return tuple(
            _row(change, None, None, state, in_git) for change in difference(lay_out(Edition(read=edition.read)), after)
        )
    before = {name: section for name, section in state.sections.items() if not section.gone}
    return tuple(
        _row(change, before.get(change.old_id), after.get(change.id), state, in_git)
        for change in difference(before, after)
    )


def _row(
    change: Change, before: SectionState | None, after: SectionState | None, state: State, in_git: Container[str]
) -> ChangedSection:
    chosen = fates(change, before, after, running=state.running, in_git=in_git)
    return ChangedSection(
        kind=change.kind,
        id=one_line(change.id),
        title=one_line(change.title),
        words=change_words(change),
        status=before.status.value if before else "",
        becomes=_becomes(change, before, state) if before else "",
        fates=chosen,
    )


def _becomes(change: Change, known: SectionState, state: State) -> str:
    """What becomes of a section that ran, or runs, unless a person decides otherwise."""
    finished = known.verdict == "done" and not known.planned
    if known.id in state.running:
        return "comes to its end, then leaves" if change.kind == "gone" else "goes on"
    if change.kind == "gone":
        return "is dropped; what was merged stays merged" if finished else "is dropped"
    if finished:
        return "stays done"
    if "reworded" in change.what and not known.cancelled and (known.verdict == "failed" or known.attention):
        return "is tried again"
    return ""
