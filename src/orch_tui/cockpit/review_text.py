"""What the review says about a section, as lines of a pane: state, findings, proposals, edges with words, text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from orch_tui.clean import clean, one_line
from orch_tui.client import passages, unchecked, views
from orch_tui.client.proposals import ProposalRow, ValidationRow
from orch_tui.client.repositories import repository_words
from orch_tui.client.reviewing import Direction, EdgeRow, FindingRow, Reviewed
from orch_tui.cockpit.widgets.lines import BAR, Line
from orch_tui.core.plan_text import PlanText
from orch_tui.core.repositories import elsewhere
from orch_tui.core.run_events import Settings
from orch_tui.core.state import SectionState
from orch_tui.worktree_settings import LONGEST, WorktreeSettings

MENDED, PROPOSED, CRITICAL, WORRYING, FORBIDDING = "~", "?", "◆", "▲", "×"
"""The signs of the review, in lists and texts."""
_KINDS = {
    "stated": "stated",
    "reverse": "stated from the other side",
    "container": "by its part of the plan",
    "order": "by the order of the plan",
    "diagram": "from a diagram",
    "table": "from a table",
    "proposed": "proposed",
    "mended": "mended",
}
_DIRECTIONS: tuple[tuple[Direction, str, str], ...] = (
    ("waits for", "Waits for", "waits for nothing: it can start at once"),
    ("before", "Needed by", "nothing waits for it"),
)
_DAY = 86_400


def when(at: float, now: float) -> str:
    """A wall time as people say it: "14:02", with the date when it was not within a day."""
    told = datetime.fromtimestamp(at)  # noqa: DTZ006 - for people, where they are
    return told.strftime("%H:%M" if 0 <= now - at < _DAY else "%b %d %H:%M")


def about_run(
    settings: Settings, notices: Sequence[str], reviewed: Reviewed, asked: ValidationRow | None
) -> list[Line]:
    """How the run will be carried out, and what is to be said about the plan as a whole."""
    where = "each in its own worktree" if settings.isolation == "worktree" else "in place"
    model = f" · {one_line(settings.model)}" if settings.model else ""
    once = "one at a time" if settings.concurrency == 1 else f"{settings.concurrency} at once"
    agents = f"agent {one_line(settings.agent)}{model}"
    most = f" · {views.money(settings.section_budget)} a section" if settings.section_budget else ""
    lines = [Line(text=f"{agents} · {once} · {where} · up to {settings.max_attempts} attempts{most}", kind="dim")]
    if settings.isolation == "worktree":
        lines += _worktrees(settings.worktree, "each worktree")
        for one in elsewhere(reviewed.edition.read):
            lines.append(Line(text=repository_words(one), kind="dim"))
            lines += _worktrees(one.worktree, one_line(f"each worktree of {one.name}", 200))
    if settings.resources:
        words = " · ".join(f"{name} {count}" for name, count in settings.resources.items())
        lines.append(Line(text=one_line(f"resources: {words}", 600), kind="dim"))
    checked = f" · checks: {'; '.join(settings.checks)}" if settings.checks else ""
    lines.append(Line(text=one_line(f"workflow {settings.workflow}{checked}", 600), kind="dim"))
    if words := _merged(settings):
        lines.append(Line(text=words, kind="dim"))
    lines += [Line(text=one_line(notice, 600), kind="notice", lead=f"{WORRYING} ") for notice in notices]
    lines += [finding(row) for row in reviewed.findings() if row.blocking or not row.ids]
    lines += validation(asked) if asked is not None else []
    return [*lines, Line(text="")]


def _merged(settings: Settings) -> str:
    """How work comes onto branches, where it is not as by default."""
    if settings.isolation != "worktree":
        return ""
    said = (
        (settings.merge_strategy != "merge", f"merge strategy {settings.merge_strategy}"),
        (settings.branches != "section", "one branch for the plan"),
        (settings.land_strategy != "merge", f"lands by {settings.land_strategy}"),
    )
    return " · ".join(words for other, words in said if other)


def _worktrees(given: WorktreeSettings, each: str) -> Iterator[Line]:
    """What `each` worktree is given, and every command that is run in it."""
    said = {"copies of": given.copy, "links to": given.link, "kept": given.cache}
    words = " · ".join(f"{what} {'; '.join(named)}" for what, named in said.items() if named)
    if words:
        yield Line(text=one_line(f"{each} has {words}", 600), kind="dim")
    for command in given.setup:
        yield Line(text=f"{each} is set up with: {one_line(command, LONGEST)}", kind="dim")


def finding(row: FindingRow) -> Line:
    """A finding in one line."""
    where = f" (line {row.line})" if row.line else ""
    if row.blocking:
        return Line(text=f"{row.message}{where}", kind="error", lead=f"{FORBIDDING} ")
    return Line(text=f"{row.message}{where}", kind="warning", lead=f"{WORRYING} ")


def proposal(row: ProposalRow) -> list[Line]:
    """A proposal: what it would change, why, the plan's words, whose idea it is, what became of it."""
    alone = "" if row.does else " · only you can write it"
    fate = "" if row.fate == "open" else f" · {row.fate} by {row.by}" if row.by else f" · {row.fate}"
    kind = "proposed" if row.fate == "open" else "dim"
    lines = [Line(text=f"{row.words}{alone}{fate}", kind=kind, lead=f"{PROPOSED} ")]
    lines.append(Line(text=f"{row.reason} — {row.source}", kind="dim", lead="  "))
    if row.quote:
        where = str(row.line or "") if row.document == "plan" else "PRD"
        lines.append(Line(text=f"“{row.quote}”", kind="quote", lead="  ", margin=where))
    return lines + [Line(text=line, lead="  │ ") for line in row.text.splitlines()]


def validation(row: ValidationRow) -> list[Line]:
    """How the second reader fares: whom, at what cost, what came of it and what was thrown out."""
    if row.under_way:
        return [Line(text=f"{row.words} …" + (f" {row.detail}" if row.detail else ""), kind="notice", lead="… ")]
    count = f"{row.proposals} proposal{'s' if row.proposals != 1 else ''}" if not row.detail else ""
    told = " · ".join(part for part in (row.reader, row.cost, count) if part)
    lines = [Line(text=f"{row.words}" + (f": {told}" if told else ""), kind="dim")]
    if row.detail:
        lines.append(Line(text=row.detail, kind="warning", lead=f"{WORRYING} "))
    if row.thrown:
        lines.append(Line(text=f"thrown out: {'; '.join(row.thrown)}", kind="dim", lead="  "))
    return lines


class SectionText:
    """The text about one section; `now` is wall seconds, `plan` the plan as read."""

    def __init__(self, reviewed: Reviewed, plan: PlanText, *, settings: Settings, now: float) -> None:
        self._reviewed = reviewed
        self._plan = plan
        self._settings = settings
        self._now = now

    def lines(self, section: SectionState, row: views.SectionRow | None) -> list[Line]:
        """All of it; `row` is what the run says of the section, None before it runs."""
        lines = self._state(section, row)
        lines += [finding(found) for found in self._reviewed.findings(section.id) if not found.blocking]
        lines += self._proposals(section.id)
        if lines:
            lines.append(Line(text=""))
        lines += self._edges(section.id)
        lines += self._people(section)
        lines += [] if section.planned else [*self._blocks(section), *self._checks(section)]
        return [*lines, *self._text(section)]

    # --- what it is ---

    def _state(self, section: SectionState, row: views.SectionRow | None) -> list[Line]:
        lines: list[Line] = []
        if section.planned:
            glyph = views.GLYPHS[section.status]
            lines.append(Line(text=one_line(section.detail, 400) or section.planned, kind="mended", lead=f"{glyph} "))
        elif row is not None:
            lines.append(Line(text=f"{row.glyph} {row.word}" + (f": {row.waits}" if row.waits else "")))
        how = self._how(section)
        if how:
            lines.append(Line(text=how, kind="dim"))
        return lines

    def _how(self, section: SectionState) -> str:
        """How it will be run, where that is not as for all others."""
        budget = "" if section.budget_usd is None else f"budget {views.money(section.budget_usd)}"
        parts = [
            f"agent {section.agent}" if section.agent != self._settings.agent else "",
            f"model {section.model}" if section.model else "",
            f"effort {section.effort}" if section.effort else "",
            budget,
            f"workflow {section.workflow}" if section.workflow else "",
            f"in repository {section.repository}" if section.repository else "",
            f"merge strategy {section.merge}" if section.merge else "",
            f"priority {section.priority}" if section.priority else "",
            "claims " + ", ".join(f"{count} {name}" for name, count in section.claims.items())
            if section.claims
            else "",
            f"risk {section.hints.risk}" if section.hints.risk else "",
        ]
        return " · ".join(one_line(part) for part in parts if part)

    def _proposals(self, section: str) -> list[Line]:
        """Those that are about no edge that stands below."""
        return [
            line
            for row in self._reviewed.proposals(section)
            if row.fate == "open" and not row.edges
            for line in proposal(row)
        ]

    # --- edges ---

    def _edges(self, section: str) -> list[Line]:
        lines: list[Line] = []
        rows = self._reviewed.edges(section)
        dropped = self._reviewed.dropped(section)
        offered = [row for row in self._reviewed.proposals(section) if row.fate == "open" and row.edges]
        for direction, title, without in _DIRECTIONS:
            chosen = [row for row in rows if row.direction == direction]
            lines += [Line(text="")] if lines else []
            lines.append(Line(text=title, kind="heading") if chosen else Line(text=without, kind="dim"))
            for row in chosen:
                pair = {row.upstream, row.downstream}
                lines += self._edge(row)
                about = [one for one in offered if any(set(edge) == pair for edge in one.edges)]
                offered = [one for one in offered if one not in about]
                lines += [line for one in about for line in _indented(proposal(one))]
            for row in dropped:
                if row.direction == direction:
                    lines += self._dropped(row)
        if offered:
            lines.append(Line(text=""))
            lines.append(Line(text="Proposed", kind="heading"))
            lines += [line for one in offered for line in proposal(one)]
        return [*lines, Line(text="")]

    def _edge(self, row: EdgeRow) -> list[Line]:
        other = row.upstream if row.direction == "waits for" else row.downstream
        unsure = f" · {row.confidence:.0%} sure" if row.confidence < 1 else ""
        needs = f" · needs: {row.needs}" if row.needs else ""
        needs += f" · or {row.instead}" if row.instead else ""
        needs += f" · satisfied by {row.satisfied_by}" if row.satisfied_by else ""
        planned = views.PLANNED[self._reviewed.sections[other].planned]
        words = f"{_named(row)}{f' · {planned}' if planned else ''} · {_KINDS.get(row.kind, row.kind)}{needs}{unsure}"
        if row.by:
            return [Line(text=words, lead="→ "), self._who(row.by, row.at, row.why)]
        return [Line(text=words, lead="→ "), Line(text=f"“{row.quote}”", kind="quote", lead="  ", margin=f"{row.line}")]

    def _dropped(self, row: EdgeRow) -> list[Line]:
        word = "no longer waits for" if row.direction == "waits for" else "no longer needed by"
        lines = [Line(text=f"{word} {_named(row)}", kind="dim", lead="- ")]
        if row.by:
            lines.append(self._who(row.by, row.at, row.why))
        return [*lines, Line(text=f"“{row.quote}”", kind="dim", lead="  ", margin=str(row.line or ""))]

    def _who(self, by: str, at: float, why: str) -> Line:
        reason = f": {why}" if why else ""
        return Line(text=f"by {by}, {when(at, self._now)}{reason}", kind="mended", lead=f"  {MENDED} ")

    # --- people ---

    def _people(self, section: SectionState) -> list[Line]:
        """Notes, and what people changed besides edges."""
        lines: list[Line] = []
        for note in section.notes:
            lines.append(Line(text=f"Note by {one_line(note.by)}, {when(note.at, self._now)}", kind="heading"))
            lines += [Line(text=text, lead=BAR) for text in clean(note.text).rstrip("\n").split("\n")]
        mends = [row for row in self._reviewed.mends(section.id) if not row.edges]
        if mends:
            lines.append(Line(text="Changed", kind="heading"))
        for row in mends:
            proposed = f" · proposed by {row.proposed}" if row.proposed else ""
            lines.append(Line(text=f"{row.words}{proposed}"))
            lines.append(self._who(row.by, row.at, row.why))
        return [*lines, Line(text="")] if lines else []

    # --- the plan's own words ---

    def _blocks(self, section: SectionState) -> list[Line]:
        if section.agent != passages.RUNS_BLOCKS:
            return []
        blocks = passages.will_run(self._plan, section)
        if not blocks:
            words = "no shell block stands in this section: it will do nothing"
            return [Line(text=words, kind="warning", lead=f"{WORRYING} "), Line(text="")]
        lines = [Line(text="Will run, exactly this" + (", in this order" if len(blocks) > 1 else ""), kind="heading")]
        for block in blocks:
            if block.hidden:
                words = "holds control or invisible characters that cannot be shown; look at it in the plan file"
                lines.append(Line(text=words, kind="warning", lead=f"{WORRYING} "))
            lines += [Line(text=line.text, kind="code", lead=BAR, margin=line.margin) for line in block.lines]
            lines.append(Line(text=""))
        return lines

    def _checks(self, section: SectionState) -> list[Line]:
        checked = unchecked.checked_by(self._reviewed.edition, section)
        if checked is None:
            return []
        match checked.by:
            case "plan":
                said = [Line(text="Checked by, exactly this", kind="heading")]
            case "project":
                said = [Line(text="Checked by what the project's own files say by then; now it is", kind="heading")]
            case "unseen":
                words = "Checked by what the project's own files say by then; where they say nothing, you are asked"
                said = [Line(text=words, kind="dim")]
            case "nothing":
                asks = unchecked.asks_unchecked(self._reviewed.edition, section)
                then = "after its work you are asked to look at it" if asks else "it goes on all the same"
                said = [Line(text=f"Nothing checks it so far: {then}", kind="notice" if asks else "dim")]
        code = (Line(text=row, kind="code", lead=BAR) for one in checked.commands for row in one.split("\n"))
        return [*said, *code, Line(text="")]

    def _text(self, section: SectionState) -> list[Line]:
        lines = [Line(text=f"Text · {passages.place(section)}", kind="heading")]
        shown = passages.section_text(self._plan, section)
        lines += [Line(text=line.text, margin=line.margin) for line in shown]
        left = passages.left_out(self._plan, section, len(shown))
        if section.text == "":
            lines.append(Line(text="it has nothing but its title", kind="dim"))
        elif not shown:
            lines.append(Line(text="the stored text of the plan is missing", kind="error"))
        elif left > 0:
            lines.append(Line(text=f"… {left:,} lines more; read them in the plan file", kind="dim"))
        return lines


def _named(row: EdgeRow) -> str:
    return row.other + (f"  {row.other_title}" if row.other_title != row.other else "")


def _indented(lines: Sequence[Line]) -> list[Line]:
    return [Line(text=line.text, kind=line.kind, lead=f"  {line.lead}", margin=line.margin) for line in lines]
