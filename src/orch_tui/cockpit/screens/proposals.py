"""What a reader proposes to change, one by one or all at once; nothing changes until a person accepts it."""

from __future__ import annotations

from textual import on
from textual.content import Content

from orch_tui.clean import one_line
from orch_tui.client.proposals import ProposalRow, proposals
from orch_tui.cockpit import keys, review_text
from orch_tui.cockpit.screens.rows_dialog import RowsDialog
from orch_tui.cockpit.widgets.choice_list import Choice, ChoiceList
from orch_tui.cockpit.widgets.lines import Listed


class Proposals(RowsDialog[ProposalRow | None]):
    """Result: the proposal whose section is to be shown; None when only the dialog was left."""

    BINDINGS = keys.bindings("proposals")
    DETAIL = 7
    KEYS = ("accept", "dismiss", "accept_all", "dismiss_all", "proposal_open", "proposals_leave")

    def __init__(self, section: str) -> None:
        super().__init__()
        self._section = section
        self._rows: tuple[ProposalRow, ...] = ()

    def on_mount(self) -> None:
        """The first one that touches the selected section."""
        self._load()
        touching = (at for at, row in enumerate(self._rows) if self._section in row.sections)
        self.choices.pick(next(touching, 0) + 1)
        self.take_keys()

    def settle(self) -> None:
        """Something was decided, here or elsewhere."""
        self._load()

    def _load(self) -> None:
        rows = tuple(sorted(proposals(self.cockpit.state), key=lambda row: row.fate != "open"))
        if rows == self._rows:
            return
        chosen = self._chosen
        self._rows = rows
        at = next((at for at, row in enumerate(rows) if chosen is not None and row.id == chosen.id), 0)
        if chosen is not None and rows and rows[at].fate != "open":
            at = next((at for at, row in enumerate(rows) if row.fate == "open"), at)
        self.show_choices([_choice(row) for row in rows], at)
        open_ones = sum(row.fate == "open" for row in rows)
        box = self.query_one(".box")
        box.border_title = Content(f"{len(rows)} proposed")  # pyright: ignore[reportAttributeAccessIssue]
        box.border_subtitle = Content(f"{open_ones} open")  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def _chosen(self) -> ProposalRow | None:
        choice = self.choices.choice
        return next((row for row in self._rows if choice is not None and row.id == choice.value), None)

    @on(ChoiceList.Moved)
    def _moved(self) -> None:
        chosen = self._chosen
        self.tell("")
        if chosen is not None:
            self.show_detail(Listed(review_text.proposal(chosen)))

    # --- keys ---

    @on(ChoiceList.Chosen)
    def action_open(self) -> None:
        """To its section."""
        self.dismiss(self._chosen)

    def action_accept(self) -> None:
        """Take it over."""
        self._decide("accept")

    def action_dismiss_one(self) -> None:
        """Put it aside."""
        self._decide("dismiss")

    def action_accept_all(self) -> None:
        """Take over all that are open and fit."""
        undo, changes = (keys.hint(one, self.cockpit.remapped)[0] for one in ("undo", "changes"))
        under_way = self.cockpit.state.approval is not None
        then = f"{changes} shows the changed plan" if under_way else f"{undo} takes them back, one by one"
        self.send("accept", {}, f"accepted all that were open and fit · {then}")

    def action_dismiss_all(self) -> None:
        """Put aside all that are open."""
        self.send("dismiss", {}, "dismissed all that were open")

    def _decide(self, op: str) -> None:
        chosen = self._chosen
        if chosen is not None:
            done = {"accept": "accepted", "dismiss": "dismissed"}[op]
            self.send(op, {"ids": (chosen.id,)}, f"{done}: {one_line(chosen.words, 80)}")


def _choice(row: ProposalRow) -> Choice:
    sign = {"open": review_text.PROPOSED, "accepted": "✓", "dismissed": "»"}[row.fate]
    note = row.fate if row.fate != "open" else f"line {row.line}" if row.line else ""
    kind = row.kind.replace("-", " ")
    return Choice(value=row.id, key=f"{sign} {kind}", words=row.words, note=note, quiet=row.fate != "open")
