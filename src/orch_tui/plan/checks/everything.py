"""All checks in one call, in the order in which a person would want to hear of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from orch_tui.plan.checks import (
    alternatives,
    atomic,
    by_itself,
    exclusive,
    gates,
    mismatch,
    overlap,
    reach,
    recommended,
    retired,
    sizing,
    two_marks,
    unlabelled,
)
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.edits import Proposal
from orch_tui.plan.model import Exclusion, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checks found."""

    findings: list[Finding] = field(default_factory=list[Finding])
    exclusions: tuple[Exclusion, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def check(subject: Subject) -> Checked:
    """Findings, exclusions and proposals for a plan of at least two sections."""
    apart, told = exclusive.exclusions(subject)
    alone, told_alone = by_itself.by_themselves(subject)
    known = {frozenset((pair.one, pair.other)) for pair in apart}
    apart += [pair for pair in alone if frozenset((pair.one, pair.other)) not in known]
    found = [
        *retired.retired(subject),
        *alternatives.alternatives(subject),
        *atomic.atomic_groups(subject),
        *gates.overridden(subject),
        *mismatch.mismatched(subject),
        *two_marks.two_marks(subject),
        *told,
        *told_alone,
        *reach.behind_cycles(subject),
        *reach.alone(subject),
        *overlap.overlaps(subject.sections, subject.graph, {frozenset((pair.one, pair.other)) for pair in apart}),
        *sizing.too_large(subject),
        *unlabelled.unlabelled(subject),
    ]
    return Checked(findings=found, exclusions=tuple(apart), proposals=tuple(recommended.recommendations(subject)))
