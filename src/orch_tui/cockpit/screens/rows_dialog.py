"""What dialogs over a list share: the rows, the whole of the chosen one below them, and commands about it."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical

from orch_tui.cockpit import outcomes
from orch_tui.cockpit.screens.dialog import Dialog
from orch_tui.cockpit.widgets.choice_list import Choice, ChoiceList
from orch_tui.cockpit.widgets.lines import Listed
from orch_tui.cockpit.widgets.lines_view import LinesView

Result = TypeVar("Result")


class RowsDialog(Dialog[Result]):
    """A list, what its chosen row says in `DETAIL` rows, and the keys `KEYS`."""

    AUTO_FOCUS = ""
    DETAIL = 5
    KEYS: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """List, the whole of the chosen one, keys."""
        with Vertical(classes="box"):
            yield ChoiceList()
            detail = LinesView(Listed(()), id="detail")
            detail.can_focus = False
            detail.styles.height = self.DETAIL
            yield detail
            yield self.told()
            yield self.key_line(*self.KEYS)

    @property
    def choices(self) -> ChoiceList:
        """The list."""
        return self.query_one(ChoiceList)

    def show_choices(self, choices: list[Choice], at: int) -> None:
        """All of them, as high as the terminal lets them be, with the cursor at one."""
        self.choices.styles.height = max(3, min(len(choices), self.cockpit.size.height * 9 // 10 - self.DETAIL - 9))
        self.choices.show(choices, at=at)

    def show_detail(self, listed: Listed) -> None:
        """What the chosen one says."""
        self.query_one("#detail", LinesView).show(listed, follow=False)

    def action_cursor(self, step: int) -> None:
        """Up and down."""
        self.choices.move(step)

    def send(self, op: str, args: dict[str, object], told: str) -> None:
        """A command, or why it would be refused."""
        reason = outcomes.foreseen(self.cockpit.state, op, args)
        if reason:
            self.tell(reason)
        else:
            self.cockpit.command(op, args, words=told)
