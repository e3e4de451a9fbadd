"""Two lists of one plan whose ids do not match: the same titles as 201-212 here and as 181-192 there."""

from __future__ import annotations

import re

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.marks import without_marks
from orch_tui.plan.model import Finding
from orch_tui.plan.names import ID, id_key, words

_ENTRY = re.compile(rf"[\s>*+-]*(?:\*\*)?(?P<id>{ID})(?:\*\*)?[.):]?\s+(?P<rest>\S.*)")
_END = re.compile(r"\s{2,}|\s+\(|\s+[—–-]\s+|[✅✔⏸]|\*\*")
_MOST_NAMED = 4


def mismatched(subject: Subject) -> list[Finding]:
    """One finding when at least two lines carry the title of a section beside an id that no section has."""
    titles = {words(section.title): section.id for section in subject.sections}
    known = {id_key(section.id) for section in subject.sections}
    pairs: list[tuple[int, str, str]] = []
    for number, line in enumerate(subject.document.lines, 1):
        if subject.owner[number] >= 0:
            continue
        entry = _ENTRY.fullmatch(line)
        if not entry or id_key(entry["id"]) in known:
            continue
        own = titles.get(words(without_marks(_END.split(entry["rest"])[0])))
        if own:
            pairs.append((number, entry["id"], own))
    if len(pairs) < 2:
        return []
    shown = ", ".join(f"{written!r} for {own!r}" for _, written, own in pairs[:_MOST_NAMED])
    why = (
        f"a list from line {pairs[0][0]} on names the same work under other ids ({shown}, …); what it says is not used"
    )
    return [finding("id-mismatch", [own for _, _, own in pairs], pairs[0][0], why)]
