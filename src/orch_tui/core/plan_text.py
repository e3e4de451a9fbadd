"""The words of each section: what its brief says, what people are shown, and the blocks that run, all from here.

A section of a Markdown plan is its own lines. One of a plan that is data (JSON, YAML) is the text made of its fields,
which was kept when the plan was read: so it is approved, shown and carried out as one and the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.core.state import SectionState
from orch_tui.plan.blocks import ShellBlock, shell_blocks
from orch_tui.plan.lines import split_lines

_RULE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Lines of a section, none of them cleaned; `first` is the number of the first in the plan file, 0: in none."""

    first: int
    lines: Sequence[str]


class PlanText:
    """A version of a plan by section."""

    def __init__(self, text: str) -> None:
        self._lines = split_lines(text)

    def words(self, section: SectionState) -> Words:
        """The section's lines, heading included, or its made text; no lines when the plan has not as many."""
        if section.text is not None:
            return Words(first=0, lines=split_lines(section.text) if section.text else ())
        first, last = section.lines
        return Words(first=first, lines=self._lines[first - 1 : last])

    def told(self, section: SectionState) -> str:
        """The section's words in one piece, for whoever carries it out; a row of a table has the table's header."""
        header = self._header(section.lines[0] - 1) if section.text is None else []
        return "\n".join([*header, *self.words(section).lines])

    def around(self, section: SectionState) -> list[str]:
        """What the plan says elsewhere that bears on it: words of its phases and rules, each with its heading."""
        return ["\n".join(self._lines[first - 1 : last]) for first, last in section.around]

    def blocks(self, section: SectionState) -> tuple[ShellBlock, ...]:
        """The section's shell blocks; `line` is the line of the fence in the plan file, 0 when it stands in none."""
        words = self.words(section)
        found = shell_blocks("\n".join(words.lines))
        before = words.first - 1
        return tuple(
            ShellBlock(shell=block.shell, text=block.text, line=block.line + before if words.first else 0)
            for block in found
        )

    def _header(self, row: int) -> list[str]:
        """What the cells of a row mean: the first two lines of its table; [] for a line that is no row."""
        top = row
        while top >= 0 and self._lines[top].lstrip().startswith("|"):
            top -= 1
        header = self._lines[top + 1 : top + 3]
        return header if top + 2 < row and _RULE.fullmatch(header[1]) else []
