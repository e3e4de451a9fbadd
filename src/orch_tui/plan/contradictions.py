"""Statements that exclude each other: both are kept, and a person is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from orch_tui.plan import findings
from orch_tui.plan.model import Dependency, Finding

Edges = dict[tuple[int, int], Dependency]
"""Edges by the numbers of their upstream and downstream items."""

_WEAK = re.compile(
    r"\b(?:enable|support|help|prepare|inform|facilitat|ermöglich|unterstütz|habilita|permet)\w*", re.IGNORECASE
)
"""Words that say that something gains from another thing, not that it has to wait."""
_DOUBTFUL = 0.4


def denied(ids: Sequence[str], edges: Edges, negated: Iterable[tuple[int, int, int]]) -> list[Finding]:
    """Edges that are denied elsewhere; `negated` are (item, the other one, line): "C does not depend on B"."""
    out: list[Finding] = []
    for at, other, line in negated:
        if edge := edges.get((other, at)):
            why = f"{ids[at]!r} is said not to wait for {ids[other]!r}, and to wait for it ({findings.words_of(edge)})"
            out.append(findings.contradiction((ids[at], ids[other]), line, why))
    return out


def waiting_for_nothing(ids: Sequence[str], edges: Edges, freed: Mapping[int, int]) -> list[Finding]:
    """Items that are said to wait for nothing (`freed`, with the line) and to wait for something.

    What "enables" such an item hardly keeps it waiting: those edges become doubtful.
    """
    upstream_of: dict[int, list[int]] = defaultdict(list)
    for upstream, downstream in edges:
        if downstream in freed:
            upstream_of[downstream].append(upstream)
    out: list[Finding] = []
    for at, upstreams in upstream_of.items():
        for upstream in upstreams:
            edge = edges[upstream, at]
            if edge.kind == "reverse" and _WEAK.search(edge.evidence.quote):
                edges[upstream, at] = replace(edge, confidence=min(edge.confidence, _DOUBTFUL))
        named = [ids[upstream] for upstream in upstreams]
        how = findings.words_of(edges[upstreams[0], at])
        why = f"{ids[at]!r} is said to wait for nothing, and to wait for {findings.listed(named)} ({how})"
        out.append(findings.contradiction((ids[at], *named[:5]), freed[at], why))
    return out
