"""Every command of the core that a person gives by name is a subcommand, and nothing goes wrong loudly."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
import pytest

from orch_tui.cli import commands, exit_codes
from orch_tui.cli.controls import VERBS
from orch_tui.core.commands import OPS
from orch_tui.errors import StateError

INDIRECT = {
    "create",
    "revise",
    "approve",
    "mend",
    "unmend",
    "remend",
    "accept",
    "dismiss",
    "validate",
    "decide",
    "undo",
}


def no_cockpit(*_: object) -> NoReturn:
    """What no test here may open."""
    raise AssertionError("opened the cockpit")


def declared() -> dict[str, click.Command]:
    """Every subcommand, imported."""
    context = click.Context(commands.cli)
    found = {name: commands.cli.get_command(context, name) for name in commands.cli.list_commands(context)}
    assert None not in found.values()
    return {name: command for name, command in found.items() if command}


def test_every_command_of_the_core_can_be_given() -> None:
    assert set(VERBS) | INDIRECT == set(OPS)
    assert set(VERBS) <= declared().keys()


def test_every_subcommand_has_help_that_fits_a_narrow_terminal() -> None:
    for name, command in declared().items():
        short = command.get_short_help_str(limit=60)
        assert short, name
        assert not short.endswith("..."), f"{name}: {short}"


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        (StateError("the disk is full", hint="free some space"), 1, "orch-tui: the disk is full (free some space)\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.UsageError("no such option\n--x"), 1, "orch-tui: no such option --x\n"),
        (PermissionError(13, "Permission denied", "/x"), 1, "orch-tui: Permission denied: '/x'\n"),
        (
            ValueError("a\x1b[31mb"),
            1,
            "orch-tui: a mistake in orch-tui: ValueError: ab (set ORCH_TUI_TRACEBACK=1 for the details)\n",
        ),
    ],
)
def test_whatever_goes_wrong_is_one_line_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: BaseException, code: int, line: str
) -> None:
    def fails(**_: object) -> NoReturn:
        raise raised

    monkeypatch.setattr(commands.cli, "main", fails)
    monkeypatch.setattr(commands, "_forget_output", lambda: None)
    assert commands.run_commands(no_cockpit) == code
    assert capsys.readouterr().err == line


def test_a_mistake_of_the_program_shows_its_place_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> NoReturn:
        raise ValueError("here")

    monkeypatch.setattr(commands.cli, "main", fails)
    monkeypatch.setenv(commands.TRACEBACK, "1")
    with pytest.raises(ValueError, match="here"):
        commands.run_commands(no_cockpit)


def test_help_and_version_end_with_zero(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["-h"], ["--version"], ["run", "--help"], []):
        monkeypatch.setattr(sys, "argv", ["orch-tui", *words])
        assert commands.run_commands(no_cockpit) == exit_codes.DONE
    assert "Exit codes: 0 done" in capsys.readouterr().out
