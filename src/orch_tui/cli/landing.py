"""`land`: a run's work comes to the user's own branch, after they saw what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import following
from orch_tui.cli.terminal import agreed
from orch_tui.client import landing
from orch_tui.client.landing import Landing
from orch_tui.merge_settings import LAND_STRATEGIES, LandStrategy

_MOST_COMMITS = 30
_MOST_FILES = 40


@click.command("land", short_help="Bring what a run merged to your branch.")
@RUN
@DIRECTORY
@click.option(
    "--strategy",
    type=click.Choice(LAND_STRATEGIES),
    help="merge (a merge commit), squash (one commit), rebase (its commits, one by one) or ff (forward your branch).",
)
@click.option("--partial", is_flag=True, help="Although the run is not done.")
@click.option("--dry-run", is_flag=True, help="Only show what would land.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def land(
    run_name: str, directory: Path | None, strategy: LandStrategy | None, *, partial: bool, dry_run: bool, yes: bool
) -> int:
    """Bring what a run merged (the branch orch/RUN) to the branch you stand on, after showing what that is.

    This is done by your own git: your hooks run, and commits are signed as you have it. Nothing is landed over changes
    of yours that are not committed, and when a hook says no, all is as before.
    """
    with following(run_name, directory, of=finding.newest) as follower:
        way = strategy or follower.state.settings.land_strategy
        found = landing.look(follower.run, follower.state, way, partial=partial)
        for line in _shown(found, way):
            click.echo(line)
        if dry_run:
            return exit_codes.DONE
        agreed(f"Land it on {one_line(found.onto)}?", yes=yes, otherwise="nothing was landed")
        commit = landing.land(follower.run, follower.state, found, way)
        click.echo(f"landed: {one_line(found.onto)} is at {commit[:10]}")
    return exit_codes.DONE


def _shown(found: Landing, way: LandStrategy) -> Iterator[str]:
    commits = "1 commit" if found.count == 1 else f"{found.count} commits"
    files = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
    yield f"{one_line(found.branch)} -> {one_line(found.onto)}: {commits}, {files}"
    yield f"  {landing.how(found, way)}"
    for short, subject in found.commits[:_MOST_COMMITS]:
        yield f"  {short} {one_line(subject, 100)}"
    if len(found.commits) > _MOST_COMMITS:
        yield f"  and {len(found.commits) - _MOST_COMMITS} more"
    for name, plus, minus in found.files[:_MOST_FILES]:
        yield f"  {'binary' if plus < 0 else f'+{plus} -{minus}':>12}  {one_line(name, 200)}"
    if len(found.files) > _MOST_FILES:
        yield f"  and {len(found.files) - _MOST_FILES} more files"


COMMANDS = (land,)
