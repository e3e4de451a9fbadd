"""`proposals`: what readers and agents would change of a graph, from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from orch_tui.cli.options import DIRECTORY, JSON, RUN
from orch_tui.cli.sending import ask, following
from orch_tui.cli.text import proposal_lines
from orch_tui.client import proposals as client_proposals
from orch_tui.errors import UserError


@click.command("proposals", short_help="Show, accept or dismiss proposals.")
@click.argument("verb", type=click.Choice(["list", "accept", "dismiss"]), required=False, default="list")
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that are open (of those to accept, all that fit).")
@RUN
@DIRECTORY
@JSON
def proposals(verb: str, ids: Sequence[str], every: bool, run_name: str, directory: Path | None, as_json: bool) -> int:
    """Show what the reading, a second reader or an agent would change of the graph; accept or dismiss it by id."""
    if verb != "list" and bool(ids) == every:
        raise UserError(f"which proposals to {verb}?", hint="name their ids, or --all")
    with following(run_name, directory) as follower:
        if verb != "list":
            ask(follower, verb, {"ids": list(ids)})
        rows = client_proposals.proposals(follower.state)
        if as_json:
            click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=True, indent=1))
        else:
            _show_proposals(rows if verb == "list" else [row for row in rows if not ids or row.id in ids])
    return 0


def _show_proposals(rows: Sequence[client_proposals.ProposalRow]) -> None:
    if not rows:
        click.echo("nothing is proposed")
    for row in rows:
        click.echo(f"{row.id}  {row.fate}{f' by {row.by}' if row.by else ''}  (from {row.source})")
        for line in proposal_lines(row):
            click.echo(f"  {line}")


COMMANDS = (proposals,)
