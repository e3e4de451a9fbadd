"""Choosing one of many by typing a few of its letters, with optional words beside it ("why")."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from orch_tui.cockpit import keys
from orch_tui.cockpit.matching import Index
from orch_tui.cockpit.screens.dialog import Dialog, words
from orch_tui.cockpit.widgets.choice_list import Choice, ChoiceList
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.typing_field import OneLine

_DETAIL = 4  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was chosen, and what was typed into the optional fields, by field."""

    value: str
    typed: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a dialog offers: `ask` is its title, `does` what enter does, `fields` are (name, placeholder) pairs.

    `refuses` is asked before the dialog closes: why the choice cannot be made, or "". `detail` tells more about a
    value.
    """

    ask: str
    choices: Sequence[Choice]
    does: str
    fields: Sequence[tuple[str, str]] = ()
    refuses: Callable[[Picked], str] = lambda _: ""
    detail: Callable[[str], Sequence[Line]] | None = None
    lead: str = ""


class _Offering(Dialog[Picked | None]):
    """What choosing by typing and choosing by number share."""

    AUTO_FOCUS = ""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self._offer = offer

    def on_mount(self) -> None:
        """The title."""
        self.query_one(".box").border_title = Content(self._offer.ask)  # pyright: ignore[reportAttributeAccessIssue]

    def _below(self) -> ComposeResult:
        for name, placeholder in self._offer.fields:
            yield OneLine(placeholder=placeholder, id=f"field-{name}", classes="flat")
        yield self.told()

    def _tab(self) -> tuple[tuple[str, str], ...]:
        fields = ", ".join(name for name, _ in self._offer.fields)
        return (("tab", fields),) if fields else ()

    @property
    def choices(self) -> ChoiceList:
        """The list."""
        return self.query_one(ChoiceList)

    def action_cursor(self, step: int) -> None:
        """Up and down."""
        self.choices.move(step)

    def action_cursor_pages(self, pages: float) -> None:
        """Up and down by pages."""
        self.choices.move_pages(pages)

    def choose(self) -> None:
        """Take what is under the cursor, unless it is refused; then say why and stay."""
        choice = self.choices.choice
        if choice is None:
            return
        typed = {name: self.query_one(f"#field-{name}", Input).value.strip() for name, _ in self._offer.fields}
        picked = Picked(value=choice.value, typed=typed)
        reason = self._offer.refuses(picked)
        if reason:
            self.tell(reason)
        else:
            self.dismiss(picked)

    @on(Input.Submitted)
    @on(ChoiceList.Chosen)
    def _submitted(self) -> None:
        self.choose()

    @on(OneLine.GivenUp)
    def _given_up(self) -> None:
        self.action_leave()


class Picker(_Offering):
    """A field to type into, what matches below it, and what is known about the one under the cursor."""

    BINDINGS = keys.bindings("picker")

    def __init__(self, offer: Offer) -> None:
        super().__init__(offer)
        self._index = Index([(choice.key, f"{choice.words} {choice.note}") for choice in offer.choices])

    def compose(self) -> ComposeResult:
        """Field, list, detail, optional fields, keys."""
        with Vertical(classes="box"):
            yield OneLine(placeholder=self._offer.lead or "type to search", id="search", classes="flat")
            choices = ChoiceList(self._offer.choices)
            choices.styles.height = max(3, min(len(self._offer.choices), self._room()))
            yield choices
            detail = LinesView(Listed(()), id="detail")
            detail.can_focus = False
            detail.display = self._offer.detail is not None
            detail.styles.height = _DETAIL
            yield detail
            yield from self._below()
            yield self.key_line(("enter", self._offer.does), ("↑ ↓", "move"), *self._tab(), "picker_leave")

    def on_mount(self) -> None:
        """Ready to type."""
        super().on_mount()
        self._show_count()
        self._moved()
        self.take_keys(self.query_one("#search"))

    def _room(self) -> int:
        """Rows the list may have."""
        detail = _DETAIL if self._offer.detail is not None else 0
        return self.cockpit.size.height * 9 // 10 - 9 - detail - len(self._offer.fields)

    def action_field(self, step: int) -> None:
        """The next field, or the one before."""
        fields = list(self.query(OneLine))
        at = next((number for number, one in enumerate(fields) if one.has_focus), 0)
        fields[(at + step) % len(fields)].focus()

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        self.choices.narrow(self._index.find(event.value))
        self._show_count()

    @on(ChoiceList.Moved)
    def _moved(self) -> None:
        self.tell("")
        choice = self.choices.choice
        if self._offer.detail is not None:
            lines = self._offer.detail(choice.value) if choice is not None else ()
            self.query_one("#detail", LinesView).show(Listed(lines), follow=False)

    def _show_count(self) -> None:
        count, total = self.choices.count, len(self._offer.choices)
        told = f"{total:,}" if count == total else f"{count:,} of {total:,}"
        self.query_one(".box").border_subtitle = Content(told if count else "nothing matches")  # pyright: ignore[reportAttributeAccessIssue]


class Choose(_Offering):
    """A few ways to go on, each with a number."""

    BINDINGS = keys.bindings("choose")

    def compose(self) -> ComposeResult:
        """What is asked, the ways, optional fields, keys."""
        with Vertical(classes="box"):
            if self._offer.lead:
                yield words(self._offer.lead, classes="lead")
            choices = ChoiceList(self._offer.choices, numbered=True)
            choices.styles.height = len(self._offer.choices)
            yield choices
            yield from self._below()
            ways = (f"1-{len(self._offer.choices)} or enter", self._offer.does)
            yield self.key_line(ways, *self._tab(), "choose_leave")

    def on_mount(self) -> None:
        """The list has the focus, so that digits choose."""
        super().on_mount()
        self.take_keys(self.choices)

    def action_field(self, step: int) -> None:
        """From the list to the fields and back."""
        stops = [self.choices, *self.query(OneLine)]
        at = next((number for number, one in enumerate(stops) if one.has_focus), 0)
        stops[(at + step) % len(stops)].focus()

    def action_pick(self, number: int) -> None:
        """The way with this number."""
        if self.choices.pick(number):
            self.choose()

    def action_take(self) -> None:
        """The way under the cursor."""
        self.choose()
