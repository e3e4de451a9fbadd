"""Mends to and from files: beside a plan, or in its front matter. What is written can be read again as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orch_tui.clean import one_line
from orch_tui.errors import MachineError, PlanError, UserError
from orch_tui.plan.edits import Mend
from orch_tui.store import files

if TYPE_CHECKING:
    from orch_tui.core.edition import Edition
    from orch_tui.plan.fitting import Misfit

_HEAD = "# What was mended of the graph of "


def text_of(plan: str, mends: Sequence[Mend]) -> str:
    """The text of a file with the mends of a plan called `plan`."""
    from orch_tui.plan.mend_file import dump

    head = f"{_HEAD}{one_line(plan)}: a new run of it takes this in, for review. See `orch-tui mend --help`."
    return f"{head}\n{dump(mends)}"


def export(to: Path, plan: str, mends: Sequence[Mend]) -> None:
    """Write the mends to a file, in place of an earlier one. Raises UserError when another file stands there."""
    try:
        if to.exists() and not to.read_text(encoding="utf-8", errors="replace").startswith(_HEAD):
            raise UserError(f"{str(to)!r} is there and was not written by `mend export`", hint="name another file")
    except OSError as error:
        raise MachineError(f"cannot read {str(to)!r}: {error.strerror}") from error
    _write(to, text_of(plan, mends).encode("utf-8", "replace"))


def export_front_matter(plan: Path, mends: Sequence[Mend]) -> Path:
    """Write the mends under `orch:` into the plan's own front matter; returns the plan's path."""
    from orch_tui.client.launch import read_bytes
    from orch_tui.plan.mend_file import with_front_matter
    from orch_tui.plan.parsing import decode, parse

    data = read_bytes(plan)
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise PlanError(f"{plan.name!r} is UTF-16, which is not written", hint="write the mends to a file instead")
    text = with_front_matter(decode(data), mends)
    broken = [found.message for found in parse(text).findings if found.type == "invalid-front-matter"]
    if broken:
        raise PlanError(f"the mends do not go into the front matter: {broken[0]}", hint="write them to a file instead")
    _write(plan.resolve(), mark + text.encode("utf-8"))
    return plan


def _write(path: Path, data: bytes) -> None:
    """A file of the user's own, which keeps its rights, or gets those that new files of theirs have."""
    try:
        before = path.stat().st_mode & 0o777 if path.exists() else 0o644
        files.replace(path, data)
        path.chmod(before)
    except OSError as error:
        raise MachineError(f"cannot write {str(path)!r}: {error.strerror}") from error


def fitting_of(path: Path, edition: Edition) -> tuple[list[Mend], list[Misfit]]:
    """The mends of a file that can be made on top of an edition, and the edits that cannot. Raises PlanError."""
    from orch_tui.plan.fitting import fitting
    from orch_tui.plan.mend_file import load

    try:
        brought = load(path.read_text(encoding="utf-8"))
    except PlanError as error:
        raise PlanError(f"{path.name}: {error}") from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{str(path)!r} is not UTF-8", hint="write one with `orch-tui mend export`") from error
    except OSError as error:
        hint = "write one with `orch-tui mend export`"
        raise PlanError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error
    read = edition.read
    return fitting(read.sections, read.dependencies, edition.mends, brought, read.agents)
