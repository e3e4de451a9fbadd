"""What the plan itself says about a section: its text, and the shell blocks that will run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.clean import clean, one_line
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import SectionState

RUNS_BLOCKS = "script"
"""The agent that runs a section's own shell blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A line of the plan; `number` counts from 1 in the file, 0: it is of a text made of data."""

    number: int
    text: str

    @property
    def margin(self) -> str:
        """The number as it stands beside the line."""
        return str(self.number or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A shell block that will run. `hidden` says that it holds characters that cannot be shown."""

    shell: str
    lines: tuple[PlanLine, ...]
    hidden: bool


def section_text(plan: PlanText, section: SectionState, limit: int = 2000) -> tuple[PlanLine, ...]:
    """The section's lines (at most `limit`), cleaned."""
    words = plan.words(section)
    return _numbered([clean(line[:4000]) for line in words.lines[:limit]], words.first)


def left_out(plan: PlanText, section: SectionState, shown: int) -> int:
    """How many lines the section has after the first `shown`."""
    return len(plan.words(section).lines) - shown


def place(section: SectionState) -> str:
    """Where its text stands in the plan file, in words."""
    if section.added_by:
        return f"added by {one_line(section.added_by)}"
    lines = "line {0}" if section.lines[0] == section.lines[1] else "lines {0} to {1}"
    return ("" if section.text is None else "made of ") + lines.format(*section.lines)


def will_run(plan: PlanText, section: SectionState) -> tuple[BlockRow, ...]:
    """The shell blocks the `script` agent will run for the section; () for every other agent."""
    if section.agent != RUNS_BLOCKS:
        return ()
    return tuple(
        BlockRow(
            shell=block.shell,
            lines=_numbered(clean(block.text).rstrip("\n").split("\n"), block.line + 1 if block.line else 0),
            hidden=clean(block.text) != block.text.expandtabs(8),
        )
        for block in plan.blocks(section)
    )


def _numbered(lines: Sequence[str], first: int) -> tuple[PlanLine, ...]:
    return tuple(PlanLine(number=first + at if first else 0, text=line) for at, line in enumerate(lines))
