"""Arrows between items in plain text: `A → B → C` in a line, drawings in code blocks, a stated critical path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from orch_tui.plan.canvas import drawing
from orch_tui.plan.document import Document
from orch_tui.plan.phrases import SOFT, in_text
from orch_tui.plan.reading import Arrow, Diagram
from orch_tui.plan.sequence import ADVICE

_RIGHT = r"[-─━═=~–—]*(?:→|▶|►|➔|➜|⟶|⇒|-+>|=+>|>>)\s*"
_LEFT = r"(?:←|◀|◄|⟵|⇐|<-+|<=+)[-─━═=]*"
_SPLIT = re.compile(rf"\s*(?:(?P<right>{_RIGHT})|(?P<left>{_LEFT}))\s*")
_GROUP = re.compile(r"\s*(?:,|，|、|&|\+|\||\band\b|\bund\b|\by\b|\bet\b|和|と|及)\s*", re.IGNORECASE)
_SUMMARY = re.compile(
    r"critical[ -]path|kritischer pfad|ruta crítica|camino crítico|chemin critique|关键路径|關鍵路徑|クリティカルパス",
    re.IGNORECASE,
)
_CODE_LIKE = re.compile(
    r"\(\w*\)\s*(?:->|=>)|\b(?:fn|def|func|function|return|const|let|var|match|case)\b|;\s*$|=>\s*\{|::"
)
_SAID = re.compile(
    r"\s*(?:←|◀|◄|<-+)[-─━═]*\s*(?:(?:also|only|and) )*"
    r"(?:depends|needs|requires|waits|blocked|after|benötigt|braucht)\b.*$",
    re.IGNORECASE,
)
"""Words behind an arrow that say who is waited for; they are read as words."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BRACKETS = "[](){}（）【】`*\"' "
_LANGUAGES = frozenset({"", "text", "txt", "ascii", "plain", "plaintext", "diagram", "none", "console"})
_CORNERS = frozenset("├└┌┐┘┤┬┴┼╭╮╰╯")
"""Characters of drawings, which are read as a whole."""
_LONGEST_NODE = 120
_MOST_NODES = 40


def diagrams(document: Document) -> list[Diagram]:
    """Every drawing and every chain of arrows of a document, in code blocks and in running text."""
    out: list[Diagram] = []
    for fence in document.fences:
        if fence.language not in _LANGUAGES:
            continue
        numbers = range(fence.line + 1, fence.end)
        rows = [_SAID.sub("", document.line(number)) for number in numbers]
        if any(_CODE_LIKE.search(row) for row in rows) or _is_advice(document, fence.line):
            continue
        out += _block(rows, fence.line + 1, summary=_is_summary(document, fence.line))
    summary_until = 0
    for number in document.visible(1, len(document.lines)):
        line = document.line(number)
        if number in document.heading_lines:
            summary_until = 0
            if _SUMMARY.search(line):
                summary_until = number + 12
        if _SPLIT.search(line) and not line.lstrip().startswith("|") and number not in document.heading_lines:
            if SOFT.search(line) or _is_advice(document, number):
                continue
            summary = bool(_SUMMARY.search(line)) or number <= summary_until or _is_summary(document, number)
            out += _chains(
                [line.partition(": ")[2] if _SUMMARY.search(line) and ": " in line else line], number, summary=summary
            )
    return out


def _is_advice(document: Document, line: int) -> bool:
    """Whether the line, the text line before it or its heading gives an order as a mere recommendation."""
    heading = next((one for one in reversed(document.headings) if one.line < line), None)
    before = next((text for text in reversed(document.lines[max(0, line - 3) : line - 1]) if text.strip()), "")
    return bool(
        ADVICE.search(document.line(line)) or ADVICE.search(before) or (heading and ADVICE.search(heading.text))
    )


def _is_summary(document: Document, line: int) -> bool:
    """Whether the heading or one of the lines just before calls it the critical path."""
    heading = next((one for one in reversed(document.headings) if one.line < line), None)
    if heading and _SUMMARY.search(heading.text) and line - heading.line < 15:
        return True
    return any(_SUMMARY.search(document.line(number)) for number in range(max(1, line - 3), line))


def _block(rows: Sequence[str], first: int, *, summary: bool) -> list[Diagram]:
    texts, strokes = drawing(["" if _points_back(row) else row for row in rows])
    nodes = {f"{number}": text for number, text in enumerate(texts)}
    arrows = tuple(
        Arrow(before=str(source), after=str(target), line=first + stroke.row, quote=rows[stroke.row].strip())
        for stroke in strokes
        for source in stroke.sources
        for target in stroke.targets
    )
    chained = _chains(rows, first, summary=summary)
    drawn = [Diagram(nodes=nodes, arrows=arrows, line=first, summary=summary)] if arrows else []
    return drawn + chained


def _chains(rows: Sequence[str], first: int, *, summary: bool) -> list[Diagram]:
    """Lines of the form `A, B → C`; each line is its own picture, since every line names its items anew."""
    out: list[Diagram] = []
    for offset, row in enumerate(rows):
        parts = _SPLIT.split(row)
        names = parts[::3]
        if any(char in _CORNERS for char in row):
            continue
        if not 2 <= len(names) <= _MOST_NODES or not all(name.strip(_BRACKETS + "│|-·•*+") for name in names):
            continue
        if any(len(name) > _LONGEST_NODE for name in names):
            continue
        rights = [right is not None for right in parts[1::3]]
        if not any(rights) and _ascending(names):
            rights = [True] * len(rights)
        if any(in_text(name) for name in names[1:]):
            continue
        groups = [_named(name) for name in names]
        nodes = {name: name for group in groups for name in group}
        arrows: list[Arrow] = []
        for at, right in enumerate(rights):
            before, after = (groups[at], groups[at + 1]) if right else (groups[at + 1], groups[at])
            arrows += [
                Arrow(before=one, after=two, line=first + offset, quote=row.strip()) for one in before for two in after
            ]
        out.append(Diagram(nodes=nodes, arrows=tuple(arrows), line=first + offset, summary=summary))
    return out


def _points_back(row: str) -> bool:
    """Whether a row is a chain whose arrows point at what is needed."""
    parts = _SPLIT.split(row)
    return len(parts) > 1 and all(right is None for right in parts[1::3]) and _ascending(parts[::3])


def _ascending(names: Sequence[str]) -> bool:
    """Whether the numbers grow from left to right: `Epic 1 ← Epic 2` points at what is needed, not at what follows."""
    numbers = [float(found[0]) for name in names if (found := _NUMBER.search(name))]
    return len(numbers) == len(names) and all(one < other for one, other in pairwise(numbers))


def _named(text: str) -> list[str]:
    """`[A, B]` -> A and B; `A (CLI commands)` -> A, with what it is called."""
    bare = text.strip().lstrip("-*•· ").strip(_BRACKETS.replace("(", "").replace(")", ""))
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    return [
        part.strip(_BRACKETS.replace("(", "").replace(")", "")) for part in _GROUP.split(bare) if part.strip(_BRACKETS)
    ]
