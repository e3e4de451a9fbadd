"""Opening the cockpit from a command line, and what stands in the terminal after it was left."""

from __future__ import annotations

import sys
from concurrent.futures import wait

from orch_tui.clean import one_line
from orch_tui.client import views
from orch_tui.client.coming import Coming
from orch_tui.cockpit.app import Cockpit
from orch_tui.config import Config
from orch_tui.core.state import OVER, Phase, State
from orch_tui.store.layout import RunDir

_AT_ONCE = 0.25  # seconds a run may take to be opened without anything on the screen


def open_cockpit(run: RunDir | Coming, config: Config) -> int:
    """Show `run` until the person leaves, then say in at most ten lines where things stand. Returns the exit code.

    Raises what kept a run that was still coming from being opened; without a glimpse of the cockpit when that is known
    at once.
    """
    if isinstance(run, Coming):
        wait([run.run], _AT_ONCE)
        run = run.run.result() if run.run.done() else run
    app = Cockpit(run, theme_name=config.theme, key_overrides=config.keys)
    app.run()
    if isinstance(run, Coming) and run.run.done():
        run.run.result()
    if app.opened and app.state.run:
        sys.stdout.write("\n".join(farewell(app.state, app.run_dir, app.clock.wall())) + "\n")
    elif not app.opened:
        sys.stdout.write("left before the plan was read: nothing runs\n")
    return app.return_code or 0


def farewell(state: State, run: RunDir, now: float) -> list[str]:
    """Counts, cost, what needs the person, where things are, how to come back: at most ten lines."""
    summary = views.summary(state, now)
    counts = ", ".join(f"{count} {status.value}" for status, count in summary.counts)
    lines = [f"{summary.title}: {summary.word}", f"  {counts}" + (f" · {summary.cost}" if summary.clock else "")]
    lines += [f"  ? {row.section} asks: {row.title}" for row in views.asks(state, now)[:2]]
    needy = [section for section in state.sections.values() if section.attention]
    lines += [f"  ▲ {one_line(s.id)} needs you: {one_line(s.attention)}: {one_line(s.detail, 120)}" for s in needy[:2]]
    if state.phase in {Phase.NEW, Phase.REVIEW}:
        lines.append("  nothing runs before you approve it")
    elif state.phase not in OVER | {Phase.STOPPED}:
        lines.append("  the run goes on without the cockpit")
    if state.settings.isolation == "worktree" and state.approval is not None:
        lines.append(f"  branch   orch/{one_line(run.name)}")
    lines.append(f"  state    {run.path}")
    if state.plan_path:
        lines.append(f"  back     orch-tui {one_line(state.plan_path)}")
    return lines[:10]
