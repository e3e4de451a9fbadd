"""`why`: why a section does not run, or how it comes to run as it does."""

from __future__ import annotations

from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.options import DIRECTORY, RUN
from orch_tui.cli.sending import following
from orch_tui.client.editions import section_named, to_approve
from orch_tui.client.views import details
from orch_tui.clock import Clock
from orch_tui.core import rules
from orch_tui.core.state import State
from orch_tui.errors import UserError
from orch_tui.store.layout import RunDir

_WIDE = 10_000


@click.command("why", short_help="Say why a section does not run, or who decided how it does.")
@click.argument("section")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
def why(section: str, plan: Path | None, run_name: str, directory: Path | None) -> int:
    """Say of SECTION which rules keep it from being started, by name, and how it stands.

    Also who decided which agent does it (a phase of its workflow, the section, the plan, the settings), what checks it,
    and what it may cost. Without PLAN it is the newest run.
    """

    def newest(name: str, place: Path | None) -> RunDir:
        return finding.newest(name, place, plan)

    with following(run_name, directory, of=newest) as follower:
        for line in _lines(follower.state, section, Clock().wall()):
            click.echo(line)
    return exit_codes.DONE


def _lines(state: State, named: str, now: float) -> list[str]:
    name = named if named in state.sections else section_named(to_approve(state), named)
    section = state.sections.get(name)
    if section is None:
        raise UserError(f"section {named!r} is in an edition that is not approved yet", hint="approve it first")
    held = [] if section.verdict or name in state.running else rules.why(state, name, now)
    fields = [("held by", f"{one_line(words)} (rule {gate})") for gate, words in held]
    fields += [(one.label, one.value) for one in details(state, name, now, room=_WIDE) if one.label != "waits"]
    wide = max(len(label) for label, _ in fields)
    return [f"{one_line(name)}  {one_line(section.title)}", *(f"  {label:<{wide}}  {value}" for label, value in fields)]


COMMANDS = (why,)
