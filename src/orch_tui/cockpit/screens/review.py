"""The review: sections by wave, and for the selected one its text, its edges with the plan's words, what will run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from orch_tui.clean import one_line
from orch_tui.client import outline, passages, views
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.board import Board
from orch_tui.cockpit.widgets.lines import BAR, Line, Listed
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import SectionList
from orch_tui.core.state import SectionState


class Review(Board):
    """Before approval the place to decide; later the plan as it was approved."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["board.tcss", "review.tcss"]
    BINDINGS = keys.bindings("board", "review")
    LIST_TITLE = "Order"
    PLACE: ClassVar[keys.Place] = "review"

    def __init__(self) -> None:
        super().__init__()
        self._worrying: set[str] = set()

    def compose_left(self) -> Iterator[Widget]:
        """Waves."""
        yield SectionList(self.row, remark=self._remark)

    def compose_right(self) -> Iterator[Widget]:
        """One text about the selected section."""
        yield LinesView(Listed(()), id="plan")

    def show(self) -> None:
        """Draw the state; waves are laid out again only when the graph changed."""
        state = self.state
        graph = (state.plan_sha, state.graph_sha)
        if graph != self._outline_of:
            self._outline_of = graph
            self._worrying = {name for finding in state.findings for name in finding.ids}
            self.sections.show(outline.waves(state))
            self._show_section()
        self.hint()
        super().show()

    @on(SectionList.Selected)
    def _selected(self) -> None:
        self._show_section()

    def _show_section(self) -> None:
        pane = self.query_one("#plan", LinesView)
        section = self.state.sections.get(self.section)
        if section is None:
            pane.set_title(Content("Plan"))
            pane.show(Listed(self._about_run()), follow=False)
            return
        pane.set_title(Content(f"{one_line(section.id)}  {one_line(section.title)}"))
        pane.show(Listed([*self._about_run(), *self._about(section)]), follow=False)

    def _remark(self, row: views.SectionRow) -> str:
        marks = "▲ " if row.id in self._worrying else ""
        agent = row.agent if row.agent != self.state.settings.agent or row.agent == passages.RUNS_BLOCKS else ""
        return f"{marks}{agent}".strip()

    # --- the text ---

    def _about_run(self) -> list[Line]:
        state = self.state
        settings = state.settings
        where = "each in its own worktree" if settings.isolation == "worktree" else "in place"
        model = f" · {one_line(settings.model)}" if settings.model else ""
        once = "one at a time" if settings.concurrency == 1 else f"{settings.concurrency} at once"
        agents = f"agent {one_line(settings.agent)}{model}"
        lines = [Line(text=f"{agents} · {once} · {where} · up to {settings.max_attempts} attempts", kind="dim")]
        lines += [Line(text=one_line(notice, 600), kind="notice", lead="▲ ") for notice in state.notices]
        general = [row for row in passages.findings(state) if row.blocking or not row.ids]
        lines += [_finding(row) for row in general]
        return [*lines, Line(text="")]

    def _about(self, section: SectionState) -> list[Line]:
        plan = self.cockpit.plan_lines()
        lines: list[Line] = []
        row = self.row(section.id)
        if row is not None and self.state.approval is not None:
            lines += [Line(text=f"{row.glyph} {row.word}" + (f": {row.waits}" if row.waits else "")), Line(text="")]
        for finding in passages.findings(self.state, section.id):
            if not finding.blocking:
                lines.append(_finding(finding))
        if lines and lines[-1].text:
            lines.append(Line(text=""))
        lines += self._edges(section)
        lines += self._blocks(plan, section)
        lines.append(Line(text=f"Text · lines {section.lines[0]} to {section.lines[1]}", kind="heading"))
        shown = passages.section_text(plan, section)
        lines += [Line(text=line.text, margin=str(line.number)) for line in shown]
        left = section.lines[1] - section.lines[0] + 1 - len(shown)
        if not shown:
            lines.append(Line(text="the stored text of the plan is missing", kind="error"))
        elif left > 0:
            lines.append(Line(text=f"… {left:,} lines more; read them in the plan file", kind="dim"))
        return lines

    def _edges(self, section: SectionState) -> list[Line]:
        lines: list[Line] = []
        rows = passages.edges(self.state, section.id)
        for direction, title in (("waits for", "Waits for"), ("before", "Needed by")):
            chosen = [row for row in rows if row.direction == direction]
            if not chosen:
                words = (
                    "waits for nothing: it can start at once" if direction == "waits for" else "nothing waits for it"
                )
                lines.append(Line(text=words, kind="dim"))
                continue
            lines.append(Line(text=title, kind="heading"))
            for row in chosen:
                unsure = f" · {row.confidence:.0%} sure" if row.confidence < 1 else ""
                needs = f" · needs: {row.needs}" if row.needs else ""
                title_words = f"  {row.other_title}" if row.other_title != row.other else ""
                lines.append(Line(text=f"{row.other}{title_words}{needs}{unsure}", lead="→ "))
                lines.append(Line(text=f"“{row.quote}”", kind="quote", lead="  ", margin=f"{row.line}"))
        return [*lines, Line(text="")]

    def _blocks(self, plan: list[str], section: SectionState) -> list[Line]:
        if section.agent != passages.RUNS_BLOCKS:
            return []
        blocks = passages.will_run(plan, section)
        if not blocks:
            words = "no shell block stands in this section: it will do nothing"
            return [Line(text=words, kind="warning", lead="▲ "), Line(text="")]
        lines = [Line(text="Will run, exactly this" + (", in this order" if len(blocks) > 1 else ""), kind="heading")]
        for block in blocks:
            if block.hidden:
                words = "holds control or invisible characters that cannot be shown; look at it in the plan file"
                lines.append(Line(text=words, kind="warning", lead="▲ "))
            lines += [
                Line(text=line, kind="code", lead=BAR, margin=str(block.line + 1 + at))
                for at, line in enumerate(block.lines)
            ]
            lines.append(Line(text=""))
        return lines

    # --- keys ---

    def action_approve(self) -> None:
        """Approve exactly what is shown."""
        self.cockpit.command("approve", self.shown_plan)

    def action_revise(self) -> None:
        """Read the plan file again."""
        self.cockpit.revise()


def _finding(row: passages.FindingRow) -> Line:
    line = f" (line {row.line})" if row.line else ""
    if row.blocking:
        return Line(text=f"{row.message}{line}", kind="error", lead="× ")
    return Line(text=f"{row.message}{line}", kind="warning", lead="▲ ")
