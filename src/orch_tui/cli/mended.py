"""What is mended so far, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from orch_tui.client import editions
from orch_tui.client.follow import Follower
from orch_tui.clock import moment
from orch_tui.core.edition import Edition


def edition_json(follower: Follower, edition: Edition) -> dict[str, object]:
    """An edition's mends and findings, for `--json`."""
    return {
        "run": follower.run.name,
        "candidate": follower.state.candidate is not None,
        "plan_sha": edition.read.plan_sha,
        "graph_sha": edition.graph_sha,
        "mends": [asdict(row) for row in editions.mend_rows(edition)],
        "findings": [
            {"type": found.type, "ids": list(found.ids), "line": found.line, "message": found.message}
            for found in edition.findings
        ],
    }


def show(follower: Follower, *, as_json: bool) -> None:
    """Print the mends so far, those that were taken back too."""
    edition = editions.to_approve(follower.state)
    if as_json:
        click.echo(json.dumps(edition_json(follower, edition), ensure_ascii=True, indent=1))
        return
    rows = editions.mend_rows(edition)
    for row in rows:
        click.echo("\n".join(_mend_lines(row)))
    if not rows:
        click.echo("nothing is mended: the graph is as the plan was read")


def _mend_lines(row: editions.MendRow) -> Iterator[str]:
    lead = "undone: " if row.undone else ""
    why = f": {row.why}" if row.why else ""
    source = f" (from {row.source})" if row.source else ""
    yield f"{lead}{'; '.join(row.words)}"
    yield f"  by {row.by}, {moment(row.at)}{source}{why}"
