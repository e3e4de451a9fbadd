"""Sections that may run side by side and name the same file: their work would collide when it is merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import combinations
from typing import Protocol

from orch_tui.plan import findings
from orch_tui.plan.checks.before import Before
from orch_tui.plan.dag import Graph
from orch_tui.plan.model import Finding, Hints

_MOST_SHARING = 300
"""Sections that are compared for one file; a file that more of them name collides anyway."""
_MOST_PAIRS = 300_000
_MOST_PATTERNS = 20
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

    Finished sections do not count, nor do pairs in `apart`, which never run at the same time, and those that name
    repositories of their own.
    """
    naming: dict[str, list[Naming]] = defaultdict(list)
    for section in sections:
        for path in () if section.done else dict.fromkeys(map(_normal, section.hints.files)):
            if path:
                naming[path].append(section)
    _put_into_folders(naming)
    for pattern in [path for path in naming if "*" in path][:_MOST_PATTERNS]:
        for path in [path for path in naming if "*" not in path and fnmatchcase(path, pattern)]:
            naming[path] += [section for section in naming[pattern] if section not in naming[path]]
    shared = {path: sharing for path, sharing in naming.items() if len(sharing) > 1}
    if not shared:
        return []
    before = Before(graph)
    found: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    places = {section.id: section.hints.repository for section in sections}
    pairs = 0
    for path, sharing in shared.items():
        if pairs > _MOST_PAIRS:
            break
        ids = [section.id for section in sharing[:_MOST_SHARING]]
        pairs += len(ids) * len(ids) // 2
        beside = tuple(
            (one, other)
            for one, other in combinations(ids, 2)
            if places[one] == places[other] and before.side_by_side(one, other) and frozenset((one, other)) not in apart
        )
        if beside:
            found[beside].append(path)
    lines = {section.id: section.lines[0] for section in sections}
    return [_finding(lines, beside, sorted(paths)) for beside, paths in found.items()]


def _put_into_folders(naming: dict[str, list[Naming]]) -> None:
    """Takes the folders away, and adds who names one to each file in it that somebody else names.

    A folder at the top ("src/") says too little.
    """
    folders = {path: naming.pop(path) for path in list(naming) if path.endswith("/")}
    for path in list(naming) if folders else ():
        above, known = path, {one.id for one in naming[path]}
        while "/" in (above := above.rpartition("/")[0]):
            more = [one for one in folders.get(f"{above}/", ()) if one.id not in known]
            naming[path] += more
            known |= {one.id for one in more}


def _finding(lines: Mapping[str, int], pairs: Sequence[tuple[str, str]], paths: list[str]) -> Finding:
    ids = sorted({one for pair in pairs for one in pair}, key=lines.__getitem__)
    files = findings.listed(paths)
    if len(pairs) * 2 == len(ids) * (len(ids) - 1):
        who = f"{findings.listed(ids)} may run side by side"
    else:
        some = ", ".join(f"{one!r} and {other!r}" for one, other in pairs[:_MOST_NAMED])
        more = f" and {len(pairs) - _MOST_NAMED} more pairs" if pairs[_MOST_NAMED:] else ""
        who = f"{some}{more} may run side by side"
    why = f"{who} and name the same file: {files}; order them, or expect a conflict when merging"
    return findings.finding("file-overlap", ids, lines[ids[0]], why)


def _normal(path: str) -> str:
    """One spelling of a path: no `./`, forward slashes."""
    return path.replace("\\", "/").removeprefix("./")
