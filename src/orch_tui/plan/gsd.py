"""The family of GSD 1 roadmaps: `### Phase 2.1: Title` with goal and criteria, a list of phases, a progress table.

Format: gsd-build/get-shit-done, `.planning/ROADMAP.md`. Phases are the sections, also those that only the list names;
plans such as `02-01` inside a phase are steps. Where a phase has no mark, the list's tick or the table's status holds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from orch_tui.plan import statements
from orch_tui.plan.containers import above, bare_title
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.findings import status_conflict
from orch_tui.plan.marks import Mark, box, heading_mark, spoken_word, without_marks
from orch_tui.plan.model import Finding
from orch_tui.plan.names import id_key
from orch_tui.plan.reading import Order, Reading, Statement, WorkItem
from orch_tui.plan.under_headings import TO, Headed, Picked, pick, read_headed

_PHASE = re.compile(r"\W*Phase\s+(?P<id>\d{1,4}(?:\.\d{1,3})*[a-z]?)\s*[:.–—−-]\s*(?P<title>\S.*)", re.IGNORECASE)
_LISTED = re.compile(
    r"(?:\*\*)?Phase\s+(?P<id>\d{1,4}(?:\.\d{1,3})*[a-z]?)\s*[:.–—−-]\s*(?P<title>[^*\n]*?)"
    r"(?:\*\*|(?<!\s)\s++[-–—−]\s|(?<!\s)\s*+\(|$)(?P<rest>.*)",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"^\s*\|?\s*(?:Phase\s+)?(?P<id>\d{1,4}(?:\.\d{1,3})*[a-z]?)[.:]?\s*(?P<cells>[^|]*\|.*)$", re.IGNORECASE
)
_INSERTED = re.compile(r"\s*\(INSERTED\)\s*$", re.IGNORECASE)
_BOLD_SIGN = re.compile(r"\*\*(?:Success Criteria|Plans|Requirements|Goal|UAT)\b", re.IGNORECASE)
_OPENING_SIGN = re.compile(r"Plans:|\W*Progress\b", re.IGNORECASE)
_IN_ORDER = re.compile(
    r"\bphases? (?:are |is )?(?:execute[sd]?|run|proceed|completed?)\b.*\b(?:numeric|numerical|sequen\w+|in) ?order\b",
    re.IGNORECASE,
)


class GsdReader:
    """Reads roadmaps of phases."""

    name = "gsd"

    def fits(self, document: Document) -> float:
        """Sure where two headings are phases with a number and the plan has goals, criteria or progress as GSD does."""
        if len(pick(document, "phase", _name)) < 2:
            return 0.0
        signs = sum(map(_is_sign, document.lines))
        return 0.965 if signs > 2 or len(_listed(document)) > 1 else 0.0

    def read(self, document: Document) -> Reading:
        """Phases, their own statements, and the order of all when it is stated."""
        picked = _parts(document, pick(document, "phase", _name))
        listed = _listed(document)
        ticks: dict[str, Mark] = {key: mark for key, (_, _, mark) in listed.items() if mark}
        table = _table(document)
        kept: dict[str, Mark] = {one.id: ticks.get(id_key(one.id)) or table.get(id_key(one.id), "") for one in picked}
        headed = read_headed(
            document,
            picked,
            names=rf"\bphases? \d{{1,4}}(?:\.\d{{1,3}})?\b{TO}\d{{1,4}}(?:\.\d{{1,3}})?\b)?",
            marks=kept,
        )
        findings = _conflicts(document, headed, ticks)
        _add_listed(document, headed, {id_key(one.id) for one in picked}, listed, table)
        order = tuple(range(len(headed.items)))
        if len(order) > len(picked):
            order = tuple(sorted(order, key=lambda at: _number(headed.items[at])))
        headed.findings += findings
        headed.statements = _renumbered(headed.statements, order)
        headed.items = [headed.items[at] for at in order]
        return headed.reading(_orders(document, headed.items))


def _is_sign(line: str) -> bool:
    """Whether a line is one of those that GSD writes."""
    bold = "**" in line and _BOLD_SIGN.search(line)
    return bool(bold or _OPENING_SIGN.match(line)) or "phase details" in line.lower()


def _name(heading: Heading) -> tuple[str, str, str] | None:
    found = _PHASE.match(without_marks(heading.text.replace("**", "")))
    return (found["id"], "phase", bare_title(_INSERTED.sub("", found["title"]))) if found else None


def _parts(document: Document, picked: list[Picked]) -> list[Picked]:
    """The phases; one that holds its parts as headings of their own (9.1, 9.2 within 9) is theirs, not one itself."""
    out: list[Picked] = []
    for one in picked:
        within: list[Picked] = []
        at = one.at + 1
        while at < len(document.headings) and document.headings[at].line <= one.end:
            heading = document.headings[at]
            found = _name(heading) if "phase" in heading.text.lower() else None
            if found and found[0].startswith(f"{one.id}."):
                within.append(Picked(at=at, id=found[0], label=found[1], title=found[2], end=heading.end))
            at += 1
        out += within if len(within) > 1 else [one]
    return out


def _listed(document: Document) -> dict[str, tuple[int, str, Mark]]:
    """Phases in ticked lists by id key: line, words, mark."""
    out: dict[str, tuple[int, str, Mark]] = {}
    for item in document.items:
        mark, words, rest = box(item.text)
        found = _LISTED.match(rest.lstrip("~")) if words else None
        if found:
            said = heading_mark(rest) or mark
            own: Mark = said if mark == "open" else mark
            out.setdefault(id_key(found["id"]), (item.line, rest, own))
    return out


def _table(document: Document) -> dict[str, Mark]:
    """Marks of the rows of a progress table, by id key."""
    out: dict[str, Mark] = {}
    for heading in document.headings:
        if not re.match(r"\W*(?:progress|status)\b", heading.text, re.IGNORECASE):
            continue
        for number in document.visible(heading.line + 1, heading.end):
            found = _ROW.match(document.line(number)) if "|" in document.line(number) else None
            for cell in found["cells"].split("|") if found else ():
                if found and (mark := spoken_word(cell.strip())):
                    out.setdefault(id_key(found["id"]), mark)
    return out


def _conflicts(document: Document, headed: Headed, ticks: dict[str, Mark]) -> list[Finding]:
    """Phases whose heading and whose place in the list disagree."""
    out: list[Finding] = []
    for item in headed.items:
        own, kept = heading_mark(document.heading_lines[item.line]), ticks.get(id_key(item.id), "")
        if own and kept and (own == "done") != (kept == "done"):
            why = f"phase {item.id!r} is {own} at its heading and {kept} in the list of phases"
            out.append(status_conflict(item.id, item.line, why, done=own == "done"))
    return out


def _add_listed(
    document: Document,
    headed: Headed,
    known: set[str],
    listed: dict[str, tuple[int, str, Mark]],
    table: dict[str, Mark],
) -> None:
    """Phases that only the list describes."""
    starts = [heading.line for heading in document.headings]
    for key, (line, words, mark) in listed.items():
        found = _LISTED.match(words.lstrip("~"))
        if key in known or not found:
            continue
        at = bisect_right(starts, line) - 1
        headed.items.append(
            WorkItem(
                id=found["id"],
                label="phase",
                title=bare_title(found["title"]) or f"Phase {found['id']}",
                line=line,
                body_line=line,
                end=line,
                body=found["rest"].strip(" -–—−*"),
                containers=above(headed.containers, headed.number.get(at, -1)),
                mark=mark or table.get(key, ""),
            )
        )
        headed.statements += statements.in_running_text(found["rest"], line, item=len(headed.items) - 1)


def _number(item: WorkItem) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", item.id)]


def _renumbered(said: list[Statement], order: tuple[int, ...]) -> list[Statement]:
    place = {old: new for new, old in enumerate(order)}
    return [replace(one, item=place[one.item]) if one.item >= 0 else one for one in said]


def _orders(document: Document, items: list[WorkItem]) -> tuple[Order, ...]:
    """`Phases execute in numeric order`: a chain of those that say nothing themselves."""
    for number in document.visible(1, len(document.lines)):
        line = document.line(number)
        if _IN_ORDER.search(line):
            by_number = sorted(range(len(items)), key=lambda at: _number(items[at]))
            return (Order(groups=tuple((at,) for at in by_number), line=number, quote=line.strip()),)
    return ()
