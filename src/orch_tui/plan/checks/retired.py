"""A plan that says of itself that it is out of use: in its front matter, its title or its first lines."""

from __future__ import annotations

import re

from orch_tui.clean import one_line
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_SELF = any_of("this plan, this document, this roadmap, this file, this spec, the plan, dieser plan, dieses dokument")
_GONE = any_of("""
    deprecated, retired, superseded, obsolete, obsoleted, abandoned, archived, outdated, no longer valid,
    no longer current, no longer maintained, no longer used, replaced, veraltet, überholt, abgelöst, ersetzt,
    zurückgezogen, archiviert
""")
_ALONE = any_of("""
    superseded by, replaced by, obsoleted by, do not use this plan, do not execute this plan, do not follow this plan,
    do not implement this plan, abgelöst durch, ersetzt durch, reemplazado por, plan obsoleto, remplacé par,
    已废弃, 已作废, 廃止, 廃版
""")
_FIRST_WORD = re.compile(r"(?:status\W+)?(\w+)", re.IGNORECASE)
_WITHIN = 40
"""Lines from the top in which a plan says such things of itself."""


def retired(subject: Subject) -> list[Finding]:
    """One finding on the whole document, or none."""
    first = subject.sections[0].lines[0]
    for number, line in subject.prose:
        if number > max(1, min(_WITHIN, first)):
            break
        if subject.owner[number] < 0 and _says_so(line):
            return [_finding(number, line)]
    front = subject.document.front_matter
    for number in range(front[0], front[1] + 1) if front else ():
        name, _, value = subject.document.line(number).partition(":")
        if name.strip().lower() in {"status", "state"} and _GONE.fullmatch(value.strip(" '\"")):
            return [_finding(number, subject.document.line(number))]
    return []


def _says_so(line: str) -> bool:
    """`This plan is deprecated`, `Superseded by …`, `Status: retired`, `[OBSOLETE] Title`."""
    if _ALONE.search(line):
        return True
    gone = _GONE.search(line)
    if not gone:
        return False
    bare = line.strip(" #>*_[]~-⚠️:")
    opening = _FIRST_WORD.match(bare)
    return bool((opening and _GONE.fullmatch(opening[1])) or _SELF.search(line[: gone.start()]))


def _finding(line: int, words: str) -> Finding:
    why = f"the plan says that it is no longer in use: {one_line(words, 160)!r}; look for its successor before it runs"
    return finding("retired", (), line, why)
