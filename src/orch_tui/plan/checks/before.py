"""Which sections come before which, for many questions at once."""

from __future__ import annotations

from orch_tui.plan.dag import Graph

LARGEST = 20_000
"""Sections up to which all pairs are known: one bit for each pair, 50 MB at most."""


class Before:
    """Answers in constant time whether one section waits for another, directly or not.

    One integer for each section holds a bit for each of its ancestors; built upstream first, linear in the edges.
    Sections on or behind a cycle count as ordered against all: they cannot run side by side with anything.
    """

    def __init__(self, graph: Graph) -> None:
        self._place = {node: at for at, node in enumerate(graph.nodes)}
        self._above: dict[str, int] = {}
        for node in graph.order() if len(graph.nodes) <= LARGEST else ():
            bits = 0
            for upstream in graph.upstreams(node):
                bits |= self._above[upstream] | (1 << self._place[upstream])
            self._above[node] = bits

    def side_by_side(self, one: str, other: str) -> bool:
        """Whether neither waits for the other."""
        if one == other or one not in self._above or other not in self._above:
            return False
        return not (self._above[one] >> self._place[other] & 1 or self._above[other] >> self._place[one] & 1)
