"""From the second reader's answer to proposals: what does not hold is thrown out, and counted by reason.

A proposal must fit the schema, quote words that are in the document, name sections that exist, and change the graph in
a way that is possible: the edge is not there yet, or is there, and no cycle comes of it, also together with the
proposals before it, so that accepting all of them works.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from orch_tui.clean import one_line
from orch_tui.pipelines.quotes import Quotable, proves
from orch_tui.pipelines.told import Request, Row
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import AddEdge, DropEdge, Edit, Proposal, ProposalKind, ReverseEdge

MOST = 100
"""Proposals of one answer that are looked at; an answer with more is not a review."""
REASON_LIMIT = 600  # characters
_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\n(.*)\n```\s*\Z", re.S)


class Item(BaseModel):
    """One proposal as the model writes it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["missing-edge", "wrong-edge", "wrong-order", "lost-parallelism", "missing-section"]
    upstream: str
    downstream: str
    document: Literal["plan", "prd"]
    quote: str
    reason: str


class Answer(BaseModel):
    """The whole answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    proposals: list[Item]


class Unreadable(Exception):
    """The answer as a whole is no answer; the message says why."""


class _Thrown(Exception):
    """Why a proposal is thrown out, in words that fit behind a number."""


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of an answer, in the subset that structured outputs of all services know."""
    return Answer.model_json_schema()


def read_answer(
    text: str, request: Request, plan: Quotable, prd: Quotable | None, source: str
) -> tuple[tuple[Proposal, ...], dict[str, int]]:
    """The proposals of an answer that hold, and how many were thrown out for which reason (in words).

    Raises Unreadable when the answer is no JSON object with a list `proposals`.
    """
    items = _items(text)
    reading = _Reading(request, plan, prd, source)
    for item in items[:MOST]:
        reading.take(item)
    if len(items) > MOST:
        reading.thrown[f"came after the first {MOST}"] += len(items) - MOST
    return tuple(reading.proposals), dict(reading.thrown)


def _items(text: str) -> Sequence[object]:
    fenced = _FENCE.match(text)
    try:
        answer: object = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        words = one_line(text, 120)
        raise Unreadable(f"the answer is not JSON: {words!r}" if words else "the answer is empty") from error
    if isinstance(answer, dict) and set(cast("dict[str, object]", answer)) == {"proposals"}:
        items = cast("dict[str, object]", answer)["proposals"]
        if isinstance(items, list):
            return cast("list[object]", items)
    raise Unreadable(f"the answer is JSON, but not an object with a list of proposals: {one_line(text, 120)!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """An item with the sections it names; None where it names none."""

    item: Item
    upstream: Row | None
    downstream: Row | None

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for row in (self.upstream, self.downstream) if row is not None)


class _Reading:
    """One answer being read: the graph as it would be with every proposal that was kept so far."""

    def __init__(self, request: Request, plan: Quotable, prd: Quotable | None, source: str) -> None:
        self.proposals: list[Proposal] = []
        self.thrown: Counter[str] = Counter()
        self._documents: Mapping[str, Quotable | None] = {"plan": plan, "prd": prd}
        self._source = source
        self._prefix = request.prefix
        self._rows = {row.id: row for row in request.sections}
        self._stated = frozenset((edge.upstream, edge.downstream) for edge in request.edges)
        self._edges = set(self._stated)
        self._before = {proposal.edits or (proposal.kind, proposal.line) for proposal in request.known}
        self._here: set[object] = set()

    def take(self, given: object) -> None:
        try:
            self.proposals.append(self._proposal(_item(given)))
        except _Thrown as thrown:
            self.thrown[str(thrown)] += 1

    def _proposal(self, item: Item) -> Proposal:
        named = self._named(item)
        reason = one_line(item.reason, REASON_LIMIT)
        if not reason:
            raise _Thrown("give no reason")
        document = self._documents[item.document]
        found = document.find(item.quote, [row.lines for row in reversed(named.rows)]) if document else None
        if found is None:
            raise _Thrown(f"quote words that are not in the {'plan' if item.document == 'plan' else 'PRD'}")
        if not proves(item.quote):
            raise _Thrown("quote too few words to prove anything")
        edits = () if item.kind == "missing-section" else (self._edit(item.kind, *named.rows),)
        self._refuse_repetition(edits or (item.kind, found.line))
        if edits:
            self._edges = self._with(edits[0])
        return Proposal(
            id=f"{self._prefix}{len(self.proposals) + 1}",
            kind=item.kind,
            ids=tuple(row.id for row in named.rows),
            line=found.line,
            quote=found.words,
            reason=reason,
            source=self._source,
            edits=edits,
            document=item.document,
        )

    def _named(self, item: Item) -> _Named:
        ends = [self._row(name) for name in (item.upstream, item.downstream)]
        if item.kind == "missing-section":
            return _Named(item=item, upstream=ends[0], downstream=ends[1])
        if None in ends:
            raise _Thrown("name no section")
        if ends[0] == ends[1]:
            raise _Thrown("let a section wait for itself")
        return _Named(item=item, upstream=ends[0], downstream=ends[1])

    def _row(self, name: str) -> Row | None:
        """The section an id means, None for ""; the case may differ where that leaves no doubt."""
        wanted = name.strip()
        if not wanted or wanted in self._rows:
            return self._rows.get(wanted)
        alike = [row for row in self._rows.values() if row.id.casefold() == wanted.casefold()]
        if len(alike) != 1:
            raise _Thrown("name sections that do not exist")
        return alike[0]

    def _edit(self, kind: ProposalKind, upstream: Row, downstream: Row) -> Edit:
        """What accepting the proposal does. Raises _Thrown when that is not possible, or changes nothing."""
        ends = (upstream.id, downstream.id)
        if kind == "missing-edge":
            return self._addition(*ends)
        if ends not in self._stated:
            raise _Thrown("are about an edge that does not exist")
        if ends not in self._edges:
            raise _Thrown("repeat or contradict another one")
        if kind == "wrong-order":
            self._refuse_cycle(self._edges - {ends}, downstream.id, upstream.id)
            return ReverseEdge(upstream=ends[0], downstream=ends[1])
        if kind == "lost-parallelism" and self._waits(self._edges - {ends}, *ends):
            raise _Thrown("would not let anything run earlier, because another path stays")
        return DropEdge(upstream=ends[0], downstream=ends[1])

    def _addition(self, upstream: str, downstream: str) -> Edit:
        if (upstream, downstream) in self._stated:
            raise _Thrown("propose an edge that is there already")
        if (upstream, downstream) in self._edges:
            raise _Thrown("repeat or contradict another one")
        if self._waits(self._edges, upstream, downstream):
            raise _Thrown("propose an order that is there already, over other sections")
        self._refuse_cycle(self._edges, upstream, downstream)
        return AddEdge(upstream=upstream, downstream=downstream)

    def _refuse_cycle(self, edges: set[tuple[str, str]], upstream: str, downstream: str) -> None:
        if self._waits(edges, downstream, upstream):
            raise _Thrown("would make sections wait for each other in a circle")

    def _waits(self, edges: set[tuple[str, str]], upstream: str, downstream: str) -> bool:
        return downstream in Graph(self._rows, edges).descendants(upstream)

    def _with(self, edit: Edit) -> set[tuple[str, str]]:
        match edit:
            case AddEdge():
                return self._edges | {(edit.upstream, edit.downstream)}
            case DropEdge():
                return self._edges - {(edit.upstream, edit.downstream)}
            case ReverseEdge():
                return (self._edges - {(edit.upstream, edit.downstream)}) | {(edit.downstream, edit.upstream)}
            case _:  # pragma: no cover - proposals make no other edits
                raise AssertionError(edit)

    def _refuse_repetition(self, what: object) -> None:
        if what in self._before:
            raise _Thrown("were proposed before")
        if what in self._here:
            raise _Thrown("repeat or contradict another one")
        self._here.add(what)


def _item(given: object) -> Item:
    try:
        return Item.model_validate(given)
    except ValidationError as error:
        raise _Thrown("do not fit the schema") from error
