"""A line folded into the rows of a pane: wrapped or cut, and never longer than anybody reads."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells

from orch_tui.cockpit.widgets.lines import BAR, Line

LONGEST = 4000
"""Characters of one line that are drawn; what is longer says how long it is."""


def rows(line: Line, width: int, *, wrap: bool, shift: int = 0) -> list[str]:
    """The rows `line` takes at `width` cells: at least one. Not wrapped, they begin `shift` cells further right."""
    text = line.lead + line.text
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … ({len(line.text):,} characters)"
    hang = line.lead if line.lead == BAR else " " * cell_len(line.lead)
    if "\n" not in text:
        return _row(text, width, hang, wrap=wrap, shift=shift)
    first, *others = text.rstrip("\n").split("\n")
    return [
        row
        for part in (first, *(hang + other for other in others))
        for row in _row(part, width, hang, wrap=wrap, shift=shift)
    ]


def _row(text: str, width: int, hang: str, *, wrap: bool, shift: int) -> list[str]:
    if not wrap:
        return [_cut(text, shift)]
    if not text or (text.isascii() and len(text) <= width) or cell_len(text) <= width:
        return [text]
    return _wrapped(text, width, hang)


def _cut(text: str, shift: int) -> str:
    if not shift:
        return text
    return text[shift:] if text.isascii() else "".join(chop_cells(text, max(1, shift))[1:])


def _wrapped(text: str, width: int, hang: str) -> list[str]:
    """Wrapped at blanks where that leaves a row at least half full, else in the middle of words; `hang` goes before
    every row but the first."""
    rows: list[str] = []
    deeper = max(8, width - cell_len(hang))
    while text or not rows:
        width = deeper if rows else width
        row = text[:width] if text.isascii() else chop_cells(text[: width * 2], width)[0]
        if not row and text:  # narrower than one wide character
            row = text[0]
        if len(row) < len(text) and not text[len(row)].isspace():
            blank = row.rfind(" ")
            if blank >= width // 2:
                row = row[: blank + 1]
        rows.append(hang + row if rows else row)
        text = text[len(row) :]
        if text.startswith(" ") and not row[-1:].isspace():
            text = text[1:]
    return rows
