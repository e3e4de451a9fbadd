"""What a plan says of a section outside of its lines: what stands at the head of its phases, and rules for all of them.

A brief has them beside the words before the sections, because a session sees nothing else of the plan.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from orch_tui.plan.containers import title_heading
from orch_tui.plan.document import Document
from orch_tui.plan.trie import any_of

Lines = tuple[int, int]
"""First and last line, counted from 1, both included."""

_RULES = any_of("""
    rules, ground rules, rule, constraints, conventions, coding conventions, code conventions, guidelines,
    guiding principles, principles, standards, coding standards, code style, coding style, style guide, policies,
    invariants, definition of done, definition of ready, done means, non-goals, out of scope, not in scope, do not,
    don't, never, must not, global requirements, general requirements, non-functional requirements,
    nonfunctional requirements, cross-cutting, quality gates, quality bar, working agreement, working agreements,
    instructions for, notes for, for agents, for every task, for every section, for all tasks, applies to all,
    what every, path conventions, naming, glossary, house rules, global constraints, security rules,
    regeln, grundregeln, spielregeln, konventionen, richtlinien, leitlinien, grundsätze, vorgaben, rahmenbedingungen,
    randbedingungen, einschränkungen, definition von fertig, nichtziele, nicht-ziele, nicht im umfang, hinweise für,
    reglas, normas, convenciones, restricciones, directrices, principios, fuera de alcance, no objetivos,
    definición de hecho, definición de terminado,
    règles, conventions, contraintes, principes, directives, hors périmètre, définition du fini, consignes,
    regras, convenções, restrições, diretrizes, princípios, fora do escopo, definição de pronto,
    regole, convenzioni, vincoli, linee guida, principi, fuori ambito,
    规则, 约定, 规范, 约束, 原则, 非目标, 完成的定义, 完成标准, 规约,
    ルール, 規約, 制約, 原則, 方針, 非目標, 完了の定義, 対象外, 규칙, 규약, 제약, 원칙
""")
_STROKE = re.compile(r"\s+|^-{3,}\s*$")
_NUMBERING = re.compile(
    r"(?:\d+(?:\.\d+)*[.)]?\s+)?\W*(?:(?:global|general|project|common|allgemeine|generales)\s+)?", re.I
)


def are_rules(title: str) -> bool:
    """Whether a heading says that what stands below it holds for the whole work: "3. Ground rules", "Konventionen"."""
    start = _NUMBERING.match(title)
    return bool(_RULES.match(title.casefold(), start.end() if start else 0))


def surroundings(document: Document, sections: Sequence[Lines], begins: int) -> list[tuple[Lines, ...]]:
    """For each section, in order, the lines that bear on it: those of its phases, the outer one first, then the rules.

    Each begins with its heading. What stands before line `begins` is the preamble and not among them.
    """
    taken = _taken(document, sections)
    title = title_heading(document)
    heads: dict[int, Lines] = {}
    rules: list[Lines] = []
    for at, heading in enumerate(document.headings):
        if heading.line < begins or at == title or taken.within(heading.line, heading.line):
            continue
        if not taken.within(heading.line, heading.end):
            if are_rules(heading.text) and not any(first <= heading.line <= last for first, last in rules):
                rules += _said(document, (heading.line, heading.end))
            continue
        below = document.headings[at + 1].line if at + 1 < len(document.headings) else len(document.lines) + 1
        end = min(below, taken.next(heading.line)) - 1
        for lines in _said(document, _headless(document, (heading.line, min(end, heading.end)))):
            heads[at] = lines
    out: list[tuple[Lines, ...]] = []
    for first, _ in sections:
        at, above = document.heading_at(first), list[Lines]()
        while at >= 0:
            if at in heads:
                above.append(heads[at])
            at = document.headings[at].parent
        out.append((*reversed(above), *rules))
    return out


def preamble_end(document: Document, first_section: int) -> int:
    """The first line behind the preamble: the outermost heading over the first section, the title's apart."""
    at, title = document.heading_at(first_section), title_heading(document)
    line = first_section
    while at >= 0:
        if at != title and document.headings[at].end >= first_section:
            line = document.headings[at].line
        at = document.headings[at].parent
    return line


class _Taken:
    """Which lines belong to sections."""

    def __init__(self, marks: Sequence[bool]) -> None:
        self._before = [0, *accumulate(map(int, marks))]
        self._lines = [number for number, mark in enumerate(marks) if mark]

    def within(self, first: int, last: int) -> bool:
        """Whether any line from `first` to `last` does."""
        return self._before[last + 1] > self._before[first]

    def next(self, line: int) -> int:
        """The first line from `line` on that does; far behind the end when none does."""
        at = bisect_left(self._lines, line)
        return self._lines[at] if at < len(self._lines) else len(self._before) + 1


def _taken(document: Document, sections: Sequence[Lines]) -> _Taken:
    marks = [False] * (len(document.lines) + 1)
    for first, last in sections:
        marks[first : last + 1] = [True] * (min(last, len(document.lines)) + 1 - first)
    return _Taken(marks)


def _said(document: Document, lines: Lines) -> list[Lines]:
    """The lines without blank ones and strokes at their end; [] when nothing else stands below the heading."""
    first, last = lines
    while last > first and not _STROKE.sub("", document.own[last - 1]):
        last -= 1
    return [(first, last)] if last > first else []


def _headless(document: Document, lines: Lines) -> Lines:
    """The lines without the head of a table at their end: each row of it has that already (`core/plan_text.py`)."""
    first, last = lines
    while last > first and document.own[last - 1].lstrip().startswith("|"):
        last -= 1
    return first, last
