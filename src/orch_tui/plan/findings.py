"""What a person should see before approving: the wording of every finding, and the ones read off the finished graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orch_tui.plan.dag import Graph
from orch_tui.plan.model import Dependency, Finding, FindingType, Section

_MOST_NAMED = 12
"""Members of a cycle that a message names; the rest is counted."""
_MOST_STEPS = 2_000_000
"""Graph nodes visited to check stated parallelism against indirect dependencies; beyond it only direct ones are."""


def finding(kind: FindingType, ids: Iterable[str], line: int, message: str) -> Finding:
    """A finding; `line` is 0 for the whole document."""
    return Finding(type=kind, ids=tuple(ids), line=line, message=message)


def unknown(who: str, name: str, line: int) -> Finding:
    """A reference that fits nothing."""
    return finding(
        "unknown-reference",
        (who,) if who else (),
        line,
        f"{_subject(who)} names {name!r}, which is no section of this plan; no edge was made",
    )


def external(who: str, name: str, line: int) -> Finding:
    """A reference to the work of another plan."""
    return finding(
        "external-dependency",
        (who,) if who else (),
        line,
        f"{_subject(who)} waits for {name!r} of another plan; see that it is done before this runs",
    )


def ambiguous(who: str, name: str, ids: Sequence[str], line: int) -> Finding:
    """A reference that fits several sections; all of them are waited for."""
    return finding(
        "ambiguous-reference",
        (who,) if who else (),
        line,
        f"{_subject(who)} names {name!r}, which fits {', '.join(map(repr, ids))}; it waits for all of them",
    )


def itself(who: str, line: int) -> Finding:
    """A section that names itself."""
    return finding("self-reference", (who,), line, f"section {who!r} names itself as its own dependency; left out")


def duplicate(new: str, written: str, line: int, first_line: int) -> Finding:
    """An id that is used again."""
    return finding(
        "duplicate-id",
        (new,),
        line,
        f"the id {written!r} is used again (first in line {first_line}); this one is called {new!r}",
    )


def deferred(who: str, line: int) -> Finding:
    """An item that the plan puts off."""
    return finding(
        "deferred-item",
        (who,),
        line,
        f"section {who!r} is marked as deferred, optional or superseded; exclude it or it runs",
    )


def contradiction(ids: Sequence[str], line: int, why: str) -> Finding:
    """Two statements that exclude each other; the edge stays."""
    return finding("contradiction", ids, line, f"{why}; the dependency is kept until you decide")


def status_conflict(who: str, line: int, why: str) -> Finding:
    """Two places that disagree about being done."""
    return finding("status-conflict", (who,), line, why)


def cycles(graph: Graph, lines: Mapping[str, int]) -> list[Finding]:
    """One finding for every tangle of the graph, naming its shortest cycle; `lines` is where sections start."""
    return [
        finding(
            "cycle",
            cycle,
            lines[cycle[0]],
            f"{circle(cycle, lines)}: each waits for the one before, so none can start; drop a dependency",
        )
        for cycle in graph.cycles()
    ]


def circle(cycle: Sequence[str], lines: Mapping[str, int]) -> str:
    """A cycle in words: "A (line 3) -> B (line 9) -> A"; `lines` is where sections start."""
    named = [f"{name} (line {lines[name]})" for name in cycle[:_MOST_NAMED]]
    if len(cycle) > _MOST_NAMED:
        named.append(f"{len(cycle) - _MOST_NAMED} more")
    return " -> ".join([*named, cycle[0]])


def against_parallel(graph: Graph, sections: Sequence[Section], edges: Sequence[Dependency]) -> list[Finding]:
    """A contradiction for every pair that the plan calls parallel although one waits for the other."""
    direct = {(edge.upstream, edge.downstream): edge for edge in edges}
    lines = {section.id: section.lines[0] for section in sections}
    out: dict[frozenset[str], Finding] = {}
    steps = 0
    for section in sections:
        if not section.hints.parallel_with:
            continue
        near = steps > _MOST_STEPS
        above = frozenset(graph.upstreams(section.id)) if near else graph.ancestors(section.id)
        below = frozenset(graph.downstreams(section.id)) if near else graph.descendants(section.id)
        steps += len(above) + len(below)
        for other in section.hints.parallel_with:
            if other in above or other in below:
                waits, for_what = (section.id, other) if other in above else (other, section.id)
                edge = direct.get((for_what, waits))
                how = f"waits for it (line {edge.evidence.line})" if edge else "waits for it through other sections"
                why = f"{waits!r} is said to run in parallel with {for_what!r} and {how}"
                out.setdefault(frozenset((waits, for_what)), contradiction((waits, for_what), lines[section.id], why))
    return list(out.values())


def nothing_stated() -> Finding:
    """A plan that says nothing about order."""
    return finding(
        "no-dependencies-stated",
        (),
        0,
        "the plan states no dependencies, so all sections could run at once; add lines such as 'Depends on: ...'",
    )


def _subject(who: str) -> str:
    return f"section {who!r}" if who else "the plan"
