"""What is loaded for the first picture: nothing heavy, nothing that runs sections."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = (
    "pydantic",
    "claude_agent_sdk",
    "anthropic",
    "psutil",
    "markdown_it.main",
    "orch_tui.engine",
    "orch_tui.host",
    "orch_tui.agents",
    "orch_tui.executors",
    "orch_tui.git",
    "orch_tui.core",
    "orch_tui.plan",
)


def test_opening_the_cockpit_loads_neither_pydantic_nor_anything_that_runs():
    code = "import sys, orch_tui.cockpit.entry; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert [name for name in loaded if name.startswith(FORBIDDEN)] == []


def test_the_boards_are_drawn_without_loading_git():
    code = (
        "import sys, orch_tui.cockpit.screens.review, orch_tui.cockpit.screens.run\n"
        "print([name for name in sys.modules if name.startswith('orch_tui.git')])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_naming_the_cockpit_does_not_load_the_screen_library():
    code = "import sys, orch_tui.cockpit; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_a_subcommand_is_loaded_when_it_is_called_and_that_of_the_cockpit_loads_no_other():
    code = (
        "import sys, click; from orch_tui.cli import commands\n"
        "def rooms(): return [room for room in {*commands.ROOMS.values()} if f'orch_tui.cli.{room}' in sys.modules]\n"
        "print(rooms()); commands.cli.get_command(click.Context(commands.cli), 'open'); print(rooms())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "['opening']"]
