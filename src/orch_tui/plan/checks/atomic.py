"""Sections that the plan wants done as one piece: "must land together", "do not run one worker per task"."""

from __future__ import annotations

from orch_tui.clean import one_line
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_AS_ONE = any_of("""
    all or nothing, all-or-nothing, must land together, must merge together, must ship together, should land together,
    have to land together, need to land together, be merged together, be released together, be deployed together,
    land as one, merge as one, ship as one, land atomically, merge atomically, ship atomically, atomic unit,
    atomic group, atomic change, atomic slice, are atomic, is atomic, as one atomic,
    in a single commit, in one commit, as a single commit, as one commit, in a single pull request,
    in one pull request, in a single pr, in one pr, as one pr, as a single pr, as a single unit, as one unit,
    in a single session, in one session, by a single worker, by one worker, by the same worker, by a single agent,
    by one agent, by the same agent, do not split, don't split, must not be split, cannot be split, never split,
    one worker per task, one agent per task, one session per task, a worker per task, one worker for each task,
    unteilbar, nicht aufteilen, nicht trennen, in einem commit, in einem zug, in einem rutsch, alles oder nichts,
    gemeinsam ausliefern, gemeinsam mergen, todo o nada, en un solo commit, tout ou rien, en un seul commit,
    原子提交, 不可拆分, 必须一起, 一括で, まとめて実施
""")
_MOST = 50
_MOST_NAMED = 12


def atomic_groups(subject: Subject) -> list[Finding]:
    """The sections that the words name; else those of the container that the words stand in."""
    out: list[Finding] = []
    for number, line in subject.prose:
        if len(out) >= _MOST:
            break
        if not _AS_ONE.search(line):
            continue
        at = subject.owner[number]
        named = set(subject.meant(line, item=at)) | ({at} if at >= 0 else set[int]())
        ids = [subject.sections[one].id for one in sorted(named)]
        if at < 0 and len(ids) < 2:
            ids = subject.around(number)
        if len(ids) > 1:
            out.append(_finding(ids, number, line))
    return out


def _finding(ids: list[str], line: int, words: str) -> Finding:
    named = ", ".join(map(repr, ids[:_MOST_NAMED]))
    why = f"{one_line(words, 160)!r}: {named} are meant as one piece of work; several sessions would tear it apart"
    return finding("atomic-group", ids, line, why)
