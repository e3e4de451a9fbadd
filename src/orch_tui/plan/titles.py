"""Order that titles state: "Publish it after 2", "Verify Phase 1 complete"."""

from __future__ import annotations

import re
from dataclasses import replace

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Statement, WorkItem

_NAME = rf"(?:(?i:{LABEL}){GAP})?{ID}"
_NAMES = later(rf"{_NAME}(?:(?:\s*[,&+/]\s*|,?\s+(?:and|und|y|et)\s+){_NAME})*(?:\s+(?:is|are)\s+\w+)?\W*")
_HOLDS_NAME = later(rf"(?<!\w)(?:(?i:{LABEL}){GAP}{ID}|\d+(?![\w-]))")
_CHECKING = (
    r"(?:verify|validate|check|test|review|confirm|sign[ -]off|close(?: out)?|verification|validation|gate|checkpoint"
    r"|überprüfe\w*|prüfe\w*|verificar|validar|vérifier|valider)"
)
_AS_A_WHOLE = (
    r"(?:is|are|all|fully|as|complete[ds]?|completion|done|finished|works?|passe[sd]|deliverables|results|criteria|gate"
    r"|exit|acceptance|end[ -]to[ -]end|fertig|abgeschlossen|completad[ao]|terminée?)"
)
_CHECKS = later(
    rf"(?:final(?:ly)?\s+)?{_CHECKING}\s+(?:(?:that|of|for|all(?: of)?|the)\s+)*(?P<what>{LABEL}{GAP}{ID})"
    rf"(?:\s+{_AS_A_WHOLE}){{0,4}}\W*"
    rf"|(?P<named>{LABEL}{GAP}{ID})\W+(?:(?:exit|final|acceptance|quality)\s+)?"
    r"(?:gate|checkpoint|verification|validation|sign[ -]off|acceptance|check|review)\W*",
    re.IGNORECASE,
)
"""Work that looks at what a phase has brought."""


def titled(item: WorkItem, number: int) -> list[Statement]:
    """What the title of item number `number` says of its order, in words that name other items and nothing else.

    One that checks a phase comes after all else in it, but for what is said to come later.
    """
    title = item.title
    if checked := _CHECKS.fullmatch(title):
        what = checked["what"] or checked["named"]
        return [_statement(what, title, item, number, utmost=True)]
    out: list[Statement] = []
    for phrase in in_text(title):
        told = phrase.relation in {"needs", "blocks"} and not (phrase.field or phrase.aside or phrase.negated)
        if told and phrase.at > 0 and _NAMES.fullmatch(phrase.text) and not _HOLDS_NAME.search(phrase.subject):
            out.append(replace(_statement(phrase.text, phrase.quote, item, number), relation=phrase.relation))
    return out


def _statement(text: str, quote: str, item: WorkItem, number: int, *, utmost: bool = False) -> Statement:
    return Statement(relation="needs", text=text, quote=quote, line=item.line, item=number, field=False, utmost=utmost)
