"""A text kept within a budget: what matters least is cut first, and what was cut is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orch_tui.tokens import UNIT, size

LEFT_OUT = "Left out to keep this within about "
"""How the line begins that says what was left out."""
_LEAST = 70 * UNIT
"""The size of a piece that still says something; with less room it goes as a whole."""
_NOTE = 235 * UNIT
"""The size the line about what was left out may have."""
_BREAK = size("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Lines that can go, the last ones first, or the first ones. `put` has the text made with fewer of them."""

    name: str
    lines: Sequence[str]
    put: Callable[[Sequence[str]], None]
    from_start: bool = False

    @property
    def size(self) -> int:
        """About how many tokens it has, in units of `tokens.py`."""
        return sum(size(line) + _BREAK for line in self.lines)

    def within(self, room: int) -> list[str]:
        """As many of its lines as fit into `room`; [] when next to nothing would."""
        if room < _LEAST:
            return []
        kept: list[str] = []
        for line in reversed(self.lines) if self.from_start else self.lines:
            room -= size(line) + _BREAK
            if room < 0:
                break
            kept.append(line)
        return kept[::-1] if self.from_start else kept


def fit(render: Callable[[], str], kinds: Sequence[Sequence[Piece]], budget: int, rate: float = UNIT) -> str:
    """What `render` gives within `budget` tokens: of `kinds`, the first is cut first, and in it the longest piece.

    `rate` is how many units (`tokens.py`) a token has.
    What is in none of them stays, even when it is too long by itself. A line at the end says what was left out.
    """
    text = render()
    limit = int(budget * rate)
    if size(text) <= limit:
        return text
    left_out: list[str] = []
    for pieces in kinds:
        over = size(text) - limit + _NOTE
        if over <= 0:
            break
        if _shown(text, render, pieces):
            for piece in sorted(pieces, key=lambda piece: piece.size, reverse=True):
                if over > 0 and piece.lines:
                    kept = piece.within(piece.size - over)
                    piece.put(kept)
                    over -= piece.size - sum(size(line) + _BREAK for line in kept)
                    left_out.append(f"{piece.name} (in part)" if kept else piece.name)
            text = render()
    return f"{text.rstrip()}\n\n{_note(left_out, budget)}\n" if left_out else text


def _shown(text: str, render: Callable[[], str], pieces: Sequence[Piece]) -> bool:
    """Whether the text gets shorter without them: a template need not use everything."""
    for piece in pieces:
        piece.put(())
    shown = size(render()) < size(text)
    for piece in pieces:
        piece.put(piece.lines)
    return shown


def _note(left_out: Sequence[str], budget: int) -> str:
    head = f"{LEFT_OUT}{budget} tokens: "
    named, room = list[str](), _NOTE - size(head) - 13 * UNIT
    for name in left_out:
        room -= size(name) + 2 * _BREAK
        if room < 0:
            break
        named.append(name)
    more = len(left_out) - len(named)
    return head + "; ".join([*named, *([f"and {more} more" if named else f"{more} parts"] if more else [])]) + "."
