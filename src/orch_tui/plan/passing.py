"""What a section that is left out passes on: those behind it wait for what it would have waited for."""

from __future__ import annotations

from collections.abc import Collection, Set

from orch_tui.plan.dag import Graph


def loose(graph: Graph, left_out: Collection[str]) -> frozenset[str]:
    """Those left out that lie on a circle: to leave one out is how people break it, so it passes nothing on."""
    if not left_out or graph.acyclic:
        return frozenset()
    return frozenset(name for group in graph.tangles() for name in group if name in left_out)


def passing(graph: Graph, done: Collection[str], left_out: Collection[str]) -> Graph:
    """Who waits for whom among what is not done; sections left out stay in it as what others wait through."""
    free = loose(graph, left_out)
    graph = graph.chosen(done, left_out).without(done)
    cut = [(up, name) for name in free if name in graph for up in graph.upstreams(name)]
    return graph.changed((), cut, graph.either) if cut else graph


def longest_chain(graph: Graph, done: Collection[str], left_out: Set[str]) -> list[str]:
    """The critical path of what is still to be carried out, upstream first."""
    chain = passing(graph, done, left_out).critical_path(dict.fromkeys(left_out, 0.0))
    return [name for name in chain if name not in left_out]
