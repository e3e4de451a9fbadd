"""From what a reader found to edges with evidence: the rules of precedence, the same for every family of formats.

Statements of an item about itself beat statements of its container; reverse statements ("Blocks: 5") add edges without
freeing anybody from a container's; "can parallel with" and "no dependencies" never remove a stated edge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from orch_tui.plan import findings
from orch_tui.plan.chained import chains
from orch_tui.plan.contradictions import denied, waiting_for_nothing
from orch_tui.plan.drawn import DrawnEdge, all_drawn, drawn_edges, regrouped
from orch_tui.plan.either import Alternatives
from orch_tui.plan.evidence import aside, confidence, evidence, need, of_the_last
from orch_tui.plan.filler import THIS_ONE
from orch_tui.plan.first_last import beyond
from orch_tui.plan.following import followed
from orch_tui.plan.gating import Gate
from orch_tui.plan.identity import final_ids
from orch_tui.plan.index import Index
from orch_tui.plan.misfits import misfits
from orch_tui.plan.model import Dependency, EdgeKind, Evidence, Finding
from orch_tui.plan.reading import Diagram, Order, Reading, Statement
from orch_tui.plan.references import Hit, References
from orch_tui.plan.wording import EACH_OTHER, RESPECTIVELY, THE_OTHERS, take_apart

_IN_ORDER = 0.9
"""How sure an edge is that follows from an order stated for all."""
_MOST_OVERRIDDEN = 20_000
_TELLING = 4
"""Words of a note behind "A blocks B" that says why; a shorter one is another name of B."""
_MOST_LAST = 20
"""Items that may come after all others, as far as these do not wait for them; further ones wait for those before."""
MOST_EDGES = 200_000
"""Edges of one plan; more come only from thousands of "all previous", and no machine is the better for them."""


@dataclass(slots=True, kw_only=True)
class Links:
    """Final ids by item number, edges in document order of their words, stated parallelism, findings of linking alone.

    Done marks play no part in it: a reading that differs in nothing else has the same links.
    """

    ids: list[str]
    references: References
    edges: list[Dependency] = field(default_factory=list[Dependency])
    parallel: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    beside: dict[tuple[str, str], Evidence] = field(default_factory=dict[tuple[str, str], Evidence])
    """The words that say of two ids that they run in parallel."""
    findings: list[Finding] = field(default_factory=list[Finding])
    stated: bool = False
    """Whether the plan says anything about order, be it only "none"."""
    heard: set[int] = field(default_factory=set[int])
    """Lines whose words said something about single items."""
    freed: dict[int, int] = field(default_factory=dict[int, int])
    """Items that say that they wait for nothing, with the line where they do."""
    fielded: frozenset[int] = frozenset()
    """Items with a field of order, whatever it names."""
    overridden: list[tuple[Statement, int, int]] = field(default_factory=list[tuple[Statement, int, int]])
    """Statements about containers with an upstream and a downstream item that its own field frees from them."""


def link(reading: Reading) -> Links:
    """Resolves every statement of `reading`."""
    return _Linker(reading).run()


class _Linker:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        ids, duplicates = final_ids(reading.items)
        self._index = Index(reading.items, reading.containers, ids, reading.foreign)
        self._references = References(self._index, reading.outside)
        self._links = Links(ids=ids, references=self._references, findings=list(duplicates))
        self._edges: dict[tuple[int, int], Dependency] = {}
        self._either = Alternatives()
        self._own: set[int] = set()
        self._lines = [item.line for item in reading.items]
        self._freed: dict[int, int] = {}
        self._negated: list[tuple[int, int, int]] = []
        self._denied: set[tuple[int, int]] = set()
        self._gates: list[Gate] = []
        self._coarse: dict[int, list[Hit]] = {}
        self._fielded: set[int] = set()
        self._vague: list[tuple[int, Hit, Statement]] = []
        self._vague_words: set[tuple[int, str]] = set()
        self._same: list[tuple[int, int, Statement]] = []
        self._utmost: list[Gate] = []

    def run(self) -> Links:
        sequences: list[Statement] = []
        for statement in self._reading.statements:
            if statement.relation == "sequence":
                sequences.append(statement)
            elif self._has_room(statement.line):
                self._statement(statement)
        self._draw(summary=False)
        if not self._edges:
            self._draw(summary=True)
        self._settle()
        for gate in self._gates:
            if self._has_room(gate.statement.line):
                self._gate(gate)
        self._denied = {(at, other) for at, other, _ in self._negated}
        for statement in sequences:
            self._sequence(statement)
        for order in self._reading.orders:
            self._order(order)
        for gate in sorted(self._utmost, key=Gate.outermost) if self._has_room(0) else ():
            self._first_or_last(gate)
        self._links.findings += denied(self._links.ids, self._edges, self._negated)
        self._links.findings += waiting_for_nothing(self._links.ids, self._edges, self._freed)
        self._links.freed = self._freed
        self._links.fielded = frozenset(self._fielded)
        self._links.edges = sorted(self._either.numbered(self._edges), key=lambda edge: edge.evidence.line)
        return self._links

    def _has_room(self, line: int) -> bool:
        room = len(self._edges) < MOST_EDGES
        if not room and not any(one.type == "too-many-dependencies" for one in self._links.findings):
            message = f"more than {MOST_EDGES} dependencies; those stated from line {line} on are left out"
            self._links.findings.append(findings.finding("too-many-dependencies", (), line, message))
        return room

    def _statement(self, statement: Statement) -> None:
        """Finds out who speaks: the item, a third one that is named, or a whole container."""
        owner = statement.item
        if statement.container >= 0 and THIS_ONE.match(statement.text):
            here = self._reading.containers[statement.container]
            statement = replace(statement, text=f"{here.label} {here.id}".strip() or here.title)
        who = (
            (statement.several and self._references.each_of(statement.several))
            or self._references.subjects(statement.subject, owner=owner, aside=statement.aside)
            if statement.subject
            else None
        )
        named = who.items if who else []
        if who and named and (who.way == "container" or statement.utmost):
            self._gates.append(Gate(members=named, statement=statement))
        elif named:
            self._each_of(statement, named)
        elif owner >= 0 and (who or not statement.subject or not statement.loose):
            if statement.utmost:
                self._gates.append(Gate(members=[owner], statement=statement))
            else:
                self._item(statement, owner)
        elif owner < 0 and statement.container >= 0 and (who or not statement.subject):
            members = self._index.members(statement.container)
            self._gates.append(Gate(members=members, statement=statement))

    def _each_of(self, statement: Statement, named: list[int]) -> None:
        """Statements about several items: each waits for all, or "respectively" each for its own."""
        if statement.relation == "parallel" and len(named) > 1 and EACH_OTHER.match(statement.text):
            self._links.stated = True
            for item in named:
                self._beside(item, [other for other in named if other != item], statement)
            return
        paired = RESPECTIVELY.search(statement.text)
        pieces = [piece.text for piece in take_apart(RESPECTIVELY.sub("", statement.text)).pieces] if paired else []
        for number, item in enumerate(named):
            own = replace(statement, text=pieces[number]) if len(pieces) == len(named) else statement
            self._item(own, item, named=True)

    def _item(self, statement: Statement, at: int, *, named: bool = False) -> None:
        """What item `at` says, or what is said of it by name (`named`)."""
        found = self._references.resolve(
            statement.text, subject=at, speaker=statement.item, field=statement.field, listed=statement.listed
        )
        if statement.negated:
            self._negated += [(at, hit.item, statement.line) for hit in found.hits]
            return
        self._links.stated = self._links.stated or found.says_something
        self._links.findings += misfits(statement, found, self._links.ids, at=at, named=named)
        if statement.relation == "parallel":
            told = statement.field or (statement.subject and not statement.loose and self._names(statement))
            others = [hit.item for hit in found.hits]
            alone = told or (statement.item == at and not statement.subject and not statement.loose)
            if alone and (THE_OTHERS.match(statement.text) or len(others) >= max(2, len(self._index.items) - 1)):
                self._freed.setdefault(at, statement.line)
            elif told or (alone and statement.aside and statement.line == self._index.items[at].line):
                self._beside(at, others, statement)
            return
        if statement.relation == "needs" and not statement.adds and (statement.field or found.hits or found.same):
            if statement.field or found.same or any(hit.way != "part" for hit in found.hits):
                self._own.add(at)
            if statement.field:
                self._fielded.add(at)
            if found.none and not found.hits:
                self._freed.setdefault(at, statement.line)
        if found.hits or (found.none and not (statement.aside and statement.item < 0)):
            self._links.heard.add(statement.line)
        self._negated += [(at, other, statement.line) for other in found.negated]
        self._same += [(at, other, statement) for other in found.same]
        if statement.relation == "needs" and any(hit.way == "all" and hit.item > at for hit in found.hits):
            if len(self._utmost) < _MOST_LAST:
                self._utmost.append(Gate(members=[at], statement=statement))
                return
            found.hits = [hit for hit in found.hits if hit.item < at]
        for hit in found.hits:
            if statement.weak and hit.way == "part":
                continue
            if hit.vague and statement.relation == "blocks":
                continue
            if hit.vague or (hit.way == "part" and not statement.field):
                self._vague.append((at, hit, statement))
                continue
            self._join(at, hit, statement)

    def _join(self, at: int, hit: Hit, statement: Statement) -> None:
        ends = (hit.item, at) if statement.relation == "needs" else (at, hit.item)
        reverse = statement.relation == "blocks" and statement.kind == "stated"
        self._add(*ends, statement, hit, "reverse" if reverse else statement.kind)

    def _names(self, statement: Statement) -> bool:
        """Whether the words before a phrase say who is meant, or nothing at all."""
        return self._references.subjects(statement.subject, owner=statement.item) is not None

    def _beside(self, at: int, others: Sequence[int], statement: Statement) -> None:
        ids = self._links.ids
        beside = self._links.parallel.setdefault(at, [])
        beside += [ids[other] for other in others if ids[other] not in beside]
        for other in others:
            self._links.beside.setdefault((ids[at], ids[other]), evidence(statement.line, statement.quote))

    def _draw(self, *, summary: bool) -> None:
        """The arrows of the diagrams; between whole containers they are statements about containers."""
        shown = [one for one in self._reading.diagrams if one.summary == summary]
        for diagram, drawn in all_drawn(shown, self._drawn, self._edges.keys()):
            own = frozenset(self._fielded)
            for edge in regrouped(drawn, self._together) if diagram.implied else drawn:
                self._links.stated = True
                statement = Statement(
                    relation="needs",
                    text=edge.text,
                    quote=edge.quote,
                    line=edge.line,
                    kind="order" if diagram.implied else "diagram",
                    field=True,
                )
                if edge.coarse:
                    hits = [Hit(item=item, way="container") for item in edge.before]
                    self._gates.append(Gate(members=edge.after, statement=statement))
                    self._coarse[id(statement)] = hits
                    continue
                for after in edge.after:
                    if diagram.implied and after in own:
                        continue
                    self._own.add(after)
                    for before in edge.before:
                        self._links.heard.add(edge.line)
                        self._add(before, after, statement, Hit(item=before, way="id"), statement.kind)

    def _drawn(self, diagram: Diagram) -> list[DrawnEdge]:
        begun = {line: at for at, line in enumerate(self._lines)} if diagram.places else {}
        return drawn_edges(diagram, self._references, begun, within=self._within(diagram.line))

    def _within(self, line: int) -> bool:
        """Whether a line is a part of an item."""
        at = bisect_right(self._lines, line) - 1
        return at >= 0 and line <= self._reading.items[at].end

    def _settle(self) -> None:
        """What says little ("all core components") holds where nothing else does; and "the same as for …"."""
        waits: dict[int, list[int]] = defaultdict(list)
        for upstream, downstream in self._edges:
            waits[downstream].append(upstream)
        self._vague_words = {(at, statement.text) for at, hit, statement in self._vague if hit.vague}
        for at, hit, statement in self._vague:
            waiting = at if statement.relation == "needs" else hit.item
            settled = bool(waits.get(waiting)) if hit.vague else waiting in self._fielded
            if not settled and self._speaks_alone(at, hit.item, statement):
                self._join(at, hit, statement)
        for at, other, statement in self._same:
            for upstream in waits.get(other, ()):
                if upstream != at:
                    among = self._either.of(other, upstream) if self._edges[upstream, other].choice else ()
                    self._add(upstream, at, statement, Hit(item=upstream, way="part", among=among), statement.kind)

    def _speaks_alone(self, at: int, other: int, statement: Statement) -> bool:
        """ "All implementations" said by two items in the same words means neither of the two."""
        return (other, statement.text) not in self._vague_words or other == at

    def _gate(self, gate: Gate) -> None:
        """Everything in a container waits for what the container waits for, except items that speak for themselves."""
        statement, members = gate.statement, gate.members
        if statement.utmost or not members:
            self._utmost += [gate] if members else []
            return
        inside = frozenset(members)
        for hit in self._gate_hits(gate):
            if hit.item in inside:
                continue
            for member in members:
                if statement.relation == "needs" and (statement.each or member not in self._own):
                    self._add(hit.item, member, statement, hit, "container")
                elif statement.relation == "blocks" and (statement.each or hit.item not in self._own):
                    self._add(member, hit.item, statement, hit, "container")
                elif len(self._links.overridden) < _MOST_OVERRIDDEN:
                    ends = (hit.item, member) if statement.relation == "needs" else (member, hit.item)
                    self._links.overridden.append((statement, *ends))

    def _first_or_last(self, gate: Gate) -> None:
        """All others, except those whose order is known or, of the first, that say themselves what they wait for."""
        last = gate.statement.relation == "needs"
        self._links.heard.add(gate.statement.line)
        hits = self._gate_hits(gate)
        other_way = beyond(self._edges, gate.members, back=not last) | (set[int]() if last else self._own)
        for member in gate.members:
            known = other_way | beyond(self._edges, [member], back=last)
            for hit in (hit for hit in hits if hit.item not in known):
                ends = (hit.item, member) if last else (member, hit.item)
                self._add(*ends, gate.statement, hit, gate.statement.kind if last else "reverse")

    def _gate_hits(self, gate: Gate) -> list[Hit]:
        statement = gate.statement
        if id(statement) in self._coarse:
            return self._coarse[id(statement)]
        found = self._references.resolve(
            statement.text,
            before=min(gate.members),
            speaker=statement.item,
            field=statement.field,
            listed=statement.listed,
        )
        self._links.stated = self._links.stated or found.says_something
        self._links.findings += misfits(statement, found, self._links.ids)
        return [] if statement.relation == "parallel" or statement.negated else found.hits

    def _sequence(self, statement: Statement) -> None:
        """Items, or containers of one kind, one after another; who speaks for himself is left out."""
        self._links.stated = True
        if statement.within:
            self._links.heard.add(statement.line)
        for chain in chains(statement, self._reading, self._index, self._references):
            if statement.text:
                for before, after in pairwise(chain):
                    self._follow_each(before, after, statement)
            else:
                self._order(Order(groups=chain, line=statement.line, quote=statement.quote))

    def _follow_each(self, before: Sequence[int], after: Sequence[int], statement: Statement) -> None:
        for downstream in after:
            if downstream not in self._own or statement.each:
                for upstream in before:
                    self._add(upstream, downstream, statement, Hit(item=upstream, way="container"), "container")

    def _order(self, order: Order) -> None:
        """What follows from an order for all."""
        self._links.stated = True
        for pair in followed(order, own=self._own, freed=self._freed.keys(), together=self._together):
            if not self._has_room(order.line):
                return
            self._follow(*pair, order)

    def _together(self, one: int, other: int) -> bool:
        ids, parallel = self._links.ids, self._links.parallel
        beside = ids[other] in parallel.get(one, ()) or ids[one] in parallel.get(other, ())
        return beside or not self._denied.isdisjoint([(one, other), (other, one)])

    def _follow(self, upstream: int, downstream: int, order: Order) -> None:
        ids, words = self._links.ids, evidence(order.line, order.quote)
        edge = Dependency(
            upstream=ids[upstream], downstream=ids[downstream], kind="order", evidence=words, confidence=_IN_ORDER
        )
        self._edges.setdefault((upstream, downstream), edge)

    def _add(self, upstream: int, downstream: int, statement: Statement, hit: Hit, kind: EdgeKind) -> None:
        """Keeps the first and surest words for each edge."""
        sure = confidence(hit.way, prose=not statement.field, alternative=hit.alternative)
        before = self._edges.get((upstream, downstream))
        chosen = hit.item == upstream and self._either.hear(downstream, hit.among)
        if upstream == downstream or (before and before.confidence >= sure):
            return
        least = _TELLING if statement.relation == "blocks" else 1
        shared = statement.kind != "diagram" and not of_the_last(statement.quote)
        note = hit.note or (aside(statement.quote, least=least) if shared else "")
        self._edges[upstream, downstream] = Dependency(
            upstream=self._links.ids[upstream],
            downstream=self._links.ids[downstream],
            kind=kind,
            evidence=evidence(statement.line, statement.quote),
            confidence=sure,
            choice=int(chosen),
            needs=need(note),
            needs_text=note,
        )
