"""From the nodes of a diagram to items: arrows between items, through nodes that are no items ("Start", a gate)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from orch_tui.plan.lookup import Found
from orch_tui.plan.reading import Arrow, Diagram
from orch_tui.plan.references import References

_MOST_NODES = 20_000
_MOST_STEPS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """`after` wait for `before` (item numbers); `coarse` when both ends are whole containers."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    coarse: bool
    line: int
    text: str
    quote: str

    def turned(self) -> DrawnEdge:
        """The same arrow as one that points at what is needed."""
        return replace(self, before=self.after, after=self.before)


def all_drawn(
    diagrams: Iterable[Diagram], draw: Callable[[Diagram], list[DrawnEdge]], stated: Set[tuple[int, int]]
) -> list[tuple[Diagram, list[DrawnEdge]]]:
    """Each diagram with its edges, those that speak only of silent items last; `stated`: (upstream, downstream) known.

    Arrows that are listed as dependencies are turned where they mean "needs".
    """
    found = [(one, draw(one)) for one in sorted(diagrams, key=lambda one: one.implied)]
    if not _points_at_needs([edge for one, drawn in found if one.listing for edge in drawn], stated):
        return found
    return [(one, [edge.turned() for edge in drawn] if one.listing else drawn) for one, drawn in found]


def _points_at_needs(edges: Sequence[DrawnEdge], stated: Set[tuple[int, int]]) -> bool:
    """Whether arrows that are listed as dependencies mean "needs": what else is stated says so.

    Where nothing else is `stated` of them, pairs of (upstream, downstream), all of several point at earlier items.
    """
    pairs = [(before, after) for edge in edges for before in edge.before for after in edge.after]
    for_them = sum(pair in stated for pair in pairs)
    against = sum((after, before) in stated for before, after in pairs)
    if for_them or against:
        return against > for_them
    return len(edges) > 1 and all(before > after for before, after in pairs)


def drawn_edges(
    diagram: Diagram, references: References, begun: Mapping[int, int], *, within: bool = False
) -> list[DrawnEdge]:
    """What the arrows say about items. A picture most of whose nodes are no items is about something else.

    `within` an item a picture shows how its thing works, unless it names items by their ids. `begun` are items by the
    line they begin in: an entry of an order may be one itself.
    """
    meant = {
        key: found
        for key, text in list(diagram.nodes.items())[:_MOST_NODES]
        if (found := _begun(begun.get(diagram.places.get(key, 0))) or references.node(key, text))
    }
    if not meant and all(text.strip().isdecimal() for text in diagram.nodes.values()):
        meant = references.numbered_groups(diagram.nodes)
    if diagram.around and all(key not in meant for key in diagram.around):
        meant |= _framed(diagram, meant)
    joined = {arrow.before for arrow in diagram.arrows} | {arrow.after for arrow in diagram.arrows}
    if diagram.told and len(meant) < len(diagram.nodes):
        meant = {key: found for key, found in meant.items() if found.way != "part"}
    known = [key for key in joined if key in meant]
    sure = sum(meant[key].way in {"id", "title"} for key in known)
    if within and any(meant[key].way != "id" for key in known):
        return []
    if diagram.told and len(known) * 2 <= len(joined) and any(arrow.before not in meant for arrow in diagram.arrows):
        return []  # "requirement → Tasks 2, 3" tells what covers it
    if len(known) < 2 or (len(known) * 2 < len(joined) and sure < len(known)):
        return []
    return list(_edges(diagram, meant))


def regrouped(edges: Iterable[DrawnEdge], together: Callable[[int, int], bool]) -> Iterator[DrawnEdge]:
    """The edges of an order in which those that are said to run beside the ones before them wait for what these do."""
    beside: dict[int, tuple[int, ...]] = {}
    waits: dict[int, tuple[int, ...]] = {}
    for edge in edges:
        group = tuple(one for before in edge.before for one in beside.get(before, (before,)))
        joined = group
        while any(together(one, other) for one in edge.after for other in group):
            group = tuple(dict.fromkeys(one for other in group for one in waits.get(other, ())))
        for after in edge.after:
            beside[after] = (after,) if group == joined else (*joined, after)
            waits[after] = group
        yield replace(edge, before=group)


def _framed(diagram: Diagram, meant: Mapping[str, Found]) -> Iterator[tuple[str, Found]]:
    """Nodes that mean no items stand for the item whose id their frame bears."""
    for key, frames in diagram.around.items():
        named = (meant[frame] for frame in frames if frame in meant)
        if (found := next(named, None)) and found.way == "id" and len(found.items) == 1:
            yield key, found


def _begun(item: int | None) -> Found | None:
    return None if item is None else Found([item], "id")


def _edges(diagram: Diagram, meant: dict[str, Found]) -> Iterator[DrawnEdge]:
    into: dict[str, list[Arrow]] = defaultdict(list)
    for arrow in diagram.arrows:
        into[arrow.after].append(arrow)
    steps = 0
    for key, found in meant.items():
        seen: set[str] = set()
        work = list(into[key])
        while work and steps < _MOST_STEPS:
            steps += 1
            arrow = work.pop(0)
            if arrow.before in meant:
                if not _holds(meant[arrow.before], found):
                    yield _edge(meant[arrow.before], found, arrow)
            elif arrow.before not in seen:
                seen.add(arrow.before)
                work += into[arrow.before]


def _holds(one: Found, other: Found) -> bool:
    """Whether both mean the same items: "Phase 1 → Tasks 1.0-1.7" tells what is in it."""
    return one.items == other.items or not set(one.items).isdisjoint(other.items)


def _edge(before: Found, after: Found, arrow: Arrow) -> DrawnEdge:
    return DrawnEdge(
        before=tuple(before.items),
        after=tuple(after.items),
        coarse=after.way == "container" and len(after.items) > 1,
        line=arrow.line,
        text=arrow.before,
        quote=arrow.quote,
    )
