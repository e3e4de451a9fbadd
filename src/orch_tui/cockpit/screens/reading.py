"""A text to read, over the board: a brief, a result, a difference; looked up in a thread, and searched."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from orch_tui.cockpit import door, keys
from orch_tui.cockpit.screens.dialog import Dialog
from orch_tui.cockpit.widgets.lines import Line, Lines, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.typing_field import OneLine
from orch_tui.errors import OrchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Cleaned lines with a title, and words about them. `earlier` and `later` are numbers of other pages."""

    title: str
    lines: Lines
    about: str = ""
    earlier: int | None = None
    later: int | None = None


Turn = Callable[[int], Awaitable[Page]]
"""The page of a number, 0 for the one to begin with. Raises OrchError with why there is none."""


class Reading(Dialog[bool | None]):
    """One page at a time, as large as there is room. Without a result; `Preview` has one."""

    BINDINGS = keys.bindings("reading")
    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "reading.tcss"]

    def __init__(self, title: str, turn: Turn, *, several: bool = False) -> None:
        super().__init__()
        self._title = title
        self._turn = turn
        self._page: Page | None = None
        self._needle = ""
        self._others = ("reading_earlier", "reading_later") if several else ()

    def compose(self) -> ComposeResult:
        """The text, a field to search with, keys."""
        with Vertical(classes="box"):
            yield LinesView(Listed(()), id="page")
            yield self.told()
            field = OneLine(placeholder="search, enter; esc gives up", id="needle", classes="flat")
            field.display = False
            yield field
            yield self.key_line(*self.keys_below())

    def keys_below(self) -> tuple[str | tuple[str, str], ...]:
        """What the last line names."""
        return (("j k", "move"), "reading_search", "reading_wrap", *self._others, "reading_leave")

    def on_mount(self) -> None:
        """Say what is being looked up, and look it up."""
        self.query_one(".box").border_title = Content(self._title)  # pyright: ignore[reportAttributeAccessIssue]
        self.take_keys(self.pane)
        self._load(0)

    def on_resize(self, event: events.Resize) -> None:
        """All of a small terminal is needed."""
        self.set_class(event.size.width < 100 or event.size.height < 30, "-small")

    @property
    def pane(self) -> LinesView:
        """The text."""
        return self.query_one("#page", LinesView)

    @work(exclusive=True, group="page")
    async def _load(self, number: int) -> None:
        self._title_below("looking it up …")
        try:
            page = await self._turn(number)
        except (OrchError, OSError) as error:
            self.fails(door.reason(error))
        else:
            self._page = page
            self.query_one(".box").border_title = Content(page.title)  # pyright: ignore[reportAttributeAccessIssue]
            self._title_below(page.about)
            self.tell("")
            self.pane.show(page.lines, follow=False)
            self.came(page)

    def came(self, page: Page) -> None:
        """The page is there."""

    def fails(self, why: str) -> None:
        """There is no such page; the one that is shown stays."""
        self._title_below(self._page.about if self._page is not None else "")
        if self._page is None:
            self.pane.show(Listed([Line(text=why, kind="warning")]), follow=False)
        else:
            self.tell(why)

    def _title_below(self, words: str) -> None:
        self.query_one(".box").border_subtitle = Content(words)  # pyright: ignore[reportAttributeAccessIssue]

    # --- keys ---

    def action_turn(self, step: int) -> None:
        """To an earlier page, or a later one."""
        if self._page is None:
            return
        number = self._page.earlier if step < 0 else self._page.later
        if number is not None:
            self._load(number)
        else:
            self.tell(f"there is none {'before' if step < 0 else 'after'} this one")

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self.pane.turn_wrap()

    def action_search(self) -> None:
        """Ask what to look for."""
        field = self.query_one("#needle", OneLine)
        field.display, field.value = True, ""
        self.set_focus(field)

    @on(Input.Submitted, "#needle")
    def _searched(self, event: Input.Submitted) -> None:
        self._needle = event.value.strip()
        self._out_of_field()
        self.pane.mark(self._needle)
        if self._needle:
            self._look(1, first=True)

    @on(OneLine.GivenUp, "#needle")
    def _out_of_field(self) -> None:
        self.query_one("#needle").display = False
        self.set_focus(self.pane)

    def action_match(self, step: int) -> None:
        """The next or previous match."""
        if self._needle:
            self._look(step)

    @work(exclusive=True, group="search")
    async def _look(self, step: int, *, first: bool = False) -> None:
        found = await self.pane.look(self._needle, step, first=first)
        self.tell("" if found >= 0 else f"{self._needle!r} is not {'below' if step > 0 else 'above'}")

    def action_leave(self) -> None:
        """End the search, or close."""
        if self._needle:
            self._needle = ""
            self.pane.mark("")
            self.tell("")
        else:
            self.dismiss(None)
