"""Mends that a plan brings along, in a file beside it or in its front matter: a new run takes them in for review."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orch_tui.core.events import PlanRead
from orch_tui.core.mend_events import PlanMended
from orch_tui.errors import PlanError
from orch_tui.plan.document import scan
from orch_tui.plan.edits import named
from orch_tui.plan.fitting import fitting
from orch_tui.plan.mend_file import KEY, Brought, load, load_front_matter
from orch_tui.plan.model import Finding, Plan
from orch_tui.store.layout import mends_beside


def take_in(path: Path, text: str, plan: Plan, read: PlanRead, actor: str) -> tuple[PlanRead, tuple[PlanMended, ...]]:
    """What was read, with a notice of the mends that come with the plan and a finding for each edit that does not fit;
    and the mends. `text` is the plan's. Raises PlanError when they cannot be read: whoever wrote them wants them used.
    """
    beside = mends_beside(path)
    stated = KEY in plan.settings
    if beside.is_file():
        name, brought = beside.name, _read(beside)
    elif stated:
        name, brought = f"the front matter of {path.name}", _front_matter(path, text)
    else:
        return read, ()
    found = fitting(read.sections, read.dependencies, (), brought, read.agents)
    ids = {entry.id for entry in read.sections}
    findings = [
        Finding(
            type="mend-not-applied",
            ids=tuple(one for one in named(misfit.edit) if one in ids),
            line=misfit.line,
            message=f"{name}: {misfit.message}",
        )
        for misfit in found.misfits
    ]
    count = sum(len(mend.edits) for mend in found.mends)
    notices = [
        f"{count} {'edit' if count == 1 else 'edits'} of the graph taken in from {name}; look before you approve."
    ]
    if found.moved:
        notices.append(f"Its sections have other ids now, and were found by their titles: {found.moved_words}.")
    if beside.is_file() and stated:
        notices.append(f"{KEY!r} in the front matter is not used: {name} stands beside the plan.")
    events = tuple(
        PlanMended(edits=mend.edits, by=mend.by or actor, why=mend.why, source=mend.source or name, at=mend.at)
        for mend in found.mends
    )
    return replace(read, findings=(*read.findings, *findings), notices=(*read.notices, *notices)), events


def _read(beside: Path) -> Brought:
    try:
        return load(beside.read_text(encoding="utf-8"))
    except PlanError as error:
        raise PlanError(f"{beside.name}: {error}", hint="mend that file, or move it away") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{beside.name} cannot be read: {error}", hint="mend that file, or move it away") from error


def _front_matter(path: Path, text: str) -> Brought:
    document = scan(text)
    assert document.front_matter is not None, "its settings were read from it"
    first, last = document.front_matter
    try:
        return load_front_matter(document.text(first, last), first_line=first)
    except PlanError as error:
        raise PlanError(f"{path.name}: {error}", hint=f"mend `{KEY}:` in the front matter, or remove it") from error
