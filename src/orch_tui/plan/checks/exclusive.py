"""Sections that must not run at the same time, in whichever order: "do not run in parallel with B"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.evidence import evidence
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Exclusion, Finding
from orch_tui.plan.trie import alternatives

_NOT = (
    "do not",
    "don't",
    "never",
    "must not",
    "mustn't",
    "should not",
    "cannot",
    "can't",
    "can not",
    "may not",
    "not",
    "nicht",
    "niemals",
    "no",
    "pas",
    "jamais",
)
_AT_ONCE = (
    "in parallel",
    "concurrently",
    "simultaneously",
    "at the same time",
    "alongside",
    "side by side",
    "together",
    "parallel",
    "gleichzeitig",
    "zeitgleich",
    "en paralelo",
    "al mismo tiempo",
    "en parallèle",
    "en même temps",
)
_WITH = ("with", "as", "to", "mit", "zu", "wie", "neben", "con", "que", "avec")
_WHILE = ("while", "during", "während", "solange", "mientras", "pendant que", "tant que")
_STATES = (
    re.compile(
        rf"\b(?:{alternatives(_NOT)})\b[^.;:]{{0,40}}?\b(?:{alternatives(_AT_ONCE)})\b"
        rf"(?:\s+(?:{alternatives(_WITH)})\b)?(?P<other>[^.;]{{0,200}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{alternatives(_NOT)})\b[^.;:]{{0,40}}?\b(?:{alternatives(_WHILE)})\b(?P<other>[^.;]{{1,160}})", re.I
    ),
    re.compile(r"\b(?:mutually exclusive|exclusive) with\b(?P<other>[^.;]{1,200})", re.IGNORECASE),
    re.compile(r"不(?:能|可|要)(?:与|和)(?P<other>.{1,60}?)(?:并行|同时)"),
    re.compile(r"(?P<other>.{1,60}?)と(?:並行|同時)(?:に|して)?(?:実行)?(?:しない|不可)"),
)
_HINT = re.compile(
    rf"\b(?:{alternatives((*_AT_ONCE, *_WHILE, 'exclusive with'))})\b|并行|同时|並行|同時", re.IGNORECASE
)
"""Something that every one of them contains, and that is quick to look for."""
_WHO = re.compile(r"(?P<who>.{1,200}?)\s+(?:must|should|can|may|do|dürfen|darf|sollen|deben|doivent)\b", re.IGNORECASE)
_MOST = 1_000


def exclusions(subject: Subject) -> tuple[list[Exclusion], list[Finding]]:
    """The pairs that are kept apart, and a finding for each that names both."""
    kept: list[Exclusion] = []
    told: list[Finding] = []
    for (first, second), (line, words) in _pairs(subject).items():
        one, other = subject.sections[first].id, subject.sections[second].id
        kept.append(Exclusion(one=one, other=other, evidence=evidence(line, words)))
        why = f"{one!r} and {other!r} are never run at the same time; which comes first is open"
        told.append(finding("exclusive", (one, other), line, why))
    return kept, told


def _pairs(subject: Subject) -> dict[tuple[int, int], tuple[int, str]]:
    """Numbers of two sections, the smaller first, with the line and its words; each pair once."""
    out: dict[tuple[int, int], tuple[int, str]] = {}
    for number, line in subject.prose:
        for own, other in _named(subject, number, line):
            if own != other and len(out) < _MOST:
                out.setdefault((min(own, other), max(own, other)), (number, line.strip()))
    return out


def _named(subject: Subject, number: int, line: str) -> Iterator[tuple[int, int]]:
    if not _HINT.search(line):
        return
    found = next((hit for pattern in _STATES if (hit := pattern.search(line))), None)
    if not found:
        return
    here = subject.owner[number]
    others = subject.meant(found["other"], item=here)
    own = [here] if here >= 0 else _speaker(subject, line[: found.start("other")])
    if not own and len(others) > 1:
        own = others
    for one in own:
        for other in others:
            yield one, other


def _speaker(subject: Subject, words: str) -> list[int]:
    """Who a sentence outside all sections is about: "Section B must not …", "3 and 4 cannot …"."""
    who = _WHO.match(words.strip(" -*+>") + " must")
    return subject.meant(who["who"]) if who else []
