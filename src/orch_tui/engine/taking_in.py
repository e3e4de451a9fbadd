"""Mends that a plan brings along, in a file beside it or in its front matter: a new run takes them in for review."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orch_tui.core.mend_events import PlanMended
from orch_tui.core.run_events import PlanRead
from orch_tui.plan.edits import named
from orch_tui.plan.fitting import fitting
from orch_tui.plan.model import Finding, Plan
from orch_tui.store.brought import come_along


def take_in(path: Path, text: str, plan: Plan, read: PlanRead, actor: str) -> tuple[PlanRead, tuple[PlanMended, ...]]:
    """What was read, with a notice of the mends that come with the plan and a finding for each edit that does not fit;
    and the mends. `text` is the plan's. Raises PlanError when they cannot be read: whoever wrote them wants them used.
    """
    along = come_along(path, text, plan)
    if along is None:
        return read, ()
    name = along.name
    found = fitting(read.sections, read.dependencies, (), along.brought, read.assignable)
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
    if along.unused:
        notices.append(along.unused)
    events = tuple(
        PlanMended(edits=mend.edits, by=mend.by or actor, why=mend.why, source=mend.source or name, at=mend.at)
        for mend in found.mends
    )
    return replace(read, findings=(*read.findings, *findings), notices=(*read.notices, *notices)), events
