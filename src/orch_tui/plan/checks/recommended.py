"""Edges that a "recommended order" suggests to sections about which nothing else is said: proposals, never edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.edits import AddEdge, Proposal
from orch_tui.plan.fields import plain
from orch_tui.plan.trie import any_of

_ADVICE = any_of("""
    recommended, suggested, preferred, proposed, empfohlene reihenfolge, empfohlener ablauf, vorgeschlagene reihenfolge,
    orden recomendado, orden sugerido, ordre recommandé, ordre conseillé, 推荐顺序, 建议顺序, 推奨順, 推奨順序
""")
_SEQUENCE = any_of("""
    order, sequence, path, sequencing, execution order, implementation order, implementation sequence, reihenfolge,
    ablauf, orden, ordre, 顺序, 順, 順序
""")
_ARROW = re.compile(r"\s*(?:→|->|=>|➜|,?\s+then\b)\s*", re.IGNORECASE)
_TOGETHER = re.compile(r"\s*(?:/|&|\+|,|\band\b|\bund\b)\s*", re.IGNORECASE)
_ENTRY = re.compile(r"^\s*(?:\d{1,3}[.)]|[-*+])\s+(?P<text>\S.*)")
_PLACE = re.compile(
    r"^(?:then|finally|zuerst|dann|zuletzt)\s+|\s+(?:first|last|next|zuerst|zuletzt)(?=$|\s*[,(])", re.I
)
"""Words for a place in the order, beside a name: "Phase 1 first, then Phase 2"."""
_MOST_ENTRIES = 200


def recommendations(subject: Subject) -> list[Proposal]:
    """One proposal for each section that waits for nothing and that such an order puts behind others."""
    out: list[Proposal] = []
    seen: set[str] = set()
    for line, groups in _orders(subject):
        for before, after in pairwise(groups):
            for at in after:
                name = subject.sections[at].id
                if name in seen or subject.graph.upstreams(name) or at in subject.links.freed:
                    continue
                below = subject.graph.descendants(name)
                firsts = [
                    subject.sections[one].id for one in before if one != at and subject.sections[one].id not in below
                ]
                if not firsts:
                    continue
                seen.add(name)
                out.append(_proposal(len(out) + 1, name, firsts, line, subject.document.line(line).strip()))
    return out


def _proposal(number: int, name: str, firsts: list[str], line: int, quote: str) -> Proposal:
    return Proposal(
        id=f"reader-{number}",
        kind="recommended-order",
        ids=(name, *firsts),
        line=line,
        quote=quote,
        reason=f"the plan recommends {', '.join(map(repr, firsts))} before {name!r} and says nothing else about it",
        source="reader",
        edits=tuple(AddEdge(upstream=first, downstream=name) for first in firsts),
    )


def _orders(subject: Subject) -> Iterator[tuple[int, list[list[int]]]]:
    """Recommended orders: in one line with arrows, or as the list below a line or heading that announces it."""
    document = subject.document
    for number, line in subject.prose:
        advice = _ADVICE.search(line)
        found = _SEQUENCE.search(line, advice.start()) if advice else None
        if not found:
            continue
        tail = line[found.end() :].partition(":")[2] or line[found.end() :]
        parts = _ARROW.split(tail)
        if len(parts) > 1:
            yield number, _groups(subject, parts)
            continue
        entries: list[str] = []
        for after in range(number + 1, min(number + _MOST_ENTRIES, len(document.lines)) + 1):
            text = document.line(after)
            entry = _ENTRY.match(text)
            if entry:
                entries.append(entry["text"])
            elif text.strip() and (entries or document.hidden[after] or after in document.heading_lines):
                break
        if len(entries) > 1:
            yield number, _groups(subject, entries)


def _groups(subject: Subject, parts: list[str]) -> list[list[int]]:
    groups: list[list[int]] = []
    for part in parts:
        words = _PLACE.sub("", plain(part).strip(" *_.`"))
        meant = subject.meant(words) or [
            at for piece in _TOGETHER.split(words.partition(" (")[0]) for at in subject.meant(piece.strip(" *_.`:"))
        ]
        if meant:
            groups.append(list(dict.fromkeys(meant)))
    return groups
