"""What dialogs share: a box over the board, esc leaves, and news of the run reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from orch_tui.cockpit import keys
from orch_tui.cockpit.widgets.status_line import key_words

if TYPE_CHECKING:
    from orch_tui.cockpit.app import Cockpit

Result = TypeVar("Result")


class Dialog(ModalScreen[Result], Generic[Result]):
    """A modal screen. `settle` is called whenever the run changed."""

    CSS_PATH = "dialog.tcss"

    @property
    def cockpit(self) -> Cockpit:
        """The app, by its own type."""
        return cast("Cockpit", self.app)  # pyright: ignore[reportUnknownMemberType]

    def settle(self) -> None:
        """The run changed."""

    def tick(self) -> None:
        """Another second went by."""

    def key_line(self, *known: str | tuple[str, str], note: str = "") -> Static:
        """The dialog's keys, in the look of the bottom line: ids of the key table, or (key, word) as they are."""
        remapped = self.cockpit.remapped
        pairs = [keys.hint(one, remapped) if isinstance(one, str) else one for one in known]
        more = Content.styled(f"· {note}", "$secondary") if note else Content("")
        return Static(key_words(pairs) + more, markup=False, classes="keys")

    def told(self) -> Static:
        """A line for `tell`; takes no room while there is nothing to say."""
        line = words("", id="told", classes="warning")
        line.display = False
        return line

    def tell(self, reason: str) -> None:
        """Why not; "" when there is nothing to say."""
        line = self.query_one("#told", Static)
        line.display = bool(reason)
        line.update(Content(f"▲ {reason}" if reason else ""))

    def take_keys(self, widget: Widget | None = None) -> None:
        """Ready: `widget` has the focus (None: the dialog itself), and what was typed early goes there."""
        self.set_focus(widget)
        self.cockpit.deliver()

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)


def words(text: str, id: str | None = None, classes: str | None = None) -> Static:  # noqa: A002
    """A static text that is never taken for markup."""
    return Static(Content(text), markup=False, id=id, classes=classes)
