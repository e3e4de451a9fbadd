"""`orch-tui PLAN` and `orch-tui run PLAN`: the plan's run, found or created, in the cockpit or as lines of text.

Only what the cockpit's first picture needs is imported here; all else when the run is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from orch_tui.cli.options import DIRECTORY, PLAN
from orch_tui.cli.terminal import terminal
from orch_tui.client.coming import Coming, reading
from orch_tui.client.plan_file import project_root, read_bytes, text_of
from orch_tui.config import Config
from orch_tui.errors import PlanError, UserError
from orch_tui.store.layout import RunDir

OpenCockpit = Callable[[RunDir | Coming, Config], int]

WISHES = (
    click.option("--agent", default="", help="Agent for sections that do not name one: claude, script, simulated, …"),
    click.option("--model", default="", help="Model for sections that do not name one."),
    click.option("--concurrency", type=click.IntRange(1, 64), default=None, help="Sections at once, 1 to 64."),
    click.option(
        "--isolation", type=click.Choice(["worktree", "none"]), default=None, help="Own worktree, or in place."
    ),
    click.option("--workflow", default="", help="The phases a section goes through (see `orch-tui workflow list`)."),
)


def _wishes(command: Any) -> Any:
    for option in reversed(WISHES):
        command = option(command)
    return command


def cockpit(run: RunDir | Coming) -> int:
    """Show a run in the cockpit, which the entry point handed in: front ends do not know each other."""
    from orch_tui.config import load

    open_cockpit: OpenCockpit = click.get_current_context().obj
    return open_cockpit(run, load(run.root))


def opened(
    plan: Path, directory: Path | None, wishes: dict[str, Any], *, approved: bool = False, **how: bool
) -> RunDir:
    """The plan's run, found or created; `approved` as its file reads now."""
    import asyncio

    from orch_tui.cli.headless import approve_as_read
    from orch_tui.client.launch import Wishes, open_plan
    from orch_tui.client.send import whoami

    asked = Wishes(**{name: wish for name, wish in wishes.items() if wish})
    run = asyncio.run(open_plan(plan, asked, actor=whoami(), directory=directory, **how))
    if approved:
        asyncio.run(approve_as_read(run))
    return run


def _shown(plan: Path, directory: Path | None, wishes: dict[str, Any], **how: bool) -> int:
    """The run in the cockpit, which is on the screen before the plan is read as one."""
    root = project_root(plan, directory)
    opening = partial(opened, plan, directory, wishes, **how)
    try:
        text_of(plan, read_bytes(plan))
    except PlanError:  # a run of it has a copy of its own; without one, no screen is needed to say so
        return cockpit(opening())
    return cockpit(Coming(words=reading(plan), root=root, opening=opening))


@click.command("open", short_help="Open a plan in the cockpit; the same as `orch-tui PLAN`.")
@PLAN
@DIRECTORY
@_wishes
@click.option("--new", is_flag=True, help="Begin a new run although one of this very plan is finished.")
def open_(plan: Path, directory: Path | None, new: bool, **wishes: Any) -> int:
    """Open a plan in the cockpit (the same as `orch-tui PLAN`): its unfinished run, its finished one, or a new one."""
    if not terminal():
        read_bytes(plan)  # a mistyped name is the likelier mistake
        raise UserError("the cockpit needs a terminal", hint=f"use `orch-tui run {plan} --headless`")
    return _shown(plan, directory, wishes, look_back=not new)


@click.command()
@PLAN
@DIRECTORY
@_wishes
@click.option("--headless", is_flag=True, help="Without the cockpit: events as lines of text.")
@click.option("--yes", is_flag=True, help="Approve the plan as it is read.")
def run(plan: Path, directory: Path | None, headless: bool, yes: bool, **wishes: Any) -> int:
    """Run a plan, or attach to its unfinished run.

    Exit codes: 0 done, 1 error or a section failed, 10 needs a human, 11 cancelled. Ctrl-C detaches, the run goes on.
    """
    if not headless and terminal():
        return _shown(plan, directory, wishes, approved=yes)
    from orch_tui.cli.headless import run_headless

    return run_headless(opened(plan, directory, wishes, unattended=yes), approved=yes)


COMMANDS = (open_, run)
