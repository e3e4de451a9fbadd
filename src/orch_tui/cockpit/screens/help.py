"""Every key there is, from the table."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from orch_tui.client.views import ASKING, GLYPHS
from orch_tui.cockpit import keys
from orch_tui.cockpit.review_text import CRITICAL, FORBIDDING, MENDED, PROPOSED, WORRYING
from orch_tui.cockpit.screens.dialog import Dialog
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import MARK

_GROUPS: tuple[tuple[str, tuple[keys.Place, ...]], ...] = (
    ("In the run", ("run",)),
    ("In the review", ("review",)),
    ("Proposals", ("proposals",)),
    ("In the difference", ("difference",)),
    ("Answering an agent", ("permission", "question")),
    ("Decisions", ("decisions",)),
    ("Reading a brief, a result, a diff", ("reading",)),
    ("Before something is done", ("preview", "confirm")),
    ("Choosing and filling in", ("picker", "choose", "form")),
    ("Panes and searching", ("board",)),
    ("Moving", ("move", "lines")),
    ("Everywhere", ("cockpit",)),
)

_NARROW = 80  # columns below which only the first key of an action is named
_NUMBERED = re.compile(r"\w+_[1-9]")
_NUMBERS: dict[keys.Place, str] = {
    "run": "to the running section with that number",
    "question": "the option with that number",
    "choose": "the way with that number",
}


class Help(Dialog[None]):
    """The keys as they are now, those of `place` first, remapped ones too, and what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark", "leave", "close")]

    def __init__(self, place: keys.Place) -> None:
        super().__init__()
        self._place: keys.Place = place

    def compose(self) -> ComposeResult:
        """One text."""
        with Vertical(classes="box"):
            pane = LinesView(Listed(self._lines()))
            pane.styles.height = "1fr"
            pane.styles.max_height = "100%"
            yield pane

    def on_mount(self) -> None:
        """As high as there is room."""
        box = self.query_one(".box")
        box.styles.height = "90%"
        box.border_title = Content("Keys")  # pyright: ignore[reportAttributeAccessIssue]
        box.border_subtitle = Content("esc closes · keys: in config.yaml remaps by name")  # pyright: ignore[reportAttributeAccessIssue]

    def _lines(self) -> list[Line]:
        remapped, narrow = self.cockpit.remapped, self.cockpit.size.width < _NARROW
        width = 9 if narrow else 14
        lines: list[Line] = []
        for title, places in sorted(_GROUPS, key=lambda group: self._place not in group[1]):
            lines += [Line(text=""), Line(text=title, kind="heading")]
            for key in keys.KEYS:
                if key.place in places and not _NUMBERED.fullmatch(key.id):
                    given = remapped.get(key.id, key.keys)
                    shown = keys.shown(given.split(",")[0] if narrow else given)
                    lines.append(Line(text=f"{key.does}{_called(key)}", margin=shown.rjust(width) + " "))
            for place in places:
                if place in _NUMBERS:
                    lines.append(Line(text=_NUMBERS[place], margin="1-9".rjust(width) + " "))
        signs = [
            (CRITICAL, "on the critical path: the longest chain of what is to be done"),
            (MENDED, "mended by a person"),
            (WORRYING, "there are findings about it"),
            (FORBIDDING, "a finding that forbids the approval"),
            (PROPOSED, "something is proposed about it"),
            (MARK, "marked"),
            ("+2 deps", "waits for two more than the one it stands under"),
            ("→ E (*)", "E waits for this one too, and stands elsewhere; enter goes there"),
        ]
        signs += [*((glyph, status.value) for status, glyph in GLYPHS.items()), (ASKING, "asks you")]
        lines += [Line(text=""), Line(text="Signs", kind="heading")]
        lines += [Line(text=word, margin=glyph.rjust(width) + " ") for glyph, word in signs]
        return lines


def _called(key: keys.Key) -> str:
    return f"  ({key.id})"
