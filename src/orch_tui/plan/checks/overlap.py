"""Sections that may run side by side and name the same file: their work would collide when it is merged."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from orch_tui.plan.checks.reach import Before
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding

_MOST_SHARING = 300
"""Sections that are compared for one file; a file that more of them name collides anyway."""
_MOST_PAIRS = 300_000
_MOST_NAMED = 5


def overlaps(subject: Subject) -> list[Finding]:
    """One finding for each group of sections that collide over the same files. Finished sections do not count."""
    before = Before(subject.graph)
    naming: dict[str, list[int]] = defaultdict(list)
    for at, section in enumerate(subject.sections):
        for path in () if section.done else dict.fromkeys(map(_normal, section.hints.files)):
            if path and not path.endswith("/"):
                naming[path].append(at)
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    pairs = 0
    for path, sharing in naming.items():
        if len(sharing) < 2 or pairs > _MOST_PAIRS:
            continue
        ids = [subject.sections[at].id for at in sharing[:_MOST_SHARING]]
        pairs += len(ids) * len(ids) // 2
        beside = {one for pair in combinations(ids, 2) if before.side_by_side(*pair) for one in pair}
        if beside:
            found[tuple(one for one in ids if one in beside)].append(path)
    return [_finding(subject, ids, sorted(paths)) for ids, paths in found.items()]


def _finding(subject: Subject, ids: tuple[str, ...], paths: list[str]) -> Finding:
    files = ", ".join(map(repr, paths[:_MOST_NAMED])) + (
        f" and {len(paths) - _MOST_NAMED} more" if paths[_MOST_NAMED:] else ""
    )
    who = ", ".join(map(repr, ids[:_MOST_NAMED])) + (f" and {len(ids) - _MOST_NAMED} more" if ids[_MOST_NAMED:] else "")
    why = f"{who} may run side by side and name the same file: {files}; order them, or expect a conflict when merging"
    return finding("file-overlap", ids, subject.by_id[ids[0]].lines[0], why)


def _normal(path: str) -> str:
    """One spelling of a path: no `./`, forward slashes."""
    return path.replace("\\", "/").removeprefix("./")
