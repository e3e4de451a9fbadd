"""Edits in words for a person: what a mend does, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    AddSection,
    Assign,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    ReverseEdge,
)
from orch_tui.plan.findings import listed

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
            return _set(edit, repr(edit.section))
        case AddNote():
            cut = edit.text if len(edit.text) <= _LONGEST_NOTE else edit.text[: _LONGEST_NOTE - 1] + "…"
            return f"note on {edit.section!r}: {' '.join(cut.split())}"
        case AddSection():
            hints = [f"files: {', '.join(edit.files)}"] if edit.files else []
            hints += [f"checked by: {'; '.join(edit.verify)}"] if edit.verify else []
            return f"new section {edit.section!r}: {edit.title}" + (f" ({'; '.join(hints)})" if hints else "")
        case _:
            assert_never(edit)


def each_words(edits: Sequence[Edit]) -> tuple[str, ...]:
    """A mend's edits, one by one, except that what is set of several sections alike is said once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for edit in edits:
        if isinstance(edit, Assign):
            alike.setdefault((edit.what, edit.value), []).append(edit.section)
    out: list[str] = []
    for edit in edits:
        if not isinstance(edit, Assign):
            out.append(words(edit))
        elif names := alike.pop((edit.what, edit.value), []):
            out.append(_set(edit, listed(names)))
    return tuple(out)


def _set(edit: Assign, names: str) -> str:
    return f"{edit.what} of {names}: {edit.value or 'as the plan says'}"


def all_words(edits: Sequence[Edit]) -> str:
    """A mend's edits; of many the first few, and how many more."""
    said = each_words(edits)
    shown = "; ".join(said[:_MOST_SAID])
    return shown if len(said) <= _MOST_SAID else f"{shown}; {len(said) - _MOST_SAID} more"
