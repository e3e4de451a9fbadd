"""The run: the graph as a tree, the selected session's stream, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from orch_tui.clean import clean, one_line
from orch_tui.client import outline, passages, phases, views
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.ask import Answered, screen_for
from orch_tui.cockpit.screens.closer import Closer
from orch_tui.cockpit.screens.picker import Choose, Offer, Picker
from orch_tui.cockpit.screens.steer import Steer
from orch_tui.cockpit.standing import standing
from orch_tui.cockpit.stream_lines import NOTHING, StreamLines
from orch_tui.cockpit.widgets.choice_list import Choice
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import SectionList
from orch_tui.cockpit.widgets.status_line import Tone
from orch_tui.core.commands import op_of
from orch_tui.core.decide import foreseen
from orch_tui.core.decide_plan import CLOSED
from orch_tui.core.state import Phase, SectionState, Status

if TYPE_CHECKING:
    from orch_tui.client.streams import Stream


_DIGITS = 9  # ways that have a key
_LABEL = 9  # columns of the details' labels
_SHALLOWEST = 3
_PER_LEVEL = 7  # columns of the list for each level that is indented: titles need room too


class Run(Closer):
    """Watching and steering."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["board.tcss", "run.tcss"]
    BINDINGS = keys.bindings("board", "run")
    PLACE: ClassVar[keys.Place] = "run"

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, int] = ("", 0)
        self._stream: Stream | None = None
        self._times = False
        self._chosen = False
        self._attempt = 0
        self._told: tuple[object, ...] = ()
        self._by_status = False
        self._rows: list[outline.OutlineRow] = []

    def start_at(self, section: str) -> None:
        """What the person chose stays chosen."""
        super().start_at(section)
        self._chosen = bool(section)

    def compose_left(self) -> Iterator[Widget]:
        """The tree."""
        yield SectionList(self.row)

    def compose_right(self) -> Iterator[Widget]:
        """Stream above, details below."""
        yield LinesView(NOTHING, follow=True, id="stream")
        yield Static(id="details", markup=False)

    def show(self) -> None:
        """Draw the state; the tree is laid out again only when the graph changed."""
        self._lay_out()
        self.sections.number({name: at for at, name in enumerate(self._at_work(), start=1) if at <= 9})
        if not self._chosen:
            self._choose()
        super().show()
        self._show_attempt()

    def _lay_out(self) -> None:
        state = self.state
        if self._by_status:
            self._outline_of = ()
            rows = outline.by_status(state)
            if rows != self._rows:
                self._rows = rows
                self.sections.show(rows)
            return
        deepest = min(outline.DEEPEST, max(_SHALLOWEST, self.sections.size.width // _PER_LEVEL))
        drawn = (state.plan_sha, state.graph_sha, deepest)
        if drawn != self._outline_of:
            self._outline_of = drawn
            self._rows = outline.tree(outline.graph_of(state), deepest)
            self.sections.show(self._rows)

    def on_resize(self, event: events.Resize) -> None:
        """See Board; how deep the tree is indented depends on the room for it."""
        super().on_resize(event)
        self.call_after_refresh(self.show)

    def tick(self) -> None:
        """Clocks."""
        super().tick()
        self._show_details()

    def follow_stream(self) -> None:
        """Look whether the stream has news (10 times a second)."""
        if self._stream is not None:
            self._stream.refresh()
            self.stream.catch_up()

    @property
    def stream(self) -> LinesView:
        """The pane of the selected session."""
        return self.query_one("#stream", LinesView)

    # --- what is selected ---

    def _at_work(self) -> list[str]:
        return sorted(self.state.running, key=lambda name: self.state.sections[name].index)

    def _choose(self) -> None:
        """Until the person moves: what asks, runs, needs attention."""
        state = self.state
        needy = [name for name, found in state.sections.items() if found.status in {Status.ATTENTION, Status.FAILED}]
        candidates = [*(ask.section for ask in state.asks.values()), *self._at_work(), *needy]
        current = state.sections.get(self.section)
        if candidates and (current is None or current.id not in candidates):
            with self.prevent(SectionList.Selected):
                self.sections.select(candidates[0])

    @on(SectionList.Selected)
    def _selected(self) -> None:
        self._chosen, self._attempt = True, 0
        self._show_attempt()
        self._show_details()

    def _show_attempt(self) -> None:
        """Show the stream of the selected section's latest attempt, or of the one the person went to."""
        section = self.state.sections.get(self.section)
        latest = section.last.number if section and section.last else 0
        number = self._attempt if 0 < self._attempt < latest else latest
        wanted = (self.section, number)
        if wanted != self._shown:
            self._shown = wanted
            self._stream = self.cockpit.looking.stream(self.section, number) if number else None
            source = StreamLines(self._stream, times=self._times) if self._stream else NOTHING
            self.stream.show(source, follow=True)
            self._told = ()
        self._show_title()

    def _show_title(self) -> None:
        section = self.state.sections.get(self.section)
        if section is None:
            return
        last = shown = section.last
        title = one_line(section.title)
        words = [f"{one_line(section.id)}" + (f"  {title}" if title != section.id else "")]
        if last is not None:
            shown = section.attempts[self._shown[1] - 1] if self._shown[1] else last
            words += [f"attempt {shown.number} of {last.number}"] if last.number > 1 else []
            words += [one_line(shown.phase)] if phases.several(self.state, section) else []
            words += [one_line(shown.agent)]
        self.stream.set_title(Content(" · ".join(words)))
        if shown is not None and shown.outcome == "succeeded" and not shown.started_at and shown.message:
            self.stream.update(Listed([Line(text=clean(shown.message), kind="dim")]))
        elif last is None or not (last.started_at or section.id in self.state.running):
            self._show_plan_of(section)

    def _show_plan_of(self, section: SectionState) -> None:
        """What a section waits for that never began, and what it is about."""
        waiting = views.waits(self.state, section.id, self.cockpit.clock.wall())
        waiting = waiting or ("asks you" if section.id in self.state.running else "starts next")
        told = (section.id, self.state.plan_sha, waiting)
        if told == self._told:
            return
        same, self._told = told[:2] == self._told[:2], told
        lines = [Line(text=waiting, kind="dim"), Line(text="")]
        text = passages.section_text(self.cockpit.looking.plan_text(self.state.plan_sha), section)
        lines += [Line(text=line.text, margin=line.margin) for line in text]
        if same:
            self.stream.update(Listed(lines))
        else:
            self.stream.show(Listed(lines), follow=False)

    def _show_details(self) -> None:
        pane = self.query_one("#details", Static)
        if self.section not in self.state.sections:
            pane.update("", layout=False)
            return
        room = pane.content_size.width - _LABEL
        status, *others = views.details(self.state, self.section, self.cockpit.clock.wall(), room=room)
        fields = [status, *self.helps(self.state.sections[self.section]), *others]
        width = max(len(field.label) for field in fields)
        lines: list[Content] = []
        for field in fields:
            label = Content.styled(f"{field.label.rjust(width)}  ", "$secondary")
            lines.append(label + Content(field.value))
        pane.update(Content("\n").join(lines), layout=False)
        self.hint()

    # --- keys ---

    def action_running(self, number: int) -> None:
        """To the n-th running section."""
        running = self._at_work()
        if number > len(running):
            self.say(f"{len(running) or 'no'} section{'s' if len(running) != 1 else ''} running")
            return
        self.sections.select(running[number - 1])

    def action_attempt(self, step: int) -> None:
        """To the stream of the attempt before the one that is shown, or after it; the latest one is followed."""
        section = self.state.sections.get(self.section)
        latest = section.last.number if section and section.last else 0
        number = (self._attempt or latest) + step
        if not 0 < number <= latest:
            self.say(f"this is the {'first' if step < 0 else 'latest'} attempt" if latest else "nothing was tried yet")
            return
        self._attempt = 0 if number == latest else number
        self._show_attempt()

    def action_layout(self) -> None:
        """The tree, or what is going on."""
        self._by_status = not self._by_status
        self.sections.border_title = Content("What is going on" if self._by_status else "Sections")  # pyright: ignore[reportAttributeAccessIssue]
        self.show()

    def action_times(self) -> None:
        """Times beside the stream, or not."""
        self._times = not self._times
        if self._stream is not None:
            self.stream.update(StreamLines(self._stream, times=self._times))

    def action_peek(self) -> None:
        """Details larger or smaller."""
        self.toggle_class("-peek")

    @work(group="dialog")
    async def action_answer(self) -> None:
        """Open what an agent asks: the section's own first, else the oldest. The answer names the request it is for."""
        rows = views.asks(self.state, self.cockpit.clock.wall())
        if not rows:
            self.say("no agent asks anything")
            return
        row = next((row for row in rows if row.section == self.section), rows[0])
        answered: Answered | None = await self.cockpit.push_screen_wait(screen_for(row))
        if answered is not None:
            args = {"request_id": answered.request_id, "choice": answered.choice, "text": answered.text}
            self.cockpit.command("answer", args)

    def action_steer(self) -> None:
        """Ask what to tell the section's agent, and send it."""
        self.ask(self._steer)

    async def _steer(self) -> None:
        section = self.section
        if self.cockpit.refuses("steer", {"section": section}):
            return
        title = one_line(f"{section}  {self.state.sections[section].title}", 60)
        text = await self.cockpit.push_screen_wait(Steer(f"Tell {title}"))
        if text is not None:
            self.cockpit.command("steer", {"section": section, "text": text})

    def action_changes(self) -> None:
        """What changed in the plan file since it was approved."""
        self.cockpit.revise()

    def news(self, changed: str) -> tuple[str, Tone]:
        """A plan that changed, and how to look at it; else why the run does not go on, and what helps."""
        look = f"{self.key('changes')} shows what changed"
        if self.state.candidate is not None:
            return f"a changed plan waits for your approval · {look}", "warning"
        if changed:
            return (f"{changed} · {look}" if self.state.phase not in CLOSED else changed), "warning"
        return standing(self.state, self.key)

    def makes_sense(self, key: keys.Key) -> bool:
        """Whether a key would do something now."""
        if key.id == "dispatch":
            section = self.state.sections.get(self.section)
            if section is None or self.cockpit.read_only or not phases.several(self.state, section):
                return False
            return bool(phases.sendings(self.state, section))
        if key.id == "changes":
            return bool(self.cockpit.changed) or self.state.candidate is not None
        return super().makes_sense(key)

    def action_pause(self) -> None:
        """Pause or resume the section."""
        section = self.state.sections.get(self.section)
        self._command("resume" if section is not None and section.held else "pause")

    def action_pause_run(self) -> None:
        """Pause or resume the run."""
        going_on = self.state.phase in {Phase.PAUSED, Phase.STOPPED, Phase.STOPPING}
        self.cockpit.command("resume" if going_on else "pause", {})

    def action_skip(self) -> None:
        """Skip; asks first when an agent would be ended."""
        if self.section in self.state.live:
            self.confirm(f"Skip {self.section} and end its running attempt?", "skip", {"section": self.section})
        else:
            self._command("skip")

    def action_retry(self) -> None:
        """Another attempt; asks from which phase on, where there is a choice."""
        section = self.state.sections.get(self.section)
        several = section is not None and phases.several(self.state, section)
        ways = phases.retries(self.state, section) if section is not None and several else []
        if len(ways) > 1:
            self.ask(self._one_of, f"Try {self.section} again", ways)
        else:
            self._command("retry")

    def action_dispatch(self) -> None:
        """To a phase of the section's workflow, or past one."""
        section = self.state.sections.get(self.section)
        ways = phases.sendings(self.state, section) if section is not None else []
        if ways:
            self.ask(self._one_of, f"Phases of {self.section}", ways)
        else:
            self.say(f"{self.section} can be sent to no phase now" if self.section else "no section is selected")

    async def _one_of(self, ask: str, ways: Sequence[phases.Way]) -> None:
        """Let the person choose one of several commands, and send it."""
        by_value = {str(number): way for number, way in enumerate(ways)}
        offer = Offer(
            ask=one_line(ask),
            choices=[Choice(value=value, key=way.words, note=way.note) for value, way in by_value.items()],
            does="chooses",
            refuses=lambda picked: foreseen(self.state, by_value[picked.value].command),
        )
        screen = Choose(offer) if len(ways) <= _DIGITS else Picker(offer)
        picked = await self.cockpit.push_screen_wait(screen)
        if picked is not None:
            way = by_value[picked.value]
            said = f"{one_line(self.section)}: {way.words}"
            self.cockpit.command(op_of(way.command), asdict(way.command), words=said)

    def action_retry_all(self) -> None:
        """Another attempt for everything that failed."""
        self.cockpit.command("retry", {})

    def action_cancel(self) -> None:
        """End the section's attempt, after asking."""
        words = f"End {self.section}? It counts as failed until it is retried or skipped."
        self.confirm(words, "cancel", {"section": self.section})

    def action_stop(self) -> None:
        """End every process, after asking."""
        self.confirm(f"End every process of this run? {self.key('pause_run')} goes on later.", "stop", {})

    def action_cancel_run(self) -> None:
        """End the run for good, after asking."""
        self.confirm("End this run for good? What is merged stays.", "cancel", {})

    def _command(self, op: str) -> None:
        if not self.section:
            self.say("no section is selected")
            return
        self.cockpit.command(op, {"section": self.section})
