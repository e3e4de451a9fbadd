"""Which of the levels that were read are a plan's sections: the one on which it states most, and no details of another.

Each level is tried with everything the plan says. What counts is how many of its words then say something between two
members. Steps and bullets without ids of their own, inside items that have some, are the details of these: a chance
likeness of words or a box ticked there does not make sections of them, only an order that the plan plainly states.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.plan.linking import Links
from orch_tui.plan.names import id_key
from orch_tui.plan.reading import Reading
from orch_tui.plan.strata import Stratum

_KEY = re.compile(r"[A-Z]{2,10}-\d{1,4}")
_LETTERS = re.compile(r"\d.*")
_CONTAINER_WORTH = 0.5
"""What a statement about a container counts against one about an item."""
_ORDER_WORTH = 1.0
"""What an order stated for all items counts when they carry a generic word, as the sentence mostly does."""
_ODD = 0.5
"""What a reference that fits nothing takes away."""
_GROUPING = frozenset(["wave", "batch", "tier", "group", "lane", "sprint", "iteration", "week", "day"])
"""Generic words for what is done side by side; their parts are the work."""
_MOSTLY = 0.7
"""The share of a level that must stand within another one to be its details."""
_MOST_SPEAK = 0.6
"""The share of a level whose members have a dependency field of their own, to be more than details."""
_MORE_AT_LEAST = 2.0
_MORE_PER_MEMBER = 1 / 6
"""How many more statements details need than the items they are in, to be sections in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A level read and linked for a try; `worth` grows with the statements that make sense on it.

    `share` is how many of its items they speak of, in tenths.
    """

    stratum: Stratum
    reading: Reading
    links: Links
    worth: float
    share: float


def trial(stratum: Stratum, reading: Reading, links: Links) -> Trial:
    """What the statements of a reading are worth on this level."""
    return Trial(
        stratum=stratum, reading=reading, links=links, worth=_worth(stratum, reading, links), share=_share(links)
    )


def beyond(one: Trial, most: float) -> bool:
    """Whether more is stated on a level that was tried than on another one, on which it is `most` at most.

    It is then no details of that one either.
    """
    return one.worth > most + max(_MORE_AT_LEAST, _MORE_PER_MEMBER * len(one.stratum.members))


def choose(trials: Sequence[Trial]) -> Trial | None:
    """The level of the sections: where most is stated, else the surest kind of work item; None without either."""
    details = [
        one for one in trials if any(_yields(one, other) or _holds(one, other) for other in trials if other is not one)
    ]
    tried = [one for one in trials if one not in details]
    stated = [one for one in tried if one.worth > 0 and len(one.reading.items) > 1]
    if stated:
        return max(stated, key=_most_stated)
    silent = [one for one in tried if one.stratum.unstated > 0]
    if not silent:
        return None
    return max(silent, key=_surest)


def _most_stated(one: Trial) -> tuple[float, float, bool, bool, int, int]:
    """Of two levels of one kind with the same statements, the one without members that none of them is about."""
    alike, single = _alike(one.stratum), _distinct(one.stratum)
    return one.worth, one.share, single, alike, -one.stratum.rank, -len(one.stratum.members)


def _surest(one: Trial) -> tuple[bool, float, bool, int, int]:
    size = len(one.reading.items)
    return size > 1, one.stratum.unstated, _alike(one.stratum), -one.stratum.rank, size


def _worth(stratum: Stratum, reading: Reading, links: Links) -> float:
    """Lines that say something between items, a part of those between containers, less what fits nothing or much."""
    containers = {edge.evidence.line for edge in links.edges if edge.kind == "container"} - links.heard
    orders = {edge.evidence.line for edge in links.edges if edge.kind == "order"} - links.heard
    found = (*reading.findings, *links.findings)
    odd = sum(finding.type in {"unknown-reference", "self-reference", "ambiguous-reference"} for finding in found)
    ordered = _ORDER_WORTH if _labelled(stratum) else 0.0
    said = len(links.heard) + ordered * len(orders) + _CONTAINER_WORTH * len(containers)
    return max(0.0, said - _ODD * odd)


def _share(links: Links) -> float:
    spoken = {end for edge in links.edges for end in (edge.upstream, edge.downstream)}
    return round(len(spoken) / max(1, len(links.ids)), 1)


def _labelled(stratum: Stratum) -> bool:
    """Whether most members carry a generic word."""
    return sum(bool(one.item.label) for one in stratum.members) * 2 > len(stratum.members)


def _named(stratum: Stratum) -> bool:
    """Whether most members have an id that no other member has: no bullets, no numbers that start anew."""
    ids = {id_key(one.item.id) for one in stratum.members if one.item.id}
    return len(ids) >= _MOSTLY * len(stratum.members)


def _distinct(stratum: Stratum) -> bool:
    """Whether no two members share an id."""
    ids = [id_key(one.item.id) for one in stratum.members if one.item.id]
    return len(set(ids)) == len(ids)


def _alike(stratum: Stratum) -> bool:
    """Whether all members are called alike: phases only, `M0` and `M1`, `ARCH-01` and `DS-02`."""
    kinds = {one.item.label or _LETTERS.sub("", one.item.id) for one in stratum.members}
    keyed = all(_KEY.fullmatch(one.item.id) for one in stratum.members)
    return len(kinds) == 1 or (keyed and not any(one.item.label for one in stratum.members))


def _yields(inner: Trial, outer: Trial) -> bool:
    """Whether a level is details of another one that may be the work itself, without being spoken of much more."""
    claims = _named(outer.stratum) and (outer.worth > 0 or outer.stratum.unstated > 0)
    if not claims or not _details(inner.stratum, outer.stratum) or _speaks(inner):
        return False
    more = max(_MORE_AT_LEAST, _MORE_PER_MEMBER * len(inner.stratum.members))
    return inner.worth < outer.worth + more


def _speaks(one: Trial) -> bool:
    """Whether most members of a level say themselves what they wait for: "- [ ] JobService (depends on: above)"."""
    fields = sorted({said.line for said in one.reading.statements if said.field and said.line in one.links.heard})
    items = [member.item for member in one.stratum.members]
    told = sum(bisect_right(fields, item.end) > bisect_right(fields, item.line - 1) for item in items)
    return told >= _MOST_SPEAK * len(items)


def _holds(outer: Trial, inner: Trial) -> bool:
    """Whether a level only groups another one, as waves group tasks: "Wave 1 (parallel)" with 1.1 to 1.4 in it."""
    grouping = {one.item.label for one in outer.stratum.members} <= _GROUPING
    if not (grouping and _named(inner.stratum) and inner.worth > 0):
        return False
    held = _listed(inner, outer) or _held(inner.stratum, outer.stratum)
    if inner.stratum.counted and (inner.stratum.plain or len(set(held)) == 1):
        return False  # a numbered list in one wave; one that goes on in the next is the work
    return len(held) >= _MOSTLY * len(inner.stratum.members) and 2 * len(set(held)) >= len(outer.stratum.members)


def _listed(inner: Trial, outer: Trial) -> list[int]:
    """For each entry of a level that a member of another one holds or lists, which member that is."""
    numbers = {one.item.line: at for at, one in enumerate(outer.stratum.members)}
    lines = [[inner.reading.containers[at].line for at in item.containers] for item in inner.reading.items]
    return [
        next(numbers[line] for line in held if line in numbers) for held in lines if not numbers.keys().isdisjoint(held)
    ]


def _details(inner: Stratum, outer: Stratum) -> bool:
    """Whether a level is a part of another one: nameless entries in several members, or one counted list in one."""
    held = _held(inner, outer)
    if len(held) < _MOSTLY * len(inner.members):
        return False
    if len(set(held)) > 1:
        return not _named(inner)
    return inner.counted and _labelled(outer)


def _held(inner: Stratum, outer: Stratum) -> list[int]:
    """For each entry of a level that stands in a member of another one, which member that is."""
    starts = [one.item.line for one in outer.members]
    held: list[int] = []
    for one in inner.members:
        at = bisect_right(starts, one.item.line) - 1
        if at >= 0 and starts[at] < one.item.line <= outer.members[at].item.end:
            held.append(at)
    return held
