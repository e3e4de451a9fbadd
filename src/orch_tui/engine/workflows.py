"""The workflows that sections of a project can have: the user's own, then those that come with the program."""

from __future__ import annotations

from pathlib import Path

from orch_tui import resources
from orch_tui.errors import ConfigError
from orch_tui.flow.workflow import Workflow
from orch_tui.flow.workflow_file import read_workflow

SUFFIX = ".yaml"


def load_all(root: Path) -> tuple[dict[str, Workflow], dict[str, ConfigError]]:
    """Every workflow by name, and what is wrong with those that are none."""

    def prompt(wanted: str) -> tuple[str, str] | None:
        file = resources.find("prompts", wanted, root=root)
        return None if resources.is_packaged(file) else (str(file), resources.read_file(file))

    good: dict[str, Workflow] = {}
    bad: dict[str, ConfigError] = {}
    for file in resources.names("workflows", root=root):
        name = file.removesuffix(SUFFIX)
        if name == file:
            continue
        try:
            path, text = resources.found("workflows", file, root=root)
            good[name] = read_workflow(text, file=str(path), name=name, prompt=prompt)
        except ConfigError as error:
            bad[name] = error
    return good, bad
