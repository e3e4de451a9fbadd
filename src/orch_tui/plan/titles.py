"""Order that titles state: "Publish it after 2", "Verify Phase 1 complete"."""

from __future__ import annotations

import re
from dataclasses import replace

from orch_tui.plan.first_last import ALL_OTHERS
from orch_tui.plan.last_title import says_last
from orch_tui.plan.later import later
from orch_tui.plan.names import ID, label
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Statement, WorkItem
from orch_tui.plan.remembered import remembered

_WORD = r"[^\W\d_]{2,14}[\s:#_-]{1,3}"
"""Stands for a generic word before an id; whether it is one is looked at when something is found."""
_NAME = rf"(?:{_WORD})?{ID}"
_NAMES = later(rf"{_NAME}(?:(?:\s*[,&+/]\s*|,?\s+(?:and|und|y|et)\s+){_NAME})*(?:\s+(?:is|are)\s+\w+)?\W*")
_OTHER_WORD = later(r"([^\W\d_]{2,})[\s:#_-]{1,3}(?=#?[A-Za-z]?\d)")
_HOLDS_NAME = later(r"(?<!\w)\d+(?![\w-])")
_CHECK_LISTED = """
    verify validate check test review confirm sign sign-off close verification validation gate checkpoint acceptance
    überprüfe überprüfen prüfe prüfen verificar validar vérifier valider
"""
_CHECK_WORDS = frozenset(_CHECK_LISTED.split())
"""Of which every title that checks something holds one."""
_CHECKING = (
    r"(?:verify|validate|check|test|review|confirm|sign[ -]off|close(?: out)?|verification|validation|gate|checkpoint"
    r"|überprüfe\w*|prüfe\w*|verificar|validar|vérifier|valider)"
)
_AS_A_WHOLE = (
    r"(?:is|are|all|fully|as|complete[ds]?|completion|done|finished|works?|passe[sd]|deliverables|results|criteria|gate"
    r"|exit|acceptance|end[ -]to[ -]end|fertig|abgeschlossen|completad[ao]|terminée?)"
)
_CHECKS = later(
    rf"(?:final(?:ly)?\s+)?{_CHECKING}\s+(?:(?:that|of|for|all(?: of)?|the)\s+)*(?P<what>{_WORD}{ID})"
    rf"(?:\s+{_AS_A_WHOLE}){{0,4}}\W*"
    rf"|(?P<named>{_WORD}{ID})\W+(?:(?:exit|final|acceptance|quality)\s+)?"
    r"(?:gate|checkpoint|verification|validation|sign[ -]off|acceptance|check|review)\W*",
    re.IGNORECASE,
)
"""Work that looks at what a phase has brought."""


def titled(item: WorkItem, number: int) -> list[Statement]:
    """What the title of item number `number` says of its order, in words that name other items and nothing else.

    One that checks a phase comes after all else in it, but for what is said to come later.
    """
    return [replace(said, line=item.line, item=number) for said in _told(item.title)]


@remembered
def _told(title: str) -> tuple[Statement, ...]:
    checks = _HOLDS_NAME.search(title) and not _CHECK_WORDS.isdisjoint(title.lower().split())
    checked = _CHECKS.fullmatch(title) if checks else None
    if checked and _is_named(what := checked["what"] or checked["named"]):
        return (_statement(what, title, utmost=True),)
    if says_last(title):
        return (_statement(ALL_OTHERS, title, utmost=True),)
    out: list[Statement] = []
    for phrase in in_text(title):
        told = phrase.relation in {"needs", "blocks"} and not (phrase.field or phrase.aside or phrase.negated)
        alone = told and phrase.at > 0 and _NAMES.fullmatch(phrase.text) and _is_named(phrase.text)
        if alone and not _HOLDS_NAME.search(phrase.subject):
            out.append(replace(_statement(phrase.text, phrase.quote), relation=phrase.relation))
    return tuple(out)


def _is_named(text: str) -> bool:
    """Whether every word before an id is a generic one."""
    joints = {"and", "und", "et"}
    return all(label(word) or word in joints for word in _OTHER_WORD.findall(text))


def _statement(text: str, quote: str, *, utmost: bool = False) -> Statement:
    return Statement(relation="needs", text=text, quote=quote, line=0, field=False, utmost=utmost)
