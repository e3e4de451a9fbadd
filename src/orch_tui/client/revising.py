"""The plan that runs beside the plan as it is now: what changed by section, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from orch_tui.clean import one_line
from orch_tui.client import passages
from orch_tui.client.comparing import Stretch, compare
from orch_tui.client.passages import PlanLine
from orch_tui.client.reviewing import EdgeRow, Reviewed
from orch_tui.core.state import SectionState, State
from orch_tui.plan.difference import Change, difference

Fate = Literal["keep", "redo", "leave", "restart", "stop"]
"""What becomes of a finished section (kept, or done again) or of one under way."""
FINISHED: tuple[Fate, ...] = ("keep", "redo")
RUNNING: tuple[Fate, ...] = ("leave", "restart", "stop")
GONE: tuple[Fate, ...] = ("leave", "stop")
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
        self._running, self._live = frozenset(state.running), frozenset(state.live)
        before = {name: section for name, section in state.sections.items() if not section.gone}
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

    def text(self, row: ChangeRow, old: list[str], new: list[str]) -> tuple[Stretch, ...]:
        """The difference of its text; `old` and `new` are the lines of the two plans."""
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
            words=tuple(_words(change)),
            fates=self._fates(change),
        )

    def _fates(self, change: Change) -> tuple[Fate, ...]:
        found = self.old.sections.get(change.old_id)
        if found is None:
            return ()
        if found.id in self._running:
            return self._running_fates(found, change)
        done = found.verdict == "done" and not found.planned
        return FINISHED if done and "reworded" in change.what and not self.new.sections[change.id].planned else ()

    def _running_fates(self, found: SectionState, change: Change) -> tuple[Fate, ...]:
        if found.id not in self._live:
            return ("leave",)  # it is being merged
        if change.kind == "gone":
            return GONE
        return ("stop",) if self.new.sections[change.id].planned else RUNNING


def _words(change: Change) -> list[str]:
    """ "reworded", "was C", "waits for D too", each short."""
    if change.kind != "changed":
        return [change.kind]
    said = {
        "reworded": "reworded",
        "renamed": f"was “{one_line(change.old_title, 60)}”",
        "renumbered": f"was {one_line(change.old_id)}",
        "order": _order(change),
        "run": "; ".join(map(one_line, change.run)),
    }
    return [said[what] for what in ("reworded", "renamed", "renumbered", "order", "run") if what in change.what]


def _order(change: Change) -> str:
    more = f"waits for {', '.join(map(one_line, change.waits_more[:4]))}" if change.waits_more else ""
    less = f"no longer for {', '.join(map(one_line, change.waits_less[:4]))}" if change.waits_less else ""
    return "; ".join(part for part in (more, less) if part)


def _lines(plan: list[str], section: SectionState | None) -> tuple[PlanLine, ...]:
    return passages.section_text(plan, section) if section is not None else ()
