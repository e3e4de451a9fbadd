"""Edits in words for a person: what a mend does, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from orch_tui.plan.edits import AddEdge, AddNote, Assign, DropEdge, Edit, Exclude, Include, MarkDone, ReverseEdge

_LONGEST_NOTE = 60
_MOST_SAID = 3


def words(edit: Edit) -> str:
    """One edit: "'B' waits for 'A'"."""
    match edit:
        case AddEdge():
            return f"{edit.downstream!r} waits for {edit.upstream!r}"
        case DropEdge():
            return f"{edit.downstream!r} no longer waits for {edit.upstream!r}"
        case ReverseEdge():
            return f"{edit.upstream!r} waits for {edit.downstream!r}, not the other way round"
        case Exclude():
            behind = " and what waits for it" if edit.dependants == "exclude" else ""
            return f"{edit.section!r}{behind} left out"
        case Include():
            return f"{edit.section!r} carried out after all"
        case MarkDone():
            return f"{edit.section!r} {'done already' if edit.done else 'not done yet'}"
        case Assign():
            return f"{edit.what} of {edit.section!r}: {edit.value or 'as the plan says'}"
        case AddNote():
            cut = edit.text if len(edit.text) <= _LONGEST_NOTE else edit.text[: _LONGEST_NOTE - 1] + "…"
            return f"note on {edit.section!r}: {' '.join(cut.split())}"
        case _:
            assert_never(edit)


def all_words(edits: Sequence[Edit]) -> str:
    """A mend's edits; of many the first few, and how many more."""
    said = "; ".join(words(edit) for edit in edits[:_MOST_SAID])
    return said if len(edits) <= _MOST_SAID else f"{said}; {len(edits) - _MOST_SAID} more"
