"""The user's project as front ends need it: making a new repository for a demonstration, looking at a branch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orch_tui.git import command


def make_repository(directory: Path, files: Sequence[Path]) -> None:
    """A new git repository in `directory` whose first commit holds `files`."""
    command.git(directory, "init", "--quiet", "--initial-branch=main")
    command.git(directory, "add", "--", *(str(file.relative_to(directory)) for file in files))
    command.git(directory, "commit", "--quiet", "--message=The plan", env=command.identity(directory))


def show_branch(directory: Path, branch: str) -> list[str]:
    """The files of a branch with their sizes, one a line."""
    return command.text(directory, "ls-tree", "-r", "--format=%(path) (%(objectsize) bytes)", branch).splitlines()
