"""Alternatives: of what a section waits for, those of which one option is enough ("1 or 2", "1-3 or 5").

In a choice stand only upstreams that are waited for in no other way. What is waited for in any case is left out of it;
an option of which nothing is left is `()`, and such a choice holds nobody back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from orch_tui.plan.model import Dependency

Option = tuple[str, ...]
Choice = tuple[Option, ...]
Choices = Mapping[str, tuple[Choice, ...]]
"""By section, what it has the choice of."""
Edge = tuple[str, str]
_Among = tuple[tuple[int, ...], ...]


class Alternatives:
    """What statements say of alternatives, by item number, as they are read one after another."""

    def __init__(self) -> None:
        self._said: dict[int, dict[int, _Among]] = defaultdict(dict)

    def hear(self, downstream: int, among: _Among) -> bool:
        """One of these options is enough for `downstream`; False when there are none."""
        if among:
            self._said[downstream].setdefault(id(among), among)
        return bool(among)

    def of(self, downstream: int, upstream: int) -> tuple[tuple[int, ...], ...]:
        """What was heard of the alternatives to `upstream`; () when there are none."""
        said = self._said.get(downstream, {}).values()
        return next((among for among in said if any(upstream in option for option in among)), ())

    def numbered(self, edges: Mapping[tuple[int, int], Dependency]) -> list[Dependency]:
        """The edges with their choices; those marked with any `choice` are not waited for in another way.

        One that is waited for in any case, or in two choices, comes once for each.
        """
        chosen: dict[tuple[int, int], list[Dependency]] = defaultdict(list)
        for downstream, said in self._said.items():
            known = dict.fromkeys(map(_frozen, said.values()))
            there = [[[item for item in one if (item, downstream) in edges] for one in among] for among in known]
            for number, options in enumerate(filter(_is_choice, there), 1):
                for option, items in enumerate(filter(None, options), 1):
                    for pair in [(item, downstream) for item in items]:
                        chosen[pair].append(replace(edges[pair], choice=number, option=option))
        out: list[Dependency] = []
        for pair, edge in edges.items():
            if not edge.choice or pair not in chosen:
                out.append(replace(edge, choice=0) if edge.choice else edge)
            out += chosen.get(pair, ())
        return out


def _frozen(among: _Among) -> tuple[tuple[int, ...], ...]:
    return tuple(dict.fromkeys(tuple(dict.fromkeys(items)) for items in among))


def _is_choice(options: Sequence[Sequence[int]]) -> bool:
    return sum(map(bool, options)) > 1


def options_of(edges: Iterable[Dependency]) -> dict[tuple[str, int], dict[int, list[str]]]:
    """The upstreams of each option of each choice, by (downstream, choice) and option."""
    out: dict[tuple[str, int], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edge in edges:
        if edge.choice:
            out[edge.downstream, edge.choice][edge.option].append(edge.upstream)
    return out


def choices(edges: Sequence[Dependency]) -> dict[str, tuple[Choice, ...]]:
    """The choices that edges leave, by downstream. One of which a single option is left is none."""
    said = options_of(edges)
    if not said:
        return {}
    plain: dict[str, set[str]] = {downstream: set() for downstream, _ in said}
    for edge in edges:
        if not edge.choice and edge.downstream in plain:
            plain[edge.downstream].add(edge.upstream)
    for (downstream, _), options in said.items():
        if len(options) == 1:
            plain[downstream].update(*options.values())
    out: dict[str, dict[Choice, None]] = defaultdict(dict)
    for (downstream, _), options in said.items():
        if len(options) > 1:
            needed = plain[downstream]
            listed = (tuple(up for up in ups if up not in needed) for ups in options.values())
            out[downstream][tuple(dict.fromkeys(listed))] = None
    return {name: tuple(found) for name, found in out.items()}


def members(found: Iterable[Choice]) -> frozenset[str]:
    """Everything that stands in choices."""
    return frozenset(chain.from_iterable(chain.from_iterable(found)))


def left(found: Choice, done: Collection[str], left_out: Collection[str]) -> Choice:
    """The options that matter: the first of which everything is done, else those that are carried out, else all."""
    met = next((option for option in found if all(name in done for name in option)), None)
    if met is not None:
        return (met,)
    return tuple(one for one in found if not one or any(name not in left_out for name in one)) or found


def satisfied(edges: Iterable[Dependency], done: Collection[str]) -> dict[tuple[str, str, int], str]:
    """Edges (upstream, downstream, choice) of which nobody waits, and what is `done` instead: "1", "1 and 2"."""
    out: dict[tuple[str, str, int], str] = {}
    for (downstream, choice), options in options_of(edges).items():
        met = next((ups for ups in options.values() if all(up in done for up in ups)), None)
        if met is not None and len(options) > 1:
            words = " and ".join(met)
            others = (up for ups in options.values() if ups is not met for up in ups if up not in done)
            out |= {(up, downstream, choice): words for up in others}
    return out
