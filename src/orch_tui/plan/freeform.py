"""Plans of no framework: which of a document's levels are the sections is told by what the plan's words speak about.

Each family (headings, lists, bold lines, tables, diagrams) offers its levels. Every level is tried: the one on which
most statements of order find both ends is the plan's. Where nothing is stated, the surest kind of work item is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from orch_tui.plan import bold, charted, drawn_items, headed, numbered, tabled
from orch_tui.plan.bold import Lead, bold_leads
from orch_tui.plan.choice import Trial, beyond, choose, trial
from orch_tui.plan.containers import above, all_containers, name_of
from orch_tui.plan.document import Document
from orch_tui.plan.linking import link
from orch_tui.plan.listed_in import with_listed
from orch_tui.plan.more_items import with_more
from orch_tui.plan.opened import opened
from orch_tui.plan.order_block import orders_work
from orch_tui.plan.reading import Container, Diagram, Reading, Statement
from orch_tui.plan.sources import Standing, standing, with_elsewhere
from orch_tui.plan.strata import Candidate, Stratum, own_statements, with_containers

_FAMILIES: tuple[Callable[[Document], Sequence[Stratum]], ...] = (
    headed.strata,
    numbered.strata,
    bold.strata,
    tabled.strata,
)
_PLACEHOLDER = re.compile(r"\[[^\[\]()]+\]|<[^<>]+>|\{\{?[^{}]+\}\}?|\.{3}|…")
_MOST_TRIED = 12
"""Levels that are tried in full; a document with more of them has them from odd single lists."""
_MOST_LINES = 4.0
"""Lines that state something of its order, for each member of a level."""
_MANY, _SOME = 200, 50
"""Statements of which some are looked at before all of them are, and how many these are."""
_LIKELY = 0.6
"""How sure a level must be the work to leave an order of other things aside."""
_HARDLY = 0.01
_FIRST_LINES = 5_000
"""Lines in which a table makes a document look like a plan."""
_FITS = 0.5


class FreeFormReader:
    """Reads plans that follow no framework."""

    name = "free-form"

    def fits(self, document: Document) -> float:
        """Middling for any document with two possible work items, so that a framework's reader goes first."""
        rows = sum("|" in line for line in document.lines[:_FIRST_LINES])
        return _FITS if len(document.headings) + len(document.items) + rows > 1 else _HARDLY

    def read(self, document: Document) -> Reading:
        """The reading of the level that the plan speaks about."""
        level = self.level(document)
        return level.reading if level else Reading(items=())

    def level(self, document: Document) -> Trial | None:
        """That level with its links, which were made to choose it; None when nothing in the document is work."""
        best = self._level(document)
        if best is None and (blocks := opened(document)):
            return self._level(blocks)
        return best

    def _level(self, document: Document) -> Trial | None:
        listing = standing(document)
        known = replace(listing, diagrams=tuple(map(_of_others, listing.diagrams)))
        offered = _offered(document)
        trials = _trials(document, [stratum for stratum in offered if not stratum.plain], known)
        if not any(one.worth > 0 for one in trials):
            last = [*drawn_items.strata(document, known.diagrams), *(stratum for stratum in offered if stratum.plain)]
            trials += [_tried(document, stratum, known) for stratum in last]
            if not any(one.stratum.unstated >= _LIKELY or one.worth > 0 for one in trials):
                orders = [one for one in offered if one.ordered and orders_work(document, one.members[0].item.line)]
                trials += [_tried(document, stratum, listing) for stratum in orders]
                known = listing if orders else known
        best = choose(trials) or self._picture(document, known)
        if best is None:
            return None
        said = best.reading.statements
        more = with_more(document, best.stratum, known.diagrams, said) if best.worth > 0 else best.stratum
        return _tried(document, more, known) if more is not best.stratum else best

    def _picture(self, document: Document, known: Standing) -> Trial | None:
        """The picture that is the whole plan."""
        shown = charted.strata(document)
        return choose(
            [_tried(document, one, replace(known, diagrams=(*known.diagrams, *drawn))) for one, drawn in shown]
        )


def _of_others(diagram: Diagram) -> Diagram:
    """A list that gives an order, taken for one of other items than its entries."""
    return replace(diagram, places={}) if diagram.places else diagram


def _trials(document: Document, levels: Sequence[Stratum], known: Standing) -> list[Trial]:
    """The levels tried, in their order; the large ones first, because a small one may then not be worth a try."""
    tried: dict[int, Trial] = {}
    for at in sorted(range(len(levels)), key=lambda at: -len(levels[at].members)):
        level = levels[at]
        if any(beyond(one, _MOST_LINES * len(level.members)) for one in tried.values()):
            continue
        reading = assemble(document, level, known)
        if not _is_silent(reading, tried.values()):
            tried[at] = trial(level, reading, link(reading))
    return [tried[at] for at in sorted(tried)]


def _is_silent(reading: Reading, tried: Iterable[Trial]) -> bool:
    """Whether none of many statements says anything on this level, by a look at some, while on another one most do."""
    said = reading.statements
    if len(said) < _MANY or not any(beyond(one, len(said) / 2) for one in tried):
        return False
    some = link(replace(reading, statements=said[:: len(said) // _SOME], diagrams=()))
    return not some.heard and not some.edges


def _tried(document: Document, stratum: Stratum, known: Standing) -> Trial:
    reading = assemble(document, stratum, known)
    return trial(stratum, reading, link(reading))


def _offered(document: Document) -> list[Stratum]:
    found = [stratum for family in _FAMILIES for stratum in family(document) if stratum.members]
    found = [stratum for stratum in found if not _is_template(stratum)]
    found.sort(key=lambda stratum: (-min(len(stratum.members), 2), stratum.rank))
    return found[:_MOST_TRIED]


def _is_template(stratum: Stratum) -> bool:
    """Whether the titles of a level are places to be filled in: "Task 1: [Name of the task]"."""
    blank = sum(bool(_PLACEHOLDER.fullmatch(one.item.title.strip("*_` "))) for one in stratum.members)
    return blank * 2 > len(stratum.members)


def assemble(document: Document, stratum: Stratum, known: Standing) -> Reading:
    """Items with the headings around them as containers, and everything that is said about either."""
    leave_out = _within(document, stratum)
    containers, number = all_containers(document, leave_out)
    starts = [heading.line for heading in document.headings]
    leads = _leads(document, stratum)
    chains = [_chain(document, containers, number, starts, candidate) for candidate in stratum.members]
    chains = _within_leads(stratum, leads, containers, chains)
    chains = with_listed(document, containers, [candidate.item.id for candidate in stratum.members], chains)
    items = with_containers(stratum.members, chains)
    said: list[Statement] = []
    for at, candidate in enumerate(stratum.members):
        said += own_statements(document, candidate, at)
    foreign = frozenset(_labels_of(document) - {item.label for item in items})
    own = Reading(
        items=items,
        containers=tuple(containers),
        statements=tuple(said),
        findings=stratum.findings,
        foreign=foreign,
        outside=known.outside,
    )
    return with_elsewhere(document, own, known)


def _leads(document: Document, stratum: Stratum) -> list[Lead]:
    """Lead lines that are no members of the stratum and stand in none."""
    spans = [(candidate.item.line, candidate.item.end) for candidate in stratum.members]
    lines = [first for first, _ in spans]
    out: list[Lead] = []
    for lead in bold_leads(document):
        at = bisect_right(lines, lead.line) - 1
        if at < 0 or spans[at][1] < lead.line:
            out.append(lead)
    return out


def _within_leads(
    stratum: Stratum, leads: Sequence[Lead], containers: list[Container], chains: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """Adds the leads to the containers, and to the chain of each item that stands under one."""
    lines = [lead.line for lead in leads]
    numbers: list[int] = []
    for lead in leads:
        numbers.append(len(containers))
        name = lead.name
        containers.append(Container(label=name.label, id=name.id, title=name.title, line=lead.line))
    out: list[tuple[int, ...]] = []
    for candidate, chain in zip(stratum.members, chains, strict=True):
        at = bisect_right(lines, candidate.item.line) - 1
        held = at >= 0 and leads[at].line < candidate.item.line <= leads[at].end
        out.append((numbers[at], *chain) if held else chain)
    return out


def _labels_of(document: Document) -> set[str]:
    """The generic words by which headings and bold lead lines are numbered."""
    found = [name_of(heading.text) for heading in document.headings]
    found += [lead.name for lead in bold_leads(document)]
    return {name.label for name in found if name.label and name.id}


def _within(document: Document, stratum: Stratum) -> list[bool]:
    """For each heading, whether it is a section or stands within one."""
    out: list[bool] = []
    for at, heading in enumerate(document.headings):
        out.append(at in stratum.headings or (heading.parent >= 0 and out[heading.parent]))
    return out


def _chain(
    document: Document, containers: Sequence[Container], number: dict[int, int], starts: Sequence[int], one: Candidate
) -> tuple[int, ...]:
    """The containers around an item, innermost first."""
    at = bisect_right(starts, one.item.line) - 1
    if at >= 0 and starts[at] == one.item.line:
        at = document.headings[at].parent
    while at >= 0 and at not in number:
        at = document.headings[at].parent
    return above(containers, number.get(at, -1))
