"""Which items an order stated for all puts one after another: those named, those of a container, or every one."""

from __future__ import annotations

from orch_tui.plan.index import Index
from orch_tui.plan.reading import Reading, Statement
from orch_tui.plan.references import References

Chain = tuple[tuple[int, ...], ...]
"""Groups of item numbers; each comes after the one before it."""


def chains(statement: Statement, reading: Reading, index: Index, references: References) -> list[Chain]:
    """The chains that a statement of sequence means: of containers where it names their word, else of single items."""
    if inner := [at for at, one in enumerate(reading.containers) if one.label == statement.within != ""]:
        return [tuple((item,) for item in index.members(at)) for at in inner]
    scope = _scope(statement, index, references)
    if not statement.text:
        return [tuple((item,) for item in scope)]
    inside = frozenset(scope)
    groups = [
        tuple(item for item in index.members(at) if item in inside)
        for at, container in enumerate(reading.containers)
        if container.label == statement.text
    ]
    return [tuple(group for group in groups if group)]


def _scope(statement: Statement, index: Index, references: References) -> list[int]:
    """Those that the words name; where they stand in a container its items, else all."""
    named = references.subjects(statement.subject) if statement.subject else None
    if statement.subject and ((named and named.items) or statement.container < 0):
        return sorted(named.items) if named else []
    return index.members(statement.container) if statement.container >= 0 else list(range(len(index.items)))
