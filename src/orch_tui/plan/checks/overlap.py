"""Sections that may run side by side and name the same file: their work would collide when it is merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Protocol

from orch_tui.plan.checks.before import Before
from orch_tui.plan.dag import Graph
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding, Hints

_MOST_SHARING = 300
"""Sections that are compared for one file; a file that more of them name collides anyway."""
_MOST_PAIRS = 300_000
_MOST_NAMED = 5


class Naming(Protocol):
    """What is known of a section that may name files."""

    @property
    def id(self) -> str: ...
    @property
    def lines(self) -> tuple[int, int]: ...
    @property
    def done(self) -> bool: ...
    @property
    def hints(self) -> Hints: ...


def overlaps(
    sections: Sequence[Naming], graph: Graph, apart: Collection[frozenset[str]] = frozenset()
) -> list[Finding]:
    """One finding for each group of sections that collide over the same files.

    Finished sections do not count, nor do pairs in `apart`, which never run at the same time.
    """
    naming: dict[str, list[Naming]] = defaultdict(list)
    for section in sections:
        for path in () if section.done else dict.fromkeys(map(_normal, section.hints.files)):
            if path and not path.endswith("/"):
                naming[path].append(section)
    shared = {path: sharing for path, sharing in naming.items() if len(sharing) > 1}
    if not shared:
        return []
    before = Before(graph)
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    pairs = 0
    for path, sharing in shared.items():
        if pairs > _MOST_PAIRS:
            break
        ids = [section.id for section in sharing[:_MOST_SHARING]]
        pairs += len(ids) * len(ids) // 2
        beside = {
            one
            for pair in combinations(ids, 2)
            if before.side_by_side(*pair) and frozenset(pair) not in apart
            for one in pair
        }
        if beside:
            found[tuple(one for one in ids if one in beside)].append(path)
    lines = {section.id: section.lines[0] for section in sections}
    return [_finding(lines[ids[0]], ids, sorted(paths)) for ids, paths in found.items()]


def _finding(line: int, ids: tuple[str, ...], paths: list[str]) -> Finding:
    files = ", ".join(map(repr, paths[:_MOST_NAMED])) + (
        f" and {len(paths) - _MOST_NAMED} more" if paths[_MOST_NAMED:] else ""
    )
    who = ", ".join(map(repr, ids[:_MOST_NAMED])) + (f" and {len(ids) - _MOST_NAMED} more" if ids[_MOST_NAMED:] else "")
    why = f"{who} may run side by side and name the same file: {files}; order them, or expect a conflict when merging"
    return finding("file-overlap", ids, line, why)


def _normal(path: str) -> str:
    """One spelling of a path: no `./`, forward slashes."""
    return path.replace("\\", "/").removeprefix("./")
