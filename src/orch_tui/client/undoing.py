"""What undoing a section would take back, before anybody says yes to it."""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui import git
from orch_tui.client.editions import section_named, to_approve
from orch_tui.client.repositories import opened
from orch_tui.core.refusal import Refusal
from orch_tui.core.state import State
from orch_tui.core.undoing import tips, undone_with
from orch_tui.errors import UserError
from orch_tui.git.three_way import Conflict
from orch_tui.store.layout import RunDir


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """The section, all that are to be done again (in the order of the plan), and the merges that are reverted.

    These (hex) go by the titles of their repositories; "" where there is one only.
    """

    section: str
    sections: tuple[str, ...]
    merges: tuple[tuple[str, tuple[str, ...]], ...]


def look(run: RunDir, state: State, name: str) -> Undoing:
    """What undoing the section called `name` comes to. Raises UserError with what is in the way; changes nothing."""
    section = state.sections.get(name) or state.sections.get(section_named(to_approve(state), name))
    if section is None:
        raise UserError(f"section {name!r} is in an edition that is not approved yet")
    try:
        sections = undone_with(state, section)
    except Refusal as refusal:
        raise UserError(str(refusal)) from None
    merges: list[tuple[str, tuple[str, ...]]] = []
    for path, commits in tips(state, sections).items():
        place = opened(run, state, path)
        found = git.undoing.revert(place.repo, state.run, commits)
        if isinstance(found, Conflict):
            where = f" of {place.title}" if place.title else ""
            raise UserError(
                f"{section.id!r} cannot be taken back: it conflicts in {', '.join(map(repr, found.files[:5]))}{where}",
                hint=f"nothing was changed; what was merged after it builds on it, see `git log orch/{state.run}`",
            )
        merges.append((place.title, found.merges))
    return Undoing(section=section.id, sections=sections, merges=tuple(merges))
