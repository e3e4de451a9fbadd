"""`graph`: the graph of a plan, or of a run as mended, drawn for people and for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import finding
from orch_tui.cli.controls import DIRECTORY, RUN
from orch_tui.cli.sending import following
from orch_tui.client import outline
from orch_tui.core.state import SectionState, State
from orch_tui.errors import UserError
from orch_tui.plan.dag import Graph
from orch_tui.plan.drawing import Drawn, DrawnSection, dot, mermaid
from orch_tui.plan.export import as_json, edge_json
from orch_tui.plan.model import Plan

FORMATS = ("ascii", "mermaid", "dot", "json")
_GUIDES = {"├ ": "|- ", "└ ": "`- ", "│ ": "|  ", "┆ ": ":  ", "  ": "   "}


@click.command("graph", short_help="Draw the graph of a plan or a run.")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="ascii", help="How (default: ascii).")
def graph(plan: Path | None, run_name: str, directory: Path | None, form: str) -> int:
    """Draw the graph of PLAN as it is read, or without PLAN that of a run as it is mended.

    ascii is a tree with the wave each section could run in; mermaid and dot are for other programs; json has every
    dependency with the words it was read from, or who mended it.
    """
    if plan is not None and run_name:
        raise UserError("name a plan or a run, not both", hint="leave out PLAN to see what the run carries out")
    if plan is not None:
        from orch_tui.client.launch import read_plan

        read = read_plan(plan)
        data, drawn = as_json(read), _of_plan(read)
    else:
        with following(run_name, directory, of=finding.newest) as follower:
            data, drawn = _run_json(follower.state), _of_run(follower.state)
    for line in [json.dumps(data, ensure_ascii=True, indent=1)] if form == "json" else _lines(drawn, form):
        click.echo(line)
    return 0


def _lines(drawn: Drawn, form: str) -> Iterator[str]:
    match form:
        case "mermaid":
            return mermaid(drawn)
        case "dot":
            return dot(drawn)
        case _:
            return _ascii(drawn)


def _ascii(drawn: Drawn) -> Iterator[str]:
    graph = Graph(
        (section.id for section in drawn.sections), ((edge.upstream, edge.downstream) for edge in drawn.dependencies)
    )
    wave = {name: number for number, names in enumerate(graph.waves(), 1) for name in names}
    known = {section.id: section for section in drawn.sections}
    yield one_line(drawn.title, 200) or "plan"
    longest = " -> ".join(map(one_line, graph.critical_path()))
    yield f"{_count(len(known), 'section')}, {_count(max(wave.values(), default=0), 'wave')}; longest chain: {longest}"
    yield ""
    for row in outline.tree(graph):
        lead = "".join(_GUIDES[row.guides[at : at + 2]] for at in range(0, len(row.guides), 2))
        if row.kind == "heading":
            yield f"{row.words}:"
        elif row.kind == "reference":
            yield f"{lead}-> {one_line(row.section)} (*)"
        else:
            yield f"{lead}{_named(known[row.section], wave.get(row.section), row.others)}"
    for pair in drawn.exclusions:
        yield f"never side by side: {one_line(pair.one)}, {one_line(pair.other)}"


def _named(section: DrawnSection, wave: int | None, others: tuple[str, ...]) -> str:
    title = f"  {one_line(section.title, 70)}" if section.title != section.id else ""
    said = [f"wave {wave}"] if wave else []
    said += [f"after {', '.join(map(one_line, others))} too"] if others else []
    said += [section.mark] if section.mark else []
    return f"{one_line(section.id, 40)}{title}" + (f"  [{'; '.join(said)}]" if said else "")


def _of_plan(plan: Plan) -> Drawn:
    return Drawn(
        title=plan.title,
        sections=tuple(
            DrawnSection(id=one.id, title=one.title, mark="done" if one.done else "") for one in plan.sections
        ),
        dependencies=plan.dependencies,
        exclusions=plan.exclusions,
    )


def _of_run(state: State) -> Drawn:
    return Drawn(
        title=state.title,
        sections=tuple(DrawnSection(id=one.id, title=one.title, mark=_mark(one)) for one in state.sections.values()),
        dependencies=state.dependencies,
        exclusions=state.exclusions,
    )


def _mark(section: SectionState) -> str:
    if section.planned == "excluded":
        return "left out"
    return "" if section.status.value in {"waiting", "ready"} else section.status.value


def _run_json(state: State) -> dict[str, object]:
    graph = Graph(state.sections, ((edge.upstream, edge.downstream) for edge in state.dependencies))
    return {
        "run": state.run,
        "title": state.title,
        "plan_sha": state.plan_sha,
        "graph_sha": state.graph_sha,
        "sections": [_section_json(section) for section in state.sections.values()],
        "edges": [edge_json(edge) for edge in state.dependencies],
        "exclusions": [
            {"one": pair.one, "other": pair.other, "line": pair.evidence.line, "quote": pair.evidence.quote}
            for pair in state.exclusions
        ],
        "findings": [
            {"type": found.type, "ids": list(found.ids), "line": found.line, "message": found.message}
            for found in state.findings
        ],
        "waves": graph.waves(),
        "critical_path": graph.critical_path(),
    }


def _section_json(section: SectionState) -> dict[str, object]:
    return {
        "id": section.id,
        "title": section.title,
        "status": section.status.value,
        "planned": section.planned or None,
        "detail": section.detail or None,
        "depends_on": section.upstream,
        "never_beside": section.exclusive,
        "agent": section.agent,
        "model": section.model or None,
        "effort": section.effort or None,
        "budget_usd": section.budget_usd,
        "workflow": section.workflow or None,
        "priority": section.priority,
        "notes": [{"text": note.text, "by": note.by, "at": note.at} for note in section.notes],
        "lines": list(section.lines),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
