"""The difference: the plan as it is now beside the one that runs, and the decision about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from orch_tui.clean import one_line
from orch_tui.client import views
from orch_tui.client.changes import Fate
from orch_tui.client.outline import OutlineRow
from orch_tui.client.reviewing import EdgeRow, Reviewed
from orch_tui.client.revising import ChangeRow, Revision
from orch_tui.cockpit import difference_lines, keys, outcomes, review_text
from orch_tui.cockpit.screens.approving import Approving
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.widgets import folding
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import SectionList

_SIGNS = {"new": "+", "gone": "-", "changed": "~"}
_FATES: dict[Fate, str] = {
    "keep": "is finished and stays so",
    "redo": "is done again from the new text",
    "leave": "goes on with what it was told",
    "restart": "is ended and begins again from the new text",
    "stop": "is ended and held",
}
_WORDS = 60  # columns of the list from which all that changed stands there
_MOST_ABOUT = 9  # rows of what is said above the text


class Difference(Approving):
    """By section: new, gone, reworded, renamed, another order; and what becomes of finished and running ones."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["board.tcss", "difference.tcss"]
    BINDINGS = keys.bindings("board", "difference")
    PLACE: ClassVar[keys.Place] = "difference"

    def __init__(self) -> None:
        super().__init__()
        self._revision: Revision | None = None
        self._rows: dict[str, ChangeRow] = {}
        self._split: bool | None = None

    def compose_left(self) -> Iterator[Widget]:
        """What changed."""
        yield SectionList(self.row, remark=self._remark)

    def compose_right(self) -> Iterator[Widget]:
        """What is to be said about the section, and its text."""
        about = LinesView(Listed(()), id="about")
        about.can_focus = False
        yield about
        with Horizontal(id="texts"):
            yield LinesView(Listed(()), id="old")
            yield LinesView(Listed(()), id="new")

    def show(self) -> None:
        """Draw the state; the two are compared again only when one of them changed."""
        state = self.state
        drawn = (*Reviewed.stamp(state), state.graph_sha, tuple(state.running), state.counts.get(views.Status.DONE))
        if state.candidate is not None and drawn != self._outline_of:
            self._outline_of = drawn
            self._compare()
        self.hint()
        super().show()

    def _compare(self) -> None:
        reviewed = Reviewed.of(self.state)
        if reviewed is None or not reviewed.candidate:
            return
        self.reviewed = reviewed
        self._revision = revision = Revision(self.state, reviewed)
        self._rows = {row.key: row for row in revision.rows}
        rows = [OutlineRow(kind="heading", words=words) for words in revision.around]
        for title, changed in revision.groups().items():
            rows.append(OutlineRow(kind="heading", words=f"{title} · {len(changed)}"))
            rows += [OutlineRow(kind="section", section=row.key) for row in changed]
        if not rows:
            rows.append(OutlineRow(kind="heading", words="No section is otherwise than it runs"))
        self.sections.show(rows)
        self.sections.border_title = Content("What changed")  # pyright: ignore[reportAttributeAccessIssue]
        self._show_change()

    @property
    def section(self) -> str:
        """The id of the section in the new plan, for the other boards."""
        row = self._selected_row
        return row.change.id if row is not None else ""

    @property
    def _selected_row(self) -> ChangeRow | None:
        return self._rows.get(self.sections.section)

    # --- the list ---

    def row(self, section: str) -> views.SectionRow | None:
        """A change as a row of the list."""
        row = self._rows.get(section)
        if row is None or self._revision is None:
            return None
        before, after = self._revision.before(row), self._revision.after(row)
        shown = before or after
        if shown is None:
            return None
        now = after or shown
        return replace(views.planned_row(shown, self.state), id=one_line(now.id), title=one_line(now.title))

    def _remark(self, key: str, _row: views.SectionRow, width: int) -> Sequence[tuple[str, str]]:
        """All that changed where there is room, and what becomes of it."""
        row = self._rows[key]
        fate = self._fate(row)
        told = [(f" {' · '.join(row.words)[: width // 3]} ", "dim")] if width >= _WORDS else []
        return [*told, (f" {fate} ", "mended")] if fate is not None else told

    def _fate(self, row: ChangeRow) -> Fate | None:
        chosen = self.cockpit.boards.fates(self.state).get(row.key)
        return (chosen if chosen in row.fates else row.fates[0]) if row.fates else None

    # --- the text ---

    @on(SectionList.Selected)
    def _selected(self) -> None:
        self._show_change()
        self.hint()

    def on_resize(self, event: events.Resize) -> None:
        """See Board; two columns need room."""
        super().on_resize(event)
        self.call_after_refresh(self._show_change)

    @property
    def split(self) -> bool:
        """Whether old and new stand side by side."""
        wide = self.size.width >= difference_lines.SPLIT_FROM
        return wide if self._split is None else self._split

    def _show_change(self) -> None:
        row, revision = self._selected_row, self._revision
        about, old, new = (self.query_one(f"#{name}", LinesView) for name in ("about", "old", "new"))
        old.display = self.split
        if row is None or revision is None:
            about.show(Listed(()), follow=False)
            return
        said = self._about(row, revision)
        rows = sum(len(folding.rows(line, max(20, about.size.width - 6), wrap=True)) for line in said)
        about.styles.height = min(rows, _MOST_ABOUT) + 2
        about.set_title(Content(f"{one_line(row.change.id)}  {one_line(row.change.title)}"))
        about.show(Listed(said), follow=False)
        ours = self.cockpit.looking.plan_text(self.state.plan_sha)
        theirs = self.cockpit.looking.plan_text(revision.new.edition.read.plan_sha)
        stretches = revision.text(row, ours, theirs)
        if all(part.same for part in stretches):
            new.set_title(Content("Text"))
            old.display = False
            new.show(Listed([Line(text="the text is the same", kind="dim")]), follow=False)
        elif self.split and any(part.old for part in stretches) and any(part.new for part in stretches):
            left, right = difference_lines.side_by_side(stretches, self._column)
            old.set_title(Content("As it runs"))
            new.set_title(Content("As it is now"))
            old.show(Listed(left), follow=False)
            new.show(Listed(right), follow=False)
        else:
            old.display = False
            new.set_title(Content("Text · - as it runs, + as it is now"))
            new.show(Listed(difference_lines.in_one(stretches)), follow=False)

    @property
    def _column(self) -> int:
        """The width of a line in one of two columns: without borders, line numbers and the scroll bar."""
        most = max((len(str(section.lines[1])) for section in self.state.sections.values()), default=1)
        return self.query_one("#texts").size.width // 2 - 6 - most

    def _about(self, row: ChangeRow, revision: Revision) -> list[Line]:
        lines = [Line(text=" · ".join(row.words), lead=f"{_SIGNS[row.change.kind]} ", kind="heading")]
        fate = self._fate(row)
        if fate is not None:
            key = keys.shown(keys.of("fate", self.cockpit.remapped))
            lines.append(Line(text=f"{fate}: it {_FATES[fate]} · {key} chooses otherwise", kind="notice", lead="» "))
        less, more = revision.edges(row)
        lines += [line for edge in less for line in _edge(edge, "- ", "no longer waits for", "gone")]
        lines += [line for edge in more for line in _edge(edge, "+ ", "waits for", "new")]
        after = revision.after(row)
        if after is not None:
            lines += [review_text.finding(found) for found in revision.new.findings(after.id)]
        return lines

    # --- keys ---

    def makes_sense(self, key: keys.Key) -> bool:
        """See Approving."""
        row = self._selected_row
        match key.id:
            case "fate":
                return row is not None and len(row.fates) > 1
            case "approve_revision":
                args = {**self.shown_plan, **self.choices, "confirm": True}
                return not self.cockpit.read_only and not outcomes.foreseen(self.state, "approve", args)
            case "discard_revision":
                return not self.cockpit.read_only and self.state.candidate is not None
            case _:
                return super().makes_sense(key)

    def action_split(self) -> None:
        """Side by side, or in one column."""
        self._split = not self.split
        self._show_change()
        self.call_after_refresh(self._show_change)

    def action_choose(self) -> None:
        """The next way to go on with a finished or running section."""
        row = self._selected_row
        fate = self._fate(row) if row is not None else None
        if row is None or fate is None:
            self.say("nothing to choose: it neither runs, nor is it finished and reworded")
            return
        if len(row.fates) == 1:
            why = "it would not be carried out any more" if fate == "stop" else "it is being merged"
            self.say(f"nothing to choose: {why}", "warning")
            return
        self.cockpit.boards.fates(self.state)[row.key] = row.fates[(row.fates.index(fate) + 1) % len(row.fates)]
        self._show_change()
        self.sections.refresh()

    def action_revise(self) -> None:
        """Read the plan file again."""
        self.cockpit.revise()

    def action_approve(self) -> None:
        """Approve the candidate with the choices made."""
        self.ask(self._approve)

    async def _approve(self) -> None:
        args = {**self.shown_plan, **self.choices}
        reason = outcomes.foreseen(self.state, "approve", args)
        sure = {**args, "confirm": True}
        if reason and not outcomes.foreseen(self.state, "approve", sure):
            if not await self.means_it(reason):
                return
            args = sure
        self.cockpit.command("approve", args, words="approved: the run goes on with the changed plan")

    @property
    def choices(self) -> dict[str, object]:
        """What becomes of finished and running sections, as the command has it."""
        chosen = {row.change.id: fate for row in self._rows.values() if (fate := self._fate(row)) is not None}
        redo = tuple(name for name, fate in chosen.items() if fate == "redo")
        return {"redo": redo, "running": {name: fate for name, fate in chosen.items() if fate not in {"keep", "redo"}}}

    def action_discard(self) -> None:
        """Give the candidate up."""
        self.ask(self._discard)

    async def _discard(self) -> None:
        edition, running = self.state.candidate, self.state.edition
        mends = len(edition.mends) - len(running.mends) if edition is not None and running is not None else 0
        lost = f" {mends} mend{'s' if mends > 1 else ''} in it will be lost." if mends > 0 else ""
        question = f"Give the changed plan up? The run goes on as approved; the file stays as it is.{lost}"
        if not self.cockpit.refuses("discard", {}) and await self.cockpit.push_screen_wait(Confirm(question)):
            self.cockpit.command("discard", {})

    @on(LinesView.Moved)
    def _level(self, event: LinesView.Moved) -> None:
        """The two columns move together."""
        other = {"old": "new", "new": "old"}.get(event.view.id or "")
        if other is not None and self.split:
            self.query_one(f"#{other}", LinesView).stand_at(event.view)


def _edge(edge: EdgeRow, lead: str, word: str, kind: str) -> list[Line]:
    lines = [Line(text=f"{word} {edge.other}  {edge.other_title}", kind=kind, lead=lead)]
    if edge.quote:
        lines.append(Line(text=f"“{edge.quote}”", kind="quote", lead="  ", margin=str(edge.line or "")))
    elif edge.by:
        lines.append(Line(text=f"by {edge.by}" + (f": {edge.why}" if edge.why else ""), kind="mended", lead="  ~ "))
    return lines
