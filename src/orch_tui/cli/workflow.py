"""`workflow`: the phases a section can go through, listed, shown and checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orch_tui.clean import one_line
from orch_tui.cli import exit_codes
from orch_tui.cli.options import DIRECTORY
from orch_tui.client.plan_file import project_root
from orch_tui.client.views import money
from orch_tui.client.workflows import WorkflowFile, all_files, one_file
from orch_tui.flow import workflow as flow
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, PollPhase, ScriptPhase, TerminalPhase, Workflow


@click.group("workflow", invoke_without_command=True, short_help="List, show and check workflows.")
@click.pass_context
def workflow_(context: click.Context) -> None:
    """The phases a section goes through: which workflows there are, and whether they would work."""
    if context.invoked_subcommand is None:
        context.invoke(list_, directory=None)


@workflow_.command("list")
@DIRECTORY
def list_(directory: Path | None) -> int:
    """Every workflow there is, and what it is for."""
    for file in all_files(_root(directory)):
        said = one_line(file.workflow.description) if file.workflow else ""
        marred = f"  ({len(file.wrong)} to mend: `orch-tui workflow check {file.name}`)" if file.wrong else ""
        click.echo(f"{file.name:12} {said}{marred}")
    return exit_codes.DONE


@workflow_.command()
@click.argument("name")
@DIRECTORY
def show(name: str, directory: Path | None) -> int:
    """The phases of NAME, what each does and where its outcomes lead."""
    file = one_file(name, _root(directory))
    if file.workflow is None:
        raise file.wrong[0]
    click.echo(f"{file.name}  ({file.path})")
    for line in _lines(file.workflow):
        click.echo(line)
    return exit_codes.DONE


@workflow_.command()
@click.argument("names", nargs=-1, metavar="[NAME|FILE.yaml]...")
@DIRECTORY
def check(names: tuple[str, ...], directory: Path | None) -> int:
    """Say everything that is wrong with workflows, with file and line; all of them without a name.

    Exit code 1 when there is something.
    """
    root = _root(directory)
    files = [one_file(name, root) for name in names] if names else list(all_files(root))
    for file in files:
        for line in _told(file):
            click.echo(line)
    return exit_codes.ERROR if any(file.wrong for file in files) else exit_codes.DONE


def _told(file: WorkflowFile) -> Iterator[str]:
    if file.wrong:
        yield from (error.line() for error in file.wrong)
    elif file.workflow is not None:
        count = len(file.workflow.phases)
        yield f"{file.name}: {count} {'phase' if count == 1 else 'phases'}, nothing to mend"


def _lines(workflow: Workflow) -> Iterator[str]:
    if workflow.description:
        yield one_line(workflow.description, 400)
    for name, phase in workflow.phases.items():
        first = "  starts here" if name == workflow.start else ""
        yield f"  {name}: {_does(phase)}{first}"
        if isinstance(phase, TerminalPhase):
            continue
        for outcome in flow.outcomes(phase):
            target = workflow.next(name, outcome)
            asked = isinstance(phase, ScriptPhase) and phase.do == "merge"
            yield f"      {outcome} -> {target or ('you are asked' if asked else 'the section fails')}"
        if phase.max_visits:
            times = "once" if phase.max_visits == 1 else f"{phase.max_visits} times"
            yield f"      {times} at most, then the section fails"


def _does(phase: flow.Phase) -> str:
    match phase:
        case AgentPhase():
            who = phase.agent or "the section's agent"
            reading = ", reads only" if phase.role == "read-only" else ""
            says = f", says {' or '.join(phase.outcomes)}" if phase.outcomes else ""
            first = ", with everything merged so far merged in" if phase.merge_first else ""
            first += ", anew on top of everything merged so far" if phase.anew else ""
            most = f", {money(phase.budget)} at most" if phase.budget else ""
            most += f", output by {phase.output}" if phase.output else ""
            return one_line(f"{who}, prompt {phase.prompt}{reading}{first}{says}{most}")
        case ScriptPhase(do="checks"):
            return "runs the section's checks"
        case ScriptPhase(do="merge"):
            return "merges its branch" + (", once its checks pass on the result" if phase.verify else "")
        case ScriptPhase() | PollPhase():
            every = f", every {phase.interval:g} s" if isinstance(phase, PollPhase) else ""
            return one_line(f"runs {' '.join(phase.run)}{every}")
        case ApprovalPhase():
            return one_line(f"asks you: {phase.ask}", 200)
        case TerminalPhase():
            return f"the section is {phase.outcome}" if phase.outcome != "attention" else "the section needs you"


def _root(directory: Path | None) -> Path:
    return project_root(directory or Path())


COMMANDS = (workflow_,)
