"""The register of decisions, told to every later session: to read, to add to, to strike and pin in."""

from __future__ import annotations

from textual import on, work
from textual.content import Content

from orch_tui.client.results import DecisionRow, decisions
from orch_tui.clock import moment
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.rows_dialog import RowsDialog
from orch_tui.cockpit.screens.steer import Steer
from orch_tui.cockpit.widgets.choice_list import Choice, ChoiceList
from orch_tui.cockpit.widgets.lines import Line, Listed

_PINNED, _STRUCK, _TOLD = "■", "×", "·"


class Decisions(RowsDialog[str | None]):
    """Result: the section whose decision was opened; None when only the dialog was left."""

    BINDINGS = keys.bindings("decisions")
    KEYS = ("decision_add", "decision_strike", "decision_pin", "decision_open", "decisions_leave")

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[DecisionRow, ...] | None = None

    def on_mount(self) -> None:
        """The latest one."""
        self.query_one(".box").border_title = Content("Decisions")  # pyright: ignore[reportAttributeAccessIssue]
        self.settle()
        self.choices.move(len(self._rows or ()))
        self.take_keys()

    def on_screen_resume(self) -> None:
        """A decision may have been made in a dialog above."""
        self.settle()

    def settle(self) -> None:
        """Somebody decided something, here or elsewhere; the cursor stays."""
        rows = decisions(self.cockpit.state)
        if rows == self._rows:
            return
        before, self._rows = self._rows, rows
        chosen = self.choices.choice
        at = next((at for at, row in enumerate(rows) if chosen and str(row.number) == chosen.value), 0)
        if before is not None and len(rows) > len(before):
            at = len(rows) - 1
        self.show_choices([_choice(row) for row in rows], at)
        told = sum(row.counts for row in rows)
        words = f"{told} of {len(rows)} told to later sessions" if rows else "none so far"
        self.query_one(".box").border_subtitle = Content(words)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def _chosen(self) -> DecisionRow | None:
        choice = self.choices.choice
        return next((row for row in self._rows or () if choice and str(row.number) == choice.value), None)

    @on(ChoiceList.Moved)
    def _moved(self) -> None:
        self.tell("")
        row = self._chosen
        if row is None:
            lines = [
                Line(text="Nothing is decided so far. What you decide is told to every session that begins later.")
            ]
        else:
            about = " · ".join(filter(None, (moment(row.at), row.who, row.mark)))
            lines = [Line(text=about, kind="dim"), Line(text=row.text)]
        self.show_detail(Listed(lines))

    # --- keys ---

    @on(ChoiceList.Chosen)
    def action_open(self) -> None:
        """To the section it comes from."""
        row = self._chosen
        if row is not None and row.section in self.cockpit.state.sections:
            self.dismiss(row.section)
        else:
            self.tell("a person decided it, in no section" if row else "there is none yet")

    @work(group="dialog")
    async def action_add(self) -> None:
        """Decide something for all later sessions."""
        self.cockpit.expect_text()
        lead = "A sentence that every session that begins from now on is told."
        text = await self.cockpit.push_screen_wait(Steer("Decide", lead))
        if text is not None:
            self.send("decide", {"text": text}, "decided")

    def action_strike(self) -> None:
        """No later session is told it."""
        if (row := self._chosen) is not None:
            self.send("decide", {"strike": row.number}, f"decision {row.number} is struck: no later session is told it")

    def action_pin(self) -> None:
        """It is never left out of a brief."""
        if (row := self._chosen) is not None:
            self.send("decide", {"pin": row.number}, f"decision {row.number} is pinned: no brief leaves it out")


def _choice(row: DecisionRow) -> Choice:
    sign = _PINNED if row.pinned else _TOLD if row.counts else _STRUCK
    return Choice(
        value=str(row.number),
        key=f"{sign} {row.number:>2}",
        words=row.text,
        note=row.mark or row.who,
        quiet=not row.counts,
    )
