"""A plan as a new run of it would begin: what was read, and the mends that come with it. Nothing is started here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from orch_tui.agents import registry
from orch_tui.clean import one_line
from orch_tui.client.launch import Wishes, finished, unfinished
from orch_tui.client.plan_file import project_root, read_bytes, read_plan
from orch_tui.client.send import whoami
from orch_tui.plan.decoding import decode
from orch_tui.plan.edits import Mend
from orch_tui.plan.fitting import fitting
from orch_tui.plan.model import Plan
from orch_tui.store.brought import come_along
from orch_tui.store.layout import RunDir


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan with the mends that a new run of it would take in; `said` is what there is to know about these."""

    plan: Plan
    mends: tuple[Mend, ...] = ()
    said: tuple[str, ...] = ()


def run_of(path: Path, directory: Path | None) -> RunDir | None:
    """The run that opening the plan would show, None when that would begin a new one."""
    root = project_root(path, directory)
    return unfinished(root, path) or finished(root, path, Wishes())


def draft(path: Path, *, with_mends: bool) -> Draft:
    """The plan at `path`. Raises PlanError, also for mends beside it that cannot be read."""
    data = read_bytes(path)
    plan = read_plan(path, data)
    along = come_along(path, decode(data), plan) if with_mends else None
    if along is None:
        return Draft(plan=plan)
    found = fitting(plan.sections, plan.dependencies, (), along.brought, {"agent": registry.names()})

    def said() -> Iterator[str]:
        count = sum(len(mend.edits) for mend in found.mends)
        yield f"with {count} {'edit' if count == 1 else 'edits'} from {along.name}; --as-read leaves them out"
        if found.moved:
            yield f"sections with other ids now, found by their titles: {found.moved_words}"
        yield from (f"{along.name}, line {misfit.line}: {misfit.message}" for misfit in found.misfits)
        if along.unused:
            yield along.unused

    mends = tuple(replace(mend, by=mend.by or whoami()) for mend in found.mends)
    return Draft(plan=plan, mends=mends, said=tuple(one_line(words, 600) for words in said()))
