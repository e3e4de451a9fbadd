"""Every subcommand, declared with click. Errors are one line with what would help; no traceback reaches a user."""

from __future__ import annotations

import asyncio
import difflib
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orch_tui import __version__
from orch_tui.clean import one_line
from orch_tui.cli import exit_codes, finding
from orch_tui.cli.approving import approve, diff, revise
from orch_tui.cli.controls import DIRECTORY, RUN, add_controls
from orch_tui.cli.graph import graph
from orch_tui.cli.mending import mend, proposals
from orch_tui.client.follow import Follower
from orch_tui.client.send import whoami
from orch_tui.errors import OrchError, UserError
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from orch_tui.client.coming import Coming
    from orch_tui.config import Config

    OpenCockpit = Callable[[RunDir | Coming, Config], int]

TRACEBACK = "ORCH_TUI_TRACEBACK"
"""Environment variable: show where in the program a mistake of the program itself happened."""
FATAL = frozenset({"not-a-plan", "cycle", "invalid-front-matter"})
"""Findings of a plan that cannot be run."""
PLAN = click.argument("plan", type=click.Path(path_type=Path))
WISHES = (
    click.option("--agent", default="", help="Agent for sections that do not name one: claude, script, simulated, …"),
    click.option("--model", default="", help="Model for sections that do not name one."),
    click.option("--concurrency", type=click.IntRange(1, 64), default=None, help="Sections at once, 1 to 64."),
    click.option(
        "--isolation", type=click.Choice(["worktree", "none"]), default=None, help="Own worktree, or in place."
    ),
)


class _PlanOrCommand(click.Group):
    """A word that is no subcommand is a plan to open in the cockpit."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            _refuse_mistyped(args[0], self.list_commands(ctx))
            return "open", self.get_command(ctx, "open"), args
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work, as they are declared."""
        return list(self.commands)


def _refuse_mistyped(word: str, commands: list[str]) -> None:
    """A word without a dot or a slash that is no file was meant as a subcommand. Raises UserError."""
    if word.isalpha() and not Path(word).exists():
        close = difflib.get_close_matches(word, commands, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "see `orch-tui --help`"
        raise UserError(f"there is neither a command nor a file {word!r}", hint=hint)


@click.group(
    cls=_PlanOrCommand,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="orch-tui")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Run a Markdown action plan with coding agents: `orch-tui PLAN` opens the cockpit.

    Nothing runs before you approve the order. Quitting the cockpit leaves the run going; open the plan again to come
    back to it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _wishes(command: Any) -> Any:
    for option in reversed(WISHES):
        command = option(command)
    return command


def _opened(
    plan: Path, directory: Path | None, wishes: dict[str, Any], *, approved: bool = False, **how: bool
) -> RunDir:
    """The plan's run, found or created; `approved` as its file reads now."""
    from orch_tui.cli.headless import approve_as_read
    from orch_tui.client.launch import Wishes, open_plan

    asked = Wishes(**{name: wish for name, wish in wishes.items() if wish})
    opened = asyncio.run(open_plan(plan, asked, actor=whoami(), directory=directory, **how))
    if approved:
        asyncio.run(approve_as_read(opened))
    return opened


def _opening(plan: Path, directory: Path | None, wishes: dict[str, Any], **how: bool) -> Coming:
    """The same in a thread, for the cockpit, which is on the screen meanwhile."""
    from orch_tui.client.coming import coming, reading
    from orch_tui.client.launch import project_root

    root = project_root(plan, directory)
    return coming(reading(plan), root, partial(_opened, plan, directory, wishes, **how))


def _cockpit(run: RunDir | Coming) -> int:
    """Show a run in the cockpit, which the entry point handed in: front ends do not know each other."""
    from orch_tui.config import load

    open_cockpit: OpenCockpit = click.get_current_context().obj
    return open_cockpit(run, load(run.root))


@cli.command("open", short_help="Open a plan in the cockpit; the same as `orch-tui PLAN`.")
@PLAN
@DIRECTORY
@_wishes
@click.option("--new", is_flag=True, help="Begin a new run although one of this very plan is finished.")
def open_(plan: Path, directory: Path | None, new: bool, **wishes: Any) -> int:
    """Open a plan in the cockpit (the same as `orch-tui PLAN`): its unfinished run, its finished one, or a new one."""
    from orch_tui.cli.headless import terminal
    from orch_tui.client.launch import read_bytes

    if not terminal():
        read_bytes(plan)  # a mistyped name is the likelier mistake
        raise UserError("the cockpit needs a terminal", hint=f"use `orch-tui run {plan} --headless`")
    return _cockpit(_opening(plan, directory, wishes, look_back=not new))


@cli.command()
@PLAN
@DIRECTORY
@_wishes
@click.option("--headless", is_flag=True, help="Without the cockpit: events as lines of text.")
@click.option("--yes", is_flag=True, help="Approve the plan as it is read.")
def run(plan: Path, directory: Path | None, headless: bool, yes: bool, **wishes: Any) -> int:
    """Run a plan, or attach to its unfinished run.

    Exit codes: 0 done, 1 error or a section failed, 10 needs a human, 11 cancelled. Ctrl-C detaches, the run goes on.
    """
    from orch_tui.cli.headless import run_headless, terminal

    if not headless and terminal():
        return _cockpit(_opening(plan, directory, wishes, approved=yes))
    return run_headless(_opened(plan, directory, wishes, unattended=yes), approved=yes)


@cli.command("parse", short_help="Show how a plan is read.")
@PLAN
@click.option("--json", "as_json_", is_flag=True, help="The graph as JSON.")
def parse_(plan: Path, as_json_: bool) -> int:
    """Show how a plan is read: sections, dependencies with the words they were read from, findings.

    Exit code 1 when it could not be run: it is no plan, its front matter cannot be read, or its
    dependencies go in a circle.
    """
    from orch_tui.client.launch import read_plan
    from orch_tui.plan.export import as_json

    read = read_plan(plan)
    if as_json_:
        click.echo(json.dumps(as_json(read), ensure_ascii=True, indent=1))
    else:
        from orch_tui.cli.text import plan_lines

        for line in plan_lines(read):
            click.echo(line)
    return exit_codes.ERROR if any(found.type in FATAL for found in read.findings) else exit_codes.DONE


@cli.command(short_help="Let a second reader look over the graph.")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option(
    "--prd", type=click.Path(path_type=Path), default=None, help="What is wanted, for comparison: a text file."
)
@click.option("--provider", default="", metavar="WAY", help="anthropic, claude or codex (default: the first there is).")
@click.option("--model", default="", help="Model to ask (default: a cheap one).")
@click.option("--yes", is_flag=True, help="Also at a cost above the limit, or one nobody knows.")
@click.option("--json", "as_json_", is_flag=True, help="The answer as JSON.")
def validate(
    plan: Path | None,
    run_name: str,
    directory: Path | None,
    prd: Path | None,
    provider: str,
    model: str,
    yes: bool,
    as_json_: bool,
) -> int:
    """Let a second reader, a cheap model, look over the graph of PLAN in one call, and show what it proposes.

    PLAN gets its run, which waits for your approval, as with `orch-tui PLAN`; the proposals are kept in its review.
    Nothing is changed. Exit codes: 0 answered, 1 no answer, 10 it needs your word (--yes) because of what it may cost.
    """
    from orch_tui.cli.validating import prd_path, run_validate

    args: dict[str, object] = {"provider": provider, "model": model, "prd": prd_path(prd), "confirm": yes}
    opened = _opened(plan, directory, {}) if plan else finding.unfinished(run_name, directory)
    return run_validate(opened, args, as_json=as_json_)


@cli.command()
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@RUN
@DIRECTORY
@click.option("--json", "as_json_", is_flag=True, help="The same as `query`.")
def status(plan: Path | None, run_name: str, directory: Path | None, as_json_: bool) -> int:
    """Show where a run stands."""
    assert not as_json_, "answered before click is imported"
    from orch_tui.cli.text import advice_lines, status_lines

    run = finding.newest(run_name, directory, plan)
    follower = Follower(run)
    follower.poll()
    for line in status_lines(follower):
        click.echo(line)
    if not follower.damage:
        for line in advice_lines(follower.state, finding.reference(run)):
            click.echo(line)
    return exit_codes.ERROR if follower.damage else exit_codes.DONE


@cli.command("query", short_help="Print where a run stands as JSON, at once.")
@click.argument("plan", required=False)
@RUN
@DIRECTORY
def query_(plan: str | None, run_name: str, directory: Path | None) -> int:
    """Print status.json of the newest run (of PLAN, or by --run) at once."""
    raise AssertionError("answered before click is imported")  # pragma: no cover


for _command in (graph, mend, proposals, approve, revise, diff):
    cli.add_command(_command)
add_controls(cli)


@cli.command(short_help="Build a small program from a plan, without an account.")
@click.option("--headless", is_flag=True, help="Without the cockpit even in a terminal.")
@click.option(
    "--keep", type=click.Path(path_type=Path), default=None, help="Directory to build in (default: a temporary one)."
)
def demo(headless: bool, keep: Path | None) -> int:
    """Build a small program from a plan in a new repository with the script agent; needs no account."""
    from orch_tui.cli.demo import run_demo

    return run_demo(headless=headless, keep=keep, open_cockpit=_cockpit)


def run_commands(open_cockpit: OpenCockpit) -> int:
    """Run the command line; returns the exit code. Whatever goes wrong becomes one line on standard error.

    `open_cockpit(run, config)` shows a run, also one that is still coming, full-screen until the person leaves, and
    returns an exit code.
    """
    try:
        code = cli.main(prog_name="orch-tui", standalone_mode=False, obj=open_cockpit)
        _flush()
    except OrchError as error:
        return _complain(error.line())
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        see = f" (see `{error.ctx.command_path} --help`)" if error.ctx is not None else ""
        return _complain(f"{error.format_message()}{see}")
    except click.ClickException as error:
        return _complain(error.format_message())
    except (KeyboardInterrupt, click.exceptions.Abort):
        return exit_codes.INTERRUPTED
    except SystemExit as leaving:  # click's answer to a closed pipe (1), and the end of a shell's completion
        _forget_output()
        return exit_codes.UNREAD if leaving.code == 1 else exit_codes.DONE
    except BrokenPipeError:
        _forget_output()
        return exit_codes.UNREAD
    except OSError as error:
        _forget_output()  # full, or gone: a second try when the interpreter leaves would fail as well
        return _complain(f"{error.strerror or error}" + (f": {error.filename!r}" if error.filename else ""))
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        return _complain(f"a mistake in orch-tui: {type(error).__name__}: {error} (set {TRACEBACK}=1 for the details)")
    return code if isinstance(code, int) else exit_codes.DONE


def _flush() -> None:
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - it is None when it was closed
        sys.stdout.flush()


def _forget_output() -> None:
    """Keep the interpreter from complaining, on its way out, about what it could not write."""
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] - closed from the beginning
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _complain(words: str) -> int:
    click.echo(f"orch-tui: {one_line(words, 2000)}", err=True)
    return exit_codes.ERROR
