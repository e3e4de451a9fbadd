"""The review: sections by wave or as a tree, and for the selected one its text, its edges with the plan's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import ClassVar, Literal

from textual import events, on
from textual.content import Content
from textual.widget import Widget

from orch_tui.clean import one_line
from orch_tui.client import outline, passages, views
from orch_tui.client.proposals import validation
from orch_tui.client.reviewing import Flags, Reviewed
from orch_tui.cockpit import keys, review_text
from orch_tui.cockpit.review_text import CRITICAL, FORBIDDING, MENDED, PROPOSED, WORRYING, SectionText
from orch_tui.cockpit.screens.mending import Mending
from orch_tui.cockpit.screens.picker import Offer, Picker
from orch_tui.cockpit.widgets.choice_list import Choice
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import SectionList

_WORDS = 40  # columns of the list from which "left out" and the agent stand there as words
_WIDE = 72  # columns from which the flags have words too
_CORNERS = 4  # columns of a pane's border that its words leave free
_FLAGS: tuple[tuple[str, str, str], ...] = (
    ("critical", CRITICAL, "critical path"),
    ("mended", MENDED, "mended"),
    ("warning", WORRYING, "findings"),
    ("proposed", PROPOSED, "proposals"),
)
"""Look, sign and word of each flag, in the order of their columns."""


class Review(Mending):
    """Before approval the place to decide; later the plan as it was approved, or as it would be."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["board.tcss", "review.tcss"]
    BINDINGS = keys.bindings("board", "review")
    PLACE: ClassVar[keys.Place] = "review"

    def __init__(self) -> None:
        super().__init__()
        self._layout: Literal["waves", "tree"] = "waves"
        self._text: list[Line] = []
        self._used: tuple[str, ...] = ()
        self._shown = ""

    def compose_left(self) -> Iterator[Widget]:
        """Waves, or a tree."""
        yield SectionList(self.row, remark=self._remark)

    def compose_right(self) -> Iterator[Widget]:
        """One text about the selected section."""
        yield LinesView(Listed(()), id="plan")

    def show(self) -> None:
        """Draw the state; what is shown is laid out again only when the graph or its mends changed."""
        drawn = (*Reviewed.stamp(self.state), validation(self.state), self._layout)
        if drawn != self._outline_of:
            self._outline_of = drawn
            self._lay_out()
        self.tell_validation()
        self.hint()
        super().show()

    def _lay_out(self) -> None:
        self.reviewed = reviewed = Reviewed.of(self.state)
        if reviewed is None:
            return
        self.forget_marks(reviewed)
        self._used = self._used_flags(reviewed)
        graph = reviewed.graph
        self.sections.show(outline.tree(graph) if self._layout == "tree" else outline.waves(graph, reviewed.waves))
        self._show_tally()
        self._show_section(keep=True)

    def on_resize(self, event: events.Resize) -> None:
        """The words around the list, as far as there is room now."""
        super().on_resize(event)
        self.call_after_refresh(self._show_tally)

    @on(SectionList.Selected)
    def _selected(self) -> None:
        self._show_section()
        self.hint()

    # --- the list ---

    def row(self, section: str) -> views.SectionRow | None:
        """A section's row in the edition that is reviewed."""
        reviewed = self.reviewed
        if reviewed is None or section not in reviewed.sections:
            return None
        if reviewed.candidate:
            return views.planned_row(reviewed.sections[section], self.state)
        return super().row(section)

    def _used_flags(self, reviewed: Reviewed) -> tuple[str, ...]:
        """The flags that any section has: the others need no column."""
        edition = reviewed.edition
        there = {
            "critical": len(reviewed.critical_path) > 1,
            "mended": bool(edition.mends),
            "warning": any(found.ids for found in edition.findings),
            "proposed": any(one.fate == "open" for one in edition.proposals.values()),
        }
        return tuple(look for look, _, _ in _FLAGS if there[look])

    def _remark(self, name: str, row: views.SectionRow, width: int) -> Sequence[tuple[str, str]]:
        if self.reviewed is None:
            return ()
        section = self.reviewed.sections[name]
        flags = self.reviewed.flags(name)
        usual = row.agent == self.state.settings.agent and row.agent != passages.RUNS_BLOCKS
        words = [views.PLANNED[section.planned]] if section.planned else [] if usual else [row.agent]
        out = [(f" {word} ", "dim") for word in words if word and (width >= _WORDS or not section.planned)]
        out += [_flag(look, sign, word, flags, width) for look, sign, word in _FLAGS if look in self._used]
        return [*out, (" ", "dim")]

    def _show_tally(self) -> None:
        """The whole plan at a glance, around the list."""
        reviewed = self.reviewed
        if reviewed is None:
            return
        self.sections.border_title = Content("Tree" if self._layout == "tree" else "Waves")  # pyright: ignore[reportAttributeAccessIssue]
        edition = reviewed.edition
        proposed = sum(one.fate == "open" for one in edition.proposals.values())
        counts = (
            (CRITICAL, len(reviewed.critical_path), "critical"),
            (WORRYING, len(edition.findings), "finding"),
            (PROPOSED, proposed, "proposal"),
            (MENDED, len(edition.mends), "mend"),
        )
        told = [
            (f"{sign} {count}", f" {word}{'s' if count != 1 and word != 'critical' else ''}")
            for sign, count, word in counts
            if count and not (word == "critical" and count == 1)
        ]
        full = " · ".join(f"{number}{word}" for number, word in told)
        fits = len(full) + _CORNERS <= self.sections.outer_size.width
        self.sections.border_subtitle = Content(full if fits else "  ".join(number for number, _ in told))  # pyright: ignore[reportAttributeAccessIssue]

    # --- the text ---

    def _show_section(self, *, keep: bool = False) -> None:
        pane, reviewed = self.query_one("#plan", LinesView), self.reviewed
        if reviewed is None:
            return
        section = reviewed.sections.get(self.section)
        self._text = review_text.about_run(self.settings, self.notices, reviewed, validation(self.state))
        title = "Plan"
        if section is not None:
            title = f"{one_line(section.id)}  {one_line(section.title)}"
            plan = self.cockpit.looking.plan_text(reviewed.edition.read.plan_sha)
            text = SectionText(reviewed, plan, settings=self.settings, now=self.cockpit.clock.wall())
            under_way = self.state.approval is not None and not reviewed.candidate
            self._text += text.lines(section, self.row(section.id) if under_way else None)
        same = keep and title == self._shown
        self._shown = title
        pane.set_title(Content(title))
        if same:
            pane.update(Listed(self._text))
        else:
            pane.show(Listed(self._text), follow=False)

    def _go_to_line(self, number: int) -> None:
        """To a line of the plan in the text of the selected section."""
        wanted = str(number)
        at = next((at for at in reversed(range(len(self._text))) if self._text[at].margin == wanted), -1)
        if at >= 0:
            self.query_one("#plan", LinesView).go_to(at)

    # --- keys ---

    def action_layout(self) -> None:
        """Waves or tree."""
        self._layout = "tree" if self._layout == "waves" else "waves"
        self.show()

    def action_revise(self) -> None:
        """Read the plan file again."""
        self.cockpit.revise()

    def action_findings(self) -> None:
        """The list of findings; the chosen one's section and line are gone to."""
        self.ask(self._findings)

    async def _findings(self) -> None:
        if self.reviewed is None or not (rows := self.reviewed.findings()):
            self.say("there is nothing to find fault with")
            return
        choices = [
            Choice(
                value=str(at),
                key=f"{FORBIDDING if row.blocking else WORRYING} {row.type}",
                words=row.message,
                note=f"line {row.line}" if row.line else "",
            )
            for at, row in enumerate(rows)
        ]
        offer = Offer(
            ask=f"{len(rows)} finding{'s' if len(rows) > 1 else ''}",
            choices=choices,
            does="goes there",
            detail=lambda at: [review_text.finding(rows[int(at)])],
        )
        picked = await self.cockpit.push_screen_wait(Picker(offer))
        if picked is not None:
            row = rows[int(picked.value)]
            self.go_to(row.ids, row.line)

    def go_to(self, ids: Sequence[str], line: int) -> None:
        """To a section of these, the one in which the line stands if there is one, and to the line."""
        if self.reviewed is None:
            return
        sections = self.reviewed.sections
        named = [sections[name] for name in ids if name in sections] or list(sections.values())
        there = [section for section in named if section.lines[0] <= line <= section.lines[1]]
        target = there[0].id if there else next(iter(ids), "")
        if target not in sections:
            self.say(f"line {line} stands in no section" if line else "that is about the whole plan")
            return
        self.sections.select(target)
        self._show_section()
        self._go_to_line(line)


def _flag(look: str, sign: str, word: str, flags: Flags, width: int) -> tuple[str, str]:
    count = {
        "critical": int(flags.critical),
        "mended": flags.mended,
        "warning": flags.findings,
        "proposed": flags.proposals,
    }[look]
    looks = "error" if look == "warning" and flags.blocking else look
    signs = FORBIDDING if looks == "error" else sign
    if width < _WIDE:
        return (signs if count else " ", looks)
    counted = word if look in {"critical", "mended"} else f"{count}"
    room = len(word) if look in {"critical", "mended"} else 2
    return (f" {signs} {counted.ljust(room)}" if count else " " * (room + 3), looks)
