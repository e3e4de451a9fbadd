"""Sections that say they run with nobody: "Can parallel with: Nothing - sequential"."""

from __future__ import annotations

import re

from orch_tui.plan.checks.before import Before
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.evidence import evidence
from orch_tui.plan.findings import finding, listed
from orch_tui.plan.later import later
from orch_tui.plan.model import Exclusion, Finding

_NOBODY = later(
    r"\W*(?:nothing|nobody|none|no (?:other|one)\b|nichts|niemand|keine\w* ander|nada|ning[uú]n|rien|aucune?\b)",
    re.IGNORECASE,
)
_AT_ONCE = later(r"parallel|concurrent|alongside|beside|run with|paralelo|parallèle", re.IGNORECASE)
"""What the field is called: "independent of: nothing" says the opposite."""
_MOST = 1_000


def by_themselves(subject: Subject) -> tuple[list[Exclusion], list[Finding]]:
    """The pairs that such a section keeps apart where no order does, and one finding for each such section."""
    kept: dict[frozenset[str], Exclusion] = {}
    found: list[Finding] = []
    before = Before(subject.graph)
    for said in subject.reading.statements:
        if said.relation != "parallel" or not said.field or not 0 <= said.item < len(subject.sections):
            continue
        if not _NOBODY.match(said.text) or not _AT_ONCE.search(said.quote) or len(kept) >= _MOST:
            continue
        own = subject.sections[said.item].id
        others = [one.id for one in subject.sections if before.side_by_side(own, one.id)]
        for other in others:
            words = evidence(said.line, said.quote)
            kept.setdefault(frozenset((own, other)), Exclusion(one=own, other=other, evidence=words))
        if others:
            them = listed(others)
            why = f"{own!r} runs alone, never at the same time as {them}; which comes first is open"
            found.append(finding("exclusive", (own, *others), said.line, why))
    return list(kept.values()), found
