"""`decide`: the register of decisions, listed and changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import ask, following
from orch_tui.clock import moment
from orch_tui.core.decided import DecisionState
from orch_tui.core.state import State


@click.command("decide", short_help="List decisions, add one, strike or pin one.")
@click.argument("text", nargs=-1, metavar="[TEXT]...")
@RUN
@DIRECTORY
@click.option("--strike", type=click.IntRange(min=1), metavar="N", help="Tell no session of decision N any more.")
@click.option("--pin", type=click.IntRange(min=1), metavar="N", help="Never leave decision N out of a brief.")
def decide(text: tuple[str, ...], run_name: str, directory: Path | None, strike: int | None, pin: int | None) -> int:
    """List what was decided, by sessions and by people; with TEXT add to it.

    Every session that starts later is told what stands in the list.
    """
    words = " ".join(text)
    with following(run_name, directory) as follower:
        if text or strike or pin:
            ask(follower, "decide", {"text": words, "strike": strike or 0, "pin": pin or 0})
        for line in _lines(follower.state):
            click.echo(line)
    return exit_codes.DONE


def _lines(state: State) -> Iterator[str]:
    yield from (_line(one) for one in state.decisions)
    if not state.decisions:
        yield "nothing is decided yet"


def _line(one: DecisionState) -> str:
    who = one_line(f"section {one.section}" if one.section else one.by, 60)
    struck = f"struck by {one.struck}" if one.struck else "its work was undone" if one.withdrawn else ""
    mark = struck or (f"pinned by {one.pinned}" if one.pinned else "")
    mark = f"  ({one_line(mark, 80)})" if mark else ""
    return f"{one.number:3}  {moment(one.at)}  {who}: {one_line(one.text, 600)}{mark}"


COMMANDS = (decide,)
