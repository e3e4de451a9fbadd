"""Every key there is, from the table."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from orch_tui.client.views import ASKING, GLYPHS
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.dialog import Dialog
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView

_GROUPS: tuple[tuple[str, tuple[keys.Place, ...]], ...] = (
    ("In the run", ("run",)),
    ("In the review", ("review",)),
    ("Answering an agent", ("permission", "question")),
    ("Panes and searching", ("board",)),
    ("Moving", ("move", "lines")),
    ("Everywhere", ("cockpit",)),
)


class Help(Dialog[None]):
    """The keys as they are now, remapped ones too, and what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark", "leave", "close")]

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
        remapped = self.cockpit.remapped
        lines: list[Line] = []
        for title, places in _GROUPS:
            lines += [Line(text=""), Line(text=title, kind="heading")]
            for key in keys.KEYS:
                if key.place in places and not key.id.startswith("running_"):
                    shown = keys.shown(remapped.get(key.id, key.keys))
                    lines.append(Line(text=f"{key.does}{_called(key)}", margin=shown.rjust(14) + " "))
            if "run" in places:
                lines.append(Line(text="to the running section with that number", margin="1-9".rjust(14) + " "))
        signs = [*((glyph, status.value) for status, glyph in GLYPHS.items()), (ASKING, "asks you")]
        lines += [Line(text=""), Line(text="Signs", kind="heading")]
        lines += [Line(text=word, margin=glyph.rjust(14) + " ") for glyph, word in signs]
        return lines


def _called(key: keys.Key) -> str:
    return f"  ({key.id})"
