"""A plan as JSON-like data for other programs, and its graph as canonical bytes for hashing."""

from __future__ import annotations

import json

from orch_tui.plan.dag import Graph
from orch_tui.plan.model import Dependency, Plan, Section


def as_json(plan: Plan) -> dict[str, object]:
    """The plan as `orch-tui parse --json` prints it; every value is one that `json.dumps` knows."""
    graph = Graph.of(plan)
    return {
        "title": plan.title,
        "sections": [_section(section, graph) for section in plan.sections],
        "edges": [edge_json(edge) for edge in plan.dependencies],
        "findings": [
            {"type": found.type, "ids": list(found.ids), "line": found.line, "message": found.message}
            for found in plan.findings
        ],
        "reader": plan.reader,
        "waves": graph.waves(),
        "critical_path": graph.critical_path(),
    }


def graph_bytes(plan: Plan) -> bytes:
    """The graph alone as canonical bytes: ids, done marks and edges, whatever the wording and the order of edges."""
    nodes = [[section.id, section.done] for section in plan.sections]
    edges = sorted([edge.upstream, edge.downstream] for edge in plan.dependencies)
    return json.dumps([nodes, edges], ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _section(section: Section, graph: Graph) -> dict[str, object]:
    hints = section.hints
    stated: dict[str, object] = {
        "agent": hints.agent,
        "model": hints.model,
        "effort": hints.effort,
        "estimate": hints.estimate,
        "risk": hints.risk,
        "budget_usd": hints.budget_usd,
        "workflow": hints.workflow,
        "files": list(hints.files),
        "acceptance": list(hints.acceptance),
        "verify": list(hints.verify),
        "parallel_with": list(hints.parallel_with),
    }
    return {
        "id": section.id,
        "title": section.title,
        "done": section.done,
        "depends_on": list(graph.upstreams(section.id)),
        "slug": section.slug,
        "container": section.container,
        "lines": list(section.lines),
        "hints": {name: value for name, value in stated.items() if value not in ("", None, [])},
    }


def edge_json(edge: Dependency) -> dict[str, object]:
    """An edge with the words it was read from; one that a person made says `by` whom and `at` when."""
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
        **mended,
    }
