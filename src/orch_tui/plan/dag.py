"""The graph over section ids: order, waves, ready set, cycles, critical path. Linear time, no recursion.

Edges point from upstream to downstream: `("A", "B")` says that B waits for A. "Document order" is the order in which
the nodes were given. Strongly connected components after Tarjan (1972), order after Kahn (1962).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Self

from orch_tui.plan.either import Choice, Choices, choices, left, members
from orch_tui.plan.model import Dependency, Plan


class Graph:
    """An immutable directed graph over ids; edges count once, those to unknown ids and to oneself are left out."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[tuple[str, str]], either: Choices | None = None) -> None:
        self.either: Choices = either or {}
        """Where not every upstream is waited for: of each choice one option is enough."""
        self.nodes: tuple[str, ...] = tuple(dict.fromkeys(nodes))
        self._place = {node: at for at, node in enumerate(self.nodes)}
        down: dict[str, list[str]] = {node: [] for node in self.nodes}
        up: dict[str, list[str]] = {node: [] for node in self.nodes}
        for upstream, downstream in dict.fromkeys(edges):
            if upstream in down and downstream in down and upstream != downstream:
                down[upstream].append(downstream)
                up[downstream].append(upstream)
        self._down = {node: self._sorted(ids) for node, ids in down.items()}
        self._up = {node: self._sorted(ids) for node, ids in up.items()}
        self._order: tuple[str, ...] | None = None

    def _sorted(self, ids: Collection[str]) -> tuple[str, ...]:
        return tuple(ids) if len(ids) < 2 else tuple(sorted(ids, key=self._place.__getitem__))

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The graph of a plan's sections and dependencies."""
        return cls.laid((section.id for section in plan.sections), plan.dependencies)

    @classmethod
    def laid(cls, nodes: Iterable[str], dependencies: Sequence[Dependency]) -> Self:
        """The graph of these ids and edges, with what edges leave a choice of."""
        return cls(nodes, ((edge.upstream, edge.downstream) for edge in dependencies), choices(dependencies))

    def changed(
        self, added: Iterable[tuple[str, str]], dropped: Iterable[tuple[str, str]], either: Choices | None = None
    ) -> Graph:
        """The same graph with other edges: quicker than a new one where few change. All ends must be known."""
        other = self._alike(self.nodes, self._place, self._up.copy(), self._down.copy(), either or {})
        for upstream, downstream in dropped:
            other._down[upstream] = tuple(node for node in other._down[upstream] if node != downstream)
            other._up[downstream] = tuple(node for node in other._up[downstream] if node != upstream)
        for upstream, downstream in added:
            if upstream != downstream and downstream not in other._down[upstream]:
                other._down[upstream] = self._sorted((*other._down[upstream], downstream))
                other._up[downstream] = self._sorted((*other._up[downstream], upstream))
        return other

    def differing(self, other: Graph) -> set[str]:
        """Nodes of both that have other neighbours there."""
        return {
            node for node in self.nodes if self._up[node] != other._up[node] or self._down[node] != other._down[node]
        }

    def without(self, nodes: Collection[str]) -> Graph:
        """The graph of the other nodes alone."""
        gone = frozenset(nodes) & self._place.keys()
        if not gone:
            return self
        rest = tuple(node for node in self.nodes if node not in gone)
        up = {node: self._up[node] for node in rest}
        down = {node: self._down[node] for node in rest}
        either = {name: found for name, found in self.either.items() if name not in gone} if self.either else {}
        for node in {near for name in gone for near in (*self._up[name], *self._down[name])} - gone:
            if node in either:
                either[node] = _among(either[node], gone)
            up[node] = tuple(one for one in up[node] if one not in gone)
            down[node] = tuple(one for one in down[node] if one not in gone)
        return self._alike(rest, {node: at for at, node in enumerate(rest)}, up, down, either)

    def chosen(self, done: Collection[str], left_out: Collection[str]) -> Graph:
        """The graph with those alternatives only that matter, see `left`: nobody waits for the others."""
        near = {down for up in chain(done, left_out) for down in self._down.get(up, ()) if down in self.either}
        if not near:
            return self
        either = {name: found for name, found in self.either.items() if name not in near}
        cut: list[tuple[str, str]] = []
        for name in near:
            found = self.either[name]
            kept = [left(one, done, left_out) for one in found]
            cut += [(up, name) for up in members(found) - members(kept)]
            if still := [one for one in kept if len(one) > 1]:
                either[name] = _among(still, members(one for one in kept if len(one) == 1))
        return self.changed((), cut, either)

    @classmethod
    def _alike(
        cls,
        nodes: tuple[str, ...],
        place: dict[str, int],
        up: dict[str, tuple[str, ...]],
        down: dict[str, tuple[str, ...]],
        either: Choices,
    ) -> Graph:
        other = cls((), (), either)
        other.nodes, other._place, other._up, other._down = nodes, place, up, down
        return other

    def __contains__(self, node: str) -> bool:
        return node in self._place

    def upstreams(self, node: str) -> tuple[str, ...]:
        """What `node` waits for directly, in document order."""
        return self._up[node]

    def downstreams(self, node: str) -> tuple[str, ...]:
        """What waits for `node` directly, in document order."""
        return self._down[node]

    def ancestors(self, node: str) -> frozenset[str]:
        """Everything `node` waits for, directly or not. Contains `node` itself only when it lies on a cycle."""
        return _reach(node, self._up)

    def descendants(self, node: str) -> frozenset[str]:
        """Everything that waits for `node`, directly or not. Contains `node` itself only when it lies on a cycle."""
        return _reach(node, self._down)

    def order(self) -> list[str]:
        """Upstreams first, otherwise document order. Nodes on a cycle, and those behind one, are left out."""
        if self._order is None:
            self._order = tuple(self._in_order())
        return list(self._order)

    @property
    def acyclic(self) -> bool:
        """Whether no nodes wait for each other."""
        return len(self.order()) == len(self.nodes)

    def _in_order(self) -> list[str]:
        waiting = {node: len(ids) for node, ids in self._up.items()}
        free = [at for at, node in enumerate(self.nodes) if not waiting[node]]
        heapify(free)
        out: list[str] = []
        while free:
            node = self.nodes[heappop(free)]
            out.append(node)
            for after in self._down[node]:
                waiting[after] -= 1
                if not waiting[after]:
                    heappush(free, self._place[after])
        return out

    def waves(self) -> list[list[str]]:
        """Nodes by the earliest round in which they could run, each round in document order; cycles are left out."""
        level: dict[str, int] = {}
        out: list[list[str]] = []
        for node in self.order():
            level[node] = max((level[before] + 1 for before in self.deciding(node, level)), default=0)
            if level[node] == len(out):
                out.append([])
            out[level[node]].append(node)
        return [sorted(wave, key=self._place.__getitem__) for wave in out]

    def ready(self, done: Collection[str]) -> list[str]:
        """Nodes not in `done` that wait for nothing but what is, in document order."""
        have = frozenset(done)
        graph = self.chosen(have, ())
        return [node for node in self.nodes if node not in have and have.issuperset(graph.upstreams(node))]

    def holds_back(self, node: str, out: Collection[str]) -> bool:
        """Whether `node` cannot have what it waits for without those `out`: one that is needed, or all of a choice."""
        found = self.either.get(node, ())
        one_of = members(found)
        return any(name in out for name in self._up[node] if name not in one_of) or any(
            all(any(name in out for name in option) for option in one) for one in found
        )

    def deciding(self, node: str, when: Mapping[str, float]) -> tuple[str, ...]:
        """The upstreams that decide when `node` can start: of each choice those of the option that is there first."""
        found = self.either.get(node)
        if not found:
            return self._up[node]
        kept = [min(one, key=lambda option: max((when[name] for name in option), default=-1.0)) for one in found]
        idle = members(found).difference(*kept)
        return tuple(name for name in self._up[node] if name not in idle)

    def critical_path(self, weights: Mapping[str, float] | None = None) -> list[str]:
        """The heaviest chain, upstream first; a node weighs 1 unless `weights` says otherwise (any unit, >= 0).

        Among equals the chain whose members come first in the document. Cycles are left out.
        """
        weigh: Callable[[str], float] = (lambda _: 1.0) if weights is None else (lambda node: weights.get(node, 1.0))
        total: dict[str, float] = {}
        best_before: dict[str, str] = {}
        for node in self.order():
            before = self.deciding(node, total)
            if before:
                best_before[node] = max(before, key=total.__getitem__)
            total[node] = weigh(node) + (total[best_before[node]] if before else 0.0)
        if not total:
            return []
        end = max(self.nodes, key=lambda node: total.get(node, -1.0))
        path = [end]
        while path[-1] in best_before:
            path.append(best_before[path[-1]])
        return path[::-1]

    def cycles(self) -> list[list[str]]:
        """One shortest cycle of every tangle (strongly connected component), in document order of its first node.

        Each is a list of ids, upstream first; the last one is the upstream of the first.
        """
        return [self._shortest_cycle(group) for group in self.tangles()]

    def tangles(self) -> list[list[str]]:
        """The groups of nodes that wait for each other (strongly connected components of two and more)."""
        if self.acyclic:
            return []
        tangles = [group for group in self._components() if len(group) > 1]
        tangles.sort(key=lambda group: self._place[group[0]])
        return tangles

    def path(self, start: str, end: str) -> list[str]:
        """A shortest way along the edges from `start` to `end`, both included; [] when there is none."""
        came = {start: ""}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if node == end:
                return _walk_back(end, start, came)
            for after in self._down[node]:
                if after not in came:
                    came[after] = node
                    queue.append(after)
        return []

    def _shortest_cycle(self, group: list[str]) -> list[str]:
        """The shortest way from the group's first node back to itself, by breadth-first search."""
        start, inside = group[0], frozenset(group)
        came: dict[str, str] = {}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for after in self._down[node]:
                if after == start:
                    return _walk_back(node, start, came)
                if after in inside and after not in came:
                    came[after] = node
                    queue.append(after)
        raise AssertionError(f"{start!r} lies on no cycle")

    def _components(self) -> list[list[str]]:
        """Strongly connected components, each in document order."""
        number: dict[str, int] = {}
        low: dict[str, int] = {}
        stack: list[str] = []
        on_stack: set[str] = set()
        out: list[list[str]] = []
        for root in self.nodes:
            if root in number:
                continue
            work = [(root, 0)]
            while work:
                node, at = work.pop()
                if at == 0:
                    number[node] = low[node] = len(number)
                    stack.append(node)
                    on_stack.add(node)
                after = self._down[node]
                while at < len(after):
                    target = after[at]
                    at += 1
                    if target not in number:
                        work += [(node, at), (target, 0)]
                        break
                    if target in on_stack:
                        low[node] = min(low[node], number[target])
                else:
                    if low[node] == number[node]:
                        out.append(self._unwind(node, stack, on_stack))
                    if work:
                        parent = work[-1][0]
                        low[parent] = min(low[parent], low[node])
        return out

    def _unwind(self, node: str, stack: list[str], on_stack: set[str]) -> list[str]:
        group: list[str] = []
        while True:
            member = stack.pop()
            on_stack.discard(member)
            group.append(member)
            if member == node:
                return sorted(group, key=self._place.__getitem__)


def _walk_back(node: str, start: str, came: Mapping[str, str]) -> list[str]:
    path = [node]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def _among(found: Iterable[Choice], gone: Collection[str]) -> tuple[Choice, ...]:
    return tuple(tuple(tuple(name for name in option if name not in gone) for option in one) for one in found)


def _reach(node: str, step: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    seen: set[str] = set()
    work = list(step[node])
    while work:
        at = work.pop()
        if at not in seen:
            seen.add(at)
            work += step[at]
    return frozenset(seen)
