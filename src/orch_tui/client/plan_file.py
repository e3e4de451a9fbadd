"""The plan file: its bytes, what is read from them, and the project it belongs to. Importing this takes no time."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from orch_tui.errors import PlanError, UserError
from orch_tui.git import repo
from orch_tui.plan.decoding import decode

if TYPE_CHECKING:
    from orch_tui.plan.model import Plan

PLAN_LIMIT = 32 * 1024 * 1024  # bytes; a plan larger than this is something else
_PLANS = frozenset({".md", ".markdown", ".txt"})


def read_bytes(path: Path) -> bytes:
    """The plan file's bytes. Raises PlanError with what would help."""
    try:
        if path.is_dir():
            raise PlanError(f"{str(path)!r} is a directory", hint="name the plan file in it")
        if path.stat().st_size > PLAN_LIMIT:
            raise PlanError(f"{str(path)!r} is larger than {PLAN_LIMIT >> 20} MB", hint="is it the right file?")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PlanError(f"no such file: {str(path)!r}", hint=_nearby(path)) from error
    except OSError as error:
        raise PlanError(f"cannot read {str(path)!r}: {error.strerror}") from error


def read_plan(path: Path, data: bytes | None = None) -> Plan:
    """The plan in a file (in `data` when it was read already). Raises PlanError that names the file."""
    from orch_tui.plan.parsing import parse  # takes longer to import than all else, and many only look at bytes

    return parse(text_of(path, read_bytes(path) if data is None else data))


def text_of(path: Path, data: bytes) -> str:
    """The text of the plan file at `path` whose bytes are `data`. Raises PlanError that names the file."""
    try:
        return decode(data)
    except PlanError as error:
        raise PlanError(f"{str(path)!r}: {error}", hint=error.hint) from error


def project_root(plan: Path, directory: Path | None = None) -> Path:
    """Where `.orch` belongs: the repository of `directory` (default: of the plan), or that directory itself.

    Raises UserError when there is no such directory.
    """
    start = (directory or plan.parent).resolve()
    if not start.is_dir():
        raise UserError(f"no such directory: {str(start)!r}", hint="check the path")
    found = repo.find(start)
    return found.root if found is not None else start


def _nearby(path: Path) -> str:
    """What might have been meant by a path that leads nowhere."""
    if not path.parent.is_dir():
        return f"there is no directory {str(path.parent)!r}"
    names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix.lower() in _PLANS)
    close = difflib.get_close_matches(path.name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    listed = ", ".join(map(repr, names[:3])) + (" …" if len(names) > 3 else "")
    return f"there are {listed}" if names else "no Markdown file is there"
