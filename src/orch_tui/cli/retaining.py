"""`gc`: what finished runs can let go is shown with its proof, and removed when a person agrees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.terminal import agreed
from orch_tui.clock import Clock
from orch_tui.errors import UserError
from orch_tui.store import layout
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from orch_tui.client.retention import Retention

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)")
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_PLURALS = {"worktree": "worktrees", "branch": "branches", "rescue": "rescue refs", "integration": "", "run": "runs"}
_LONG = 1000


@click.command("gc", short_help="Show what finished runs can let go, and remove it.")
@RUN
@DIRECTORY
@click.option("--older-than", "age", default="30d", metavar="AGE", help="How long a run is over: 30d, 12h, 2w.")
@click.option("--dry-run", is_flag=True, help="Only show it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def gc(run_name: str, directory: Path | None, age: str, *, dry_run: bool, yes: bool) -> int:
    """Show, line by line with its proof, what of runs that are over can go: worktrees without changes, branches whose
    work is merged, and whole runs that have nothing else. Then ask.

    Work that nobody merged is never removed, nor is the run that it is of; neither is anything of a run that is under
    way, or whose journal does not read.
    """
    from orch_tui.client.retention import let_go, look

    older, now = _seconds(age), Clock().wall()
    looked = [look(run, now=now, older=older) for run in _runs(run_name, directory)]
    for one in looked:
        for line in _lines(one):
            click.echo(line)
    going = [one for one in looked if one.going]
    if not going:
        click.echo("nothing can go")
        return exit_codes.DONE
    click.echo(_sum(going))
    if dry_run:
        return exit_codes.DONE
    agreed("Remove all that goes?", yes=yes, otherwise="nothing was removed")
    stayed = False
    for one in going:
        for line in let_go(one, now=now, older=older):
            stayed = stayed or " stays: " in line
            click.echo(one_line(line, _LONG))
    return exit_codes.ERROR if stayed else exit_codes.DONE


def _runs(name: str, directory: Path | None) -> list[RunDir]:
    if name:
        return finding.every(name, directory)
    root = layout.find_root((directory or Path()).resolve())
    return layout.runs(root) if root else []


def _seconds(age: str) -> float:
    found = _AGE.fullmatch(age.strip().lower())
    if found is None:
        raise UserError(f"{age!r} is no age", hint="a number and a unit: 30d, 12h, 2w, 0d")
    return float(found[1]) * _SECONDS[found[2]]


def _lines(one: Retention) -> Iterator[str]:
    name = one_line(one.run.name)
    if one.kept:
        yield f"run {name} stays: {one_line(one.kept, _LONG)}"
        return
    whole = next(item for item in one.items if item.kind == "run")
    size = f", {_size(one.size)}" if whole.goes else ""
    yield f"run {name} {'goes' if whole.goes else 'stays'}: {one_line(whole.why, _LONG)}{size}"
    for item in one.items:
        if item.kind != "run":
            kind = "" if item.kind == "rescue" else "branch " if item.ref else f"{item.kind} "
            what = f"{kind}{one_line(item.name, _LONG)}: {one_line(item.why, _LONG)}"
            yield f"  {'goes ' if item.goes else 'stays'}  {what}"


def _sum(going: Sequence[Retention]) -> str:
    kinds = Counter("branch" if item.kind == "integration" else item.kind for one in going for item in one.going)
    parts = [f"{number} {kind if number == 1 else _PLURALS[kind]}" for kind, number in kinds.items()]
    freed = sum(one.size for one in going if any(item.kind == "run" for item in one.going))
    return f"can go: {', '.join(parts)}" + (f", {_size(freed)} of records" if freed else "")


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} KB"


COMMANDS = (gc,)
