"""The graph a person looks at before approving it, indexed once, so that a look at a section is quick in any plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Literal, TypeVar

from orch_tui.clean import one_line
from orch_tui.client.proposals import ProposalRow, rows
from orch_tui.client.unchecked import words
from orch_tui.core.decide_plan import NEVER
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out, made_of
from orch_tui.core.state import SectionState, State
from orch_tui.plan.dag import Graph
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.edits import AddEdge, Assignable, DropEdge, Edit, Mend, ReverseEdge, named
from orch_tui.plan.either import options_of, satisfied
from orch_tui.plan.model import Dependency, Finding
from orch_tui.plan.passing import longest_chain

Direction = Literal["waits for", "before"]
Row = TypeVar("Row")
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRow:
    """An edge from the section's side. `other` is at its far end; `quote` are the plan's own words in line `line`.

    Where a person made or dropped it, `by`, `at` (wall seconds) and `why` say who, when and why.
    """

    direction: Direction
    upstream: str
    downstream: str
    other: str
    other_title: str
    line: int
    quote: str
    kind: str
    needs: str
    confidence: float
    by: str = ""
    at: float = 0.0
    why: str = ""
    instead: str = ""
    """What would do as well ("2", "3 and 4 or 5"); "" where the edge is no alternative."""
    satisfied_by: str = ""
    """What of it is done, so that nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """Something to see before approving; `blocking` findings make approval impossible."""

    type: str
    ids: tuple[str, ...]
    line: int
    message: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRow:
    """What a person changed, in words; `at` is wall seconds, `proposed` by whom it was proposed, or "".

    `record` is how commands name it, `edges` says that it changed nothing but edges.
    """

    words: str
    by: str
    at: float
    why: str
    proposed: str
    record: int
    edges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What a list shows of a section at a glance; numbers count."""

    critical: bool
    mended: int
    findings: int
    blocking: bool
    proposals: int


class Reviewed:
    """An edition with its sections: the plan in review, the one that was approved, or a candidate beside it."""

    def __init__(self, edition: Edition, sections: Mapping[str, SectionState], *, candidate: bool = False) -> None:
        self.edition = edition
        self.sections = sections
        self.candidate = candidate
        """Whether another edition than this one is what runs."""

    @classmethod
    def of(cls, state: State) -> Reviewed | None:
        """What commands about the graph would change now; None before a plan was read."""
        if state.candidate is not None:
            return cls(state.candidate, lay_out(state.candidate), candidate=True)
        return cls(state.edition, state.sections) if state.edition is not None else None

    @staticmethod
    def stamp(state: State) -> tuple[object, ...]:
        """Changes when the graph, its mends or what is proposed changed."""
        edition = state.candidate or state.edition
        if edition is None:
            return ()
        fates = tuple(one.fate for one in edition.proposals.values())
        last = edition.mends[-1] if edition.mends else None
        sha = (edition.read.plan_sha, edition.graph_sha)
        return (*sha, len(edition.mends), len(edition.undone), last, fates, edition is state.candidate)

    @cached_property
    def unchecked(self) -> str:
        """Which sections nothing checks, and what would help; "" when there are none."""
        return words(self.edition, self.sections)

    # --- the graph ---

    @cached_property
    def graph(self) -> Graph:
        """Every section, also those that are done or left out."""
        laid = self.edition.layout
        if laid is not None and laid.sections is self.sections:
            return laid.made.graph
        return Graph.laid(self.sections, self.edition.dependencies)

    @cached_property
    def waves(self) -> tuple[tuple[str, ...], ...]:
        """Sections by the earliest round they could run in."""
        return tuple(map(tuple, self.graph.chosen((), made_of(self.edition).left_out).waves()))

    @cached_property
    def wave_of(self) -> Mapping[str, int]:
        """The number of each section's wave, from 1; none for those that can never start."""
        return {name: number for number, wave in enumerate(self.waves, start=1) for name in wave}

    @cached_property
    def critical_path(self) -> tuple[str, ...]:
        """The longest chain of what is still to be carried out, upstream first."""
        made = made_of(self.edition)
        return tuple(longest_chain(self.graph, made.done, made.left_out.keys()))

    @cached_property
    def _critical(self) -> frozenset[str]:
        return frozenset(self.critical_path) if len(self.critical_path) > 1 else frozenset()

    @cached_property
    def assigned(self) -> Mapping[str, Mapping[Assignable, str]]:
        """What people assigned, by section."""
        return made_of(self.edition).assigned

    def behind(self, section: str) -> list[str]:
        """Everything to be carried out that waits for the section, directly or not, in the plan's order."""
        found = self.graph.descendants(section)
        return [name for name in self.graph.nodes if name in found and not self.sections[name].planned]

    # --- rows ---

    def flags(self, section: str) -> Flags:
        """What a list shows of it."""
        findings = self._findings.get(section, [])
        return Flags(
            critical=section in self._critical,
            mended=len(self._mends.get(section, [])),
            findings=len(findings),
            blocking=any(found.type in NEVER for found in findings),
            proposals=sum(one.fate == "open" for one in self._proposals.get(section, [])),
        )

    def edges(self, section: str) -> tuple[EdgeRow, ...]:
        """Every edge of the section: what it waits for, then what waits for it, each in the plan's order."""
        return (
            *(self._edge(edge, "waits for") for edge in self._up.get(section, [])),
            *(self._edge(edge, "before") for edge in self._down.get(section, [])),
        )

    def dropped(self, section: str) -> tuple[EdgeRow, ...]:
        """Edges of the section that the plan states and a person took away."""
        return tuple(
            self._dropped(edge, "waits for" if edge.downstream == section else "before")
            for edge in self._gone
            if section in {edge.upstream, edge.downstream}
        )

    def findings(self, section: str | None = None) -> tuple[FindingRow, ...]:
        """All findings, or those that concern `section`; what forbids approval comes first."""
        found = self.edition.findings if section is None else self._findings.get(section, [])
        return tuple(sorted((_finding(one) for one in found), key=lambda row: not row.blocking))

    def proposals(self, section: str | None = None) -> tuple[ProposalRow, ...]:
        """All proposals, or those that touch `section`; open ones first."""
        found = self._offered if section is None else self._proposals.get(section, [])
        return tuple(sorted(found, key=lambda row: row.fate != "open"))

    def mends(self, section: str | None = None) -> tuple[MendRow, ...]:
        """All mends in force, or those that touch `section`, the newest first."""
        found = self.edition.mends if section is None else self._mends.get(section, [])
        return tuple(map(self._mend, reversed(found)))

    @property
    def undone(self) -> tuple[MendRow, ...]:
        """What can be made again, the next first."""
        return tuple(map(self._mend, reversed(self.edition.undone)))

    # --- indexes ---

    @cached_property
    def _up(self) -> Mapping[str, list[Dependency]]:
        return _by((edge.downstream, edge) for edge in self.edition.dependencies)

    @cached_property
    def _down(self) -> Mapping[str, list[Dependency]]:
        return _by((edge.upstream, edge) for edge in self.edition.dependencies)

    @cached_property
    def _gone(self) -> list[Dependency]:
        there = {(edge.upstream, edge.downstream) for edge in self.edition.dependencies}
        return [edge for edge in self.edition.read.dependencies if (edge.upstream, edge.downstream) not in there]

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        return _by((name, found) for found in self.edition.findings for name in dict.fromkeys(found.ids))

    @cached_property
    def _offered(self) -> tuple[ProposalRow, ...]:
        return rows(self.edition)

    @cached_property
    def _proposals(self) -> Mapping[str, list[ProposalRow]]:
        return _by((name, row) for row in self._offered for name in dict.fromkeys((*row.sections, *chain(*row.edges))))

    @cached_property
    def _mends(self) -> Mapping[str, list[Mend]]:
        return _by((name, mend) for mend in self.edition.mends for name in _about(mend.edits))

    def _edge(self, edge: Dependency, direction: Direction) -> EdgeRow:
        other = edge.upstream if direction == "waits for" else edge.downstream
        read = not edge.evidence.by
        return EdgeRow(
            direction=direction,
            upstream=edge.upstream,
            downstream=edge.downstream,
            other=one_line(other),
            other_title=one_line(self.sections[other].title),
            line=edge.evidence.line,
            quote=one_line(edge.evidence.quote, 400) if read else "",
            kind=edge.kind,
            needs=one_line(edge.needs_text or edge.needs),
            confidence=edge.confidence,
            by=one_line(edge.evidence.by),
            at=edge.evidence.at,
            why="" if read else one_line(edge.evidence.quote, 400),
            **self._alternatives(edge),
        )

    def _alternatives(self, edge: Dependency) -> dict[str, str]:
        """Beside an edge that is one of several: the others, and which of them is done."""
        if not edge.choice:
            return {}
        beside = [one for one in self._up.get(edge.downstream, []) if one.choice == edge.choice]
        (options,) = options_of(beside).values() or ({},)
        others = [" and ".join(ups) for option, ups in options.items() if option != edge.option]
        more = " …" if len(others) > _MOST_NAMED else ""
        done = {one.upstream for one in beside if self.sections[one.upstream].verdict == "done"}
        found = satisfied(beside, done).get((edge.upstream, edge.downstream, edge.choice), "")
        return {"instead": one_line(" or ".join(others[:_MOST_NAMED]) + more), "satisfied_by": one_line(found)}

    def _dropped(self, edge: Dependency, direction: Direction) -> EdgeRow:
        row = self._edge(edge, direction)
        pair = (edge.upstream, edge.downstream)
        for mend in reversed(self._mends.get(edge.downstream, [])):
            if any(isinstance(edit, DropEdge | ReverseEdge) and named(edit) == pair for edit in mend.edits):
                return replace(row, by=one_line(mend.by), at=mend.at, why=one_line(mend.why, 400))
        return row

    def _mend(self, mend: Mend) -> MendRow:
        known = self.edition.proposals.get(mend.source)
        return MendRow(
            words=one_line(all_words(mend.edits), 400),
            by=one_line(mend.by),
            at=mend.at,
            why=one_line(mend.why, 400),
            proposed=one_line(known.proposal.source) if known else "",
            record=mend.record,
            edges=all(isinstance(edit, AddEdge | DropEdge | ReverseEdge) for edit in mend.edits),
        )


def _by(pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for name, row in pairs:
        out[name].append(row)
    return out


def _about(edits: Iterable[Edit]) -> Iterator[str]:
    return iter(dict.fromkeys(name for edit in edits for name in named(edit)))


def _finding(found: Finding) -> FindingRow:
    return FindingRow(
        type=found.type,
        ids=found.ids,
        line=found.line,
        message=one_line(found.message, 600),
        blocking=found.type in NEVER,
    )
