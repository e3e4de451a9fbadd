"""The graph that will run: what was read, with the edits people made to it.

`mended` folds mends over a reading and never fails: an edit that no longer fits is left out and told. `Bench.refusal`
says why an edit cannot be made now. The same mends over the same reading give the same graph on any machine. Linear in
sections, edges and edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol, assert_never

from orch_tui.plan.adding import Added, fault, known_already
from orch_tui.plan.assigning import check_value
from orch_tui.plan.dag import Graph
from orch_tui.plan.edit_words import words
from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    AddSection,
    Assign,
    Assignable,
    Dependants,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    Mend,
    Note,
    ReverseEdge,
)
from orch_tui.plan.either import Choices, Edge, choices
from orch_tui.plan.findings import circle
from orch_tui.plan.model import Dependency, Evidence

LONGEST_NOTE = 10_000
_MOST_NAMED = 12
_MANY = 200
"""Edges that change at once above which a graph is made anew."""


class Part(Protocol):
    """What mending knows of a section."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lines(self) -> tuple[int, int]: ...
    @property
    def done(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapplied:
    """An edit that does not fit what was read, and why not."""

    mend: Mend
    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What mends make of a reading.

    `left_out` says for each section that is not carried out why not, `done` which are done already and by whose word
    ("" is the plan's own mark); both are never about the same section.
    """

    dependencies: tuple[Dependency, ...]
    left_out: Mapping[str, str]
    done: Mapping[str, str]
    assigned: Mapping[str, Mapping[Assignable, str]]
    notes: Mapping[str, tuple[Note, ...]]
    graph: Graph = field(compare=False, repr=False)
    """Every section, and the edges of `dependencies`."""
    added: Mapping[str, Added] = field(default_factory=dict[str, Added])
    """Sections that the plan does not have, in the order in which they were added."""
    unapplied: tuple[Unapplied, ...] = ()


class Unfit(ValueError):
    """Why an edit cannot be made, for a person."""


def mended(parts: Sequence[Part], dependencies: Iterable[Dependency], mends: Iterable[Mend]) -> Mended:
    """The graph after `mends`, oldest first. Edits that do not fit, or close a circle, are told."""
    return carry_out(Bench(parts, tuple(dependencies)), tuple(mends))[1]


def carry_out(read: Bench, mends: Sequence[Mend], *, made: Bench | None = None, known: int = 0) -> tuple[Bench, Mended]:
    """The bench as `read` after `mends`, and what they make of it; neither `read` nor `made` changes.

    `made`: the bench after the first `known` of them, of which every edit fitted.
    """
    bench = (made or read).copy()
    unapplied = [left for mend in mends[known if made else 0 :] for left in bench.mend(mend)]
    if bench.closes_a_circle():
        bench, unapplied = _one_by_one(read, mends)
    return bench, bench.result(unapplied)


def _one_by_one(read: Bench, mends: Sequence[Mend]) -> tuple[Bench, list[Unapplied]]:
    """For mends made over another text: whatever closes a circle now is left out whole."""
    kept: list[Mend] = []
    unapplied: list[Unapplied] = []
    bench = read.copy()
    for mend in mends:
        left = bench.mend(mend)
        problem = bench.closes_a_circle(mend)
        if problem:
            unapplied += [Unapplied(mend=mend, edit=edit, reason=problem) for edit in mend.edits]
            bench = read.copy()
            for earlier in kept:
                bench.mend(earlier)
        else:
            kept.append(mend)
            unapplied += left
    return bench, unapplied


@dataclass(slots=True)
class Bench:
    """A graph being worked on. `edges` keeps the order of reading; mended ones come last.

    Whoever makes mend after mend keeps one bench as read, and works on copies.
    """

    parts: Sequence[Part]
    read: tuple[Dependency, ...]
    edges: dict[Edge, tuple[Dependency, ...]] = field(default_factory=dict[Edge, tuple[Dependency, ...]])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    done: dict[str, str] = field(default_factory=dict[str, str])
    roots: dict[str, tuple[Dependants, Mend]] = field(default_factory=dict[str, tuple[Dependants, Mend]])
    kept: set[str] = field(default_factory=set[str])
    """Sections that are carried out although something above them is left out with its dependants."""
    assigned: dict[str, dict[Assignable, str]] = field(default_factory=dict[str, dict[Assignable, str]])
    notes: dict[str, list[Note]] = field(default_factory=dict[str, list[Note]])
    made: dict[Edge, Mend] = field(default_factory=dict[Edge, Mend])
    """Edges that are mends, and whose."""
    added: dict[str, Added] = field(default_factory=dict[str, Added])
    laid: Graph | None = None
    """The graph of the edges as they were when somebody asked for it."""
    since: dict[Edge, bool] = field(default_factory=dict[Edge, bool])
    """Edges that came (true) or went since then."""
    choosers: dict[str, list[Edge]] = field(default_factory=dict[str, list[Edge]])
    """What was read for each section that has a choice."""

    def __post_init__(self) -> None:
        self.lines = {part.id: part.lines[0] for part in self.parts}
        self.done = {part.id: "" for part in self.parts if part.done}
        for edge in self.read:
            pair = (edge.upstream, edge.downstream)
            self.edges[pair] = (*self.edges.get(pair, ()), edge)
            if edge.choice:
                self.choosers[edge.downstream] = []
        for pair in self.edges if self.choosers else ():
            if pair[1] in self.choosers:
                self.choosers[pair[1]].append(pair)

    def copy(self) -> Bench:
        """Another one in the same state."""
        other = copy(self)
        other.edges, other.made, other.since = self.edges.copy(), self.made.copy(), self.since.copy()
        other.done, other.roots, other.kept = self.done.copy(), self.roots.copy(), self.kept.copy()
        other.added = self.added.copy()
        other.assigned = {name: values.copy() for name, values in self.assigned.items()}
        other.notes = {name: notes.copy() for name, notes in self.notes.items()}
        return other

    def refusal(self, edits: Sequence[Edit]) -> str:
        """Why `edits` cannot be made now, naming the circle they would close; "" when they can, and then they are."""
        if not edits:
            return "there is nothing to change in it"
        new = Mend(edits=tuple(edits), by="", at=0.0)
        try:
            for edit in edits:
                self.edit(edit, new)
        except Unfit as unfit:
            return str(unfit)
        return self.closes_a_circle(new)

    def mend(self, mend: Mend) -> list[Unapplied]:
        """Make every edit that fits; returns the others."""
        left: list[Unapplied] = []
        for edit in mend.edits:
            try:
                self.edit(edit, mend)
            except Unfit as unfit:
                left.append(Unapplied(mend=mend, edit=edit, reason=str(unfit)))
        return left

    def edit(self, edit: Edit, mend: Mend) -> None:
        """Make one edit. Raises Unfit."""
        match edit:
            case AddEdge():
                self._add(edit.upstream, edit.downstream, edit.needs, mend)
            case DropEdge():
                self._drop(edit.upstream, edit.downstream)
            case ReverseEdge():
                self._reverse(edit, mend)
            case Exclude():
                self._exclude(edit, mend)
            case Include():
                self._include(edit.section)
            case MarkDone():
                self._mark(edit, mend)
            case Assign():
                self._assign(edit)
            case AddNote():
                self._note(edit, mend)
            case AddSection():
                self._add_section(edit, mend)
            case _:
                assert_never(edit)

    # --- edges ---

    def _add(self, upstream: str, downstream: str, needs: str, mend: Mend) -> None:
        self._known(upstream)
        self._known(downstream)
        if upstream == downstream:
            raise Unfit(f"section {upstream!r} cannot wait for itself")
        there = self.edges.get((upstream, downstream))
        if there:
            where = f" (line {there[0].evidence.line})" if there[0].evidence.line else ""
            raise Unfit(f"section {downstream!r} waits for {upstream!r} already{where}")
        if len(needs) > LONGEST_NOTE:
            raise Unfit(f"what is needed has {len(needs)} characters, {LONGEST_NOTE} at most")
        evidence = Evidence(line=0, quote=mend.why, by=mend.by, at=mend.at)
        self.edges[upstream, downstream] = (
            Dependency(upstream=upstream, downstream=downstream, kind="mended", evidence=evidence, needs_text=needs),
        )
        self.made[upstream, downstream] = mend
        self.since[upstream, downstream] = True

    def _drop(self, upstream: str, downstream: str) -> None:
        self._known(upstream)
        self._known(downstream)
        if (upstream, downstream) not in self.edges:
            turned = " (it is the other way round)" if (downstream, upstream) in self.edges else ""
            raise Unfit(f"section {downstream!r} does not wait for {upstream!r}{turned}")
        del self.edges[upstream, downstream]
        self.made.pop((upstream, downstream), None)
        self.since[upstream, downstream] = False

    def _reverse(self, edit: ReverseEdge, mend: Mend) -> None:
        there = self.edges.get((edit.downstream, edit.upstream))
        if there and (edit.upstream, edit.downstream) in self.edges:
            raise Unfit(f"sections {edit.upstream!r} and {edit.downstream!r} wait for each other; drop one of the two")
        self._drop(edit.upstream, edit.downstream)
        self._add(edit.downstream, edit.upstream, "", mend)

    # --- sections ---

    def _exclude(self, edit: Exclude, mend: Mend) -> None:
        self._known(edit.section)
        if edit.section in self.done:
            raise Unfit(f"section {edit.section!r} is done already")
        known = self.roots.get(edit.section)
        if known and known[0] == edit.dependants:
            raise Unfit(f"section {edit.section!r} is left out already")
        self.roots[edit.section] = (edit.dependants, mend)
        self.kept.discard(edit.section)
        if edit.dependants == "exclude" and self.kept:
            self.kept -= self._graph().descendants(edit.section)

    def _include(self, section: str) -> None:
        self._known(section)
        if section in self.roots:
            del self.roots[section]
            if section not in self._left_out():
                return
        elif section not in self._left_out():
            raise Unfit(f"section {section!r} is not left out")
        self.kept.add(section)

    def _mark(self, edit: MarkDone, mend: Mend) -> None:
        self._known(edit.section)
        if edit.done == (edit.section in self.done):
            raise Unfit(f"section {edit.section!r} is {'done already' if edit.done else 'not marked as done'}")
        if edit.done:
            self.done[edit.section] = mend.by
        else:
            del self.done[edit.section]

    def _assign(self, edit: Assign) -> None:
        self._known(edit.section)
        problem = check_value(edit.what, edit.value)
        if problem:
            raise Unfit(problem)
        values = self.assigned.setdefault(edit.section, {})
        if edit.value:
            values[edit.what] = edit.value
        elif values.pop(edit.what, None) is None:
            raise Unfit(f"no {edit.what} was assigned to section {edit.section!r}")

    def _note(self, edit: AddNote, mend: Mend) -> None:
        self._known(edit.section)
        if not edit.text.strip():
            raise Unfit("an empty note says nothing")
        if len(edit.text) > LONGEST_NOTE:
            raise Unfit(f"the note has {len(edit.text)} characters, {LONGEST_NOTE} at most; put it into the plan")
        self.notes.setdefault(edit.section, []).append(Note(text=edit.text, by=mend.by, at=mend.at))

    def _add_section(self, edit: AddSection, mend: Mend) -> None:
        titles = {part.id: part.title for part in self.parts} | {n: one.edit.title for n, one in self.added.items()}
        if problem := fault(edit) or known_already(edit, titles):
            raise Unfit(problem)
        self.added[edit.section] = Added(edit=edit, by=mend.by, at=mend.at, why=mend.why)
        self.lines = {**self.lines, edit.section: 0}
        self.laid = None

    def _known(self, section: str) -> None:
        if section not in self.lines:
            some = ", ".join(list(self.lines)[:_MOST_NAMED])
            raise Unfit(f"no section {section!r}; there are {some}{' …' if len(self.lines) > _MOST_NAMED else ''}")

    # --- the whole ---

    def _graph(self) -> Graph:
        if self.laid is None or len(self.since) > _MANY:
            self.laid = Graph(self.lines, self.edges, self._either(self.choosers))
        elif self.since:
            came = [edge for edge, there in self.since.items() if there]
            either = {**self.laid.either, **self._either({down for _, down in self.since} & self.choosers.keys())}
            self.laid = self.laid.changed(came, [edge for edge in self.since if edge not in came], either)
        self.since.clear()
        return self.laid

    def _either(self, sections: Iterable[str]) -> Choices:
        """What the edges that are left leave a choice of; those that people made or turned are always waited for."""
        read = [edge for name in sections for pair in self.choosers[name] for edge in self.edges.get(pair, ())]
        found = choices(
            [*read, *chain.from_iterable(self.edges[pair] for pair in self.made if pair[1] in self.choosers)]
        )
        return {name: found.get(name, ()) for name in sections}

    def closes_a_circle(self, mend: Mend | None = None) -> str:
        """The circle that an edge of `mend` (of any mend: None) lies on, in words; "" without one."""
        made = [edge for edge, who in self.made.items() if mend is None or who is mend]
        if not made:
            return ""
        graph = self._graph()
        tangled = {name: at for at, group in enumerate(graph.tangles()) for name in group}
        for upstream, downstream in made:
            if upstream in tangled and tangled.get(downstream) == tangled[upstream]:
                way = graph.path(downstream, upstream)
                return f"that closes a circle: {circle(way, self.lines)}; each would wait for the one before"
        return ""

    def _left_out(self) -> dict[str, str]:
        """Why each section that is left out is: itself, or through a chain of open sections behind one that is."""
        out = {name: _because(mend) for name, (_, mend) in self.roots.items() if name not in self.done}
        graph: Graph | None = None
        for root, (dependants, mend) in self.roots.items():
            if dependants == "release" or root in self.done:
                continue
            graph = graph or self._graph()
            work = list(graph.downstreams(root))
            while work:
                name = work.pop()
                if name in out or name in self.done or name in self.kept:
                    continue
                if graph.holds_back(name, out):
                    out[name] = f"left out with {root!r}, which it waits for, {_because(mend)[9:]}"
                    work += graph.downstreams(name)
        return out

    def result(self, unapplied: Sequence[Unapplied]) -> Mended:
        """What came of it."""
        return Mended(
            dependencies=tuple(chain.from_iterable(self.edges.values())),
            left_out=self._left_out(),
            done=dict(self.done),
            assigned={name: values for name, values in self.assigned.items() if values},
            notes={name: tuple(notes) for name, notes in self.notes.items()},
            added=dict(self.added),
            graph=self._graph(),
            unapplied=tuple(unapplied),
        )


def unapplied_message(left: Unapplied) -> str:
    """What a person reads about an edit that was left out."""
    return f"not applied: {words(left.edit)} (by {left.mend.by}): {left.reason}"


def _because(mend: Mend) -> str:
    return f"left out by {mend.by}" + (f": {mend.why}" if mend.why else "")
