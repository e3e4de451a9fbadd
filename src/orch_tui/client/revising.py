"""The plan that runs beside the plan as it is now: what changed by section, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orch_tui.client import passages
from orch_tui.client.changes import Fate, around, change_words, fates
from orch_tui.client.comparing import Stretch, compare
from orch_tui.client.passages import PlanLine
from orch_tui.client.reviewing import EdgeRow, Reviewed
from orch_tui.core import flowing
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import SectionState, State
from orch_tui.plan.difference import Change, difference

_GROUPS = {
    "new": "New",
    "gone": "Gone",
    "reworded": "Reworded",
    "renamed": "Renamed",
    "renumbered": "Renumbered",
    "order": "Another order",
    "run": "Run otherwise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A section that is not as it was. `group` is what matters most about it, `words` say all of it.

    `fates` are what a person may choose, the first one unless they do; () when there is nothing to choose.
    """

    key: str
    change: Change
    group: str
    words: tuple[str, ...]
    fates: tuple[Fate, ...]


class Revision:
    """A candidate beside what runs, compared once."""

    def __init__(self, state: State, reviewed: Reviewed) -> None:
        assert state.edition is not None, "a candidate stands beside an edition"
        self.old = Reviewed(state.edition, state.sections)
        self.new = reviewed
        self._running = frozenset(state.running)
        self._in_git = frozenset(name for name in state.running if flowing.in_git(state, name))
        before = {name: section for name, section in state.sections.items() if not section.gone}
        self.around = around(state.edition.read, reviewed.edition.read)
        """What changed outside the sections, in words."""
        self.rows = tuple(map(self._row, difference(before, reviewed.sections)))

    def groups(self) -> Mapping[str, list[ChangeRow]]:
        """The rows by group, in the order of what matters."""
        found: dict[str, list[ChangeRow]] = {title: [] for title in _GROUPS.values()}
        for row in self.rows:
            found[row.group].append(row)
        return {title: rows for title, rows in found.items() if rows}

    def before(self, row: ChangeRow) -> SectionState | None:
        """The section as it runs; None for a new one."""
        return self.old.sections.get(row.change.old_id)

    def after(self, row: ChangeRow) -> SectionState | None:
        """The section as it would run; None for one that is gone."""
        return None if row.change.kind == "gone" else self.new.sections.get(row.change.id)

    def edges(self, row: ChangeRow) -> tuple[tuple[EdgeRow, ...], tuple[EdgeRow, ...]]:
        """The dependencies it lost and those it gained, each with its words."""
        change = row.change
        if change.kind == "gone":
            return (), ()
        gained = [edge for edge in self.new.edges(change.id) if edge.direction == "waits for"]
        lost = [edge for edge in self.old.edges(change.old_id) if edge.direction == "waits for"]
        names = frozenset(edge.upstream for edge in gained)
        less = tuple(edge for edge in lost if self._renamed.get(edge.upstream, edge.upstream) not in names)
        return less, tuple(edge for edge in gained if edge.upstream in change.waits_more)

    def text(self, row: ChangeRow, old: PlanText, new: PlanText) -> tuple[Stretch, ...]:
        """The difference of its text; `old` and `new` are the two plans."""
        return compare(_lines(old, self.before(row)), _lines(new, self.after(row)))

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        return {row.change.old_id: row.change.id for row in self.rows if row.change.kind == "changed"}

    def _row(self, change: Change) -> ChangeRow:
        kinds = [change.kind] if change.kind != "changed" else [*change.what]
        group = next(title for kind, title in _GROUPS.items() if kind in kinds)
        return ChangeRow(
            key=f"{change.kind}\0{change.id}",
            change=change,
            group=group,
            words=change_words(change) if change.kind == "changed" else (change.kind,),
            fates=fates(
                change,
                self.old.sections.get(change.old_id),
                self.new.sections.get(change.id),
                running=self._running,
                in_git=self._in_git,
            ),
        )


def _lines(plan: PlanText, section: SectionState | None) -> tuple[PlanLine, ...]:
    return passages.section_text(plan, section) if section is not None else ()
