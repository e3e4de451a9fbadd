"""`brief`: what the agent of a section was told, or would be told now."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orch_tui.clean import clean, one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import following
from orch_tui.client.briefs import Brief, brief_of
from orch_tui.store.layout import RunDir


@click.command("brief", short_help="Show what the agent of a section is told.")
@click.argument("section")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option("--attempt", type=click.IntRange(min=1), default=None, metavar="N", help="What its attempt N was told.")
def brief(section: str, plan: Path | None, run_name: str, directory: Path | None, attempt: int | None) -> int:
    """Show what the agent of SECTION would be told now, before it runs; of one at work or done, what it was told.

    On standard output is the brief, byte for byte when it goes to a file or a program; about how many tokens it has is
    on standard error. Without PLAN it is the newest run.
    """

    def newest(name: str, place: Path | None) -> RunDir:
        return finding.newest(name, place, plan)

    with following(run_name, directory, of=newest) as follower:
        found = brief_of(follower, section, attempt=attempt or 0)
    if sys.stdout.isatty():  # a program's own commands may hold what a terminal obeys
        click.echo(clean(found.text.decode("utf-8", "replace"), tab_size=0))
    else:
        sys.stdout.buffer.write(found.text)
    click.echo(_about(found), err=True)
    return exit_codes.DONE


def _about(found: Brief) -> str:
    words = "was told" if found.sent else "would be told now"
    waits = f"; not done yet: {', '.join(found.before[:12])}" if found.before else ""
    more = " …" if len(found.before) > 12 else ""
    return f"{one_line(found.section)}, attempt {found.attempt}, {words}: about {found.tokens} tokens{waits}{more}"


COMMANDS = (brief,)
