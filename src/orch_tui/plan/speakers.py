"""Who is meant before a phrase: "Tasks 4 and 5" in "after the freeze, Tasks 4 and 5 depend on 3"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL

CLAUSE = later(r"[,;，；]|\s+(?:and|but|while|und|aber|während|y|pero|mientras|et|mais|tandis que)\s+", re.IGNORECASE)
"""Where one clause ends and another begins."""
EDGE = " \t\n,;:，；：、*_–—−-→←>`|─═│├└┌┐┘┤┬┴┼•·"
"""What stands at the edge of a clause and says nothing."""
_NAME = rf"(?:(?:(?i:{LABEL}){GAP})?{ID}|第\s?\d[\d\s~～至到–-]{{0,8}}(?:步|阶段|階段|段階|フェーズ))"
_ENDS_WITH_NAME = later(rf"(?:^|\W){_NAME}[`*_]*\s*(?:\([^()]*\))?\s*$")
_BEGINS_WITH_NAME = later(rf"\s*(?:and\s+|und\s+|y\s+|et\s+)?[`*_]*{_NAME}")
_SENTENCE = later(r"[;；。]|[.:：](?=\s)")
_ASIDE = later(r"\([^()]*\)|（[^（）]*）")
_LIST_ENDS = later(r"[;；。:：]|\.\s")
_JOINED = later(r"\s(?:and|und|y|et)\s", re.IGNORECASE)
_LONGEST_LIST = 120
_FEW = 3
"""Words of a clause that holds little besides a name: "Task 5 is"."""
_LOOKED_AT = 200
"""Characters on either side of a cut."""


def last_clause(left: str) -> str:
    """The words for who is meant: from the last comma or "and" on that does not stand within a list of names."""
    text = left.rstrip(EDGE)
    _, colon, named = text.replace("：", ": ").rpartition(": ")
    text = named if colon and begins_with_name(named) else text
    for cut in reversed(list(CLAUSE.finditer(text))):
        before, after = text[max(0, cut.start() - _LOOKED_AT) : cut.start()], text[cut.end() : cut.end() + _LOOKED_AT]
        if not (_ENDS_WITH_NAME.search(before) and _BEGINS_WITH_NAME.match(after)):
            return text[cut.end() :].strip(EDGE)
    return text.strip(EDGE)


def listed_before(left: str) -> str:
    """The words before a phrase from the last comma or stop on, when "and" joins them: names of several, perhaps."""
    text = _LIST_ENDS.split(left.rstrip(EDGE))[-1].strip(EDGE)
    return text if len(text) <= _LONGEST_LIST and _JOINED.search(text) else ""


def begins_with_name(text: str) -> bool:
    """Whether a text begins with an id: "Section 4", "T7 and T8"."""
    return bool(_BEGINS_WITH_NAME.match(text))


def said_alone(text: str, start: int, end: int) -> str | None:
    """Who is named right before words that are a clause of their own ("Task 5 (docs) is independent"); "": as usual.

    None where they only begin something longer: "no dependencies on the old parser".
    """
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if after and after[0] not in ".;:!?),–—−-，。；）、|→←" and not after.startswith(("although", "and", "start")):
        return None
    if not before or before[-1] in ".;:!?(,–—−-→←，。；（、|" or len(before.split()) <= _FEW:
        return ""
    clause = _SENTENCE.split(_ASIDE.sub("", before))[-1].strip(EDGE)
    return clause if begins_with_name(clause) and len(clause.split()) <= _FEW else None
