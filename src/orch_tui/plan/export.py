"""A plan as JSON-like data for other programs, and its graph as canonical bytes for hashing."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from orch_tui.plan.adding import with_added
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import Assignable, Mend
from orch_tui.plan.either import satisfied
from orch_tui.plan.mending import Mended, mended
from orch_tui.plan.model import Dependency, Exclusion, Plan, Section
from orch_tui.plan.passing import longest_chain
from orch_tui.plan.standing import standing


def as_json(plan: Plan, mends: Sequence[Mend] = ()) -> dict[str, object]:
    """The plan as `orch-tui parse --json` prints it, with `mends` as `graph -f json` does.

    Every value is one that `json.dumps` knows. What is left out, and notes, are told only where there are some.
    """
    made = mended(plan.sections, plan.dependencies, mends)
    sections = with_added(plan.sections, made.added)
    found = standing(plan.findings, sections, made, plan.exclusions) if mends else plan.findings
    graph = made.graph
    return {
        "title": plan.title,
        "sections": [_section(section, graph, made) for section in sections],
        "edges": edges_json(made.dependencies, made.done),
        "exclusions": [exclusion_json(pair) for pair in plan.exclusions],
        "findings": [
            {"type": one.type, "ids": list(one.ids), "line": one.line, "message": one.message} for one in found
        ],
        "reader": plan.reader,
        "waves": graph.chosen((), made.left_out).waves(),
        "critical_path": longest_chain(graph, made.done, made.left_out.keys()),
    }


def graph_bytes(plan: Plan) -> bytes:
    """The graph alone as canonical bytes: ids, done marks and edges, whatever the wording and the order of edges."""
    nodes = [[section.id, section.done] for section in plan.sections]
    edges = sorted([edge.upstream, edge.downstream] for edge in plan.dependencies)
    return json.dumps([nodes, edges], ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _section(section: Section, graph: Graph, made: Mended) -> dict[str, object]:
    hints = section.hints
    stated: dict[str, object] = {
        "agent": hints.agent,
        "model": hints.model,
        "effort": hints.effort,
        "estimate": hints.estimate,
        "risk": hints.risk,
        "budget_usd": hints.budget_usd,
        "workflow": hints.workflow,
        "repository": hints.repository,
        "merge": hints.merge,
        "files": list(hints.files),
        "acceptance": list(hints.acceptance),
        "verify": list(hints.verify),
        "resources": list(hints.resources),
        "parallel_with": list(hints.parallel_with),
    }
    stated |= _assigned(made.assigned.get(section.id, {}))
    changed = {
        "added_by": made.added[section.id].by if section.id in made.added else "",
        "left_out": made.left_out.get(section.id),
        "notes": [{"text": note.text, "by": note.by, "at": note.at} for note in made.notes.get(section.id, ())],
    }
    return {
        "id": section.id,
        "title": section.title,
        "done": section.id in made.done,
        "depends_on": list(graph.upstreams(section.id)),
        "slug": section.slug,
        "container": section.container,
        "lines": None if section.id in made.added else list(section.lines),
        "hints": {name: value for name, value in stated.items() if value not in ("", None, [])},
        **{name: value for name, value in changed.items() if value},
    }


def _assigned(values: Mapping[Assignable, str]) -> dict[str, object]:
    numbers = {"budget": ("budget_usd", float), "priority": ("priority", int)}
    told = {name: numbers.get(name, (name, str)) for name in values}
    return {told[name][0]: told[name][1](value) for name, value in values.items()}


def exclusion_json(pair: Exclusion) -> dict[str, object]:
    """Two sections that never run at the same time, with the words that say so."""
    return {"one": pair.one, "other": pair.other, "line": pair.evidence.line, "quote": pair.evidence.quote}


def edges_json(edges: Sequence[Dependency], done: Collection[str]) -> list[dict[str, object]]:
    """Edges with the words they were read from; one that a person made says `by` whom and `at` when.

    Alternatives have a `choice` and the `option` they belong to; one of which nobody waits says what is `done` instead.
    """
    instead = satisfied(edges, done)
    return [_edge(edge, instead.get((edge.upstream, edge.downstream, edge.choice), "")) for edge in edges]


def _edge(edge: Dependency, instead: str) -> dict[str, object]:
    choice = {"choice": edge.choice, "option": edge.option} if edge.choice else {}
    mended = {"by": edge.evidence.by, "at": edge.evidence.at} if edge.evidence.by else {}
    return {
        "from": edge.upstream,
        "to": edge.downstream,
        "kind": edge.kind,
        "line": edge.evidence.line,
        "quote": edge.evidence.quote,
        "confidence": edge.confidence,
        "needs": edge.needs,
        "needs_text": edge.needs_text,
        **choice,
        **({"satisfied_by": instead} if instead else {}),
        **mended,
    }
