"""`approve`, `revise` and `diff`: what a person looks at, and says yes to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import finding
from orch_tui.cli.options import DIRECTORY, JSON, RUN
from orch_tui.cli.sending import ask, following
from orch_tui.cli.text import finding_line
from orch_tui.client import editions
from orch_tui.client.follow import Follower
from orch_tui.core.state import Phase
from orch_tui.errors import UserError

CHOICES = ("leave", "restart", "stop")
_SIGNS = {"new": "+", "gone": "-", "changed": "~"}


@click.command("approve", short_help="Approve the graph; then it runs.")
@RUN
@DIRECTORY
@click.option("--confirm", is_flag=True, help="Although something speaks against it (a retired plan, alternatives).")
@click.option("--redo", multiple=True, metavar="SECTION", help="Do a finished section again; may be given repeatedly.")
@click.option(
    "--running",
    multiple=True,
    metavar="SECTION=CHOICE",
    help="What becomes of a section under way: leave (default), restart or stop; may be given repeatedly.",
)
@click.option("--graph-sha", default="", metavar="SHA", help="Only if this is still the graph (`graph -f json`).")
@JSON
def approve(
    run_name: str,
    directory: Path | None,
    confirm: bool,
    redo: Sequence[str],
    running: Sequence[str],
    graph_sha: str,
    as_json: bool,
) -> int:
    """Approve exactly the plan and the graph as they are now: what is approved runs, and nothing else.

    While a run is under way this approves the candidate, see `orch-tui diff`.
    """
    with following(run_name, directory) as follower:
        state = follower.state
        edition = editions.to_approve(state)
        _refuse_stale(follower, edition.read.plan_sha)
        if graph_sha and not edition.graph_sha.startswith(graph_sha.lower()):
            raise UserError(f"the graph is {edition.graph_sha[:12]}… now, not {graph_sha!r}", hint="look at it again")
        args = {
            "plan_sha": edition.read.plan_sha,
            "graph_sha": edition.graph_sha,
            "confirm": confirm,
            "redo": [editions.section_named(edition, name) for name in redo],
            "running": dict(_choice(word) for word in running),
        }
        ask(follower, "approve", args)
        approval = follower.state.approval
        assert approval is not None, "it was just accepted"
        if as_json:
            click.echo(json.dumps({"run": follower.run.name, **asdict(approval)}, ensure_ascii=True))
        else:
            left = sum(section.planned == "" for section in follower.state.sections.values())
            click.echo(f"approved: {left} of {len(follower.state.sections)} sections to carry out")
            click.echo(f"follow it with: orch-tui status {finding.reference(follower.run)}")
    return 0


def _choice(word: str) -> tuple[str, str]:
    section, equals, choice = word.rpartition("=")
    if not equals or choice not in CHOICES:
        raise UserError(f"--running {word!r} is not SECTION=CHOICE", hint=f"CHOICE is one of {', '.join(CHOICES)}")
    return section, choice


def _refuse_stale(follower: Follower, plan_sha: str) -> None:
    """In review the file is what people believe to approve. Raises UserError when it says something else by now."""
    state = follower.state
    path = Path(state.plan_path)
    if state.phase is Phase.REVIEW and path.is_file() and _sha(path) != plan_sha:
        which = finding.reference(follower.run)
        raise UserError(f"{path.name!r} was edited since it was read", hint=f"`orch-tui revise {which}` reads it again")


@click.command("revise", short_help="Read the plan file again.")
@RUN
@DIRECTORY
@JSON
def revise(run_name: str, directory: Path | None, as_json: bool) -> int:
    """Read the plan file again: before approval in place of what was read, later as a candidate beside the run.

    Mends stay where they still fit. Nothing of a candidate runs before it is approved; `orch-tui discard` gives it up.
    """
    with following(run_name, directory) as follower:
        now = _sha(Path(follower.state.plan_path))
        if now == editions.to_approve(follower.state).read.plan_sha:
            click.echo(json.dumps(_diff_json(follower)) if as_json else "nothing changed: the file says what was read")
            return 0
        ask(follower, "revise", {"plan_sha": now})
        _show(follower, as_json=as_json)
    return 0


@click.command("diff", short_help="Show what another edition would change.")
@RUN
@DIRECTORY
@JSON
def diff(run_name: str, directory: Path | None, as_json: bool) -> int:
    """Show, section by section, what approving the candidate would change; before approval, what was mended."""
    with following(run_name, directory) as follower:
        _show(follower, as_json=as_json)
    return 0


def _show(follower: Follower, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_diff_json(follower), ensure_ascii=True, indent=1))
        return
    for line in _lines(follower):
        click.echo(line)


def _diff_json(follower: Follower) -> dict[str, object]:
    edition = editions.to_approve(follower.state)
    return {
        "run": follower.run.name,
        "candidate": follower.state.candidate is not None,
        "plan_sha": edition.read.plan_sha,
        "graph_sha": edition.graph_sha,
        "around": list(editions.changed_around(follower.state)),
        "changes": [asdict(row) for row in _rows(follower)],
    }


def _rows(follower: Follower) -> tuple[editions.ChangedSection, ...]:
    state = follower.state
    return () if state.approval is not None and state.candidate is None else editions.changed_sections(state)


def _lines(follower: Follower) -> Iterator[str]:
    state, which = follower.state, finding.reference(follower.run)
    path = Path(state.plan_path)
    read = editions.to_approve(state).read
    rows = _rows(follower)
    outside = editions.changed_around(state)
    yield from (f"~ {words}" for words in outside)
    for row in rows:
        title = f"  {row.title}" if row.title != row.id else ""
        said = "; ".join(row.words)
        yield f"{_SIGNS[row.kind]} {row.id}{title}" + (f": {said}" if said else "")
        if row.becomes:
            yield f"    {row.status}: {row.becomes}{_option(row)}"
    edited = path.is_file() and _sha(path) != read.plan_sha
    if not (rows or outside or edited):
        yield "nothing is different"
    yield from (f"note: {finding_line(found)}" for found in editions.to_approve(state).findings)
    if edited:
        yield f"{one_line(path.name)} was edited since it was read; read it again with: orch-tui revise {which}"
    if state.candidate is not None:
        yield f"approve it with: orch-tui approve {which}   give it up with: orch-tui discard {which}"
    elif state.phase is Phase.REVIEW:
        yield f"approve it with: orch-tui approve {which}"


def _option(row: editions.ChangedSection) -> str:
    """How to choose otherwise; "" when there is nothing to choose."""
    others = row.fates[1:]
    if not others:
        return ""
    if others == ("redo",):
        return f" (--redo {row.id} does it again)"
    return f" (--running {row.id}=… to {' or '.join(others)} it)"


def _sha(path: Path) -> str:
    from orch_tui.client.plan_file import read_bytes

    return hashlib.sha256(read_bytes(path)).hexdigest()


COMMANDS = (approve, revise, diff)
