"""A graph as Mermaid and Graphviz source. Titles are other people's words: nothing in them is markup afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orch_tui.clean import one_line
from orch_tui.plan.model import Dependency, Exclusion

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:_-+/()?!")
"""What may stand in a Mermaid label as it is; everything else becomes a character reference."""
_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSection:
    """A node. `mark` is what is known of it ("done", "left out", a status), or ""."""

    id: str
    title: str
    mark: str = ""
    place: str = ""
    """The repository it is done in, where that is not the project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn. Edges to unknown sections are left out."""

    title: str
    sections: tuple[DrawnSection, ...]
    dependencies: tuple[Dependency, ...]
    exclusions: tuple[Exclusion, ...] = ()


def mermaid(drawn: Drawn) -> Iterator[str]:
    """Lines of a Mermaid flowchart: thick arrows are mends, dotted lines pairs that never run side by side."""
    names = _names(drawn)
    yield "flowchart TD"
    for section in drawn.sections:
        yield f'  {names[section.id]}["{_mermaid_text(_label(section))}"]'
    mended = _mended(drawn)
    for upstream, downstream in _edges(drawn, names):
        arrow = "==>" if (upstream, downstream) in mended else "-->"
        yield f"  {names[upstream]} {arrow} {names[downstream]}"
    for one, other in _apart(drawn, names):
        yield f"  {names[one]} -.- {names[other]}"
    over = ",".join(names[section.id] for section in drawn.sections if section.mark in _OVER)
    if over:
        yield "  classDef over stroke-dasharray:4,opacity:0.6"
        yield f"  class {over} over"


def dot(drawn: Drawn) -> Iterator[str]:
    """Lines of a Graphviz digraph: bold edges are mends, dotted ones pairs that never run side by side."""
    names = _names(drawn)
    yield "digraph plan {"
    yield f"  label={_dot_text(drawn.title)};"
    yield "  node [shape=box];"
    for section in drawn.sections:
        style = ", style=dashed" if section.mark in _OVER else ""
        yield f"  {names[section.id]} [label={_dot_text(_label(section))}{style}];"
    mended = _mended(drawn)
    for upstream, downstream in _edges(drawn, names):
        bold = " [style=bold]" if (upstream, downstream) in mended else ""
        yield f"  {names[upstream]} -> {names[downstream]}{bold};"
    for one, other in _apart(drawn, names):
        yield f"  {names[one]} -> {names[other]} [style=dotted, dir=none, constraint=false];"
    yield "}"


_STYLES = ("style", "classDef")
"""Words behind which Mermaid takes a colon and an escape for a colour, wherever they stand, and drops the semicolon."""
_OVER = frozenset({"done", "left out", "skipped"})


def _names(drawn: Drawn) -> dict[str, str]:
    """Names that are safe in any language, whatever the ids are."""
    return {section.id: f"s{at}" for at, section in enumerate(drawn.sections, 1)}


def _label(section: DrawnSection) -> str:
    title = f": {section.title}" if section.title and section.title != section.id else ""
    said = "; ".join(filter(None, (section.place and f"in {section.place}", section.mark)))
    mark = f" ({one_line(said, _LONGEST)})" if said else ""
    return f"{one_line(section.id, 40)}{one_line(title, _LONGEST)}{mark}"


def _edges(drawn: Drawn, names: dict[str, str]) -> Iterable[tuple[str, str]]:
    pairs = ((edge.upstream, edge.downstream) for edge in drawn.dependencies)
    return dict.fromkeys(pair for pair in pairs if pair[0] in names and pair[1] in names)


def _apart(drawn: Drawn, names: dict[str, str]) -> Iterable[tuple[str, str]]:
    pairs = ((pair.one, pair.other) for pair in drawn.exclusions)
    return dict.fromkeys(pair for pair in pairs if pair[0] in names and pair[1] in names)


def _mended(drawn: Drawn) -> set[tuple[str, str]]:
    return {(edge.upstream, edge.downstream) for edge in drawn.dependencies if edge.kind == "mended"}


def _mermaid_text(text: str) -> str:
    plain = _PLAIN - {":"} if any(word in text for word in _STYLES) else _PLAIN
    return "".join(char if char in plain else f"#{ord(char)};" for char in text)


def _dot_text(text: str) -> str:
    escaped = one_line(text, 400).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
