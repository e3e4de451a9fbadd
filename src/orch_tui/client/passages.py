"""What the plan says about a section, for review: its text, the words behind its edges, findings, and what will run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orch_tui.clean import clean, one_line
from orch_tui.core.decide_plan import NEVER
from orch_tui.core.state import SectionState, State
from orch_tui.plan.blocks import shell_blocks
from orch_tui.plan.lines import split_lines
from orch_tui.plan.model import Dependency

Direction = Literal["waits for", "before"]
RUNS_BLOCKS = "script"
"""The agent that runs a section's own shell blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A line of the plan; `number` counts from 1 in the file."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRow:
    """An edge from the section's side. `other` is at its far end; `quote` are the plan's own words in line `line`."""

    direction: Direction
    other: str
    other_title: str
    line: int
    quote: str
    kind: str
    needs: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """Something to see before approving; `blocking` findings make approval impossible."""

    type: str
    ids: tuple[str, ...]
    line: int
    message: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A shell block that will run. `hidden` says that it holds characters that cannot be shown."""

    shell: str
    line: int
    lines: tuple[str, ...]
    hidden: bool


def split(plan_text: str) -> list[str]:
    """The plan as lines, counted as the runner counts them."""
    return split_lines(plan_text)


def section_text(plan: list[str], section: SectionState, limit: int = 2000) -> tuple[PlanLine, ...]:
    """The section's lines of the stored plan (at most `limit`), cleaned."""
    first, last = section.lines
    shown = plan[first - 1 : min(last, first - 1 + limit)]
    return tuple(PlanLine(number=first + at, text=clean(line[:4000])) for at, line in enumerate(shown))


def edges(state: State, section: str) -> tuple[EdgeRow, ...]:
    """Every edge of the section: what it waits for, then what waits for it, each in the plan's order."""
    up = [edge for edge in state.dependencies if edge.downstream == section]
    down = [edge for edge in state.dependencies if edge.upstream == section]
    return (
        *(_edge(state, edge, "waits for", edge.upstream) for edge in up),
        *(_edge(state, edge, "before", edge.downstream) for edge in down),
    )


def _edge(state: State, edge: Dependency, direction: Direction, other: str) -> EdgeRow:
    return EdgeRow(
        direction=direction,
        other=one_line(other),
        other_title=one_line(state.sections[other].title),
        line=edge.evidence.line,
        quote=one_line(edge.evidence.quote, 400),
        kind=edge.kind,
        needs=one_line(edge.needs_text or edge.needs),
        confidence=edge.confidence,
    )


def findings(state: State, section: str | None = None) -> tuple[FindingRow, ...]:
    """All findings, or those that concern `section`; what forbids approval comes first."""
    rows = [
        FindingRow(
            type=finding.type,
            ids=finding.ids,
            line=finding.line,
            message=one_line(finding.message, 600),
            blocking=finding.type in NEVER,
        )
        for finding in state.findings
        if section is None or section in finding.ids
    ]
    return tuple(sorted(rows, key=lambda row: not row.blocking))


def will_run(plan: list[str], section: SectionState) -> tuple[BlockRow, ...]:
    """The shell blocks the `script` agent will run for the section; () for every other agent."""
    if section.agent != RUNS_BLOCKS:
        return ()
    first, last = section.lines
    found = shell_blocks("\n".join(plan[first - 1 : last]))
    return tuple(
        BlockRow(
            shell=block.shell,
            line=first + block.line - 1,
            lines=tuple(clean(block.text).rstrip("\n").split("\n")),
            hidden=clean(block.text) != block.text.expandtabs(8),
        )
        for block in found
    )
