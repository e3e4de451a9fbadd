"""The workflow files that a project has, as front ends show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orch_tui import resources
from orch_tui.errors import ConfigError, UserError
from orch_tui.flow.workflow import Workflow
from orch_tui.flow.workflow_file import check_workflow

_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFile:
    """A file and what it says; `workflow` is None when that cannot be put together. `wrong` is everything to mend."""

    name: str
    path: Path
    text: str
    workflow: Workflow | None
    wrong: tuple[ConfigError, ...]


def all_files(root: Path) -> Iterator[WorkflowFile]:
    """Every workflow of the project at `root`, the user's own before those that come with the program."""
    for file in resources.names("workflows", root=root):
        if file.endswith(_SUFFIX):
            yield _read(file.removesuffix(_SUFFIX), resources.find("workflows", file, root=root), root)


def one_file(name: str, root: Path) -> WorkflowFile:
    """The workflow `name`, or the file at that path. Raises UserError when there is none."""
    if name.endswith(_SUFFIX):
        path = Path(name)
        if not path.is_file():
            raise UserError(f"there is no file {name!r}")
        return _read(path.name.removesuffix(_SUFFIX), path, root)
    try:
        return _read(name, resources.find("workflows", name + _SUFFIX, root=root), root)
    except ConfigError as error:
        known = ", ".join(file.name for file in all_files(root))
        raise UserError(f"there is no workflow {name!r}", hint=f"there are: {known}") from error


def _read(name: str, path: Path, root: Path) -> WorkflowFile:
    try:
        text = resources.read_file(path)
    except ConfigError as error:
        return WorkflowFile(name=name, path=path, text="", workflow=None, wrong=(error,))

    def prompt(wanted: str) -> tuple[str, str]:
        file, words = resources.found("prompts", wanted, root=root)
        return str(file), words

    workflow, wrong = check_workflow(text, file=str(path), name=name, prompt=prompt)
    return WorkflowFile(name=name, path=path, text=text, workflow=workflow, wrong=tuple(wrong))
