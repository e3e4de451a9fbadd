"""Sections that stand alone or behind a cycle."""

from __future__ import annotations

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding, listed
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_MOST_NAMED = 12
_BY_ITSELF = any_of("""
    standalone, stand-alone, stands alone, self-contained, at any time, any time, whenever, independent, independently,
    unabhängig, jederzeit, für sich, independiente, en cualquier momento, indépendant, indépendante, à tout moment,
    独立, 随时, いつでも
""")
_READ = 2_000
"""Characters of a section that are looked through for such words."""
_MOST_ALONE = 0.4
"""The share of sections without edges up to which being alone is worth a word."""


def alone(subject: Subject) -> list[Finding]:
    """Sections without any edge while the others are connected, unless they say that they need nothing."""
    graph = subject.graph
    single = [
        at
        for at, section in enumerate(subject.sections)
        if not graph.upstreams(section.id) and not graph.downstreams(section.id)
    ]
    links = subject.links
    lonely = [
        at
        for at in single
        if at not in links.freed and at not in links.fielded and not links.parallel.get(at) and _is_open(subject, at)
    ]
    if not lonely or len(single) > _MOST_ALONE * len(subject.sections):
        return []
    ids = tuple(subject.sections[at].id for at in lonely)
    line = subject.sections[lonely[0]].lines[0]
    why = (
        f"nothing says what comes before or after {listed(ids)}, while the others are connected: free to start at once"
    )
    return [finding("orphaned", ids, line, why)]


def _is_open(subject: Subject, at: int) -> bool:
    """Whether a section is still to be done and does not say itself, in whatever words, that it stands alone."""
    section = subject.sections[at]
    return not section.done and not _BY_ITSELF.search(section.body[:_READ])


def behind_cycles(subject: Subject) -> list[Finding]:
    """Sections that can never start because they wait for a cycle."""
    out: list[Finding] = []
    runnable = set(subject.graph.order())
    tangled = {node for node in subject.graph.nodes if node not in runnable}
    for cycle in subject.graph.cycles() if tangled else ():
        below = subject.graph.descendants(cycle[0])
        above = subject.graph.ancestors(cycle[0])
        ids = tuple(node for node in subject.graph.nodes if node in below and node not in above)
        if ids:
            why = f"{listed(ids)} can never start: the cycle {' -> '.join(cycle[:_MOST_NAMED])} comes before"
            out.append(finding("unreachable", ids, subject.by_id[ids[0]].lines[0], why))
    return out
