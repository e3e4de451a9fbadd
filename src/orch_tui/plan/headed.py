"""The family of headed plans: one heading for each section, with lines such as `Dependencies: Section A` below it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from orch_tui.plan import statements
from orch_tui.plan.containers import Name, beside_tail, name_of, title_heading
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.fields import field
from orch_tui.plan.findings import Finding, status_conflict
from orch_tui.plan.later import later
from orch_tui.plan.marks import STATUS_FIELDS, Mark, box, heading_mark, spoken_word
from orch_tui.plan.names import ID, LABEL
from orch_tui.plan.once import once
from orch_tui.plan.phrases import in_line
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.strata import Candidate, Stratum, is_later, is_no_work, is_work

_NAMES_ITEM = later(rf"\b{LABEL}s?\s+{ID}", re.IGNORECASE)
_LABELLED = 0.9
_NUMBERED = 0.6
_TICKETS = 0.3
_LABEL = later(LABEL, re.IGNORECASE)
_DELIVERABLES = later(r"\W*(?:deliverables|entregables|livrables|liefergegenstände|交付物|成果物)\W*$", re.IGNORECASE)
"""A heading whose numbered sub-headings are what is to be made, where nothing else is the work."""
_INNERMOST = -1
_OPENING_LINES = 5
"""Lines below a heading in which its fields stand."""
_ALONE = 0.01
_FEW = 2
"""Headings without ids that are no list of work."""
_KEYED = later(r"(?!(?:R|RISK|D|DEC|ADR|Q|G|O|KR|F|H|V|C|AC|FR|NFR|REQ|UC|US|CVE|RFC|TC)-)[A-Z]{1,10}-\d{1,6}")
"""Keys such as trackers give to work, but for those that people give to risks, decisions, requirements, findings."""


_COMPOUND = later(
    r"(?:template|example|status|team|note|summary|timeline|metrics?|goal|risk|decision|resource|reference|requirement"
    r"|dependency|rollback|legend|future)s?\s+(?!(?:and|or|for|of|to|on|in|with|strategy|criteria|overview|assessment"
    r"|analysis|register|mitigation|table|log|matrix|plan)\b)\w",
    re.IGNORECASE,
)
"""Words for what is no work that open the name of something to be made."""
_UMBRELLA = later(r"(?:epic|umbrella|(?:tracking|parent|meta) (?:issue|ticket))\s*[:：—–-]\s*\S", re.IGNORECASE)
"""A ticket that only holds others: "#49 — Epic: a voice of its own"."""
_WORK_ID = later(r"(?:T|TK|TASK|WP)-?\d{1,4}[a-z]?", re.IGNORECASE)
"""Ids that stand for the word: `T3` is a task, `WP2` a work package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A heading that may be a section: its index, its name, and whether its own lines state order."""

    at: int
    name: Name
    states: bool
    field: bool = False


@once
def strata(document: Document) -> tuple[Stratum, ...]:
    """One stratum for each depth of headings, and one where sections of two depths stand beside each other."""
    levels = {level: found for level, found in _levels(document).items() if found}
    out = [
        _stratum(document, kind, level) for level, found in sorted(levels.items()) for kind in (found, *_kinds(found))
    ]
    if mixed := _mixed(document, levels):
        out.append(_stratum(document, mixed, max(levels) + 1))
    if parted := _parted(document, levels):
        out.append(replace(_stratum(document, parted, max(levels) + 1), rank=_INNERMOST))
    known = frozenset(one.at for found in levels.values() for one in found)
    out += [
        replace(_stratum(document, found, level), plain=True, unstated=0.0)
        for level, found in _nameless(document, known)
    ]
    return tuple(out)


def _nameless(document: Document, known: Set[int]) -> Iterator[tuple[int, list[_Heading]]]:
    """Headings without ids below one that says that they are the work, for what is said of them elsewhere."""
    title = title_heading(document)
    siblings: dict[tuple[int, int], list[_Heading]] = defaultdict(list)
    for at, heading in enumerate(document.headings):
        name = name_of(heading.text)
        if at not in known and at != title and not (name.id or is_no_work(name.title)):
            siblings[heading.parent, heading.level].append(_Heading(at=at, name=name, states=False))
    for (parent, level), found in siblings.items():
        if len(found) > _FEW and parent not in {-1, title} and is_work(name_of(document.headings[parent].text).title):
            yield level, found


def _parted(document: Document, levels: dict[int, list[_Heading]]) -> list[_Heading]:
    """Sections some of which are told in parts with ids of their own (7 as 7.1 and 7.2): the parts in their place."""
    for outer, inner in pairwise(sorted(levels)):
        whole = {one.at: one for one in levels[outer]}
        parts: dict[int, list[_Heading]] = defaultdict(list)
        for one in levels[inner]:
            above = whole.get(document.headings[one.at].parent)
            if (
                above
                and not above.states
                and above.name.label == one.name.label
                and _extends(one.name.id, above.name.id)
            ):
                parts[above.at].append(one)
        parted = {at: found for at, found in parts.items() if len(found) > 1 and any(one.states for one in found)}
        if parted and len(parted) < len(whole):
            told = [one for found in parted.values() for one in found]
            return sorted([*(one for at, one in whole.items() if at not in parted), *told], key=lambda one: one.at)
    return []


def _extends(part: str, whole: str) -> bool:
    """Whether an id is one of a part: `7.1` of `7`, `13.2a` of `13.2`."""
    return bool(whole) and bool(re.fullmatch(rf"{re.escape(whole)}(?:[.-]?\d+|[a-z])", part))


def _kinds(found: list[_Heading]) -> list[list[_Heading]]:
    """Headings of one depth apart by what they are called: phases and agents, `T1` and `2.1`."""
    kinds: dict[str, list[_Heading]] = defaultdict(list)
    for one in found:
        kinds[one.name.label or re.sub(r"[\d.]+.*", "", one.name.id) or "number"].append(one)
    return [kind for kind in kinds.values() if len(kind) > 1] if len(kinds) > 1 else []


def _stratum(document: Document, found: list[_Heading], level: int) -> Stratum:
    findings: list[Finding] = []
    members = tuple(_candidate(document, one, findings) for one in found)
    labels = sum(bool(one.name.label or _WORK_ID.fullmatch(one.name.id)) for one in found)
    unstated = _LABELLED + level / 100 if labels > 1 else _ALONE if labels else 0.0
    if not labels and len(found) > 1 and all(one.name.id for one in found) and _under_work(document, found):
        unstated = _NUMBERED
    elif not labels and len(found) > 1 and all(_KEYED.fullmatch(one.name.id) for one in found):
        unstated = _TICKETS
    return Stratum(
        members=members,
        headings=frozenset(one.at for one in found),
        unstated=unstated,
        findings=tuple(findings),
    )


def _under_work(document: Document, found: list[_Heading]) -> bool:
    parents = {document.headings[one.at].parent for one in found}
    titles = [name_of(document.headings[at].text).title if at >= 0 else "" for at in parents]
    return all(is_work(title) or bool(_DELIVERABLES.match(title)) for title in titles)


def _asides(text: str) -> str:
    """The brackets of a heading and its end behind a dash, where order may be stated: "Deploy (after 3)"."""
    tail = re.split(r"\s+[–—−-]\s+", text)[-1]
    found = re.findall(r"[(（]([^()（）]+)[)）]", text)
    beside = beside_tail(text)
    return " ".join(f"({words})" for words in (*found, *([tail] if tail != text and "(" not in tail else ()), *beside))


def _mixed(document: Document, levels: dict[int, list[_Heading]]) -> list[_Heading]:
    """The innermost level that covers the one above it, with those above that state order and hold none of it."""
    stating = [level for level in sorted(levels) if len(levels[level]) > 1 and any(c.states for c in levels[level])]
    if not stating:
        return []
    chosen = levels[stating[0]]
    mixed = False
    for level in stating[1:]:
        if _covers(document, levels[level], chosen):
            childless = _childless(document, chosen, levels[level])
            mixed = mixed or bool(childless)
            chosen = levels[level] + childless
    return sorted(chosen, key=lambda candidate: candidate.at) if mixed else []


def _levels(document: Document) -> dict[int, list[_Heading]]:
    """Candidates by heading level: labelled headings, else numbered ones, else all that may be work."""
    title = title_heading(document)
    stating = _stating_headings(document, title)
    by_level: dict[int, list[_Heading]] = {}
    later = _under_later(document)
    for at, heading in enumerate(document.headings):
        if at != title and not later[at]:
            candidate = _Heading(
                at=at, name=name_of(heading.text), states=at in stating, field=_has_field(document, at)
            )
            by_level.setdefault(heading.level, []).append(candidate)
    return {level: _alike(document, found) for level, found in by_level.items()}


def _is_work(name: Name) -> bool:
    """Whether a heading may be work: with a generic word or a lettered id it is, whatever its title says."""
    return bool(name.label or re.search(r"[A-Za-z]", name.id)) or not is_no_work(name.title)


def _is_part(document: Document, one: _Heading) -> bool:
    """Whether a heading counts on within a labelled one ("1.2 Context loader" in "Wave 1"), whatever its title says."""
    parent = document.headings[one.at].parent
    return "." in one.name.id and parent >= 0 and bool(name_of(document.headings[parent].text).label)


def _is_between(three: list[_Heading]) -> bool:
    """Whether the second of three headings counts from one piece of work to another: "6. Template designer"."""
    if len(three) < 3 or not _COMPOUND.match(three[1].name.title):
        return False
    numbers = [int(one.name.id) if one.name.id.isdecimal() else -1 for one in three]
    return numbers[1] == numbers[0] + 1 == numbers[2] - 1 > 0 and _is_work(three[0].name) and _is_work(three[2].name)


def _under_later(document: Document) -> list[bool]:
    """For each heading, whether it stands under one for what another plan is to do."""
    out: list[bool] = []
    for heading in document.headings:
        above = heading.parent
        out.append(above >= 0 and (out[above] or is_later(name_of(document.headings[above].text).title)))
    return out


def _alike(document: Document, found: list[_Heading]) -> list[_Heading]:
    """Those headings of one level that are sections if any are."""
    work = [
        one
        for at, one in enumerate(found)
        if _is_work(one.name) or _is_part(document, one) or _is_between(found[max(0, at - 1) : at + 2])
    ]
    parts = [one for one in work if not (one.name.id and _UMBRELLA.match(one.name.title))]
    work = parts if len(parts) > 1 else work
    for alike in ([c for c in work if c.name.label], [c for c in work if c.name.id]):
        if len(alike) > 1:
            kept = {candidate.at for candidate in alike}
            taken = {candidate.name.id for candidate in alike} - {""}
            return [
                one
                for one in work
                if one.at in kept or (one.states and ((one.name.id and one.name.id not in taken) or one.field))
            ]
    stating = [document.headings[candidate.at].parent for candidate in work if candidate.states]
    if len(stating) * 2 < len(work):
        return []
    return [candidate for candidate in work if document.headings[candidate.at].parent in stating]


def _has_field(document: Document, at: int) -> bool:
    """Whether a heading's own first lines hold a field that says what it waits for."""
    first = document.headings[at].line + 1
    return any(
        one.relation == "needs" and one.field and _LABEL.search(one.text)
        for number in document.visible(first, first + _OPENING_LINES)
        if number not in document.heading_lines
        for one in in_line(document.line(number))
    )


def _stating_headings(document: Document, title: int) -> set[int]:
    """Headings whose own lines, or those under a nameless sub-heading of theirs, hold a field or phrase of order.

    The `title` of the document is no section, whatever stands under it.
    """
    owner: dict[int, int] = {}
    for at, heading in enumerate(document.headings):
        plain = not name_of(heading.text).id
        owner[at] = owner.get(heading.parent, heading.parent) if plain and heading.parent >= 0 else at
    found: set[int] = set()
    for at, heading in enumerate(document.headings):
        if at == title:
            continue
        stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else len(document.lines)
        own = document.visible(heading.line, stop)
        said = statements.in_running_text(_asides(heading.text), heading.line) + statements.in_lines(document, own)
        if any(one.field or _NAMES_ITEM.search(one.text) for one in said):
            found |= {at, owner[at]}
    return found


def _covers(document: Document, inner: list[_Heading], outer: list[_Heading]) -> bool:
    """Whether the inner level stands under at least half of the outer sections."""
    parents = {parent for candidate in inner for parent in _parents(document, candidate.at)}
    held = sum(candidate.at in parents for candidate in outer)
    return held * 2 >= len(outer)


def _childless(document: Document, outer: list[_Heading], inner: list[_Heading]) -> list[_Heading]:
    """Outer sections that state order themselves and hold none of the inner ones: they are work of their own."""
    parents = {parent for candidate in inner for parent in _parents(document, candidate.at)}
    return [candidate for candidate in outer if candidate.at not in parents and candidate.states]


def _parents(document: Document, at: int) -> list[int]:
    out: list[int] = []
    while (at := document.headings[at].parent) >= 0:
        out.append(at)
    return out


def member(document: Document, at: int) -> Candidate:
    """Heading number `at` as a member."""
    return _candidate(document, _Heading(at=at, name=name_of(document.headings[at].text), states=False), [])


def _candidate(document: Document, one: _Heading, findings: list[Finding]) -> Candidate:
    heading, name = document.headings[one.at], one.name
    end = document.trimmed(heading.line, heading.end)
    first = min(heading.line + 1, end + 1)
    item = WorkItem(
        id=name.id,
        label=name.label,
        title=name.title,
        line=heading.line,
        body_line=first,
        end=end,
        body=document.text(first, end).strip("\n"),
        mark=_mark(document, heading, end, name, findings),
    )
    return Candidate(item=item, head=_asides(heading.text))


def _mark(document: Document, heading: Heading, end: int, name: Name, findings: list[Finding]) -> Mark:
    """The heading's own mark, else a `Status:` line, else done when it has boxes and all are ticked."""
    own = heading_mark(heading.text)
    boxes: list[Mark] = []
    status: Mark = ""
    for number in document.visible(heading.line + 1, end):
        line = document.line(number)
        named = field(line)
        if named and named[0] in STATUS_FIELDS and not status:
            status = spoken_word(named[1])
        bare = line.lstrip().lstrip("-*+0123456789.) ")
        if bare.startswith("["):
            boxes.append(box(bare)[0])
    if own and status and (own == "done") != (status == "done"):
        why = f"section {name.id or name.title!r} is marked {own} in its heading and {status} in its status line"
        findings.append(status_conflict(name.id, heading.line, why, done=own == "done"))
    if own or status:
        return own or status
    ticked = [mark for mark in boxes if mark]
    return "done" if ticked and all(mark == "done" for mark in ticked) else ""
