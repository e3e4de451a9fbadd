"""Every subcommand, each in a room of its own that is opened only when it is called.

Errors are one line with what would help; no traceback reaches a user.
"""

from __future__ import annotations

import difflib
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orch_tui import __version__
from orch_tui.clean import one_line
from orch_tui.cli import exit_codes
from orch_tui.errors import NotConfirmed, OrchError, UserError

if TYPE_CHECKING:
    from orch_tui.cli.opening import OpenCockpit

TRACEBACK = "ORCH_TUI_TRACEBACK"
"""Environment variable: show where in the program a mistake of the program itself happened."""
ROOMS = {
    "open": "opening",
    "run": "opening",
    "parse": "showing",
    "validate": "validating",
    "status": "showing",
    "query": "showing",
    "why": "why",
    "graph": "graph",
    "brief": "brief",
    "mend": "mending",
    "proposals": "proposing",
    "approve": "approving",
    "revise": "approving",
    "diff": "approving",
    "pause": "controls",
    "resume": "controls",
    "skip": "controls",
    "retry": "controls",
    "dispatch": "controls",
    "cancel": "controls",
    "steer": "controls",
    "answer": "controls",
    "decide": "decide",
    "discard": "controls",
    "undo": "undoing",
    "land": "landing",
    "workflow": "workflow",
    "stop": "controls",
    "doctor": "doctor",
    "service": "service",
    "gc": "retaining",
    "demo": "demo",
}
"""Subcommand -> the module that declares it in its COMMANDS, in the order of the work."""


class _PlanOrCommand(click.Group):
    """A word that is no subcommand is a plan to open in the cockpit."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in ROOMS:
            _refuse_mistyped(args[0])
            return "open", self.get_command(ctx, "open"), args
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand; what it needs is imported now."""
        if cmd_name not in ROOMS:
            return None
        declared: tuple[click.Command, ...] = import_module(f"orch_tui.cli.{ROOMS[cmd_name]}").COMMANDS
        return next(command for command in declared if command.name == cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work."""
        return list(ROOMS)


def _refuse_mistyped(word: str) -> None:
    """A word without a dot or a slash that is no file was meant as a subcommand. Raises UserError."""
    if word.isalpha() and not Path(word).exists():
        close = difflib.get_close_matches(word, ROOMS, n=1)
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


def run_commands(open_cockpit: OpenCockpit) -> int:
    """Run the command line; returns the exit code. Whatever goes wrong becomes one line on standard error.

    `open_cockpit(run, config)` shows a run, also one that is still coming, full-screen until the person leaves, and
    returns an exit code.
    """
    try:
        code = cli.main(prog_name="orch-tui", standalone_mode=False, obj=open_cockpit)
        _flush()
    except NotConfirmed as error:
        _complain(error.line())
        return exit_codes.NEEDS_HUMAN
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
