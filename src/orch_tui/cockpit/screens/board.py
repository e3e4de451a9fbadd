"""What the review and the run screen share: header, list on the left, panes on the right, search, bottom line."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from orch_tui.client import views
from orch_tui.cockpit import keys, outcomes
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.run_header import RunHeader
from orch_tui.cockpit.widgets.section_list import SectionList
from orch_tui.cockpit.widgets.status_line import StatusLine, Tone
from orch_tui.cockpit.widgets.typing_field import OneLine
from orch_tui.core.state import Phase, State

if TYPE_CHECKING:
    from orch_tui.cockpit.app import Cockpit

Asking = Callable[..., Coroutine[None, None, None]]
_NARROW = 100  # columns below which the list gets less room
_LOW = 30  # rows below which the details shrink to a line
_READ = 6.0  # seconds after which a message that needs no attention makes room for the keys


class Board(Screen[None]):
    """A screen about the run. `show` is called with the state whenever it changed."""

    CSS_PATH = "board.tcss"
    PLACE: ClassVar[keys.Place] = "board"
    PROPOSALS: ClassVar[str] = "proposals"
    """The action that opens what is proposed."""

    def __init__(self) -> None:
        super().__init__()
        self._needle = ""
        self._searched: Widget | None = None
        self._outline_of: tuple[object, ...] = ()
        self._start = ""
        self._fades_at: float | None = None
        self._drawn = False

    @property
    def ready(self) -> bool:
        """Whether everything stands and may be drawn: it is mounted, and is not being taken down."""
        return self._drawn and self.display

    @property
    def cockpit(self) -> Cockpit:
        """The app, by its own type."""
        return cast("Cockpit", self.app)  # pyright: ignore[reportUnknownMemberType]

    @property
    def state(self) -> State:
        """The run as it is now."""
        return self.cockpit.state

    @property
    def section(self) -> str:
        """The selected section, "" when there is none."""
        return self.sections.section

    @property
    def sections(self) -> SectionList:
        """The list on the left."""
        return self.query_one(SectionList)

    def compose(self) -> ComposeResult:
        """Header, banner, panes, bottom line."""
        told = views.summary(self.state, self.cockpit.clock.wall())
        yield RunHeader(told, answer=self.key("answer"), look=self.key(self.PROPOSALS))
        yield StatusLine(id="banner")
        with Horizontal(id="panes"):
            yield from self.compose_left()
            with Vertical(id="right"):
                yield from self.compose_right()
        search = OneLine(placeholder="search, enter; esc gives up", id="search")
        search.display = False
        yield search
        yield StatusLine(id="status")

    def compose_left(self) -> Iterator[Widget]:
        """The list."""
        raise NotImplementedError

    def compose_right(self) -> Iterator[Widget]:
        """The panes on the right."""
        raise NotImplementedError

    def panes(self) -> list[Widget]:
        """The panes in the order of tab."""
        return [widget for widget in self.query("SectionList, LinesView") if widget.display and widget.can_focus]

    def on_mount(self) -> None:
        """First drawing."""
        self.sections.border_title = Content("Sections")  # pyright: ignore[reportAttributeAccessIssue]
        self.sections.focus()
        self.show()
        if self._start:
            self.sections.select(self._start)
        self._drawn = True
        self.call_after_refresh(self.cockpit.settle)

    def on_screen_resume(self) -> None:
        """Something may have happened under a dialog."""
        self.cockpit.settle()

    def on_resize(self, event: events.Resize) -> None:
        """Give narrow and low terminals what they need."""
        self.set_class(event.size.width < _NARROW, "-narrow")
        self.set_class(event.size.height < _LOW, "-low")

    # --- what the app says ---

    def start_at(self, section: str) -> None:
        """Begin with this section selected."""
        self._start = section

    def show(self) -> None:
        """Draw the state. Cheap: only what is visible is made into rows."""
        self.sections.refresh()
        self.tick()

    def tick(self) -> None:
        """Draw what changes with time alone."""
        self.query_one(RunHeader).show(views.summary(self.state, self.cockpit.clock.wall()))
        self.sections.tick()
        if self._fades_at is not None and self.cockpit.clock.mono() >= self._fades_at:
            self.say("")

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Put a message into the bottom line; "" takes it away. Good news go after a while, warnings with a key."""
        self._fades_at = self.cockpit.clock.mono() + _READ if words and tone in {"plain", "good"} else None
        self.query_one("#status", StatusLine).say(words, tone)

    def banner(self, words: str, tone: Tone = "warning") -> None:
        """Put something lasting below the header; "" takes it away."""
        line = self.query_one("#banner", StatusLine)
        line.display = bool(words)
        line.say(words, tone)

    def news(self, changed: str) -> tuple[str, Tone]:
        """What the banner says while nothing is wrong; `changed` says that the plan file was edited, or is ""."""
        return changed, "warning"

    def ask(self, asking: Asking, *about: object) -> None:
        """Let `asking(*about)` open dialogs; what is typed before they are there is for them."""
        self.cockpit.expect_text()
        self._ask(asking, about)

    @work(group="dialog")
    async def _ask(self, asking: Asking, about: Sequence[object]) -> None:
        try:
            await asking(*about)
        finally:
            self.cockpit.deliver()

    def confirm(self, question: str, op: str, args: Mapping[str, object]) -> None:
        """Ask before a command that destroys; not at all when it would be refused."""
        if not self.cockpit.refuses(op, args):
            self.ask(self._confirm, question, op, args)

    async def _confirm(self, question: str, op: str, args: Mapping[str, object]) -> None:
        if await self.cockpit.push_screen_wait(Confirm(question)):
            self.cockpit.command(op, args)

    def hint(self) -> None:
        """The keys that make sense now: those the rules would not refuse."""
        status = self.query_one("#status", StatusLine)
        status.hint(keys.hints((self.PLACE, "cockpit"), self.cockpit.remapped, self.makes_sense))

    def makes_sense(self, key: keys.Key) -> bool:
        """Whether a key's command would be accepted now."""
        if key.op and self.cockpit.read_only:
            return False
        match key.scope:
            case "section":
                args: dict[str, object] = {"section": self.section}
                op = "resume" if key.op == "pause" and self._held() else key.op
                return bool(self.section) and not outcomes.foreseen(self.state, op, args)
            case "ask":
                return bool(self.state.asks)
            case "run" if key.op == "pause":
                return self.state.phase in {Phase.PAUSED, Phase.STOPPED}
            case _:
                return True

    @property
    def shown_plan(self) -> dict[str, object]:
        """What an approval is about."""
        edition = self.state.candidate or self.state.edition
        if edition is None:
            return {"plan_sha": "", "graph_sha": ""}
        return {"plan_sha": edition.read.plan_sha, "graph_sha": edition.graph_sha}

    def key(self, action: str) -> str:
        """The first key of an action, for a sentence."""
        return keys.hint(action, self.cockpit.remapped)[0]

    def _held(self) -> bool:
        found = self.state.sections.get(self.section)
        return found is not None and found.held

    def row(self, section: str) -> views.SectionRow | None:
        """A section's row as it is now."""
        if section not in self.state.sections:
            return None
        return views.section_row(self.state, section, self.cockpit.clock.wall())

    # --- keys ---

    def action_pane(self, step: int) -> None:
        """Focus the next or previous pane."""
        panes = self.panes()
        at = next((number for number, pane in enumerate(panes) if pane.has_focus), -step)
        panes[(at + step) % len(panes)].focus()

    def action_open(self) -> None:
        """From the list into the first pane on the right; from a reference to its section."""
        if self.sections.has_focus and self.sections.on_reference:
            self.sections.select(self.section)
            return
        panes = [pane for pane in self.panes() if pane is not self.sections]
        if self.sections.has_focus and panes:
            panes[0].focus()

    @on(SectionList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_back(self) -> None:
        """Out of what was opened last: message, search marks, full pane, pane."""
        if self.has_class("-full"):
            self.remove_class("-full")
        elif self._needle:
            self._end_search()
        elif not self.sections.has_focus:
            self.sections.focus()
        self.say("")

    def action_full(self) -> None:
        """The right side alone, and back."""
        self.toggle_class("-full")
        if self.has_class("-full") and self.sections.has_focus:
            next(pane for pane in self.panes() if pane is not self.sections).focus()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them, in the text or stream on the right."""
        for pane in self.panes():
            if isinstance(pane, LinesView):
                pane.turn_wrap()

    # --- search ---

    def action_search(self) -> None:
        """Ask what to look for in the focused pane."""
        self._searched = self.focused if isinstance(self.focused, LinesView) else self.sections
        field = self.query_one("#search", Input)
        field.display = True
        field.value = ""
        self.set_focus(field)  # at once: what is typed next is for it

    @on(Input.Submitted, "#search")
    def _search(self, event: Input.Submitted) -> None:
        self._needle = event.value.strip()
        self._leave_field()
        if not self._needle:
            self._end_search()
            return
        if isinstance(self._searched, LinesView):
            self._searched.mark(self._needle)
        self._look(1, first=True)

    @on(OneLine.GivenUp, "#search")
    def _give_up(self) -> None:
        self._leave_field()

    def _leave_field(self) -> None:
        self.query_one("#search", Input).display = False
        (self._searched or self.sections).focus()

    def _end_search(self) -> None:
        self._needle = ""
        for pane in self.query(LinesView):
            pane.mark("")
        self.say("")

    def action_match(self, step: int) -> None:
        """The next or previous match."""
        if not self._needle:
            self.say("nothing to look for yet: / searches")
            return
        self._look(step)

    def _look(self, step: int, *, first: bool = False) -> None:
        if isinstance(self._searched, LinesView) and self._searched.is_attached:
            self._look_in(self._searched, step, first=first)
        elif not self.sections.find(self._needle, step, stay=first):
            self.say(f"no section holds {self._needle!r}", "warning")

    @work(exclusive=True, group="search")
    async def _look_in(self, pane: LinesView, step: int, *, first: bool) -> None:
        """Search the pane's source in a thread: it may be a long file."""
        self.say(f"looking for {self._needle!r} …")
        found = await pane.look(self._needle, step, first=first)
        if found < 0:
            self.say(f"{self._needle!r} is not {'below' if step > 0 else 'above'}", "warning")
        else:
            self.say(f"line {found + 1:,} holds {self._needle!r} · n next · N previous")

    # --- keys that mean nothing ---

    def on_key(self, event: events.Key) -> None:
        """A key that means nothing here explains itself; one that does takes the last message away."""
        if event.key in self.active_bindings:
            self.say("")
        elif isinstance(self.focused, Input):
            return
        else:
            words = event.character if event.is_printable and event.character else event.key
            self.say(f"{words!r} does nothing here · ? lists the keys")
