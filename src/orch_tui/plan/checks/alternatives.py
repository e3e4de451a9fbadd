"""Sections that are options ("Option A", "Approach 2"), of which one is to be chosen."""

from __future__ import annotations

import re
from collections import defaultdict

from orch_tui.clean import one_line
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_CHOICE = any_of("""
    choose one, pick one, select one, choose between, decide between, decide for one, choose either, pick either,
    go with either, choose exactly one, only one of, one of the two, one of the following, one of these, either,
    mutually exclusive, alternative to, alternatives to, not both, instead of, entweder, nur eine davon,
    nur einer davon, nur eines davon, nur eine von beiden, eine auswählen, alternativ zu, elegir uno, elegir una,
    solo uno de, choisir l'un, un seul des, 二选一, 任选一, どちらか, いずれか
""")
_OPTION = re.compile(
    r"[\s#>*+\d.)\[\]xX-]*(?:option|approach|alternative|variant|variante|ansatz|opción|方案|案)\s*"
    r"(?:[A-Z]|\d{1,2}|[IVX]{1,4})\b(?!\.\d)",
    re.IGNORECASE,
)
_MOST = 50
_MOST_NAMED = 12


def alternatives(subject: Subject) -> list[Finding]:
    """One finding for each choice: sections headed as options in one place, or named in a sentence that says so."""
    headed: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for at, item in enumerate(subject.reading.items):
        if _OPTION.match(subject.document.line(item.line)):
            headed[item.containers].append(at)
    out = [
        _finding(subject, held, subject.sections[held[0]].lines[0], "they are headed as options")
        for held in headed.values()
        if len(held) > 1
    ]
    for number, line in subject.prose:
        found = _CHOICE.search(line)
        if found and len(out) < _MOST:
            at = subject.owner[number]
            held = subject.meant(line[found.end() :].lstrip(" :,"), item=at) + (
                [at] if at >= 0 and "to" in found[0] else []
            )
            ids = {subject.sections[one].id for one in held}
            if len(ids) > 1 and not any(ids == set(one.ids) for one in out) and not _ordered(subject, held):
                out.append(_finding(subject, sorted(held), number, repr(one_line(line, 160))))
    return out


def _ordered(subject: Subject, held: list[int]) -> bool:
    """Whether one of them waits for another: then it is no choice."""
    ids = {subject.sections[at].id for at in held}
    return any(ids & set(subject.graph.upstreams(name)) for name in ids)


def _finding(subject: Subject, held: list[int], line: int, why: str) -> Finding:
    ids = [subject.sections[at].id for at in held]
    named = ", ".join(map(repr, ids[:_MOST_NAMED]))
    message = f"of {named} one is to be chosen ({why}); exclude the others, or all of them run"
    return finding("alternatives", ids, line, message)
