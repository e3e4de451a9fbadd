"""What stands in the terminal after the cockpit was left."""

from __future__ import annotations

import shlex

from orch_tui.clean import one_line
from orch_tui.client import progress, views
from orch_tui.client.repositories import branches
from orch_tui.core.state import OVER, Phase, SectionState, State, Status
from orch_tui.store.layout import RunDir

_TROUBLES = frozenset({Status.ATTENTION, Status.FAILED})


def farewell(state: State, run: RunDir, now: float) -> list[str]:
    """Counts, cost, what needs the person, what runs, where things are, how to come back: at most ten lines."""
    summary = views.summary(state, now)
    counts = ", ".join(f"{count} {status.value}" for status, count in summary.counts)
    lines = [f"{summary.title}: {summary.word}", f"  {counts}" + (f" · {summary.cost}" if summary.clock else "")]
    lines += [f"  {views.ASKING} {one_line(row.section)} asks: {row.title}" for row in views.asks(state, now)]
    lines += [_trouble(section) for section in state.sections.values() if section.status in _TROUBLES]
    if state.running:
        at_work = ", ".join(map(one_line, list(state.running)[:8])) + (" …" if len(state.running) > 8 else "")
        lines.append(f"  {views.GLYPHS[Status.RUNNING]} at work: {at_work}")
    paths = _paths(state, run)
    return [*lines[: 10 - len(paths)], *paths]


def _trouble(section: SectionState) -> str:
    words = ": ".join(part for part in (section.attention, section.detail) if part)
    verb = "needs you" if section.status is Status.ATTENTION else section.status.value
    return f"  {views.GLYPHS[section.status]} {one_line(section.id)} {verb}: {one_line(words, 120)}"


def _paths(state: State, run: RunDir) -> list[str]:
    lines: list[str] = []
    if state.phase in {Phase.NEW, Phase.REVIEW}:
        lines.append("  nothing runs before you approve it")
    elif state.phase not in OVER | {Phase.STOPPED}:
        lines.append("  the run goes on without the cockpit")
    if state.settings.isolation == "worktree" and state.approval is not None:
        lines += [f"  branch   {words}" for words in branches(state)]
        if state.phase in OVER and any(map(progress.is_merged, state.sections.values())):
            lines.append("  land it  orch-tui land")
    lines.append(f"  state    {run.path}")
    if state.plan_path:
        lines.append(f"  back     orch-tui {shlex.quote(one_line(state.plan_path, 2000))}")
    return lines
