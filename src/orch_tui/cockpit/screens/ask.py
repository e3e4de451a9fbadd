"""What an agent waits for: a permission or a question. The answer goes to its request id, whatever is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from orch_tui.clean import one_line
from orch_tui.client import views
from orch_tui.client.views import AskRow
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens import about_section
from orch_tui.cockpit.screens.dialog import Dialog, words
from orch_tui.cockpit.widgets import folding
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.typing_field import OneLine

GUARD = 0.4  # seconds in which keys do nothing: they were meant for what was there before
_WIDEST, _SHARE, _FRAME = 100, 84, 7  # columns and percent of the screen as in dialog.tcss; border, padding, scroll bar
_AROUND = 12  # rows of a dialog beside title, detail and options: frame, field, keys, and what is between them
_CLOSES = 2.0  # seconds the words "answered already" stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A person's answer to the request it names."""

    request_id: str
    choice: str
    text: str


class _Ask(Dialog[Answered | None]):
    """What permissions and questions share."""

    def __init__(self, ask: AskRow) -> None:
        super().__init__()
        self._ask = ask
        self._guarded = True
        self._over = False

    def on_mount(self) -> None:
        """Keys count after a moment."""
        title = f"{self._ask.kind.capitalize()} · {one_line(self._ask.section)}"
        box = self.query_one(".box")
        box.border_title = Content(f"{title}  {self._ask.section_title}")  # pyright: ignore[reportAttributeAccessIssue]
        self.tick()
        self.set_timer(GUARD, self._open)

    def _open(self) -> None:
        self._guarded = False

    def tick(self) -> None:
        """How long the agent waits."""
        rows = views.asks(self.cockpit.state, self.cockpit.clock.wall())
        age = next((row.age for row in rows if row.request_id == self._ask.request_id), "")
        if age:
            self.query_one(".box").border_subtitle = Content(f"waiting {age}")  # pyright: ignore[reportAttributeAccessIssue]

    def on_screen_resume(self) -> None:
        """Much may have happened while something was read above it."""
        self.settle()

    def settle(self) -> None:
        """Somebody else may have answered, or the agent gone on."""
        state = self.cockpit.state
        if self._over or self._ask.request_id in state.asks:
            return
        self._over = True
        by = state.answered.get(self._ask.request_id)
        told = f"{one_line(by)} answered it already" if by is not None else "the agent went on without an answer"
        self.tell(told)
        self.set_timer(_CLOSES, self.action_leave)

    def reply(self, choice: str, text: str = "") -> None:
        """Send, unless it is too early or too late."""
        if not self._guarded and not self._over:
            self.dismiss(Answered(request_id=self._ask.request_id, choice=choice, text=text))

    def _what(self) -> ComposeResult:
        yield words(self._ask.title, classes="lead")
        if self._ask.detail.strip():
            lines = [Line(text=line) for line in self._ask.detail.rstrip().split("\n")]
            lines += [Line(text=line, kind="dim") for line in self._ask.look[-1:]]  # a key shows the difference
            pane = LinesView(Listed(lines))
            pane.can_focus = False
            others = self._rows([Line(text=self._ask.title)]) + self._beside() + _AROUND
            pane.styles.height = min(self._rows(lines), max(3, self.cockpit.size.height * 9 // 10 - others))
            yield pane

    def _beside(self) -> int:
        """Rows of what stands between what is asked and the field."""
        return 0

    def _rows(self, lines: Sequence[Line]) -> int:
        width = min(_WIDEST, self.cockpit.size.width * _SHARE // 100) - _FRAME
        return sum(len(folding.rows(line, width, wrap=True)) for line in lines)

    def action_move_pages(self, pages: float) -> None:
        """Scroll what is asked by parts of its height."""
        for pane in self.query(LinesView):
            pane.action_move_pages(pages)

    @property
    def _others(self) -> str:
        more = len(self.cockpit.state.asks) - 1
        return f"{more} more" if more > 0 else ""


class Permission(_Ask):
    """Allow or reject, with a reason if there is one."""

    BINDINGS = keys.bindings("permission", "move")
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        """What is asked, a field for the reason, keys."""
        with Vertical(classes="box"):
            yield from self._what()
            yield OneLine(placeholder="a reason, if you want to give one (tab)", id="reason")
            yield self.told()
            lasting = [key for key in ("always", "never") if key in self._ask.options]
            yield self.key_line("allow", *lasting[:1], "reject", *lasting[1:], "reason", "later", note=self._others)

    def action_type(self) -> None:
        """Into the field, and out of it."""
        field = self.query_one("#reason", OneLine)
        self.set_focus(None if field.has_focus else field)

    def action_move(self, rows: int) -> None:
        """Scroll what is asked."""
        for pane in self.query(LinesView):
            pane.action_move(rows)

    def action_top(self) -> None:
        """To its beginning."""
        self.action_move(-1_000_000)

    def action_bottom(self) -> None:
        """To its end."""
        self.action_move(1_000_000)

    def action_allow(self) -> None:
        """Yes."""
        self._choose("allow")

    def action_always(self) -> None:
        """Yes, and do not ask again."""
        self._choose("always")

    def action_reject(self) -> None:
        """No."""
        self._choose("deny")

    def action_never(self) -> None:
        """No, and do not ask again."""
        self._choose("never")

    def _choose(self, choice: str) -> None:
        """Send it with the reason, unless the agent cannot keep it in mind."""
        if choice in {"always", "never"} and choice not in self._ask.options:
            self.tell(f"{choice!r} cannot be said here: the agent would ask again")
        else:
            self.reply(choice, self.query_one("#reason", Input).value.strip())

    @on(Input.Submitted)
    @on(OneLine.GivenUp)
    def _out_of_field(self) -> None:
        self.set_focus(None)


class Question(_Ask):
    """One of the options, or free text."""

    BINDINGS = keys.bindings("question")

    def compose(self) -> ComposeResult:
        """What is asked, options, a field, keys."""
        with Vertical(classes="box"):
            yield from self._what()
            if self._ask.options:
                options = (
                    Option(Content(f"{number}  {one_line(option)}"))
                    for number, option in enumerate(self._ask.options, start=1)
                )
                yield OptionList(*options, markup=False)
            yield OneLine(placeholder=self._hint(), id="free")
            yield self.told()
            many = len(self._ask.options)
            choose = ((f"1-{min(9, many)} or enter", "choose"), "own_words") if many else (("enter", "send"),)
            looks = ("question_work", "question_result") if many else ()
            yield self.key_line(*choose, *looks, "later_question", note=self._others)

    def _beside(self) -> int:
        """The options."""
        return len(self._ask.options) + 1

    def _hint(self) -> str:
        if self._ask.kind == "approval":
            return "what whoever goes on with it should know (tab)"
        return "or say it in your own words" if self._ask.options else "your answer"

    def on_mount(self) -> None:
        """Ready to choose, or to type."""
        super().on_mount()
        (self.query_one(OptionList) if self._ask.options else self.query_one("#free")).focus()

    def action_type(self) -> None:
        """Into the field, and back to the options."""
        field = self.query_one("#free", OneLine)
        (self.query_one(OptionList) if field.has_focus and self._ask.options else field).focus()

    def action_cursor(self, step: int) -> None:
        """Up and down in the options."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_work(self) -> None:
        """What there is to look at before an answer: what the section changed."""
        self.cockpit.push_screen(about_section.work(self.cockpit, self._ask.section))

    def action_result(self) -> None:
        """What its attempts came to."""
        self.cockpit.push_screen(about_section.result(self.cockpit, self._ask.section))

    def action_pick(self, number: int) -> None:
        """An option by its number."""
        if number <= len(self._ask.options):
            self._pick(number - 1)

    @on(OptionList.OptionSelected)
    def _option(self, event: OptionList.OptionSelected) -> None:
        self._pick(event.option_index)

    def _pick(self, at: int) -> None:
        """An option; for an approval with what was typed beside it."""
        beside = self.query_one("#free", OneLine).value.strip() if self._ask.kind == "approval" else ""
        self.reply(self._ask.options[at], beside)

    @on(Input.Submitted, "#free")
    def _free(self, event: Input.Submitted) -> None:
        if self._ask.kind == "approval":
            self.action_type()
        elif event.value.strip():
            self.reply("", event.value.strip())

    @on(OneLine.GivenUp)
    def _given_up(self) -> None:
        self.action_leave()


def screen_for(ask: AskRow) -> _Ask:
    """The dialog for an ask."""
    return Permission(ask) if ask.kind == "permission" else Question(ask)
