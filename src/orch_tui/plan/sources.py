"""What is said about items elsewhere than at them: tables, diagrams, order lists, sentences about third items.

Any reader may use it for its own items: every source quotes words that name who is meant, and linking decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from orch_tui.plan import arrows, mermaid, statements
from orch_tui.plan.beside import beside_each_other
from orch_tui.plan.document import Document
from orch_tui.plan.model import Finding
from orch_tui.plan.order_block import headed_orders, listed_orders, read_order, row_orders
from orch_tui.plan.outside import outside_lines
from orch_tui.plan.reading import Container, Diagram, Reading, Statement, WorkItem
from orch_tui.plan.sequence import sequences
from orch_tui.plan.tabled import dependency_rows, state_rows
from orch_tui.plan.told_order import told_orders

_DOTTED = re.compile(
    r"\b(?:dotted|dashed|gepunktet\w*|gestrichelt\w*|punteada\w*|discontinua\w*|pointillés?)\b|点線|破線|虚线|虛線",
    re.IGNORECASE,
)
_OPENS_A_LIST = 3
"""Lines from "in this order" to the list that it opens."""
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_SOFT_DOTS = re.compile(
    r"optional|soft|not have to wait|inform|weak|nice|recommended|not binding|opcional|optionnel|faculta|freiwillig"
    r"|可选|任意",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a document says of items that it names itself, whichever they are: rows, pictures, blocks of words.

    `outside` are its lines about things outside it.
    """

    statements: tuple[Statement, ...]
    diagrams: tuple[Diagram, ...]
    findings: tuple[Finding, ...]
    outside: tuple[str, ...]


def standing(document: Document) -> Standing:
    """Everything that can be read before the items are known."""
    drawn, problems = mermaid.diagrams(document, soft_dots=_soft_dots(document))
    return Standing(
        statements=(*dependency_rows(document), *state_rows(document), *_blocks(document)),
        diagrams=(
            *drawn,
            *arrows.diagrams(document),
            *listed_orders(document),
            *row_orders(document),
            *headed_orders(document),
            *told_orders(_running_text(document)),
        ),
        findings=tuple(problems),
        outside=outside_lines(document),
    )


def _running_text(document: Document) -> Iterator[statements.Paragraph]:
    """The paragraphs of a document without its headings and tables."""
    lines = document.visible(1, len(document.lines))
    heads = document.heading_lines
    return statements.paragraphs(
        document, (line for line in lines if line not in heads and not _is_row(document.line(line)))
    )


def elsewhere(
    document: Document, items: Sequence[WorkItem], containers: Sequence[Container], known: Standing | None = None
) -> tuple[list[Statement], tuple[Diagram, ...], list[Finding]]:
    """Statements, diagrams and findings from all lines that belong to no item; `known` saves reading them again."""
    known = known or standing(document)
    ordered, findings = read_order(document, items)
    prose = _prose(document, items, containers, _taken(document, items))
    said = [*known.statements, *ordered, *(one for one in prose if not _lists_it(one, known.diagrams))]
    return said, known.diagrams, [*findings, *known.findings]


def _lists_it(said: Statement, diagrams: Sequence[Diagram]) -> bool:
    """Whether "in this order" opens the list that gives the order, so that it is none of the document's."""
    listed = [one.line for one in diagrams if one.implied] if said.relation == "sequence" else []
    return any(said.line < line <= said.line + _OPENS_A_LIST for line in listed)


def with_elsewhere(document: Document, reading: Reading, known: Standing | None = None) -> Reading:
    """A reading with what the rest of the document says about its items."""
    said, drawn, problems = elsewhere(document, reading.items, reading.containers, known)
    return replace(
        reading,
        statements=(*reading.statements, *said),
        diagrams=(*reading.diagrams, *drawn),
        findings=(*reading.findings, *problems),
    )


def _soft_dots(document: Document) -> bool:
    """Whether the plan says that dotted arrows are wishes."""
    if not document.fences or not any(_DOTTED.search(line) for line in document.lines):
        return False
    told = (paragraph.text for paragraph in statements.paragraphs(document, document.visible(1, len(document.lines))))
    return any(_DOTTED.search(text) and _SOFT_DOTS.search(text) for text in told)


def _taken(document: Document, items: Sequence[WorkItem]) -> list[bool]:
    """For each line, whether it is an item's."""
    taken = [False] * (len(document.lines) + 2)
    for item in items:
        taken[item.line : item.end + 1] = [True] * (item.end + 1 - item.line)
    return taken[: len(document.lines) + 1]


def _prose(
    document: Document, items: Sequence[WorkItem], containers: Sequence[Container], taken: list[bool]
) -> list[Statement]:
    """The lines of containers and of the document itself, with the brackets of their headings."""
    out: list[Statement] = []
    number_at = {container.line: at for at, container in enumerate(containers)}
    held = {container for item in items for container in item.containers}
    labels = frozenset(item.label for item in items if item.label)
    levels = frozenset(containers[at].label for at in held if containers[at].label)
    starts = sorted({0, *(heading.line for heading in document.headings), *number_at})
    for at, start in enumerate(starts):
        stop = starts[at + 1] - 1 if at + 1 < len(starts) else len(document.lines)
        if taken[start]:
            continue
        container = number_at.get(start, -1)
        heading = document.heading_lines.get(start)
        if heading is not None:
            for words in _asides(heading):
                out += statements.in_running_text(words, start, container=container)
        first = max(1, start + (heading is not None))
        visible = document.visible(first, stop)
        lines = [line for line in visible if not (taken[line] or _is_row(document.lines[line - 1]))]
        out += statements.in_lines(document, lines, container=container)
        scope = container if container in held else -1
        own = [*([start] if heading is not None and scope >= 0 else ()), *lines]
        said = list(statements.paragraphs(document, own))
        out += beside_each_other(said)
        out += sequences(said, container=scope, item_labels=labels, container_labels=levels)
    return out


def _asides(heading: str) -> list[str]:
    """What stands in the brackets of a heading, and after its last dash."""
    found = re.findall(r"[(（]([^()（）]+)[)）]", heading)
    return [*found, *(_ASIDE.sub("", part) for part in re.split(r"\s+[-–—−]\s+", heading)[1:])]


def _blocks(document: Document) -> list[Statement]:
    """Lines of text blocks that say in words who waits for whom: `T2 (daemon) ← depends on T1`."""
    out: list[Statement] = []
    for fence in document.fences:
        if fence.language in {"", "text", "txt"}:
            for number in range(fence.line + 1, fence.end):
                said = statements.in_running_text(document.line(number), number)
                out += [one for one in said if one.subject]
    return out


def _is_row(line: str) -> bool:
    return "|" in line and line.lstrip().startswith("|")
