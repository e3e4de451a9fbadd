"""What a person should see before approving: the wording of every finding, and the ones read off the finished graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from orch_tui.clean import one_line
from orch_tui.plan.dag import Graph
from orch_tui.plan.model import Dependency, Evidence, Finding, FindingType, Section

_MOST_NAMED = 12
"""Members of a cycle that a message names; the rest is counted."""
_QUOTED = 120
"""Characters of a plan's words within a message."""
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
        f"{_subject(who)} is to wait for {name!r}, but no section has that id or title: it will not wait for it;"
        " correct the reference or add the section",
    )


def external(who: str, name: str, line: int) -> Finding:
    """A reference to something that is done elsewhere."""
    return finding(
        "external-dependency",
        (who,) if who else (),
        line,
        f"{_subject(who)} waits for {name!r}, which is outside this plan: no section does it and nothing checks it;"
        " see that it is there before the run",
    )


def ambiguous(who: str, name: str, ids: Sequence[str], line: int) -> Finding:
    """A reference that fits several sections; all of them are waited for."""
    return finding(
        "ambiguous-reference",
        (who,) if who else (),
        line,
        f"{_subject(who)} is to wait for {name!r}, which fits {listed(ids)}; it waits for all of them until you"
        " drop one",
    )


def itself(who: str, quote: str, line: int) -> Finding:
    """A section that names itself."""
    return finding(
        "self-reference",
        (who,),
        line,
        f"section {who!r} names itself as something it waits for ({_short(quote)!r}); that is left out, else it could"
        " never start",
    )


def duplicate(new: Sequence[str], written: Sequence[str], line: int, first_line: int) -> Finding:
    """Ids that are used again, of items that follow one another; `first_line` is where they begin."""
    if len(new) == 1:
        why = f"the id {written[0]!r} is used again (first in line {first_line}): this section is called {new[0]!r}"
    else:
        why = (
            f"the ids {listed(written)} are used again (first from line {first_line} on): these sections are called"
            f" {listed(new)}"
        )
    return finding("duplicate-id", new, line, f"{why}; see that references mean the one you think")


def deferred(who: str, quote: str, line: int) -> Finding:
    """An item that the plan puts off."""
    return finding(
        "deferred-item",
        (who,),
        line,
        f"section {who!r} is marked as deferred, optional or superseded ({_short(quote)!r}); it runs like the others"
        " unless you exclude it",
    )


def contradiction(ids: Sequence[str], line: int, why: str) -> Finding:
    """Two statements that exclude each other; the edge stays."""
    return finding("contradiction", ids, line, f"{why}; the dependency is kept until you decide")


def status_conflict(who: str, line: int, why: str, *, done: bool) -> Finding:
    """Two places that disagree about being done; `done` is what counts."""
    counts = "it counts as done and does not run" if done else "it counts as not done and runs"
    return finding("status-conflict", (who,), line, f"{why}; {counts}")


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
    named = [name + (f" (line {lines[name]})" if lines[name] else "") for name in cycle[:_MOST_NAMED]]
    if len(cycle) > _MOST_NAMED:
        named.append(f"{len(cycle) - _MOST_NAMED} more")
    return " -> ".join([*named, cycle[0]])


def against_parallel(
    graph: Graph, sections: Sequence[Section], edges: Sequence[Dependency], said: Mapping[tuple[str, str], Evidence]
) -> list[Finding]:
    """A contradiction for every section that waits for one it is said to run in parallel with.

    `said` are the words for each pair that is said to run so.
    """
    direct = {(edge.upstream, edge.downstream): edge for edge in edges}
    pairs: dict[tuple[str, str], Evidence | None] = {}
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
                pairs.setdefault((waits, for_what), said.get((section.id, other)))
    told: dict[str, list[str]] = defaultdict(list)
    for waits, for_what in pairs:
        told[waits].append(for_what)
    return [_not_beside(waits, for_what, pairs[waits, for_what[0]], direct) for waits, for_what in told.items()]


def _not_beside(
    waits: str, for_what: Sequence[str], said: Evidence | None, direct: Mapping[tuple[str, str], Dependency]
) -> Finding:
    """ "'B' is said to run in parallel with 'A' ('…'), and to wait for it (line 7: 'Depends on: A')"."""
    edge = next((found for one in for_what if (found := direct.get((one, waits)))), None)
    how = words_of(edge) if edge else "through other sections"
    them = "it" if len(for_what) == 1 else "them"
    quoted = f" ({_short(said.quote)!r})" if said else ""
    why = f"{waits!r} is said to run in parallel with {listed(for_what)}{quoted}, and to wait for {them} ({how})"
    return contradiction((waits, *for_what[:_MOST_NAMED]), said.line if said else 0, why)


def listed(names: Sequence[str]) -> str:
    """Ids for a person; of many the first ones and how many more there are."""
    shown = ", ".join(map(repr, names[:_MOST_NAMED]))
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown


def nothing_stated() -> Finding:
    """A plan that says nothing about order."""
    return finding(
        "no-dependencies-stated",
        (),
        0,
        "the plan states no dependencies, so all sections could run at once; add lines such as 'Depends on: ...'",
    )


def words_of(edge: Dependency) -> str:
    """The line and words of an edge: "line 7: 'Depends on: A'"."""
    return f"line {edge.evidence.line}: {_short(edge.evidence.quote)!r}"


def _short(quote: str) -> str:
    return one_line(quote, _QUOTED)


def _subject(who: str) -> str:
    return f"section {who!r}" if who else "the plan"
