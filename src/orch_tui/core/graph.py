"""The graph that will run, laid out from an edition, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from orch_tui.core.edition import Edition
from orch_tui.core.events import PlanRead, SectionEntry, Settings
from orch_tui.core.state import SectionState
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import Assignable
from orch_tui.plan.mending import Mended, mended
from orch_tui.plan.model import Exclusion
from orch_tui.plan.standing import open_graph, standing


def made_of(edition: Edition) -> Mended:
    """What the mends of an edition make of its reading."""
    return mended(edition.read.sections, edition.read.dependencies, edition.mends)


def lay_out(edition: Edition) -> dict[str, SectionState]:
    """The sections as they will run, none of them started; brings what follows from the mends up to date."""
    read, made = edition.read, made_of(edition)
    edition.dependencies = made.dependencies
    edition.findings = standing(read.findings, read.sections, made, read.exclusions)
    heights = _heights(open_graph(read.sections, made))
    sections = {
        entry.id: _section(entry, index, read, made, heights.get(entry.id, 0))
        for index, entry in enumerate(read.sections)
    }
    for upstream, downstream in dict.fromkeys((edge.upstream, edge.downstream) for edge in made.dependencies):
        sections[downstream].upstream.append(upstream)
        sections[upstream].downstream.append(downstream)
    for pair in read.exclusions:
        if pair.other not in sections[pair.one].exclusive:
            sections[pair.one].exclusive.append(pair.other)
            sections[pair.other].exclusive.append(pair.one)
    edition.graph_sha = graph_sha(sections.values(), read.exclusions, read.settings)
    return sections


def graph_sha(sections: Iterable[SectionState], exclusions: Iterable[Exclusion], settings: Settings) -> str:
    """The hash, in hex, of exactly what will run, whatever ran already: order, marks, assignments, notes, settings."""
    rows = [
        [
            section.id,
            section.planned,
            [section.agent, section.model, section.effort, section.budget_usd, section.workflow, section.priority],
            [note.text for note in section.notes],
            sorted(section.upstream),
        ]
        for section in sections
    ]
    apart = sorted(sorted((pair.one, pair.other)) for pair in exclusions)
    data = json.dumps([rows, apart, asdict(settings)], ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(data.encode("ascii")).hexdigest()


def _section(entry: SectionEntry, index: int, read: PlanRead, made: Mended, height: int) -> SectionState:
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
        priority=int(assigned.get("priority") or 0),
        notes=made.notes.get(entry.id, ()),
        text_sha=entry.text_sha,
        height=height,
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


def _heights(graph: Graph) -> dict[str, int]:
    """Length of the longest chain below each section; none for those in or behind a cycle, which cannot be approved."""
    heights: dict[str, int] = {}
    for name in reversed(graph.order()):
        heights[name] = 1 + max((heights.get(down, 0) for down in graph.downstreams(name)), default=0)
    return heights
