"""A drawing made of characters: boxes, lines and arrow heads on a grid, read as nodes and arrows.

A line is followed from cell to cell by the directions in which each character connects; what touches a loose end is a
source, what an arrow head points at is a target. Drawings by hand are a column off now and then: a vertical line may
go on one cell to the side.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LEFT, _RIGHT, _UP, _DOWN = (0, -1), (0, 1), (-1, 0), (1, 0)
_WAYS: dict[str, tuple[tuple[int, int], ...]] = {
    **dict.fromkeys("─-━═╌┄—–=", (_LEFT, _RIGHT)),
    **dict.fromkeys("│|┃║╎┆", (_UP, _DOWN)),
    **dict.fromkeys("┌╭╔┏", (_RIGHT, _DOWN)),
    **dict.fromkeys("┐╮╗┓", (_LEFT, _DOWN)),
    **dict.fromkeys("└╰╚┗", (_RIGHT, _UP)),
    **dict.fromkeys("┘╯╝┛", (_LEFT, _UP)),
    **dict.fromkeys("├╠┣", (_UP, _DOWN, _RIGHT)),
    **dict.fromkeys("┤╣┫", (_UP, _DOWN, _LEFT)),
    **dict.fromkeys("┬╦┳", (_LEFT, _RIGHT, _DOWN)),
    **dict.fromkeys("┴╩┻", (_LEFT, _RIGHT, _UP)),
    **dict.fromkeys("┼╬╋+", (_LEFT, _RIGHT, _UP, _DOWN)),
}
_HEADS = {
    **dict.fromkeys("▶►→>➔➜⟶", _RIGHT),
    **dict.fromkeys("◀◄←<⟵", _LEFT),
    **dict.fromkeys("▲↑^△", _UP),
    **dict.fromkeys("▼↓v▽V", _DOWN),
}
_DRAWN = re.escape("".join(char for char in {**_WAYS, **_HEADS} if char not in "-–—−=+<>vV^"))
_WORDS = re.compile(rf"[^\s{_DRAWN}]+(?:[ ][^\s{_DRAWN}]+)*")
_LINE_OF_HYPHENS = re.compile(r"(?:<)?[-=]{2,}>?|[-=─━═╌┄]>")
_CAPTIONS = re.compile(r"\s*(?:\([^()]*\)\s*)+")
_BRANCHES = "├╠┣└╰╚┗"
_TOP_LEFT, _TOP_RIGHT, _BOTTOM_LEFT, _BOTTOM_RIGHT = "┌╭╔┏+", "┐╮╗┓+", "└╰╚┗+", "┘╯╝┛+"
_ACROSS, _ALONG = "─-━═┬┴┼╌┄╦╩+=", "│|┃║├┤┼╎┆╠╣+"
_MOST_CELLS = 60_000
"""Characters of one drawing; what is larger was drawn by a program and not for a plan."""
_FILLER = "\ufff9"
"""Second half of a wide character."""
_MOST_PAIRS = 2_000
"""Sources times targets of one line that are told apart by their rows."""
_REACH = 3
"""Blanks between the end of a line and the word it belongs to."""
_PADDED = 10
"""The same to the left, where blanks fill up names of different lengths so that their lines begin together."""

_IN_STEP = 2
"""Lines of a row that are told apart by counting."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A connected line: numbers of the nodes at its loose ends and at its arrow heads; `row` is the first target's."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    row: int


def drawing(rows: Sequence[str]) -> tuple[list[str], list[Stroke]]:
    """The texts of a drawing's nodes and the strokes between them; nothing for one that is too large."""
    if sum(map(len, rows)) > _MOST_CELLS or not any(char in _HEADS for row in rows for char in row):
        return [], []
    return _Canvas([_on_grid(row) for row in rows]).read()


def _on_grid(row: str) -> str:
    """A row in which every character takes as many places as a terminal gives it."""
    if row.isascii():
        return row
    return "".join(char + _FILLER * (unicodedata.east_asian_width(char) in "WF") for char in row)


def _parted(sources: dict[int, int], targets: dict[int, int], lowest: int) -> Iterator[tuple[set[int], set[int]]]:
    """Which sources of a line lead to which of its targets, from the rows in which they touch it.

    A line that forks and joins again below, with its last head pointing down in row `lowest`, has sources below its
    first targets; they lead down and not back up.
    """
    if not any(at < lowest for at in sources.values() if at > min(targets.values(), default=at)) or (
        len(sources) * len(targets) > _MOST_PAIRS
    ):
        if targets and sources.keys() - targets.keys():
            yield sources.keys() - targets.keys(), set(targets)
        return
    for target, row in targets.items():
        above = {source for source, at in sources.items() if (at <= row or at >= lowest) and source != target}
        if above:
            yield above, {target}


class _Canvas:
    def __init__(self, rows: Sequence[str]) -> None:
        self._rows = rows
        self._texts: list[str] = []
        self._at: list[int] = []
        self._node: dict[Cell, int] = {}
        self._lines: set[Cell] = set()

    def read(self) -> tuple[list[str], list[Stroke]]:
        self._boxes()
        self._words()
        self._line_cells()
        strokes: list[Stroke] = []
        seen: set[Cell] = set()
        for cell in sorted(self._lines):
            if cell not in seen:
                strokes += self._follow(cell, seen)
        return [text.replace(_FILLER, "") for text in self._texts], strokes

    def _char(self, cell: Cell) -> str:
        row, column = cell
        if 0 <= row < len(self._rows) and 0 <= column < len(self._rows[row]):
            return self._rows[row][column]
        return " "

    def _boxes(self) -> None:
        """Rectangles with text in them; their border and inside belong to the node."""
        for row, line in enumerate(self._rows):
            for column, char in enumerate(line):
                if char in _TOP_LEFT and (row, column) not in self._node:
                    self._box(row, column)

    def _box(self, top: int, left: int) -> None:
        right = left + 1
        while self._char((top, right)) in _ACROSS and self._char((top, right)) not in "+":
            right += 1
        if right - left < 2 or self._char((top, right)) not in _TOP_RIGHT:
            return
        bottom = top + 1
        while self._char((bottom, left)) in _ALONG and not self._is_bottom(bottom, left, right):
            bottom += 1
        if bottom - top < 2 or not self._is_bottom(bottom, left, right):
            return
        inside = [self._rows[row][left + 1 : right] for row in range(top + 1, bottom)]
        if any(char in _TOP_LEFT[:-1] or (char in _HEADS and char not in "v<>V^") for text in inside for char in text):
            return
        words = " ".join(text.strip(" │|┃║") for text in inside if text.strip(" │|┃║"))
        number = len(self._texts)
        self._texts.append(words)
        self._at.append(top + 1)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._node[row, column] = number

    def _is_bottom(self, row: int, left: int, right: int) -> bool:
        return self._char((row, left)) in _BOTTOM_LEFT and self._char((row, right)) in _BOTTOM_RIGHT

    def _words(self) -> None:
        for row, line in enumerate(self._rows):
            bare = _LINE_OF_HYPHENS.sub(lambda found: "─" * len(found[0]), line)
            below = bool(_CAPTIONS.fullmatch(bare))
            for found in _WORDS.finditer(bare):
                if (row, found.start()) in self._node or found[0] in {"v", "V", "^", "+", "-", ">", "<"}:
                    continue
                number = self._captioned(row, found) if below else -1
                if number < 0:
                    number = len(self._texts)
                    self._texts.append(found[0].strip())
                    self._at.append(row)
                for column in range(found.start(), found.end()):
                    self._node[row, column] = number

    def _captioned(self, row: int, found: re.Match[str]) -> int:
        """The node right above a bracket, whose words it goes on with: "Story 2" with "(front end)" below; -1: none."""
        above = {self._node[at] for column in range(*found.span()) if (at := (row - 1, column)) in self._node}
        if len(above) != 1:
            return -1
        (number,) = above
        self._texts[number] += f" {found[0]}"
        return number

    def _line_cells(self) -> None:
        for row, line in enumerate(self._rows):
            for column, char in enumerate(line):
                cell = (row, column)
                if cell not in self._node and (char in _WAYS or char in _HEADS):
                    self._lines.add(cell)

    def _follow(self, start: Cell, seen: set[Cell]) -> Iterator[Stroke]:
        """One connected line."""
        sources: dict[int, int] = {}
        targets: dict[int, int] = {}
        lowest = -1
        queue = deque([start])
        seen.add(start)
        while queue:
            cell = queue.popleft()
            char = self._char(cell)
            head = _HEADS.get(char) if char not in _WAYS else None
            ways = _WAYS.get(char, ())
            if head:
                if (target := self._touched(cell, head)) is not None:
                    targets[target] = max(targets.get(target, 0), cell[0])
                    lowest = max(lowest, cell[0] if head == _DOWN else -1)
                ways = (self._opposite(head),)
                if char in "▼▲↓↑vV^":
                    ways = (ways[0], *(way for way in (_LEFT, _RIGHT) if self._joins(cell, way)))
            below = (cell[0] + 1, cell[1])
            if _DOWN not in ways and below in self._lines and self._char(below) in _BRANCHES and below not in seen:
                seen.add(below)
                queue.append(below)
            for way in ways:
                following = self._next(cell, way)
                if following:
                    if following not in seen:
                        seen.add(following)
                        queue.append(following)
                elif (source := self._touched(cell, way)) is not None:
                    sources[source] = min(sources.get(source, cell[0]), cell[0])
        for from_, to in _parted(sources, targets, lowest):
            yield Stroke(sources=tuple(sorted(from_)), targets=tuple(sorted(to)), row=min(self._at[one] for one in to))

    def _opposite(self, way: Cell) -> Cell:
        return (-way[0], -way[1])

    def _joins(self, cell: Cell, way: Cell) -> bool:
        char = self._char((cell[0] + way[0], cell[1] + way[1]))
        return char in "┘└┐┌"

    def _next(self, cell: Cell, way: Cell) -> Cell | None:
        """The line cell that goes on in a direction, one column aside at most where it is vertical."""
        row, column = cell[0] + way[0], cell[1] + way[1]
        back = self._opposite(way)
        sideways = (0, -1, 1) if way[0] else (0,)
        for shift in sideways:
            there = (row, column + shift)
            if there not in self._lines:
                continue
            char = self._char(there)
            if back in _WAYS.get(char, ()) or _HEADS.get(char) in {way, back}:
                return there
        if way == _UP and self._char(cell) in _BRANCHES and (row, column) in self._lines:
            return row, column  # a branch off the line above, drawn right below it
        return None

    def _touched(self, cell: Cell, way: Cell) -> int | None:
        """The node at the end of a line."""
        for step in range(1, (_PADDED if way == _LEFT else _REACH) + 1):
            there = (cell[0] + way[0] * step, cell[1] + way[1] * step)
            if there in self._node:
                return self._node[there]
            if way[0]:
                if (in_step := self._in_step(cell, way)) is not None:
                    return in_step
                for shift in (-1, 1, -2, 2):
                    if (there[0], there[1] + shift) in self._node:
                        return self._node[there[0], there[1] + shift]
                return None
            if there in self._lines:
                return None
        return None

    def _in_step(self, cell: Cell, way: Cell) -> int | None:
        """The node of a row beside one of as many lines or arrow heads and nothing else, counted from the left."""
        row = self._rows[cell[0]]
        marks = [column for column, char in enumerate(row) if not char.isspace()]
        if len(marks) < _IN_STEP or any((cell[0], column) not in self._lines for column in marks):
            return None
        there = cell[0] + way[0]
        length = len(self._rows[there]) if 0 <= there < len(self._rows) else 0
        nodes = [self._node[there, column] for column in range(length) if (there, column) in self._node]
        nodes = list(dict.fromkeys(nodes))
        return nodes[marks.index(cell[1])] if len(nodes) == len(marks) else None
