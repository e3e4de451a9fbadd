"""Which mends of a file fit a plan as it is read now, and which edits do not, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from orch_tui.plan.edit_words import words
from orch_tui.plan.edits import Edit, Mend
from orch_tui.plan.mend_file import LinedMend
from orch_tui.plan.mending import Part, refusal, unknown_agent
from orch_tui.plan.model import Dependency


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """An edit that cannot be made, with its line in the file it came from."""

    edit: Edit
    line: int
    reason: str

    @property
    def message(self) -> str:
        """For a person."""
        return f"not applied: {words(self.edit)}: {self.reason}"


def fitting(
    parts: Sequence[Part],
    dependencies: Iterable[Dependency],
    before: Sequence[Mend],
    brought: Iterable[LinedMend],
    agents: Collection[str],
) -> tuple[list[Mend], list[Misfit]]:
    """The mends of `brought` on top of those of `before`, each without the edits that do not fit, and these."""
    edges = tuple(dependencies)
    kept: list[Mend] = []
    misfits: list[Misfit] = []

    def problem(edits: Sequence[Edit], new: Sequence[Edit]) -> str:
        there = [*before, *kept, *([Mend(edits=tuple(edits), by="", at=0.0)] if edits else [])]
        return unknown_agent(new, agents) or refusal(parts, edges, there, new)

    for lined in brought:
        edits = lined.mend.edits
        if edits and problem((), edits):  # else all of them fit at once, as nearly always
            good: list[Edit] = []
            for edit, line in zip(edits, lined.lines, strict=True):
                reason = problem(good, [edit])
                if reason:
                    misfits.append(Misfit(edit=edit, line=line, reason=reason))
                else:
                    good.append(edit)
            edits = tuple(good)
        if edits:
            kept.append(replace(lined.mend, edits=edits))
    return kept, misfits
