"""List items as people read them: a first paragraph that goes on in further lines is one, wherever it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orch_tui.plan.inline import commonly_emphasised
from orch_tui.plan.value import value

_BEGINS = re.compile(
    r"""\s*(?:
        [|>#<\[─│├└┌┐┘╰╭] | \*\* | [-+*]\s | \d{1,9}[.)]\s | `{3}|~{3} | -{3}|={3}|\*{3}
      | _?[^\W_][\w'’./-]{0,40}+(?:\ ?\([^()]{0,60}\)|\ [^\W_][\w'’./-]{0,40}+){0,4}\ ?(?::(?=\s|[*_]|$)|：)
    )""",
    re.VERBOSE,
)
"""What begins something of its own where a line begins: a block, a bold lead, a field (`Depends on: 3`)."""
_ENDS = re.compile(r"(?<!\be\.g)(?<!\bvs)(?<!\betc)[.!?。！？][*_)）]*$")
"""Where a sentence ends with its line, the next one stands in a line of its own."""
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


def wrapped(
    lines: Sequence[str], hidden: Sequence[bool], starts: Iterable[int], apart: frozenset[int]
) -> dict[int, Wrapped]:
    """The broken first paragraphs of the items that start in these lines; `apart` are lines that go on with nothing."""
    out: dict[int, Wrapped] = {}
    for start in starts:
        last = start
        while (
            last < min(len(lines), start + _MOST_LINES)
            and not (hidden[last + 1] or last + 1 in apart)
            and _goes_on(lines[last - 1], lines[last])
        ):
            last += 1
        if last > start:
            broken = lines[start - 1 : last]
            out[start] = Wrapped(line=start, end=last, text=commonly_emphasised(whole(broken)), pieces=tuple(broken))
    return out


def whole(lines: Sequence[str]) -> str:
    """Lines as one, sign for sign but for the blanks at their ends."""
    return " ".join([lines[0], *(line.strip() for line in lines[1:])])


def _goes_on(line: str, following: str) -> bool:
    if not following or _BEGINS.match(following) or _ENDS.search(line):
        return False
    return not (line.endswith("`") and following.lstrip()[0].isupper())


def _bare(text: str) -> str:
    return text.replace("*", "").replace("_", "").replace("`", "")
