"""The graph that will run, laid out from an edition, and its hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_

from orch_tui.core.adding import entries
from orch_tui.core.edition import Edition
from orch_tui.core.hashing import graph_sha, row
from orch_tui.core.repositories import called
from orch_tui.core.run_events import PlanRead, SectionEntry
from orch_tui.core.state import SectionState
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import Assignable, Mend
from orch_tui.plan.mending import Bench, Mended, carry_out
from orch_tui.plan.model import Exclusion
from orch_tui.plan.passing import loose, passing
from orch_tui.plan.standing import standing
from orch_tui.plan.weighing import weights


@dataclass(slots=True, kw_only=True)
class Layout:
    """How an edition was laid out last, for the next mend to change.

    `read` is the graph as read and `bench` the same after the mends, both to be copied before they are worked on;
    `rows` are the sections as they are hashed.
    """

    mends: tuple[Mend, ...]
    read: Bench
    bench: Bench
    made: Mended
    heights: Mapping[str, int]
    loose: frozenset[str]
    sections: dict[str, SectionState]
    rows: dict[str, str]


def made_of(edition: Edition) -> Mended:
    """What the mends of an edition make of its reading."""
    return _layout(edition).made


def bench_of(edition: Edition) -> Bench:
    """The graph of an edition after its mends, to try further ones on."""
    return _layout(edition).bench.copy()


def lay_out(edition: Edition) -> dict[str, SectionState]:
    """The sections as they will run, none of them started; brings what follows from the mends up to date.

    Until they run, they stay with the edition: those that a mend does not touch are the same objects before and after.
    """
    return _layout(edition).sections


def _layout(edition: Edition) -> Layout:
    old, mends = edition.layout, tuple(edition.mends)
    known = len(old.mends) if old and all(map(is_, old.mends, mends)) else -1
    if old and known == len(mends):
        return old
    entry = edition.read
    read = old.read if old else Bench(entry.sections, entry.dependencies)
    if old and 0 <= known < len(mends) and not old.made.unapplied:
        bench, made = carry_out(read, mends, made=old.bench, known=known)
    else:
        bench, made = carry_out(read, mends)
    every = entries(entry, made.added)
    weigh = weights({one.id: one.hints.estimate for one in every if one.id not in made.done})
    heights = _heights(passing(made.graph, made.done, made.left_out), made.left_out, weigh)
    free = loose(made.graph, made.left_out)
    touched = _touched(old, made, heights, free) if old and old.made.added == made.added else None
    apart = _apart(entry.exclusions)
    sections = {
        one.id: _section(one, index, entry, made, heights.get(one.id, 0), apart.get(one.id, ()), loose=one.id in free)
        for index, one in enumerate(every)
        if touched is None or one.id in touched
    }
    rows = {name: row(section) for name, section in sections.items()}
    if old and touched is not None:
        sections, rows = {**old.sections, **sections}, {**old.rows, **rows}
    edition.dependencies = made.dependencies
    edition.findings = standing(entry.findings, every, made, entry.exclusions)
    edition.graph_sha = graph_sha(rows.values(), entry, made.dependencies)
    edition.layout = Layout(
        mends=mends, read=read, bench=bench, made=made, heights=heights, loose=free, sections=sections, rows=rows
    )
    return edition.layout


def _touched(old: Layout, made: Mended, heights: Mapping[str, int], free: frozenset[str]) -> set[str]:
    """Sections that are others than they were laid out as."""
    was = old.made
    out = made.graph.differing(was.graph) if made.graph is not was.graph else set[str]()
    out |= {name for name, _ in heights.items() ^ old.heights.items()} | (free ^ old.loose)
    for now, then in ((made.done, was.done), (made.left_out, was.left_out)):
        out |= {name for name, _ in now.items() ^ then.items()}
    for now, then in ((made.assigned, was.assigned), (made.notes, was.notes)):
        out |= {name for name in now.keys() | then.keys() if now.get(name) != then.get(name)}
    return out


def _apart(exclusions: Iterable[Exclusion]) -> Mapping[str, list[str]]:
    """For each section those that it never runs beside."""
    out: dict[str, list[str]] = defaultdict(list)
    for pair in exclusions:
        if pair.other not in out[pair.one]:
            out[pair.one].append(pair.other)
            out[pair.other].append(pair.one)
    return out


def _section(
    entry: SectionEntry, index: int, read: PlanRead, made: Mended, height: int, apart: Sequence[str], *, loose: bool
) -> SectionState:
    hints, assigned = entry.hints, made.assigned.get(entry.id, {})
    agent = assigned.get("agent") or entry.agent
    section = SectionState(
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        index=index,
        lines=entry.lines,
        container=entry.container,
        hints=hints,
        agent=agent,
        model=assigned.get("model") or hints.model,
        effort=assigned.get("effort") or hints.effort,
        budget_usd=_budget(assigned, hints.budget_usd),
        workflow=assigned.get("workflow") or hints.workflow,
        repository=called(read, assigned.get("repository") or hints.repository),
        merge=assigned.get("merge") or hints.merge,
        priority=int(assigned.get("priority") or 0),
        notes=made.notes.get(entry.id, ()),
        text_sha=entry.text_sha,
        text=entry.text,
        around=entry.around,
        added_by=made.added[entry.id].by if entry.id in made.added else "",
        height=height,
        loose=loose,
        upstream=list(made.graph.upstreams(entry.id)),
        downstream=list(made.graph.downstreams(entry.id)),
        choices=made.graph.either.get(entry.id, ()),
        exclusive=list(apart),
        claims=entry.claims,
        cannot=tuple(read.agents.get(agent, ())),
    )
    if entry.id in made.done:
        by = made.done[entry.id]
        section.planned, section.verdict = "done", "done"
        section.detail = f"done already, says {by}" if by else "done in the plan"
    elif entry.id in made.left_out:
        section.planned, section.verdict, section.detail = "excluded", "skipped", made.left_out[entry.id]
    return section


def _budget(assigned: Mapping[Assignable, str], stated: float | None) -> float | None:
    return float(assigned["budget"]) if assigned.get("budget") else stated


def _heights(graph: Graph, left_out: Container[str], weigh: Mapping[str, int]) -> dict[str, int]:
    """What the heaviest chain below each section weighs; none for those in or behind a cycle: they are not approved."""
    heights: dict[str, int] = {}
    for name in reversed(graph.order()):
        longest = 0
        for down in graph.downstreams(name):
            longest = max(longest, heights.get(down, 0))
        heights[name] = longest + (0 if name in left_out else weigh.get(name, 1))
    return heights
