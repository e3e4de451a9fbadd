"""The graph laid out as lines of text: as a tree by what finishes last, by waves, or by what is going on.

Each section stands once, under the upstream that finishes last (the longest chain decides); under its other upstreams
stands a reference "→ E (*)". The idea of the mark is Cargo's (`cargo tree`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from orch_tui.core.state import State, Status
from orch_tui.plan.dag import Graph
from orch_tui.plan.either import members

DEEPEST = 12
"""Levels that are indented; what lies deeper stands at the last one, so that long chains stay readable."""

_GOING_ON = {
    Status.ATTENTION: "Needs you",
    Status.FAILED: "Failed",
    Status.RUNNING: "Running",
    Status.PAUSED: "Paused",
    Status.PARKED: "Parked",
    Status.READY: "Next",
    Status.WAITING: "Waiting",
    Status.BLOCKED: "Blocked",
    Status.SKIPPED: "Skipped",
    Status.DONE: "Done",
}


class OutlineRow(NamedTuple):
    """One line. A "section" stands once, a "reference" names one that stands elsewhere, a "heading" is words only.

    `guides` are the box characters before it; `others` are further upstreams of a section that stands under one of
    several; `instead` are those of them that would do in place of the one before, the first in place of the one it
    stands under.
    """

    kind: Literal["section", "reference", "heading"]
    section: str = ""
    guides: str = ""
    others: tuple[str, ...] = ()
    words: str = ""
    instead: frozenset[str] = frozenset()

    def listed(self, words: Sequence[str]) -> str:
        """The first of `others`, as these words say them: "C done, D done or E running"."""
        pairs = zip(self.others, words, strict=False)
        text = "".join(f" or {said}" if name in self.instead else f", {said}" for name, said in pairs)
        return text.removeprefix(", ").lstrip()


def graph_of(state: State) -> Graph:
    """The graph that runs."""
    return Graph.laid(state.sections, state.dependencies)


def tree(graph: Graph, deepest: int = DEEPEST) -> list[OutlineRow]:
    """Every section once, below what it waits for longest; roots in the plan's order. Cycles come last.

    Levels below `deepest` are not indented further.
    """
    level = _levels(graph)
    parent = {name: _latest(graph.deciding(name, level), level) for name in graph.nodes if name in level}
    rows: list[OutlineRow] = []
    for root in [name for name in graph.nodes if name in level and not parent[name]]:
        _place(root, graph, parent, deepest, rows)
    tangled = [name for name in graph.nodes if name not in level]
    if tangled:
        rows.append(OutlineRow(kind="heading", words="Can never start: in or behind a cycle"))
        rows += [OutlineRow(kind="section", section=name, others=graph.upstreams(name)) for name in tangled]
    return rows


def by_status(state: State) -> list[OutlineRow]:
    """Sections by what is going on: first those that need a person, then what runs, what comes next, what is over."""
    asking = {ask.section for ask in state.asks.values() if not state.sections[ask.section].held}
    found: dict[str, list[str]] = {words: [] for words in ("Asks you", *_GOING_ON.values())}
    for name, section in state.sections.items():
        found["Asks you" if name in asking else _GOING_ON[section.status]].append(name)
    rows: list[OutlineRow] = []
    for words, names in found.items():
        if names:
            rows.append(OutlineRow(kind="heading", words=f"{words} · {len(names)}"))
            rows += [OutlineRow(kind="section", section=name) for name in names]
    return rows


def waves(graph: Graph, laid: Sequence[Sequence[str]] | None = None) -> list[OutlineRow]:
    """Sections by the earliest round they could run in; done ones are in their round too. Cycles come last.

    `laid` are the graph's waves where they are known already.
    """
    rows: list[OutlineRow] = []
    placed: set[str] = set()
    for number, wave in enumerate(graph.waves() if laid is None else laid, start=1):
        size = f"{len(wave)} side by side" if len(wave) > 1 else "1 section"
        rows.append(OutlineRow(kind="heading", words=f"Wave {number} · {size}"))
        rows += [OutlineRow(kind="section", section=name) for name in wave]
        placed.update(wave)
    tangled = [name for name in graph.nodes if name not in placed]
    if tangled:
        rows.append(OutlineRow(kind="heading", words="Can never start: in or behind a cycle"))
        rows += [OutlineRow(kind="section", section=name) for name in tangled]
    return rows


def _levels(graph: Graph) -> dict[str, int]:
    level: dict[str, int] = {}
    for name in graph.order():
        level[name] = max((level[up] + 1 for up in graph.deciding(name, level)), default=0)
    return level


def _latest(upstreams: tuple[str, ...], level: dict[str, int]) -> str:
    """The upstream that ends the longest chain, the last of them in the plan's order; "" without any."""
    return max(reversed(upstreams), key=lambda name: level.get(name, -1), default="")


def _others(graph: Graph, name: str, under: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Upstreams besides the one it stands under, choice by choice; and those before which stands "or"."""
    found = graph.either.get(name, ())
    one_of = members(found)
    needed = [up for up in graph.upstreams(name) if up != under and up not in one_of]
    own = [choice for choice in found if under in members([choice])]
    others: dict[str, None] = {}
    instead: set[str] = set()
    for choice in (*own, *(((up,),) for up in needed), *(choice for choice in found if choice not in own)):
        begun = choice in own
        for option in choice:
            rest = [up for up in option if up != under and up not in others]
            instead.update(rest[:1] if begun and under not in option else ())
            begun = begun or bool(rest)
            others |= dict.fromkeys(rest)
    return tuple(others), frozenset(instead)


def _place(root: str, graph: Graph, parent: dict[str, str], deepest: int, rows: list[OutlineRow]) -> None:
    """Append `root` and everything under it, without recursion: chains may be thousands long."""
    todo: list[tuple[str, str, str, int, bool]] = [(root, "", "", 0, False)]
    while todo:
        name, lead, guides, depth, reference = todo.pop()
        if reference:
            rows.append(OutlineRow(kind="reference", section=name, guides=guides))
            continue
        others, instead = _others(graph, name, parent[name])
        rows.append(OutlineRow(kind="section", section=name, guides=guides, others=others, instead=instead))
        below = [(down, parent.get(down) != name) for down in graph.downstreams(name) if down in parent]
        below.sort(key=lambda item: not item[1])  # references first: they are leaves
        for at, (down, elsewhere) in reversed(list(enumerate(below))):
            last = at == len(below) - 1
            if depth >= deepest:
                todo.append((down, lead, lead + "┆ ", depth + 1, elsewhere))
            else:
                branch, deeper = ("└ ", "  ") if last else ("├ ", "│ ")
                todo.append((down, lead + deeper, lead + branch, depth + 1, elsewhere))
