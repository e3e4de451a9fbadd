"""Work that has neither a label nor a number and so became no section: "Final verification before calling it done"."""

from __future__ import annotations

from bisect import bisect_left

from orch_tui.plan.checks.asking import asks_for_work
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.containers import bare_title
from orch_tui.plan.document import Heading
from orch_tui.plan.findings import finding
from orch_tui.plan.marks import box
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_FINAL = any_of("""
    verification, final verification, final validation, final review, final checks, final test, smoke test, smoke tests,
    handover, hand-over, sign-off, wrap-up, abnahme, endabnahme, übergabe, verifikation, verificación final,
    vérification finale, 最终验证, 最終確認
""")
_WORK = any_of("""
    validation, integration, testing, review, rollout, release, deployment, cleanup, clean-up, clean up, documentation,
    aufräumen, dokumentation
""")
"""Words that call for work only above open boxes: such headings mostly tell."""
_ADVICE = any_of("""
    definition, success, acceptance, exit, checklist, criteria, strategy, command, commands, note, notes, prerequisites,
    requirements, policy, plan, summary, results, matrix, approach, coverage, status, kriterien, strategie, checkliste,
    criterios, critères
""")


def unlabelled(subject: Subject) -> list[Finding]:
    """Headings beside the sections that call for work and hold open boxes, numbered steps or sentences that ask."""
    document = subject.document
    starts = {section.lines[0] for section in subject.sections}
    levels = {heading.level for heading in document.headings if heading.line in starts}
    lines = sorted(starts)
    last = subject.sections[-1].lines[1]
    out: list[Finding] = []
    for heading in document.headings:
        if subject.owner[heading.line] >= 0 or _ADVICE.search(heading.text):
            continue
        final = bool(_FINAL.search(heading.text))
        if not final and not _WORK.search(heading.text):
            continue
        after = bisect_left(lines, heading.line)
        holds_sections = after < len(lines) and lines[after] <= heading.end
        beside = heading.level in levels or (not levels and heading.line > last)
        if not beside or holds_sections:
            continue
        if _steps(subject, heading, numbered=final) or (final and _asked(subject, heading)):
            title = bare_title(heading.text)
            why = f"{title!r} looks like work, but has no number or label: it is no section, and nobody does it"
            out.append(finding("unlabelled-work", (), heading.line, why))
    return out


def _steps(subject: Subject, heading: Heading, *, numbered: bool) -> bool:
    """Whether there are open boxes, or with `numbered` also numbered steps, under a heading."""
    items = subject.document.items
    first = bisect_left(items, heading.line, key=lambda item: item.line)
    for item in items[first:]:
        if item.line > heading.end:
            return False
        mark, words, _ = box(item.text)
        if (words and mark != "done") or (numbered and item.number):
            return True
    return False


def _asked(subject: Subject, heading: Heading) -> bool:
    """Whether most of what is said under a heading asks for something to be done."""
    said = [one for one in subject.paragraphs if heading.line < one.line <= heading.end]
    asked = sum(asks_for_work(one.text) for one in said)
    return asked > 0 and 2 * asked >= len(said)
