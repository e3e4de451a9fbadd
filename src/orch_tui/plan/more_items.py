"""Work told in another place than the rest: rows, headings or nodes whose ids go on where the others stop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from orch_tui.plan import headed, tabled
from orch_tui.plan.containers import name_of
from orch_tui.plan.document import Document
from orch_tui.plan.drawn_items import drawn_items
from orch_tui.plan.names import id_key, words
from orch_tui.plan.reading import Diagram, Statement
from orch_tui.plan.strata import Candidate, Stratum, is_no_work

_NO_WORK_KEY = re.compile(
    r"(?:R|RISK|D|DEC|ADR|Q|G|O|KR|F|H|V|C|AC|FR|NFR|REQ|UC|US|CVE|RFC|TC|E|EXT)-?\d{1,6}", re.IGNORECASE
)
"""Keys that people give to risks, decisions, requirements, findings."""
_LETTERED = re.compile(r"[A-Za-z]{1,10}-?\d{1,6}")
_NUMBERED = re.compile(r"(\D*?)(\d{1,9})")


def with_more(
    document: Document, stratum: Stratum, diagrams: Sequence[Diagram] = (), said: Sequence[Statement] = ()
) -> Stratum:
    """The stratum with such work as further members; the same object when there is none.

    A table of nothing but new ids counts when members say that they wait for one of them (`said`), or when its first
    two columns have the names that they have where members are rows. Another one counts
    when the ids of its new rows follow on those of the members, spelled alike: `06` to `09` after `05`.
    Another heading and a node of a diagram count when letters open the id as they open those of the members: `E4` after
    `E3`. A heading without an id beside theirs does when a diagram names it among them: "CI foundation → P0-1".
    """
    known = {id_key(member.item.id) for member in stratum.members if member.item.id}
    last = {_series(member): _number(member) for member in sorted(stratum.members, key=_number)}
    found: list[Candidate] = []
    headings: set[int] = set()
    for other in tabled.strata(document):
        new = [row for row in other.members if id_key(row.item.id) not in known]
        if len(new) == len(other.members) > 1 and (_goes_on(stratum, new) or _awaited(document, new, said)):
            found += new
            known |= {id_key(row.item.id) for row in new}
            continue
        new = [row for row in new if _counts(document, row)]
        if not new or any(_series(row) not in last for row in new):
            continue
        first = min(new, key=_number)
        if _number(first) == last[_series(first)] + 1:
            found += new
            known |= {id_key(row.item.id) for row in new}
    told = [one for one in _headings(document, stratum) if _counts(document, one)]
    for one in [*told, *drawn_items(diagrams)]:
        if id_key(one.item.id) not in known and _opening(one) and _series(one) in last:
            found.append(one)
            known.add(id_key(one.item.id))
            headings |= {at for at, heading in enumerate(document.headings) if heading.line == one.item.line}
    for at in _named_headings(document, stratum, diagrams):
        found.append(headed.member(document, at))
        headings.add(at)
    members = sorted((*stratum.members, *found), key=lambda member: member.item.line)
    return replace(stratum, members=tuple(members), headings=stratum.headings | headings) if found else stratum


def _goes_on(stratum: Stratum, rows: Sequence[Candidate]) -> bool:
    """Whether rows stand in a table with the columns `#` and "Task" where members do, under letters of their own."""
    return {_columns(row) for row in rows} <= {_columns(member) for member in stratum.members} - {()}


def _columns(row: Candidate) -> tuple[str, ...]:
    """The names of a row's first two columns, when they hold its id, letters and a number, and its title."""
    cells = [line.partition(": ") for line in row.item.body.split("\n", 2)[:2]]
    told = len(cells) == 2 and cells[0][2] == row.item.id and _LETTERED.fullmatch(row.item.id) and row.item.title
    return (cells[0][0], cells[1][0]) if told and row.item.line == row.item.end else ()


def _awaited(document: Document, rows: Sequence[Candidate], said: Sequence[Statement]) -> bool:
    """Whether a table alone holds work that others wait for: `S1`, `S2` of "Day 0", which `A1` needs."""
    headed_ids = {id_key(name_of(heading.text).id) for heading in document.headings}
    if any(_NO_WORK_KEY.fullmatch(row.item.id) or id_key(row.item.id) in headed_ids for row in rows):
        return False
    named = {row.item.id for row in rows if re.search(r"[A-Za-z].*\d", row.item.id)}
    fields = [one.text for one in said if one.field and one.relation == "needs"]
    return bool(named) and any(word in named for text in fields for word in re.findall(r"[\w.-]*\w", text))


def _named_headings(document: Document, stratum: Stratum, diagrams: Sequence[Diagram]) -> Iterator[int]:
    """Headings without ids beside those of the members that are whole nodes of a diagram in which members are, too."""
    drawn = [{words(text) for text in diagram.nodes.values()} for diagram in diagrams if stratum.headings]
    ids = {words(said) for one in stratum.members if one.item.id for said in _spoken(one)}
    named = {node for nodes in drawn if not ids.isdisjoint(nodes) for node in nodes}
    beside = {(document.headings[at].parent, document.headings[at].level) for at in stratum.headings if named}
    for at, heading in enumerate(document.headings) if named else ():
        if at in stratum.headings or (heading.parent, heading.level) not in beside:
            continue
        name = name_of(heading.text)
        if not name.id and words(name.title) in named and not is_no_work(name.title):
            yield at


def _spoken(member: Candidate) -> tuple[str, str]:
    return member.item.id, f"{member.item.label} {member.item.id}"


def _headings(document: Document, stratum: Stratum) -> list[Candidate]:
    """Members of levels of headings, where the stratum is none itself."""
    if stratum.headings:
        return []
    return [one for other in headed.strata(document) for one in other.members]


def _opening(member: Candidate) -> bool:
    """Whether letters open the id."""
    return bool(member.item.id[:1].isalpha() and _number(member) >= 0)


def _series(member: Candidate) -> tuple[str, int]:
    """How an id is spelled: its letters, and how many digits it is filled up to (0 when it is not)."""
    numbered = _NUMBERED.fullmatch(member.item.id)
    if not numbered:
        return (member.item.id, -1)
    return (numbered[1], len(numbered[2]) if numbered[2].startswith("0") or len(numbered[2]) > 1 else 0)


def _number(member: Candidate) -> int:
    numbered = _NUMBERED.fullmatch(member.item.id)
    return int(numbered[2]) if numbered else -1


def _counts(document: Document, row: Candidate) -> bool:
    """Whether a row stands under a heading of work."""
    at = document.heading_at(row.item.line)
    if at >= 0 and document.headings[at].line == row.item.line:
        at = document.headings[at].parent
    name = name_of(document.headings[at].text) if at >= 0 else None
    return not (name and is_no_work(name.title) and not name.label)
