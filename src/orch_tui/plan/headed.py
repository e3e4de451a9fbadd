"""The family of headed plans: one heading for each section, with lines such as `Dependencies: Section A` below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orch_tui.plan import statements
from orch_tui.plan.containers import Name, above, all_containers, name_of, title_heading
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.findings import status_conflict
from orch_tui.plan.marks import Mark, box, heading_mark, spoken_word
from orch_tui.plan.model import Finding
from orch_tui.plan.names import ID, LABEL
from orch_tui.plan.phrases import field
from orch_tui.plan.reading import Reading, Statement, WorkItem

_NO_WORK = re.compile(
    r"(?:overview|introduction|background|context|notes?|risks?|goals?|non-goals|scope|out of scope|summary|appendix"
    r"|future|not part|references|glossary|decisions?|open questions"
    r"|success criteria|dependencies|timeline|assumptions|status"
    r"|table of contents|changelog|parallel|acceptance|requirements|architecture|motivation|why)\b",
    re.IGNORECASE,
)
_HARDLY = 0.01
"""Certainty for a single section: no plan, but the reader that can say so."""
_NAMES_ITEM = re.compile(rf"\b{LABEL}s?\s+{ID}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A heading that may be a section: its index, its name, and whether its own lines state order."""

    at: int
    name: Name
    states: bool


class HeadedReader:
    """Reads headed plans. Sections are the headings of the innermost level that states dependencies."""

    name = "headed"

    def fits(self, document: Document) -> float:
        """Grows with the share of sections that state something about order."""
        chosen = _choose(document)
        if len(chosen) < 2:
            return _HARDLY * len(chosen)
        stating = sum(candidate.states for candidate in chosen)
        return 0.55 + 0.4 * stating / len(chosen) if stating else 0.45

    def read(self, document: Document) -> Reading:
        """Sections, containers around them and what both state."""
        chosen = _choose(document)
        sections = [False] * len(document.headings)
        for candidate in chosen:
            sections[candidate.at] = True
        inside = _inside(document, sections)
        leave_out = [own or below for own, below in zip(sections, inside, strict=True)]
        containers, number = all_containers(document, leave_out)
        items: list[WorkItem] = []
        said: list[Statement] = []
        findings: list[Finding] = []
        for candidate in chosen:
            heading = document.headings[candidate.at]
            chain = above(containers, number.get(heading.parent, -1))
            items.append(_item(document, heading, candidate.name, chain, findings))
            said += _own_statements(document, heading, len(items) - 1)
        for at, container in number.items():
            heading = document.headings[at]
            stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else heading.end
            said += statements.in_running_text(_asides(heading.text), heading.line, container=container)
            if at + 1 == len(document.headings) or leave_out[at + 1] or document.headings[at + 1].parent == at:
                visible = document.visible(heading.line + 1, min(stop, heading.end))
                said += statements.in_lines(document, visible, container=container)
        return Reading(
            items=tuple(items), containers=tuple(containers), statements=tuple(said), findings=tuple(findings)
        )


def _own_statements(document: Document, heading: Heading, item: int) -> list[Statement]:
    said = statements.in_running_text(_asides(heading.text), heading.line, item=item)
    return said + statements.in_lines(document, document.visible(heading.line + 1, heading.end), item=item)


def _asides(text: str) -> str:
    """The brackets of a heading, where order may be stated: "Deploy (after 3)"."""
    return " ".join(f"({words})" for words in re.findall(r"\(([^()]+)\)", text))


def _choose(document: Document) -> list[_Candidate]:
    """The sections, in document order; a single one when there is no second anywhere."""
    levels = _levels(document)
    stating = [level for level in sorted(levels) if len(levels[level]) > 1 and any(c.states for c in levels[level])]
    if not stating:
        labelled = [level for level in sorted(levels) if sum(bool(c.name.label) for c in levels[level]) > 1]
        if labelled:
            return levels[labelled[-1]]
        return [candidate for level in levels.values() for candidate in level if candidate.name.label][:1]
    chosen = levels[stating[0]]
    for level in stating[1:]:
        if _covers(document, levels[level], chosen):
            chosen = levels[level] + _childless(document, chosen, levels[level])
    return sorted(chosen, key=lambda candidate: candidate.at)


def _levels(document: Document) -> dict[int, list[_Candidate]]:
    """Candidates by heading level: labelled headings, else numbered ones, else all that may be work."""
    title = title_heading(document)
    stating = _stating_headings(document)
    by_level: dict[int, list[_Candidate]] = {}
    for at, heading in enumerate(document.headings):
        if at != title:
            candidate = _Candidate(at=at, name=name_of(heading.text), states=at in stating)
            by_level.setdefault(heading.level, []).append(candidate)
    return {level: _alike(document, found) for level, found in by_level.items()}


def _alike(document: Document, found: list[_Candidate]) -> list[_Candidate]:
    """Those headings of one level that are sections if any are."""
    work = [candidate for candidate in found if not _NO_WORK.match(candidate.name.title) or candidate.name.label]
    for alike in ([c for c in work if c.name.label], [c for c in work if c.name.id]):
        if len(alike) > 1:
            kept = {candidate.at for candidate in alike}
            return [candidate for candidate in work if candidate.at in kept or candidate.states]
    stating = [document.headings[candidate.at].parent for candidate in work if candidate.states]
    if len(stating) * 2 < len(work):
        return []
    return [candidate for candidate in work if document.headings[candidate.at].parent in stating]


def _stating_headings(document: Document) -> set[int]:
    """Headings whose own lines, or those under a nameless sub-heading of theirs, hold a field or phrase of order."""
    owner: dict[int, int] = {}
    for at, heading in enumerate(document.headings):
        plain = not name_of(heading.text).id
        owner[at] = owner.get(heading.parent, heading.parent) if plain and heading.parent >= 0 else at
    found: set[int] = set()
    for at, heading in enumerate(document.headings):
        stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else len(document.lines)
        own = document.visible(heading.line, stop)
        said = statements.in_running_text(_asides(heading.text), heading.line) + statements.in_lines(document, own)
        if any(one.field or _NAMES_ITEM.search(one.text) for one in said):
            found |= {at, owner[at]}
    return found


def _covers(document: Document, inner: list[_Candidate], outer: list[_Candidate]) -> bool:
    """Whether the inner level stands under at least half of the outer sections."""
    parents = {parent for candidate in inner for parent in _parents(document, candidate.at)}
    held = sum(candidate.at in parents for candidate in outer)
    return held * 2 >= len(outer)


def _childless(document: Document, outer: list[_Candidate], inner: list[_Candidate]) -> list[_Candidate]:
    """Outer sections that state order themselves and hold none of the inner ones: they are work of their own."""
    parents = {parent for candidate in inner for parent in _parents(document, candidate.at)}
    return [candidate for candidate in outer if candidate.at not in parents and candidate.states]


def _parents(document: Document, at: int) -> list[int]:
    out: list[int] = []
    while (at := document.headings[at].parent) >= 0:
        out.append(at)
    return out


def _inside(document: Document, sections: list[bool]) -> list[bool]:
    """For each heading, whether it stands within a section."""
    out: list[bool] = []
    for heading in document.headings:
        out.append(heading.parent >= 0 and (sections[heading.parent] or out[heading.parent]))
    return out


def _item(
    document: Document, heading: Heading, name: Name, chain: tuple[int, ...], findings: list[Finding]
) -> WorkItem:
    end = document.trimmed(heading.line, heading.end)
    first = min(heading.line + 1, end + 1)
    mark = _mark(document, heading, end, name, findings)
    return WorkItem(
        id=name.id,
        label=name.label,
        title=name.title,
        line=heading.line,
        body_line=first,
        end=end,
        body=document.text(first, end).strip("\n"),
        containers=chain,
        mark=mark,
    )


def _mark(document: Document, heading: Heading, end: int, name: Name, findings: list[Finding]) -> Mark:
    """The heading's own mark, else a `Status:` line, else done when it has boxes and all are ticked."""
    own = heading_mark(heading.text)
    boxes: list[Mark] = []
    status: Mark = ""
    for number in document.visible(heading.line + 1, end):
        line = document.line(number)
        named = field(line)
        if named and named[0] == "status" and not status:
            status = spoken_word(named[1])
        bare = line.lstrip().lstrip("-*+0123456789.) ")
        if bare.startswith("["):
            boxes.append(box(bare)[0])
    if own and status and (own == "done") != (status == "done"):
        why = f"section {name.id or name.title!r} is marked {own} in its heading and {status} in its status line"
        findings.append(status_conflict(name.id, heading.line, why))
    if own or status:
        return own or status
    ticked = [mark for mark in boxes if mark]
    return "done" if ticked and all(mark == "done" for mark in ticked) else ""
