"""Items that a group only lists, while they are told elsewhere: "Tickets: AB-1, AB-2" below "Sprint 1"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.plan.document import Document
from orch_tui.plan.fields import field
from orch_tui.plan.names import ID, id_key, label
from orch_tui.plan.once import once
from orch_tui.plan.reading import Container

_LISTS = frozenset(["includes", "contains", "covers", "members", "enthält", "incluye", "comprend"])
_APART = re.compile(r"\s*(?:[,;/&+·•]|\band\b|\bund\b)\s*")
_NEAR = 8
"""Lines below the head of a group in which the list stands."""


def with_listed(
    document: Document, containers: Sequence[Container], ids: Sequence[str], chains: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """The chains of containers of the items, with the groups that list their ids."""
    out = list(chains)
    lists = _lists(document)
    numbers: dict[str, int] = {}
    for at, id_ in enumerate(ids) if lists else ():
        numbers.setdefault(id_key(id_), at)
    for line, listed in lists:
        at = max((at for at, one in enumerate(containers) if one.line < line <= one.line + _NEAR), default=-1)
        found = [numbers[key] for key in map(id_key, listed) if key in numbers]
        if at < 0 or not containers[at].id or len(found) < len(listed):
            continue
        for item in found:
            out[item] = out[item] if at in out[item] else (at, *out[item])
    return out


@once
def _lists(document: Document) -> list[tuple[int, tuple[str, ...]]]:
    """The lines that hold a list of ids behind a generic word or "includes", and those ids."""
    out: list[tuple[int, tuple[str, ...]]] = []
    for number in document.visible(1, len(document.lines)):
        named = field(document.line(number))
        if named and (label(named[0]) or named[0] in _LISTS) and (listed := _ids(named[1])):
            out.append((number, listed))
    return out


def _ids(value: str) -> tuple[str, ...]:
    """The ids of a list of ids and nothing else; empty for other words."""
    found = [one.strip("`*_[] ") for one in _APART.split(value.rstrip(". ")) if one.strip()]
    return tuple(found) if found and all(re.fullmatch(ID, one) for one in found) else ()
