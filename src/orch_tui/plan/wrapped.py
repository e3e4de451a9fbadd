"""List items and fields as people read them: what goes on in further lines is one line, wherever it is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Literal

from orch_tui.plan.fields import field_relation, is_field
from orch_tui.plan.inline import commonly_emphasised
from orch_tui.plan.names import label
from orch_tui.plan.value import value

_BEGINS = re.compile(
    r"""\s*(?:
        [|>#<─│├└┌┐┘╰╭] | [-+*]\s | \d{1,9}[.)]\s | \[[ xX~-]\] | `{3}|~{3} | -{3}|={3}|\*{3}
      | _?[^\W_][\w'’./-]{0,40}+(?:\ ?\([^()]{0,60}\)|(?<!\.)\ [^\W_][\w'’./-]{0,40}+){0,3}\ ?(?::(?=\s|[*_]|$)|：)
    )""",
    re.VERBOSE,
)
"""What begins something of its own where a line begins: a block, a bold lead, a field (`Depends on: 3`)."""
_BOLD_WITHIN = re.compile(
    r"\s*\*\*(?P<bold>(?=[^*:：]*\*\*(?:[,.;)]|\s+[a-z(]))[^*\s][^*:：]*|[a-z][^*:：]*(?=\*\*\s*$))\*\*"
)
"""Bold words that begin a line within a sentence: "**rack** and the shelf"; "**Files** `rack.py`" heads something."""
_ENDS = re.compile(r"(?<!\be\.g)(?<!\bvs)(?<!\betc)[.!?。！？][*_)）]*$")
"""Where a sentence ends with its line, the next one stands in a line of its own."""
_OPEN = (",", "、", "，", " and", " or", " und", "→", "->")
_Kind = Literal["", "item", "field", "bold"]
_MOST_LINES = 200
"""What goes on for longer is a text rather than an item."""


@value
class Wrapped:
    """A paragraph that was broken: its lines as one, and the pieces it was made of."""

    line: int
    end: int
    text: str
    pieces: tuple[str, ...]

    def further(self) -> str:
        """What stands in the lines after the first, as the end of `text`."""
        return self.text[len(self.pieces[0]) :]

    def line_of(self, words: str) -> int:
        """The number of the line in which these words of it begin; the first where they are not found."""
        at = _bare(self.text).find(_bare(words).strip())
        line, end = self.line, 0
        for number, piece in enumerate(self.pieces):
            if end <= at:
                line = self.line + number
            end += len(_bare(piece.strip() if number else piece)) + 1
        return line


def wrapped(lines: Sequence[str], hidden: Sequence[bool], items: Set[int], headings: Set[int]) -> dict[int, Wrapped]:
    """What is broken of list items, of fields and of bold words, by the line in which it begins."""
    out: dict[int, Wrapped] = {}
    last = 0
    kind: _Kind = ""
    while last < len(lines):
        start = last = last + 1
        line = lines[start - 1]
        if start in items:
            kind = "item"
        elif not line or hidden[start] or start in headings or line[0] == "|":
            kind = ""
        elif kind != "item" or _begins(line):
            kind = _kind(line)
        if not kind:
            continue
        brackets, bold = _brackets(line), line.count("**")
        stop = min(len(lines), start + _MOST_LINES)
        while last < stop and not (hidden[last + 1] or last + 1 in items or last + 1 in headings):
            if not _goes_on(lines[last - 1], lines[last], kind, within=brackets > 0 or bold % 2 > 0):
                break
            brackets, bold = brackets + _brackets(lines[last]), bold + lines[last].count("**")
            last += 1
        if last > start:
            broken = lines[start - 1 : last]
            out[start] = Wrapped(line=start, end=last, text=commonly_emphasised(whole(broken)), pieces=tuple(broken))
    return out


def open_ended(text: str) -> bool:
    """Whether a text ends where it cannot end: behind a comma, a conjunction, an arrow."""
    return text.endswith(_OPEN)


def whole(lines: Sequence[str]) -> str:
    """Lines as one, sign for sign but for the blanks at their ends."""
    return " ".join([lines[0], *(line.strip() for line in lines[1:])])


def _kind(line: str) -> _Kind:
    """What a line that begins no item is, or ends in; "" for one that ends with its end."""
    if line.count("**") % 2:
        return "bold"
    if ":" in line or "：" in line:
        return "field" if is_field(line) or is_field(line.rpartition(". ")[2]) else ""
    return ""


def _goes_on(line: str, following: str, kind: _Kind, *, within: bool) -> bool:
    """Whether a line goes on in the next one, as items do as a rule, fields rarely; `within`: what opened is open."""
    begins = following.lstrip()[:1]
    if not begins or _BEGINS.match(following):
        return False
    if within or kind == "bold":
        return within
    if open_ended(line):
        return True
    if _begins(following):
        return False
    if line.rstrip("*_").endswith((":", "：")):
        return True
    if _ENDS.search(line):
        return False
    if kind == "field":
        return begins.islower() or begins.isdigit() or begins == "(" or bool(label(line.rsplit(maxsplit=1)[-1]))
    return not (line.endswith("`") and begins.isupper())


def _begins(line: str) -> bool:
    if line.lstrip().startswith("**"):
        within = _BOLD_WITHIN.match(line)
        return not within or bool(field_relation(within["bold"].lower()))
    return bool(_BEGINS.match(line))


def _brackets(line: str) -> int:
    """How many brackets are open at the end of a line."""
    return line.count("(") + line.count("[") - line.count(")") - line.count("]")


def _bare(text: str) -> str:
    return text.replace("*", "").replace("_", "").replace("`", "")
