"""What checks a section's work: the commands its plan states, else those of the settings, else the project's own."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from orch_tui.agents.base import Block

_TEST_TARGET = re.compile(r"^(?:test|check)[ \t]*:(?!=)", re.MULTILINE)
_NO_TESTS = "no test specified"
"""What `npm init` writes as a test."""
_SHELL = "bash"
PROJECT_FILES = (
    *("Makefile", "makefile", "GNUmakefile", "package.json", "pyproject.toml", "pytest.ini", "Cargo.toml", "go.mod"),
)
"""One of these is there where a project says how it is tested."""
_LARGEST = 1024 * 1024


def checks(stated: tuple[str, ...], tree: Path) -> tuple[Block, ...]:
    """The commands that check what is in `tree`, as shell blocks; () when nothing does.

    `stated` are those of the section, the front matter or the settings; without them the project's own are looked for.
    """
    commands = stated or discovered(tree)
    return tuple(map(command_block, commands))


def discovered(tree: Path) -> tuple[str, ...]:
    """The commands by which the project that is in `tree` is tested, as its own files say."""
    return tuple(_discovered(tree))


def command_block(command: str) -> Block:
    """A command that no fence of the plan holds, for the agent that runs blocks."""
    return Block(shell=_SHELL, text=command + "\n", line=0)


def _discovered(tree: Path) -> Iterator[str]:
    """How the project that is in `tree` is tested, by its build files; the first that says so."""
    for name in ("Makefile", "makefile", "GNUmakefile"):
        targets = [found[0].rstrip(" \t:") for found in _TEST_TARGET.finditer(_text(tree / name))]
        if targets:
            yield f"make {'test' if 'test' in targets else 'check'}"
            return
    if test := _npm_test(tree):
        yield test
    elif _tested_by_pytest(tree):
        yield "python3 -m pytest"
    elif (tree / "Cargo.toml").is_file():
        yield "cargo test"
    elif (tree / "go.mod").is_file():
        yield "go test ./..."


def _npm_test(tree: Path) -> str:
    try:
        package = cast("object", json.loads(_text(tree / "package.json") or "null"))
    except (ValueError, RecursionError):
        return ""
    scripts = cast("dict[str, object]", package).get("scripts") if isinstance(package, dict) else None
    test = cast("dict[str, object]", scripts).get("test") if isinstance(scripts, dict) else None
    return "npm test" if isinstance(test, str) and test and _NO_TESTS not in test else ""


def _tested_by_pytest(tree: Path) -> bool:
    try:
        project = tomllib.loads(_text(tree / "pyproject.toml"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    tools = project.get("tool")
    configured = isinstance(tools, dict) and "pytest" in tools
    return configured or (bool(project) and (tree / "tests").is_dir()) or (tree / "pytest.ini").is_file()


def _text(path: Path) -> str:
    """What a file of the project says, as far as it is text; "" when there is none. Whoever wrote it is not trusted."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
