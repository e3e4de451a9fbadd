"""The door to plans: text -> `Plan`. Reading never fails on text; what is wrong becomes a finding.

`READERS` is the list of format families. The one that is surest of a document reads it; what its words mean is then
decided by `linking`, the same for all. A new family is a module with a `Reader` and one more line in the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from orch_tui.clean import one_line
from orch_tui.growing import growing
from orch_tui.plan import findings
from orch_tui.plan.beads import BeadsReader
from orch_tui.plan.bmad import BmadReader
from orch_tui.plan.checks.everything import check
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.containers import bare_title, name_of, title_heading
from orch_tui.plan.dag import Graph
from orch_tui.plan.data_plan import DataReader
from orch_tui.plan.document import Document, scan
from orch_tui.plan.freeform import FreeFormReader
from orch_tui.plan.genre import is_plan
from orch_tui.plan.gsd import GsdReader
from orch_tui.plan.gsd_slices import GsdSlicesReader
from orch_tui.plan.gsd_tasks import GsdTasksReader
from orch_tui.plan.hint_tables import hints_in_tables
from orch_tui.plan.hints import filled, read_hints
from orch_tui.plan.kiro import KiroReader
from orch_tui.plan.linking import Links, link
from orch_tui.plan.model import Dependency, Finding, Hints, Plan, Section
from orch_tui.plan.outside import outside_lines
from orch_tui.plan.progress import with_progress
from orch_tui.plan.reading import Reader, Reading, WorkItem
from orch_tui.plan.remembered import forget
from orch_tui.plan.settings import read_settings
from orch_tui.plan.sisyphus import SisyphusReader
from orch_tui.plan.slugs import slugs
from orch_tui.plan.sources import with_elsewhere
from orch_tui.plan.speckit import SpecKitReader
from orch_tui.plan.superpowers import SuperpowersReader
from orch_tui.plan.surroundings import preamble_end, surroundings
from orch_tui.plan.task_groups import TaskGroupsReader
from orch_tui.plan.work_packages import WorkPackagesReader

READERS: tuple[Reader, ...] = (
    BeadsReader(),
    DataReader(),
    GsdTasksReader(),
    SisyphusReader(),
    GsdSlicesReader(),
    WorkPackagesReader(),
    SpecKitReader(),
    SuperpowersReader(),
    BmadReader(),
    GsdReader(),
    TaskGroupsReader(),
    KiroReader(),
    FreeFormReader(),
)
"""Families of plan formats; of equally sure ones the first reads, and the last what belongs to no family."""

_SURE = 0.9
"""From here on nobody asks the last reader."""


def parse(text: str) -> Plan:
    """Reads any text as a plan; never raises. A text with fewer than two work items has no sections and `not-a-plan`.

    `sha256` is that of the text in UTF-8, which is the file's own for files without byte order mark.
    """
    try:
        with growing():
            return _parsed(text)
    finally:
        forget()


def _parsed(text: str) -> Plan:
    document = scan(text)
    settings, problems = _settings(document)
    reader = _surest(document)
    reading, links = _read(reader, document)
    plan = Plan(
        title=one_line(reading.title) or _title(document, settings),
        preamble="",
        sections=(),
        dependencies=(),
        findings=tuple(problems),
        settings=settings,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    if len(reading.items) < 2:
        return _no_plan(plan, document, (*problems, *reading.findings), _why_not(document, reading))
    return _plan(plan, document, reader, reading, links or link(reading))


def _no_plan(plan: Plan, document: Document, found: tuple[Finding, ...], why: str) -> Plan:
    told = (*found, findings.finding("not-a-plan", (), 0, why))
    return replace(plan, preamble=_preamble(document, len(document.lines) + 1), findings=told)


def _surest(document: Document) -> Reader:
    """The reader of the family the document belongs to; the last one, which takes longest, where none is sure."""
    *families, last = READERS
    fits = [family.fits(document) for family in families]
    best = max(range(len(families)), key=fits.__getitem__)
    if fits[best] >= _SURE or fits[best] > last.fits(document):
        return families[best]
    return last


def _read(reader: Reader, document: Document) -> tuple[Reading, Links | None]:
    """What a reader found, with its links where these were made to choose it."""
    if not isinstance(reader, FreeFormReader):
        return replace(reader.read(document), outside=outside_lines(document)), None
    level = reader.level(document)
    return (level.reading, level.links) if level else (Reading(items=()), None)


def _plan(plan: Plan, document: Document, reader: Reader, reading: Reading, links: Links) -> Plan:
    if not links.stated:
        reading = with_elsewhere(document, reading)
        links = link(reading)
    reading = with_progress(document, reading, links)
    links.edges = sorted((_placed(document, edge) for edge in links.edges), key=lambda edge: edge.evidence.line)
    if reader is READERS[-1] and not is_plan(plan.title, reading, links):
        return _no_plan(plan, document, plan.findings, _why_another_genre(plan.title, reading))
    begins = reading.begins or preamble_end(document, min(item.line for item in reading.items))
    sections = _sections(document, reading, links, begins)
    graph = Graph.laid((section.id for section in sections), links.edges)
    found = [*plan.findings, *reading.findings, *links.findings, *_deferred(document, reading, links)]
    found += findings.cycles(graph, {section.id: section.lines[0] for section in sections})
    found += findings.against_parallel(graph, sections, links.edges, links.beside)
    if not links.stated:
        found.append(findings.nothing_stated())
    subject = Subject(document=document, reading=reading, links=links, sections=sections, graph=graph)
    checked = check(subject)
    return replace(
        plan,
        preamble=_preamble(document, begins) if reading.preamble is None else reading.preamble,
        sections=sections,
        dependencies=tuple(links.edges),
        findings=tuple(sorted([*found, *checked.findings], key=lambda one: one.line)),
        exclusions=checked.exclusions,
        proposals=checked.proposals,
        reader=reader.name,
    )


def _sections(document: Document, reading: Reading, links: Links, begins: int) -> tuple[Section, ...]:
    names = slugs((written, item.title) for written, item in zip(links.ids, reading.items, strict=True))
    tabled = hints_in_tables(document, reading.items, links.references)
    around = surroundings(document, [(item.line, item.end) for item in reading.items], begins)
    return tuple(
        Section(
            id=links.ids[at],
            slug=names[at],
            title=item.title,
            body=item.body,
            lines=(item.line, item.end),
            container=reading.containers[item.containers[0]].title if item.containers else "",
            done=_done(item, reading),
            hints=_beside(filled(_hints(document, item), tabled.get(at, Hints())), links.parallel.get(at, ())),
            made=item.made,
            around=() if item.made else around[at],
        )
        for at, item in enumerate(reading.items)
    )


def _placed(document: Document, edge: Dependency) -> Dependency:
    """The edge with its words as they were written, and the line in which they begin."""
    said = edge.evidence
    line, quote = document.as_written(said.line, said.quote)
    return (
        edge
        if (line, quote) == (said.line, said.quote)
        else replace(edge, evidence=replace(said, line=line, quote=quote))
    )


def _beside(hints: Hints, others: Sequence[str]) -> Hints:
    return replace(hints, parallel_with=tuple(others)) if others else hints


def _hints(document: Document, item: WorkItem) -> Hints:
    if item.hints is not None:
        return item.hints
    broken = document.wrapped.get(item.line)
    inline = item.body.partition("\n")[0] + (broken.further() if broken else "")
    return read_hints(document.lines[item.line : item.end], inline=inline, title=item.title)


def _done(item: WorkItem, reading: Reading) -> bool:
    """The item's own mark, else the nearest container's."""
    marks = (item.mark, *(reading.containers[at].mark for at in item.containers))
    return next((mark for mark in marks if mark), "") == "done"


def _deferred(document: Document, reading: Reading, links: Links) -> list[Finding]:
    marked = (
        (written, item) for written, item in zip(links.ids, reading.items, strict=True) if item.mark == "deferred"
    )
    return [findings.deferred(written, document.line(item.line).strip(), item.line) for written, item in marked]


def _settings(document: Document) -> tuple[dict[str, object], list[Finding]]:
    if document.front_matter is None:
        return {}, []
    first, last = document.front_matter
    return read_settings(document.text(first, last), first)


def _title(document: Document, settings: dict[str, object]) -> str:
    """The title heading, else `title` or `name` of the front matter, else the first heading."""
    at = title_heading(document)
    if at >= 0:
        return bare_title(document.headings[at].text)
    for key in ("title", "name"):
        if isinstance(stated := settings.get(key), str) and stated.strip():
            return one_line(stated)
    return bare_title(document.headings[0].text) if document.headings else ""


def _preamble(document: Document, first_section: int) -> str:
    """The text before the first section without front matter and title heading."""
    start = document.front_matter[1] + 2 if document.front_matter else 1
    at = title_heading(document)
    title = document.headings[at].line if at >= 0 else 0
    stop = first_section if first_section >= start else len(document.lines) + 1
    kept = [document.written[line - 1] for line in range(start, stop) if line != title]
    return "\n".join(kept).strip("\n")


def _why_another_genre(title: str, reading: Reading) -> str:
    """Why lists and headings that look like items are taken for those of another kind of document."""
    first, last = reading.items[0], reading.items[-1]
    return (
        f"{title!r} reads like a guide, a report or a reference: its {len(reading.items)} entries from {first.title!r}"
        f" (line {first.line}) to {last.title!r} (line {last.line}) have no order, no boxes and no names like 'Task 1';"
        " if it is a plan, say so in the title ('Plan: ...') or number the work as 'Task 1', 'Task 2'"
    )


def _labelled(document: Document) -> list[tuple[str, int]]:
    """Titles and lines of the headings that say themselves which item they are: "Section A: Ground"."""
    named = ((name_of(heading.text), heading.line) for heading in document.headings)
    return [(name.title, line) for name, line in named if name.label and name.id]


def _why_not(document: Document, reading: Reading) -> str:
    """Why the text is no plan, in words that help to make it one."""
    if any(found.type == "broken-data" for found in reading.findings):
        return "the data is broken, so nothing was read; mend it at the line and column named above"
    lines = sum(1 for line in document.written if line.strip())
    help_ = "write headings such as '## Section A: ...' with 'Depends on: ...' below them, or a numbered list of tasks"
    found = [(item.title, item.line) for item in reading.items] or _labelled(document)
    if len(found) == 1:
        title, line = found[0]
        return f"only one work item was found, {title!r} in line {line}, and a plan needs two; {help_}"
    fenced = sum(fence.end - fence.line + 1 for fence in document.fences)
    where = f", {fenced} of them in code blocks, which are examples and not read" if fenced else ""
    return (
        f"no work items in {lines} line{'' if lines == 1 else 's'}{where}: {len(document.headings)} headings, none of"
        f" them like 'Section A' or 'Step 1', and no list of numbered or ticked tasks; {help_}"
    )
