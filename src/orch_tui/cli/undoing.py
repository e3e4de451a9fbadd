"""`undo`: what a section merged is taken back, and done again, after a look at what that is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import asked, following
from orch_tui.cli.terminal import agreed
from orch_tui.client import undoing
from orch_tui.client.follow import Follower
from orch_tui.errors import StateError, UserError

LONGEST = 120.0  # seconds until an undo has to be through


@click.command("undo", short_help="Take back what a section merged, and do it again.")
@click.argument("section")
@RUN
@DIRECTORY
@click.option("--dry-run", is_flag=True, help="Only show what it would take back.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def undo(section: str, run_name: str, directory: Path | None, *, dry_run: bool, yes: bool) -> int:
    """Revert what SECTION, and what was done on top of it, merged into orch/RUN; all of it is to be done again.

    Where a revert conflicts, that is told and nothing is changed. What was landed on your own branch stays there.
    """
    with following(run_name, directory) as follower:
        found = undoing.look(follower.run, follower.state, section)
        for title, merges in found.merges or (("", ()),):
            where, count = f" in {title}" if title else "", len(merges)
            said = "1 merge" if count == 1 else f"{count} merges"
            click.echo(f"{said} reverted on orch/{one_line(follower.state.run)}{where}")
        click.echo("to be done again:")
        for name in found.sections:
            click.echo(f"  {one_line(name)}: {one_line(follower.state.sections[name].title, 100)}")
        if dry_run:
            return exit_codes.DONE
        agreed("Undo it?", yes=yes, otherwise="nothing was undone")
        asyncio.run(_undo(follower, found.section))
        click.echo(f"undone: {', '.join(map(one_line, found.sections))}")
    return exit_codes.DONE


async def _undo(follower: Follower, section: str) -> None:
    """Ask for it, and wait for what came of it. Raises UserError when it cannot be done, StateError."""
    await asked(follower, "undo", {"section": section})
    try:
        async with asyncio.timeout(LONGEST):
            while follower.state.undoing:
                await follower.wait(0.05)
                follower.catch_up()
    except TimeoutError:
        hint = f"look at {str(follower.run.log)!r}"
        raise StateError(f"section {section!r} is not undone after {LONGEST:g} seconds", hint=hint) from None
    here = follower.state.sections.get(section)
    if here is not None and here.detail.startswith("not undone"):
        raise UserError(one_line(here.detail, 1000))


COMMANDS = (undo,)
