"""From what a reader found to edges with evidence: the rules of precedence, the same for every family of formats.

Statements of an item about itself beat statements of its container; reverse statements ("Blocks: 5") add edges without
freeing anybody from a container's; "can parallel with" and "no dependencies" never remove a stated edge.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from orch_tui.plan import findings
from orch_tui.plan.evidence import confidence, evidence, need
from orch_tui.plan.identity import final_ids
from orch_tui.plan.index import Index
from orch_tui.plan.model import Dependency, EdgeKind, Finding
from orch_tui.plan.reading import Order, Reading, Statement
from orch_tui.plan.references import Hit, References, Resolution

_IN_ORDER = 0.9
"""How sure an edge is that follows from an order stated for all."""
MOST_EDGES = 200_000
"""Edges of one plan; more come only from thousands of "all previous", and no machine is the better for them."""


@dataclass(slots=True, kw_only=True)
class Links:
    """Final ids by item number, edges in document order of their words, stated parallelism, findings."""

    ids: list[str]
    edges: list[Dependency] = field(default_factory=list[Dependency])
    parallel: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    findings: list[Finding] = field(default_factory=list[Finding])
    stated: bool = False
    """Whether the plan says anything about order, be it only "none"."""


def link(reading: Reading) -> Links:
    """Resolves every statement of `reading`."""
    return _Linker(reading).run()


class _Linker:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        ids, duplicates = final_ids(reading.items)
        self._links = Links(ids=ids, findings=[*reading.findings, *duplicates])
        self._index = Index(reading.items, reading.containers, ids)
        self._references = References(self._index)
        self._edges: dict[tuple[int, int], Dependency] = {}
        self._own: set[int] = set()
        self._freed: dict[int, int] = {}
        self._negated: list[tuple[int, int, int]] = []

    def run(self) -> Links:
        items = [statement for statement in self._reading.statements if statement.item >= 0]
        containers = [statement for statement in self._reading.statements if statement.item < 0]
        for statement in (*items, *containers):
            if len(self._edges) >= MOST_EDGES:
                self._full(statement.line)
                break
            if statement.item >= 0:
                self._item(statement)
            else:
                self._container(statement)
        for order in self._reading.orders:
            self._order(order)
        self._contradictions()
        self._links.edges = sorted(self._edges.values(), key=lambda edge: edge.evidence.line)
        return self._links

    def _item(self, statement: Statement) -> None:
        at = statement.item
        found = self._references.resolve(statement.text, subject=at, field=statement.field)
        if statement.field or found.hits:
            self._links.stated = True
        self._report(statement, found)
        if statement.relation == "parallel":
            beside = self._links.parallel.setdefault(at, [])
            beside += [self._links.ids[hit.item] for hit in found.hits if self._links.ids[hit.item] not in beside]
            return
        if statement.relation == "needs" and not statement.adds and (statement.field or found.hits):
            self._own.add(at)
            if found.none and not found.hits:
                self._freed.setdefault(at, statement.line)
        self._negated += [(at, other, statement.line) for other in found.negated]
        for hit in found.hits:
            ends = (hit.item, at) if statement.relation == "needs" else (at, hit.item)
            self._add(*ends, statement, hit, "reverse" if statement.relation == "blocks" else statement.kind)

    def _container(self, statement: Statement) -> None:
        """Everything in a container waits for what the container waits for, except items that speak for themselves."""
        members = self._index.members(statement.container)
        if not members:
            return
        found = self._references.resolve(statement.text, before=members[0], field=statement.field)
        self._links.stated = self._links.stated or bool(found.hits) or statement.field
        self._report(statement, found)
        if statement.relation == "parallel":
            return
        inside = frozenset(members)
        for hit in found.hits:
            if hit.item in inside:
                continue
            for member in members:
                if statement.relation == "needs" and member not in self._own:
                    self._add(hit.item, member, statement, hit, "container")
                elif statement.relation == "blocks" and hit.item not in self._own:
                    self._add(member, hit.item, statement, hit, "container")

    def _order(self, order: Order) -> None:
        """Every item waits for the group before; what is said to run beside that group joins it."""
        self._links.stated = True
        groups = [list(group) for group in order.groups if group]
        before: list[int] = []
        held: list[int] = []
        for group in groups:
            beside = order.implied and any(self._beside(one, other) for one in group for other in held)
            if not beside:
                before, held = held, []
            for item in group:
                if order.implied and item in self._own:
                    continue
                if len(self._edges) + len(before) > MOST_EDGES:
                    self._full(order.line)
                    return
                for upstream in before:
                    self._follow(upstream, item, order)
            held = held + group

    def _beside(self, one: int, other: int) -> bool:
        ids, parallel = self._links.ids, self._links.parallel
        return ids[other] in parallel.get(one, ()) or ids[one] in parallel.get(other, ())

    def _follow(self, upstream: int, downstream: int, order: Order) -> None:
        if upstream == downstream:
            return
        self._edges.setdefault(
            (upstream, downstream),
            Dependency(
                upstream=self._links.ids[upstream],
                downstream=self._links.ids[downstream],
                kind="order",
                evidence=evidence(order.line, order.quote),
                confidence=_IN_ORDER,
            ),
        )

    def _add(self, upstream: int, downstream: int, statement: Statement, hit: Hit, kind: EdgeKind) -> None:
        """Keeps the first and surest words for each edge."""
        sure = confidence(hit.way, prose=not statement.field, alternative=hit.alternative)
        before = self._edges.get((upstream, downstream))
        if before and before.confidence >= sure:
            return
        self._edges[upstream, downstream] = Dependency(
            upstream=self._links.ids[upstream],
            downstream=self._links.ids[downstream],
            kind=kind,
            evidence=evidence(statement.line, statement.quote),
            confidence=sure,
            needs=need(hit.note),
            needs_text=hit.note,
        )

    def _full(self, line: int) -> None:
        message = f"more than {MOST_EDGES} dependencies; those stated from line {line} on are left out"
        self._links.findings.append(findings.finding("too-many-dependencies", (), line, message))

    def _report(self, statement: Statement, found: Resolution) -> None:
        who = self._links.ids[statement.item] if statement.item >= 0 else ""
        out = self._links.findings
        if statement.relation == "needs":
            out += [findings.unknown(who, name, statement.line) for name in found.unknown]
            out += [findings.external(who, name, statement.line) for name in found.external]
            for name in found.ambiguous:
                fits = [self._links.ids[hit.item] for hit in found.hits if hit.way == "ambiguous"]
                out.append(findings.ambiguous(who, name, fits, statement.line))
            if found.own:
                out.append(findings.itself(who, statement.line))

    def _contradictions(self) -> None:
        ids, out = self._links.ids, self._links.findings
        for at, other, line in self._negated:
            if (other, at) in self._edges:
                why = f"{ids[at]!r} is said not to wait for {ids[other]!r}, and to wait for it"
                out.append(findings.contradiction((ids[at], ids[other]), line, why))
        upstream_of: dict[int, list[int]] = defaultdict(list)
        for upstream, downstream in self._edges:
            if downstream in self._freed:
                upstream_of[downstream].append(upstream)
        for at, upstreams in upstream_of.items():
            named = [ids[upstream] for upstream in upstreams]
            why = f"{ids[at]!r} is said to wait for nothing, and to wait for {', '.join(map(repr, named[:5]))}"
            out.append(findings.contradiction((ids[at], *named[:5]), self._freed[at], why))
