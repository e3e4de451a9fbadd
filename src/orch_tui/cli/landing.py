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
from orch_tui.client.follow import Follower
from orch_tui.client.landing import Landing, Looked
from orch_tui.errors import OrchError
from orch_tui.merge_settings import LAND_STRATEGIES, LandStrategy

_MOST_COMMITS = 30
_MOST_FILES = 40


@click.command("land", short_help="Bring what a run merged to your branch.")
@RUN
@DIRECTORY
@click.option(
    "--strategy",
    type=click.Choice(LAND_STRATEGIES),
    help="merge (a merge commit), squash (one commit), rebase (its commits, one by one), ff (forward your branch) or "
    "pull-request (push it, and make one for all).",
)
@click.option("--partial", is_flag=True, help="Although the run is not done.")
@click.option("--dry-run", is_flag=True, help="Only show what would land.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def land(
    run_name: str, directory: Path | None, strategy: LandStrategy | None, *, partial: bool, dry_run: bool, yes: bool
) -> int:
    """Bring what a run merged (the branch orch/RUN) to the branch you stand on, after showing what that is.

    This is done by your own git: your hooks run, and commits are signed as you have it. Nothing is landed over changes
    of yours that are not committed, and when a hook says no, all is as before. With sections in several repositories,
    each has its branch: what cannot be landed in one does not stop the others, and makes the exit code 1.
    """
    with following(run_name, directory, of=finding.newest) as follower:
        way = strategy or follower.state.settings.land_strategy
        looked = landing.look(follower.run, follower.state, way, partial=partial)
        for one in looked:
            for line in _shown(one, way):
                click.echo(line)
        failed = any(one.wrong for one in looked)
        ready = [one for one in looked if one.found]
        if ready and not dry_run:
            where = " and ".join(dict.fromkeys(f"{one_line(one.found.onto)}{_in(one)}" for one in ready if one.found))
            asks = "Make a pull request into" if way == "pull-request" else "Land it on"
            agreed(f"{asks} {where}?", yes=yes, otherwise="nothing was landed")
            landed = [_landed(follower, one, way, alone=len(looked) == 1) for one in ready]
            failed = failed or not all(landed)
    return exit_codes.ERROR if failed else exit_codes.DONE


def _landed(follower: Follower, one: Looked, way: LandStrategy, *, alone: bool) -> bool:
    """Land what was looked at in one repository. What stops it there does not stop the others, unless it is `alone`."""
    try:
        said = landing.land(follower.run, follower.state, one, way)
    except OrchError as error:
        if alone:
            raise
        click.echo(f"not landed{_in(one)}: {one_line(error.line(), 1000)}", err=True)
        return False
    click.echo(said)
    return True


def _in(one: Looked) -> str:
    return f" in {one.title}" if one.title else ""


def _shown(one: Looked, way: LandStrategy) -> Iterator[str]:
    """What would come to one repository, or why nothing does."""
    if one.wrong:
        yield f"{one.title}: cannot be landed: {one_line(one.wrong.line(), 1000)}"
    elif one.found is None:
        yield f"{one.title}: {one_line(one.words, 1000)}"
    else:
        yield from _coming(one.found, way, f"{one.title}: " if one.title else "")


def _coming(found: Landing, way: LandStrategy, where: str) -> Iterator[str]:
    commits = "1 commit" if found.count == 1 else f"{found.count} commits"
    files = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
    yield f"{where}{one_line(found.branch)} -> {one_line(found.onto)}: {commits}, {files}"
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
