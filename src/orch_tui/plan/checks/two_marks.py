"""Headings that say two things about how far a section is: "Schema ✅ (in progress)". The less finished one counts."""

from __future__ import annotations

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import status_conflict
from orch_tui.plan.marks import heading_marks
from orch_tui.plan.model import Finding


def two_marks(subject: Subject) -> list[Finding]:
    """A finding for each section whose heading says that it is done, and that it is not."""
    told = {name for found in subject.reading.findings if found.type == "status-conflict" for name in found.ids}
    headed = {heading.line: heading.text for heading in subject.document.headings}
    return [
        status_conflict(section.id, section.lines[0], f"the heading of {section.id!r} has two marks", done=section.done)
        for section in subject.sections
        if section.id not in told and _disagree(headed.get(section.lines[0], ""))
    ]


def _disagree(heading: str) -> bool:
    marks = heading_marks(heading)
    return "done" in marks and not marks.isdisjoint({"open", "deferred"})
