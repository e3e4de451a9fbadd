"""`graph`: the graph of a plan, or of a run as mended, drawn for people and for other programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import following
from orch_tui.client import editions, outline
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out, made_of
from orch_tui.core.repositories import elsewhere
from orch_tui.core.state import SectionState, State
from orch_tui.errors import UserError
from orch_tui.plan.adding import with_added
from orch_tui.plan.dag import Graph
from orch_tui.plan.drawing import Drawn, DrawnSection, dot, mermaid
from orch_tui.plan.edits import Mend
from orch_tui.plan.export import as_json, edges_json, exclusion_json
from orch_tui.plan.mending import mended
from orch_tui.plan.model import Plan
from orch_tui.plan.passing import longest_chain

FORMATS = ("ascii", "mermaid", "dot", "json")
_GUIDES = {"├ ": "|- ", "└ ": "`- ", "│ ": "|  ", "┆ ": ":  ", "  ": "   "}


@click.command("graph", short_help="Draw the graph of a plan or a run.")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="ascii", help="How (default: ascii).")
@click.option("--as-read", is_flag=True, help="PLAN as it is read, whatever was mended.")
def graph(plan: Path | None, run_name: str, directory: Path | None, form: str, as_read: bool) -> int:
    """Draw the graph of PLAN as it would be approved: mended, by the run that it has or by what stands beside it.

    Without PLAN it is the graph that a run carries out. ascii is a tree with the wave each section could run in;
    mermaid and dot are for other programs; json has every dependency with the words it was read from, or who mended it.
    """
    if plan is not None and run_name:
        raise UserError("name a plan or a run, not both", hint="leave out PLAN to see what the run carries out")
    if as_read and plan is None:
        raise UserError("--as-read is about a plan", hint="name its file")
    data, drawn = _of_run(run_name, directory) if plan is None else _of_plan(plan, directory, as_read=as_read)
    for line in [json.dumps(data, ensure_ascii=True, indent=1)] if form == "json" else _lines(drawn, form):
        click.echo(line)
    return 0


def _of_plan(path: Path, directory: Path | None, *, as_read: bool) -> tuple[dict[str, object], Drawn]:
    """What would be approved if the plan were opened now; what there is to know about it goes to stderr."""
    from orch_tui.client import draft
    from orch_tui.client.launch import plan_changed

    run = None if as_read else draft.run_of(path, directory)
    if run is None:
        drafted = draft.draft(path, with_mends=not as_read)
        for words in drafted.said:
            click.echo(words, err=True)
        return as_json(drafted.plan, drafted.mends), _drawn_plan(drafted.plan, drafted.mends)
    with following("", None, of=lambda *_: run) as follower:
        state, which = follower.state, finding.reference(run)
        beside = f"; what runs is drawn by `orch-tui graph {which}`" if state.candidate is not None else ""
        click.echo(f"as run {run.name} has it{beside}", err=True)
        if changed := plan_changed(state):
            click.echo(one_line(changed), err=True)
        return _pictures(state, editions.to_approve(state))


def _of_run(run_name: str, directory: Path | None) -> tuple[dict[str, object], Drawn]:
    with following(run_name, directory, of=finding.newest) as follower:
        edition = follower.state.edition
        if edition is None:
            raise UserError("the run has no plan yet")
        return _pictures(follower.state, edition)


def _lines(drawn: Drawn, form: str) -> Iterator[str]:
    match form:
        case "mermaid":
            return mermaid(drawn)
        case "dot":
            return dot(drawn)
        case _:
            return _ascii(drawn)


def _ascii(drawn: Drawn) -> Iterator[str]:
    graph = Graph.laid((section.id for section in drawn.sections), drawn.dependencies)
    known = {section.id: section for section in drawn.sections}
    yield one_line(drawn.title, 200) or "plan"
    over = {name for name, section in known.items() if section.mark == "done"}
    left_out = {name for name, section in known.items() if section.mark in {"left out", "skipped"}}
    chosen = graph.chosen((), left_out)
    wave = {name: number for number, names in enumerate(chosen.waves(), 1) for name in names}
    longest = " -> ".join(map(one_line, longest_chain(graph, over, left_out)))
    size = f"{_count(len(known), 'section')}, {_count(max(wave.values(), default=0), 'wave')}"
    yield f"{size}; longest chain: {longest}" if longest else size
    yield ""
    for row in outline.tree(graph):
        lead = "".join(_GUIDES[row.guides[at : at + 2]] for at in range(0, len(row.guides), 2))
        if row.kind == "heading":
            yield f"{row.words}:"
        elif row.kind == "reference":
            yield f"{lead}-> {one_line(row.section)} (*)"
        else:
            yield f"{lead}{_named(known[row.section], wave.get(row.section), row)}"
    for pair in drawn.exclusions:
        yield f"never side by side: {one_line(pair.one)}, {one_line(pair.other)}"


def _named(section: DrawnSection, wave: int | None, row: outline.OutlineRow) -> str:
    title = f"  {one_line(section.title, 70)}" if section.title != section.id else ""
    said = [f"wave {wave}"] if wave else []
    others = row.listed([one_line(name) for name in row.others])
    said += [others if others.startswith("or ") else f"after {others} too"] if others else []
    said += [f"in {one_line(section.place)}"] if section.place else []
    said += [section.mark] if section.mark else []
    return f"{one_line(section.id, 40)}{title}" + (f"  [{'; '.join(said)}]" if said else "")


def _drawn_plan(plan: Plan, mends: Sequence[Mend]) -> Drawn:
    made = mended(plan.sections, plan.dependencies, mends)
    marks = {**dict.fromkeys(made.left_out, "left out"), **dict.fromkeys(made.done, "done")}
    sections = with_added(plan.sections, made.added)
    return Drawn(
        title=plan.title,
        sections=tuple(DrawnSection(id=one.id, title=one.title, mark=marks.get(one.id, "")) for one in sections),
        dependencies=made.dependencies,
        exclusions=plan.exclusions,
    )


def _pictures(state: State, edition: Edition) -> tuple[dict[str, object], Drawn]:
    """An edition of a run as data and as a drawing: the one that runs with what became of it, others as planned."""
    runs = edition is state.edition
    sections = list((state.sections if runs else lay_out(edition)).values())
    drawn = Drawn(
        title=edition.read.title,
        sections=tuple(
            DrawnSection(id=one.id, title=one.title, mark=_mark(one), place=one.repository) for one in sections
        ),
        dependencies=edition.dependencies,
        exclusions=edition.read.exclusions,
    )
    done = {one.id for one in sections if one.verdict == "done"}
    return _run_json(state.run, edition, [_section_json(one, runs=runs) for one in sections], done), drawn


def _mark(section: SectionState) -> str:
    if section.planned == "excluded":
        return "left out"
    status = section.verdict or section.status.value
    return "" if status in {"waiting", "ready"} else status


def _run_json(
    run: str, edition: Edition, sections: list[dict[str, object]], done: Collection[str]
) -> dict[str, object]:
    made = made_of(edition)
    names = [str(one["id"]) for one in sections]
    graph = Graph.laid(names, edition.dependencies)
    return {
        "run": run,
        "title": edition.read.title,
        "plan_sha": edition.read.plan_sha,
        "graph_sha": edition.graph_sha,
        "sections": sections,
        "edges": edges_json(edition.dependencies, done),
        "exclusions": [exclusion_json(pair) for pair in edition.read.exclusions],
        "findings": [
            {"type": found.type, "ids": list(found.ids), "line": found.line, "message": found.message}
            for found in edition.findings
        ],
        "waves": graph.chosen((), made.left_out).waves(),
        "critical_path": longest_chain(graph, made.done, made.left_out.keys()),
        "repositories": {one.name: one.path for one in elsewhere(edition.read)},
    }


def _section_json(section: SectionState, *, runs: bool) -> dict[str, object]:
    return {
        "id": section.id,
        "title": section.title,
        "status": section.status.value if runs else None,
        "planned": section.planned or None,
        "detail": section.detail or None,
        "depends_on": section.upstream,
        "never_beside": section.exclusive,
        "agent": section.agent,
        "model": section.model or None,
        "effort": section.effort or None,
        "budget_usd": section.budget_usd,
        "workflow": section.workflow or None,
        "repository": section.repository or None,
        "merge": section.merge or None,
        "priority": section.priority,
        "notes": [{"text": note.text, "by": note.by, "at": note.at} for note in section.notes],
        "lines": None if section.added_by else list(section.lines),
        "added_by": section.added_by or None,
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


COMMANDS = (graph,)
