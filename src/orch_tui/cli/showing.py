"""Subcommands that show something and change nothing: how a plan is read, where a run stands."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orch_tui.cli import exit_codes
from orch_tui.cli.options import DIRECTORY, PLAN, RUN

FATAL = frozenset({"not-a-plan", "cycle", "invalid-front-matter"})
"""Findings of a plan that cannot be run."""


@click.command("parse", short_help="Show how a plan is read.")
@PLAN
@click.option("--json", "as_json_", is_flag=True, help="The graph as JSON.")
def parse_(plan: Path, as_json_: bool) -> int:
    """Show how a plan is read: sections, dependencies with the words they were read from, findings.

    Exit code 1 when it could not be run: it is no plan, its front matter cannot be read, or its
    dependencies go in a circle.
    """
    from orch_tui.client.plan_file import read_plan
    from orch_tui.plan.export import as_json

    read = read_plan(plan)
    if as_json_:
        click.echo(json.dumps(as_json(read), ensure_ascii=True, indent=1))
    else:
        from orch_tui.cli.text import plan_lines

        for line in plan_lines(read):
            click.echo(line)
    return exit_codes.ERROR if any(found.type in FATAL for found in read.findings) else exit_codes.DONE


@click.command()
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option("--json", "as_json_", is_flag=True, help="The same as `query`.")
def status(plan: Path | None, run_name: str, directory: Path | None, as_json_: bool) -> int:
    """Show where a run stands."""
    assert not as_json_, "answered before click is imported"
    from orch_tui.cli import finding
    from orch_tui.cli.text import advice_lines, runner_lines, status_lines
    from orch_tui.client.follow import Follower

    run = finding.newest(run_name, directory, plan)
    follower = Follower(run)
    follower.catch_up()
    for line in status_lines(follower):
        click.echo(line)
    if not follower.damage:
        which = finding.reference(run)
        for line in (*runner_lines(follower), *advice_lines(follower.state, which)):
            click.echo(line)
    return exit_codes.ERROR if follower.damage else exit_codes.DONE


@click.command("query", short_help="Print where a run stands as JSON, at once.")
@click.argument("plan", required=False)
@RUN
@DIRECTORY
def query_(plan: str | None, run_name: str, directory: Path | None) -> int:
    """Print status.json of the newest run (of PLAN, or by --run) at once."""
    raise AssertionError("answered before click is imported")  # pragma: no cover


COMMANDS = (parse_, status, query_)
