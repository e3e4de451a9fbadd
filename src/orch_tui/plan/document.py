"""Text as a plan reader sees it: lines, front matter, fences, headings and list items, each with its line number.

One linear pass by hand instead of a Markdown library: plans of many megabytes must open at once, and what a reader
needs is where a line stands, not how it renders. Lines count from 1 and end at LF, CRLF or CR only, as in editors.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from orch_tui.plan.inline import commonly_emphasised
from orch_tui.plan.lines import commonly_written, split_lines
from orch_tui.plan.upright import with_fields
from orch_tui.plan.value import value
from orch_tui.plan.wrapped import Wrapped, whole, wrapped

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]*+)?(`{3,}|~{3,})([^`]*)$")
_ITEM = re.compile(r"([ \t]*)(?:([-*+])|(\d{1,9})(?:[.)]|(?=[ \t]+\[)))[ \t]+(?=\S)")
_LOOK_AHEAD = 200
"""Lines after a fence within a block that are looked through for the end of the block."""
_LONGEST_HEADING = 1_000
"""Characters of a heading that are looked at; what is longer is no title."""
_MANY_BLANKS = re.compile(r"[ \t]{3,}")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)$")


@value
class Heading:
    """A heading; `end` is the last line of what stands under it, `parent` the index of the enclosing heading or -1."""

    line: int
    level: int
    text: str
    end: int
    parent: int


@value
class ListItem:
    """A list item; `number` is "" for a bullet, `indent` counts columns, `end` is its last line.

    `text` is its first line as in the `lines` of the document.
    """

    line: int
    end: int
    indent: int
    number: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block; `line` and `end` are its two fences (`end` is the last line of the file when it never closes)."""

    line: int
    end: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Document:
    """A scanned text. `hidden[n]` says that line n is front matter, fenced or commented out (index 0 is not used).

    `own` are its lines without blanks at their ends, `written` the same with common signs, `lines` these in the
    commonest looks: emphasis in one spelling; the first paragraph of a list item, or a field, that is broken stands
    whole in its first line, and the further ones are empty; the rows of a table that holds fields are fields.
    One is equal to itself alone, so that what was found in it can be kept beside it (`once`).
    """

    lines: tuple[str, ...]
    written: tuple[str, ...]
    own: tuple[str, ...]
    wrapped: dict[int, Wrapped]
    """What stands in one of the `lines` and was broken over several, by its line."""
    hidden: tuple[bool, ...]
    headings: tuple[Heading, ...]
    items: tuple[ListItem, ...]
    fences: tuple[Fence, ...]
    front_matter: tuple[int, int] | None
    """First and last line between the two `---`, or None."""
    heading_lines: dict[int, str]
    """Texts of the headings by line."""
    item_lines: frozenset[int]
    """First lines of the list items."""

    def line(self, number: int) -> str:
        """The text of a line as in `lines`, without its ending and without trailing blanks."""
        return self.lines[number - 1]

    def heading_at(self, number: int) -> int:
        """The index of the heading that is line `number` or stands next above it; -1 above the first one."""
        return bisect_right(self.headings, number, key=lambda heading: heading.line) - 1

    def text(self, first: int, last: int) -> str:
        """The lines from `first` to `last` as they were written, both included."""
        return "\n".join(self.written[first - 1 : last])

    def data(self, first: int = 1, last: int | None = None) -> str:
        """The lines from `first` to `last`, both included, sign for sign: what is data may hold commands to be run."""
        return "\n".join(self.own[first - 1 : last])

    def body(self, line: int, head: str, end: int) -> str:
        """`head`, found in a line as in `lines`, and the lines after it up to `end`, all as they were written."""
        at = self.line(line).rfind(head)
        if at >= 0:
            head = self.written[line - 1][at : at + len(head)]
        return f"{head}\n{self.text(line + 1, end)}".strip("\n")

    def as_written(self, line: int, words: str) -> tuple[int, str]:
        """Words found in a line as in `lines`, as they were written, and the number of the line in which they begin."""
        broken = self.wrapped.get(line)
        at = self.line(line).find(words)
        if at >= 0:
            words = whole(self.written[line - 1 : broken.end if broken else line])[at : at + len(words)]
        return broken.line_of(words) if broken else line, words

    def visible(self, first: int, last: int) -> list[int]:
        """The numbers of the lines from `first` to `last` that are not hidden."""
        return [number for number in range(first, min(last, len(self.lines)) + 1) if not self.hidden[number]]

    def trimmed(self, first: int, last: int) -> int:
        """`last`, moved up over blank lines and rules, but never above `first`."""
        while last > first and not self.written[last - 1].strip("-*_ \t"):
            last -= 1
        return last


def scan(text: str) -> Document:
    """Reads any text; takes time linear in its length and never fails."""
    text = text.removeprefix("\ufeff")
    own = tuple(line.rstrip() for line in split_lines(text))
    common = commonly_written(text)
    written = own if common is text else tuple(line.rstrip() for line in split_lines(common))
    hidden = [False] * (len(written) + 1)
    front = _front_matter(written)
    if front:
        hidden[: front[1] + 2] = [True] * (front[1] + 2)
    fences = _hide_blocks(written, hidden, start=front[1] + 2 if front else 1)
    lines = [line if hidden[at] else commonly_emphasised(line) for at, line in enumerate(written, 1)]
    headings = _headings(lines, hidden)
    heading_lines = {heading.line: heading.text for heading in headings}
    items = _items(lines, hidden, heading_lines.keys(), fences)
    item_lines = frozenset(item.line for item in items)
    broken = wrapped(lines, hidden, item_lines, heading_lines.keys())
    for at, one in broken.items():
        lines[at - 1 : one.end] = [one.text, *[""] * (one.end - at)]
    lines = with_fields(lines, hidden)
    return Document(
        lines=tuple(lines),
        written=written,
        own=own,
        wrapped=broken,
        hidden=tuple(hidden),
        headings=headings,
        items=tuple(_whole(item, broken.get(item.line)) for item in items),
        item_lines=item_lines,
        fences=tuple(fences),
        front_matter=front,
        heading_lines=heading_lines,
    )


def _front_matter(lines: tuple[str, ...]) -> tuple[int, int] | None:
    """The lines between a `---` on the first line and the next `---` or `...`; None without both."""
    if not lines or lines[0] != "---":
        return None
    for number, line in enumerate(lines[1:], 2):
        if line in {"---", "..."}:
            return (2, number - 1)
    return None


def _hide_blocks(lines: tuple[str, ...], hidden: list[bool], start: int) -> list[Fence]:
    """Marks fenced and commented lines as hidden; returns the fences."""
    fences: list[Fence] = []
    opened, opened_at, language = "", 0, ""
    comment, depth = False, 0
    inner_fences = _Inner(lines)
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if opened:
            hidden[number] = True
            if opened[0] not in line:
                continue
            if _closes(line, opened) and depth:
                depth -= 1
            elif _closes(line, opened) or (inner := inner_fences.at(number, opened)) == "closes":
                fences.append(Fence(line=opened_at, end=number, language=language))
                opened = ""
            elif inner == "opens":
                depth += 1
        elif comment:
            hidden[number] = True
            comment = "-->" not in line
        elif ("`" in line or "~" in line) and (fence := _FENCE.match(line)):
            opened, opened_at, language = fence[1], number, fence[2].strip().lower()
            hidden[number] = True
        elif line.lstrip().startswith("<!--"):
            tail = line.partition("<!--")[2]
            comment = "-->" not in tail
            hidden[number] = comment or line.endswith("-->")
    if opened:
        fences.append(Fence(line=opened_at, end=len(lines), language=language))
    return fences


class _Inner:
    """Tells what fences within blocks are; what it looks ahead for is counted once for each way to open a block."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self._bare: dict[str, list[int]] = {}
        self._parts: list[int] = []

    def at(self, number: int, opened: str) -> Literal["", "opens", "closes"]:
        """What a fence with a language within a block is: the start of a block in it, a clumsy end of it, or text.

        Told by the bare fences that follow up to the next heading: two close both blocks, none leaves it to this line.
        """
        found = _FENCE.match(self._lines[number - 1])
        if not found or not found[2].strip() or found[1][0] != opened[0] or len(found[1]) < len(opened):
            return ""
        if opened not in self._bare:
            self._bare[opened] = list(accumulate((_closes(line, opened) for line in self._lines), initial=0))
        if not self._parts:
            self._parts = [at for at, line in enumerate(self._lines) if line.startswith("##")] + [len(self._lines)]
        heading = self._parts[bisect_left(self._parts, number)]
        counted = self._bare[opened]
        bare = counted[min(heading, number + _LOOK_AHEAD)] - counted[number]
        return "closes" if bare == 0 else "opens" if bare > 1 and bare % 2 == 0 else ""


def _closes(line: str, opened: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(opened) and not stripped.strip(opened[0])


def _headings(lines: Sequence[str], hidden: list[bool]) -> tuple[Heading, ...]:
    """ATX headings, and lines of text underlined with `===` or `---`."""
    found: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines, 1):
        if hidden[number]:
            continue
        if opened := _HEADING.match(line):
            found.append((number, len(opened[1]), _short(_closed(line[opened.end() :]))))
        elif number < len(lines) and not hidden[number + 1] and (level := _underlined(lines, number)):
            found.append((number, level, _short(line.strip())))
    return _nested(found, len(lines))


def _short(text: str) -> str:
    """A heading as it is looked at: readers search each with many patterns."""
    return _MANY_BLANKS.sub("  ", text)[:_LONGEST_HEADING].rstrip()


def _closed(text: str) -> str:
    """Heading text without the closing sequence (`## Title ##`)."""
    bare = text.rstrip("#")
    return bare.rstrip() if bare != text and (not bare or bare[-1] in " \t") else text


def _underlined(lines: Sequence[str], number: int) -> int:
    """The level of a one-line paragraph that the next line underlines, else 0."""
    line, before = lines[number - 1], lines[number - 2] if number > 1 else ""
    ruled = _UNDERLINE.match(lines[number])
    plain = line.strip() and not line.startswith(("    ", "\t")) and line.lstrip()[0] not in "-*+>|=#"
    if not ruled or not plain or before.strip() or len(ruled[1]) < 3:
        return 0
    return 1 if ruled[1][0] == "=" else 2


def _nested(found: list[tuple[int, int, str]], last: int) -> tuple[Heading, ...]:
    """Fills in where each heading's part ends and which heading encloses it."""
    parents: list[int] = []
    ends = [last] * len(found)
    stack: list[int] = []
    for at, (number, level, _) in enumerate(found):
        while stack and found[stack[-1]][1] >= level:
            ends[stack.pop()] = number - 1
        parents.append(stack[-1] if stack else -1)
        stack.append(at)
    return tuple(
        Heading(line=number, level=level, text=text, end=ends[at], parent=parents[at])
        for at, (number, level, text) in enumerate(found)
    )


def _items(lines: Sequence[str], hidden: list[bool], headings: Set[int], fences: list[Fence]) -> tuple[ListItem, ...]:
    """List items; `1.`, `1)`, bullets, and a number that lost its dot before a box (`7 [ ] Title`)."""
    inside = {number for fence in fences for number in range(fence.line + 1, fence.end + 1)}
    starts: list[tuple[int, int, re.Match[str]]] = []
    ends: list[int] = []
    open_items: list[int] = []
    last, blank = 0, False
    for number, line in enumerate(lines, 1):
        if not line:
            blank = True
            continue
        if number not in inside:
            indent = _indent(line)
            found = None if hidden[number] or number in headings else _ITEM.match(line)
            if number in headings:
                indent = -1
            if found or blank or hidden[number] or indent < 0:
                while open_items and starts[open_items[-1]][1] >= indent:
                    ends[open_items.pop()] = last
            if found:
                open_items.append(len(starts))
                starts.append((number, indent, found))
                ends.append(number)
        last, blank = number, False
    for at in open_items:
        ends[at] = last
    return tuple(
        ListItem(line=number, end=end, indent=indent, number=found[3] or "", text=lines[number - 1][found.end() :])
        for (number, indent, found), end in zip(starts, ends, strict=True)
    )


def _whole(item: ListItem, broken: Wrapped | None) -> ListItem:
    return replace(item, text=item.text + broken.further()) if broken else item


def _indent(line: str) -> int:
    lead = line[: len(line) - len(line.lstrip())]
    return len(lead.expandtabs(4))
