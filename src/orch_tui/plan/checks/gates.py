"""Hard gates on a whole phase that single sections do not keep because they have a dependency field of their own."""

from __future__ import annotations

from collections import defaultdict

from orch_tui.clean import one_line
from orch_tui.plan.checks.before import Before
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding, listed
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_HARD = any_of("""
    must, cannot, can't, can not, may not, blocks, block, blocking, blocked, gate, gates, gated, only after, mandatory,
    no work, until, before, muss, müssen, darf, dürfen, erst nach, erst wenn, sperrt, blockiert, debe, deben,
    no puede, doit, doivent, ne peut, 必须, 不得, 不能, 不可, 不要, 禁止, まで, までは
""")


def overridden(subject: Subject) -> list[Finding]:
    """One finding for each gate, with its words and the sections that would start before it."""
    before = Before(subject.graph)
    early: dict[int, set[int]] = defaultdict(set)
    quotes: dict[int, str] = {}
    for statement, upstream, downstream in subject.links.overridden:
        one, other = subject.sections[upstream], subject.sections[downstream]
        if not one.done and _HARD.search(statement.quote) and before.side_by_side(one.id, other.id):
            early[statement.line].add(downstream)
            quotes[statement.line] = statement.quote
    return [_finding(subject, line, quotes[line], sorted(members)) for line, members in sorted(early.items())]


def _finding(subject: Subject, line: int, quote: str, members: list[int]) -> Finding:
    ids = [subject.sections[at].id for at in members]
    why = f"{one_line(quote, 160)!r} is a gate, but {listed(ids)} state their own dependencies and may start before it"
    return finding("gate-overridden", ids, line, why)
