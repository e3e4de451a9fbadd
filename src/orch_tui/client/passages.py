"""What the plan itself says about a section: its text, and the shell blocks that will run."""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui.clean import clean
from orch_tui.core.state import SectionState
from orch_tui.plan.blocks import shell_blocks
from orch_tui.plan.lines import split_lines

RUNS_BLOCKS = "script"
"""The agent that runs a section's own shell blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A line of the plan; `number` counts from 1 in the file."""

    number: int
    text: str


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
