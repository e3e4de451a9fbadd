"""What is told of a statement whose words fit no section, several, or the one that says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.plan import findings
from orch_tui.plan.later import later
from orch_tui.plan.model import Finding
from orch_tui.plan.reading import Statement
from orch_tui.plan.references import Resolution
from orch_tui.plan.trie import alternatives
from orch_tui.plan.vocabulary import phrases

_NEEDS = later(alternatives(phrase for phrase in phrases("needs") if phrase.isascii()), re.IGNORECASE)
"""A sentence that begins so is about the item it stands in: "depends on T8" there says it of itself."""


def misfits(
    statement: Statement, found: Resolution, ids: Sequence[str], *, at: int = -1, named: bool = False
) -> list[Finding]:
    """Findings about one statement of item `at` (-1: a container); `named`: its words say who is meant."""
    if statement.relation != "needs":
        return []
    who = ids[at] if at >= 0 else ""
    out = [findings.unknown(who, name, statement.line) for name in found.unknown]
    out += [findings.external(who, name, statement.line) for name in found.external]
    for name in found.ambiguous:
        fits = [ids[hit.item] for hit in found.hits if hit.way == "ambiguous"]
        out.append(findings.ambiguous(who, name, fits, statement.line))
    if found.own and (statement.field or named or _NEEDS.match(statement.quote)):
        out.append(findings.itself(who, statement.quote, statement.line))
    return out
