"""`orch-tui demo`: the main job from beginning to end, in a new repository, with no account."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

import click

from orch_tui import resources
from orch_tui.cli.headless import run_headless
from orch_tui.cli.opening import cockpit
from orch_tui.cli.terminal import terminal
from orch_tui.client.launch import Wishes, open_plan
from orch_tui.client.project import make_repository, show_branch
from orch_tui.client.send import whoami
from orch_tui.core.state import Phase
from orch_tui.errors import UserError

PLAN = "wordtally.md"


@click.command(short_help="Build a small program from a plan, without an account.")
@click.option("--headless", is_flag=True, help="Without the cockpit even in a terminal.")
@click.option(
    "--keep", type=click.Path(path_type=Path), default=None, help="Directory to build in (default: a temporary one)."
)
def demo(headless: bool, keep: Path | None) -> int:
    """Build a small program from a plan in a new repository with the script agent; needs no account."""
    directory = keep if keep is not None else Path(tempfile.mkdtemp(prefix="orch-tui-demo-"))
    if directory.exists() and any(directory.iterdir()):
        raise UserError(f"{str(directory)!r} is not empty", hint="name a new directory")
    directory.mkdir(parents=True, exist_ok=True)
    plan = directory / "plan.md"
    shutil.copyfile(resources.find("examples", PLAN), plan)
    make_repository(directory, [plan])
    click.echo(f"a new repository: {directory}")
    run = asyncio.run(open_plan(plan, Wishes(), actor=whoami()))
    if terminal() and not headless:
        from orch_tui.client.follow import Follower

        code = cockpit(run)
        follower = Follower(run)
        follower.catch_up()
        finished = follower.state.phase is Phase.DONE
    else:
        code = run_headless(run, approved=True)
        finished = code == 0
    if finished:
        click.echo(f"what was built, on orch/{run.name}:")
        for line in show_branch(directory, f"orch/{run.name}"):
            click.echo(f"  {line}")
        click.echo(f"look around: cd {directory} && git log --graph --oneline orch/{run.name}")
    return code


COMMANDS = (demo,)
