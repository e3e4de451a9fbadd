"""What dialogs share: a box over the board, esc leaves, and news of the run reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

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
