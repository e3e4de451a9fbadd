"""The difference of two texts as lines of a pane: in one column, or old and new side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from orch_tui.client.comparing import Stretch
from orch_tui.client.passages import PlanLine
from orch_tui.cockpit.widgets import folding
from orch_tui.cockpit.widgets.lines import Line

SPLIT_FROM = 120
"""Columns of the terminal from which two columns can be read."""


def in_one(stretches: Sequence[Stretch]) -> list[Line]:
    """Gone lines with "-", new ones with "+"; numbers are those of the text a line stands in."""
    lines: list[Line] = []
    for part in stretches:
        if part.skipped:
            lines.append(_skipped(part))
        elif part.same:
            lines += [_line(line, "dim", "  ") for line in part.new]
        else:
            lines += [_line(line, "gone", "- ") for line in part.old]
            lines += [_line(line, "new", "+ ") for line in part.new]
    return lines


def side_by_side(stretches: Sequence[Stretch], width: int) -> tuple[list[Line], list[Line]]:
    """Two columns of the same number of lines, each folded to `width` cells already, so that rows stay level."""
    left: list[Line] = []
    right: list[Line] = []
    for part in stretches:
        if part.skipped:
            left.append(_skipped(part))
            right.append(_skipped(part))
            continue
        looks = ("dim", "dim", "  ", "  ") if part.same else ("gone", "new", "- ", "+ ")
        for old, new in zip_longest(part.old, part.new):
            ours = _folded(old, looks[0], looks[2], width)
            theirs = _folded(new, looks[1], looks[3], width)
            for mine, other in zip_longest(ours, theirs, fillvalue=Line(text="")):
                left.append(mine)
                right.append(other)
    return left, right


def _skipped(part: Stretch) -> Line:
    return Line(text=f"… {part.skipped:,} line{'s' if part.skipped > 1 else ''} the same", kind="dim")


def _line(line: PlanLine, kind: str, lead: str) -> Line:
    return Line(text=line.text, kind=kind, lead=lead, margin=line.margin)


def _folded(line: PlanLine | None, kind: str, lead: str, width: int) -> list[Line]:
    if line is None:
        return [Line(text="")]
    whole = _line(line, kind, lead)
    first, *others = folding.rows(whole, max(8, width), wrap=True)
    return [Line(text=first, kind=kind, margin=whole.margin), *(Line(text=other, kind=kind) for other in others)]
