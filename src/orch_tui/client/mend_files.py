"""Mends to and from files: beside a plan, or in its front matter. What is written can be read again as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orch_tui.clean import one_line
from orch_tui.errors import MachineError, PlanError, UserError
from orch_tui.store import files

if TYPE_CHECKING:
    from orch_tui.core.edition import Edition
    from orch_tui.plan.edits import Mend
    from orch_tui.plan.fitting import Fitting

_HEAD = "# What was mended of the graph of "


def text_of(plan: str, edition: Edition) -> str:
    """The text of a file with the mends of an edition of a plan called `plan`."""
    from orch_tui.plan.mend_file import dump

    head = f"{_HEAD}{one_line(plan)}: a new run of it takes this in, for review. See `orch-tui mend --help`."
    return f"{head}\n{dump(*_told(edition))}"


def export(to: Path, plan: str, edition: Edition) -> None:
    """Write the mends to a file, in place of an earlier one. Raises UserError when another file stands there."""
    if to.exists() and not _is_ours(to):
        raise UserError(f"{str(to)!r} is there and was not written by `mend export`", hint="name another file")
    _write(to, text_of(plan, edition).encode("utf-8", "replace"))


def written_before(to: Path, *, front_matter: bool) -> bool:
    """Whether mends were exported there before, which would come back into the next run."""
    from orch_tui.client.plan_file import read_plan
    from orch_tui.plan.mend_file import KEY

    return KEY in read_plan(to).settings if front_matter else to.is_file() and _is_ours(to)


def _is_ours(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace").startswith(_HEAD)
    except OSError as error:
        raise MachineError(f"cannot read {str(path)!r}: {error.strerror}") from error


def export_front_matter(plan: Path, edition: Edition) -> None:
    """Write the mends under `orch:` into the plan's own front matter.

    Raises PlanError when the plan is UTF-16, or would not be read afterwards as it is now.
    """
    from orch_tui.client.plan_file import read_bytes
    from orch_tui.plan.decoding import decode
    from orch_tui.plan.export import graph_bytes
    from orch_tui.plan.mend_file import with_front_matter
    from orch_tui.plan.parsing import parse

    data = read_bytes(plan)
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise PlanError(f"{plan.name!r} is UTF-16, which is not written", hint="write the mends to a file instead")
    before = decode(data)
    text = with_front_matter(before, *_told(edition))
    plan_then = parse(text)
    broken = [found.message for found in plan_then.findings if found.type == "invalid-front-matter"]
    if not broken and graph_bytes(plan_then) != graph_bytes(parse(before)):  # data, say, which has no front matter
        broken = ["the plan would not be read as it is now"]
    if broken:
        raise PlanError(f"the mends do not go into the front matter: {broken[0]}", hint="write them to a file instead")
    _write(plan.resolve(), mark + text.encode("utf-8"))


def _told(edition: Edition) -> tuple[list[Mend], dict[str, str]]:
    """The mends for somebody who has not this run, to whom a proposal's id says nothing; and the sections' titles."""
    by = {name: one.proposal.source for name, one in edition.proposals.items()}
    mends = [replace(mend, source=by.get(mend.source, mend.source)) for mend in edition.mends]
    return mends, {entry.id: entry.title for entry in edition.read.sections}


def _write(path: Path, data: bytes) -> None:
    """A file of the user's own, which keeps its rights, or gets those that new files of theirs have."""
    try:
        before = path.stat().st_mode & 0o777 if path.exists() else 0o644
        files.replace(path, data)
        path.chmod(before)
    except OSError as error:
        raise MachineError(f"cannot write {str(path)!r}: {error.strerror}") from error


def fitting_of(path: Path, edition: Edition) -> Fitting:
    """What of the mends of a file can be made on top of an edition. Raises PlanError."""
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
    return fitting(read.sections, read.dependencies, edition.mends, brought, read.assignable)
