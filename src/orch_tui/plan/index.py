"""Where the items and containers of a plan can be looked up: by id, by title, by part of a title."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from orch_tui.plan.joint_ids import parts
from orch_tui.plan.names import core, id_key, label, words
from orch_tui.plan.reading import Container, WorkItem

_LONGEST_TITLE = 12
"""Words of a title that can be referred to in part."""
_MOST_SHARING = 4
"""A phrase that fits more titles than this names none of them."""
_MOST_SCANNED = 500
"""Titles looked through for one phrase; a phrase made of commoner words alone says too little."""
_ENDINGS_LISTED = """
    e ed es s ing ion ions ation ations al als er ers or ors ment ments ive y ies t te ten en ung ungen n ern
    ado ada ados adas ción ciones ar o a os as é ée és ées ement eur ure ures
"""
_ENDINGS = frozenset(_ENDINGS_LISTED.split())
"""Endings in which two forms of a word may differ."""
_STEM = 5
"""Letters by which two forms of a word are taken for the same: "rehearse", "rehearsal"."""
_LETTERED = re.compile(r"[A-Z]{1,4}-([A-Z])")
"""`AP-A`, which people also call `A`."""
_PREFIXED = re.compile(r"[a-z]{1,2}(\d{1,9}(?:\.\d{1,9})+)")
"""An id with a letter before it that the plan leaves out elsewhere: `E10.1` for story 10.1."""
_COMPOUND = re.compile(
    r"#?([A-Z]{1,4}\d{1,4}(?:\.\d{1,4})*)-(?:[A-ZÄÖÜ][a-zäöüß]{2,20}|merge|gate|release|review|approval|sign-?off)"
)
"""An id in a compound: "vor dem A9-Merge", "the P5-gate"."""
_DECIMAL = re.compile(r"#?\d{1,9}(?:\.\d{1,9})*")
_A_LETTER = "a letter"
"""The series of ids that are one letter."""
_NUMBERED = re.compile(r"(.*?)(\d{1,18})([a-z]?)")

_ODD_HEAD = re.compile(r"([^\w\s\[(*`\"']\S{0,80}):\s")
"""What stands for an id at the head of a title and looks like none: "../x: the parser", "🚀: launch"."""


class Index:
    """Look-up tables over the items and containers of one reading; every look-up takes constant time, ranges log time.

    Items are known by their number in the reading. All answers are in document order.
    """

    def __init__(
        self,
        items: Sequence[WorkItem],
        containers: Sequence[Container],
        ids: Sequence[str],
        foreign: frozenset[str] = frozenset(),
    ) -> None:
        self.items = items
        self.foreign = foreign
        self.labels = {item.label for item in items if item.label}
        self.container_labels = {container.label for container in containers if container.label}
        self._by_id: dict[str, list[int]] = defaultdict(list)
        self._by_writing: dict[str, list[int]] = defaultdict(list)
        self._by_title: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._titles: list[tuple[str, ...]] = []
        self._series: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._aliases: dict[str, list[int]] = defaultdict(list)
        self._parts: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(items):
            self._add_item(at, item, ids[at])
        self._members: dict[int, list[int]] = defaultdict(list)
        for at, item in enumerate(items):
            for container in item.containers:
                self._members[container].append(at)
        self._kinds = [container.label for container in containers]
        self._containers: dict[object, list[int]] = defaultdict(list)
        for at, container in enumerate(containers):
            self._add_container(at, container)
        for series in self._series.values():
            series.sort()
        self._opening = self._all_open_with()
        decimals = ["." in item.id for item in items if _DECIMAL.fullmatch(item.id)]
        self._dotted, self._counted = sum(decimals), len(decimals) - sum(decimals)
        whole = [int(item.id.lstrip("#").split(".")[0]) for item in items if _DECIMAL.fullmatch(item.id)]
        self._first = min(whole) if len(whole) * 2 > len(items) else 0

    def _add_item(self, at: int, item: WorkItem, final: str) -> None:
        written = id_key(item.id) if item.id else id_key(final)
        self._by_id[written].append(at)
        if item.id:
            self._by_writing[item.id.casefold()].append(at)
        if odd := _ODD_HEAD.match(item.title):
            self._by_writing[odd[1].casefold()].append(at)
        if id_key(final) != written:
            self._by_id[id_key(final)].append(at)
        if (found := _NUMBERED.fullmatch(written)) and not found[3]:
            self._series[found[1]].append((int(found[2]), at))
        elif len(written) == 1 and written.isalpha():
            self._series[_A_LETTER].append((ord(written), at))
        for part in map(id_key, parts(item.id, item.label)):
            self._parts[part].append(at)
            if found := _NUMBERED.fullmatch(part):
                self._series[found[1]].append((int(found[2]), at))
        title = words(item.title)[:_LONGEST_TITLE]
        self._titles.append(title)
        for key in {title, core(title)} if title else ():
            self._by_title[key].append(at)
        for word in set(title):
            self._by_word[word].append(at)
        for stem in {_stem(word) for word in title}:
            self._by_stem[stem].append(at)
        if lettered := _LETTERED.fullmatch(item.id):
            self._aliases[id_key(lettered[1])].append(at)
        if item.label and len(written) < 8 and written[:1].isdigit():
            self._aliases[item.label[0] + written].append(at)

    def _add_container(self, at: int, container: Container) -> None:
        title = words(container.title)
        for key in {("title", title), ("title", core(title))} if title else ():
            self._containers[key].append(at)
        if container.id and container.label:
            for id_ in (container.id, *parts(container.id, container.label)):
                self._containers[(container.label, id_key(id_))].append(at)
            self._containers[("alias", id_key(container.label[0] + container.id))].append(at)
        if container.id and not container.label and container.id[0].isalpha() and not container.id.isalpha():
            self._containers[("alias", id_key(container.id))].append(at)
        if container.label:
            self._containers[("kind", container.label)].append(at)
        for alias in container.aliases:
            self._add_alias(at, alias)

    def _add_alias(self, at: int, alias: str) -> None:
        name = words(alias)
        keys: set[tuple[str, object]] = {("alias", id_key(alias)), ("title", name), ("title", core(name))}
        if len(name) > 1 and (kind := label(name[-2])):
            keys |= {(kind, id_key(name[-1])), ("kind", kind)}
            self.container_labels.add(kind)
        for key in keys:
            if at not in self._containers[key]:
                self._containers[key].append(at)

    def by_id(self, written: str) -> list[int]:
        """Items with this id, whatever its case, punctuation and leading zeros."""
        key = id_key(written)
        if found := self._by_id.get(key):
            return found
        if len(joined := self._parts.get(key, ())) == 1:
            return list(joined)
        if len(short := self._short.get(key, ())) == 1:
            return list(short)
        if "." in key and (prefixed := _PREFIXED.fullmatch(key)):
            return self._by_id.get(prefixed[1], [])
        if "-" in written and (compound := _COMPOUND.fullmatch(written.strip())):
            return self._by_id.get(id_key(compound[1]), [])
        return self._by_id.get(self._opening + key, []) if self._opening and written.strip().isdigit() else []

    def has_series(self, written: str) -> bool:
        """Whether at least two items have ids of the same shape: the same letters before a number, or one letter."""
        found = _NUMBERED.fullmatch(id_key(written))
        if not found:
            return len(written) == 1 and written.isupper() and len(self._series.get(_A_LETTER, ())) > 1
        return bool(found[1] and len(self._series.get(found[1], ())) > 1)

    def counts(self, dotted: bool) -> bool:
        """Whether most items have plain numbers for ids, or (`dotted`) at least two have such as `2.1`."""
        return self._dotted > 1 if dotted else self._counted * 2 > len(self.items)

    def precedes(self, written: str) -> bool:
        """Whether a number comes before the plan's first, as those of an earlier plan do: 4 where phases begin at 7.

        Where they begin at 1 nothing comes before.
        """
        key = id_key(written)
        if _DECIMAL.fullmatch(key):
            return self._first > 1 and int(key.lstrip("#").split(".")[0]) < self._first
        found = _NUMBERED.fullmatch(key)
        numbers = self._series.get(found[1], []) if found else []
        return bool(found and len(numbers) > 1 and 1 < numbers[0][0] > int(found[2]))

    def _all_open_with(self) -> str:
        """The letters before the number of every id (`PROJ-`), which a plan may leave out: "001, 002"; else ""."""
        if len(self._series) != 1:
            return ""
        opening, numbered = next(iter(self._series.items()))
        lettered = len(opening) > 1 and opening[0].isalpha()
        return opening if lettered and len(numbered) == len(self.items) > 1 else ""

    @cached_property
    def _short(self) -> dict[str, list[int]]:
        """Items by what follows the words with which all ids open: `α-2` for `M9-α-2`, `T1` for `RFC-7-T1`."""
        short: dict[str, list[int]] = defaultdict(list)
        parts = [item.id.split("-") for item in self.items]
        for size in range(1, min(map(len, parts), default=1)):
            if len(parts) < 2 or len({tuple(part[:size]) for part in parts}) > 1:
                break
            for at, part in enumerate(parts):
                rest = "-".join(part[size:])
                if any(map(str.isalpha, rest)):
                    short[id_key(rest)].append(at)
        return short

    @cached_property
    def opened(self) -> dict[str, list[int]]:
        """Items by what their ids open with before a hyphen: `P0-1` and `P0-2` by "p0"."""
        opened: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(self.items):
            first, _, rest = item.id.partition("-")
            if rest and first[-1:].isdigit() and first[:1].isalpha():
                opened[first.casefold()].append(at)
        return opened

    def below(self, written: str) -> list[int]:
        """Items whose ids go on behind this one and a dot: 3.1 and 3.2.1 for "3"."""
        return self._below.get(id_key(written), [])

    @cached_property
    def _below(self) -> dict[str, list[int]]:
        below: dict[str, list[int]] = defaultdict(list)
        for written, held in self._by_id.items():
            parts = written.split(".")
            for size in range(1, len(parts)):
                below[".".join(parts[:size])] += held
        return {written: sorted(set(held)) for written, held in below.items()}

    def by_writing(self, written: str) -> list[int]:
        """Items whose id is spelled like this, whatever it is made of (`event-envelope`, `bd-a3f8`)."""
        return self._by_writing.get(written.strip().casefold(), [])

    def by_alias(self, written: str) -> list[int]:
        """Items that the first letter of their generic word and their number name: "T3" for "Task 3"."""
        return self._aliases.get(id_key(written), [])

    def resembling(self, spoken: Sequence[str], most: int = _MOST_SHARING) -> tuple[list[int], int]:
        """Items whose titles share most words with `spoken`, in any form and order; and how many words they share."""
        shared: Counter[int] = Counter()
        for word in set(spoken):
            postings = self._by_stem.get(_stem(word), ())
            if len(postings) <= _MOST_SCANNED:
                shared.update(at for at in postings if _has_form(self._titles[at], word))
        best = max(shared.values(), default=0)
        found = sorted(at for at, count in shared.items() if count == best)
        if len(found) > 1:
            least = min(len(self._titles[at]) for at in found)
            found = [at for at in found if len(self._titles[at]) == least] if best > 1 else found
        return (found, best) if len(found) <= most else ([], 0)

    def title(self, item: int) -> tuple[str, ...]:
        """Words of an item's title."""
        return self._titles[item]

    def by_title(self, title: tuple[str, ...]) -> list[int]:
        """Items with exactly this title (generic words at its ends aside)."""
        return self._by_title.get(title, [])

    def by_part(self, part: tuple[str, ...]) -> list[int]:
        """Items whose title begins with `part`, else those that contain it; none when it fits too many."""
        if not part:
            return []
        postings = self._rarest(part)
        if len(postings) > _MOST_SCANNED:
            return []
        if postings and len(part) > 1:
            postings = min((self._pairs.get(pair, []) for pair in pairwise(part)), key=len)
        inside = postings if len(part) < 3 else [at for at in postings if _contains(self._titles[at], part)]
        found = [at for at in inside if self._titles[at][: len(part)] == part] or inside
        return found if len(found) <= _MOST_SHARING else []

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """Items whose titles have one word right before another one."""
        out: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, title in enumerate(self._titles):
            for pair in set(pairwise(title)):
                out[pair].append(at)
        return out

    def _rarest(self, words_: tuple[str, ...]) -> list[int]:
        """Items with that of some words which the fewest titles have."""
        rarest: list[int] | None = None
        for word in words_:
            found = self._by_word.get(word)
            if not found:
                return []
            if rarest is None or len(found) < len(rarest):
                rarest = found
        return rarest or []

    def opening(self, words_: tuple[str, ...]) -> list[int]:
        """Items whose title begins with these words, generic ones included: `PR-C` for `pr-c-restore-the-year`."""
        postings = self._rarest(words_)
        return [at for at in postings[:_MOST_SCANNED] if self._titles[at][: len(words_)] == words_]

    def in_container(self, key: tuple[str, object]) -> list[int]:
        """Items of the containers under `key`: (label, id), ("alias", id), ("title", words) or ("kind", label)."""
        return [item for at in self._containers.get(key, ()) for item in self._members[at]]

    def members(self, container: int) -> list[int]:
        """Items of one container, at any depth."""
        return self._members[container]

    def beside(self, item: int, kind: str) -> list[int]:
        """Items in the container of this kind that holds item number `item`, itself too; none without such a one."""
        held = [at for at in self.items[item].containers if self._kinds[at] == kind] if item >= 0 else []
        return self._members[held[0]] if held else []

    def between(self, first: str, last: str) -> list[int]:
        """Items from id `first` to id `last` of one series (`2`-`5`, `T3`-`T7`, `A`-`D`, `1.1`-`1.4`), both included.

        Ids of different series that exist give the items from one to the other in document order.
        """
        low, high = id_key(first), id_key(last)
        bottom, top = _NUMBERED.fullmatch(low), _NUMBERED.fullmatch(high)
        if bottom and top and (bottom[1] == top[1] or not top[1]):
            return self._slice(bottom[1], int(bottom[2]), int(top[2]))
        if len(low) == len(high) == 1 and low.isalpha() and high.isalpha():
            return self._slice(_A_LETTER, ord(low), ord(high))
        start, stop = self._by_id.get(low, []), self._by_id.get(high, [])
        return list(range(start[0], stop[0] + 1)) if start and stop else []

    def _slice(self, series: str, low: int, high: int) -> list[int]:
        numbers = self._series.get(series, [])
        return sorted(
            {at for _, at in numbers[bisect_left(numbers, (low, -1)) : bisect_right(numbers, (high, 1 << 62))]}
        )


def _contains(title: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(title[at : at + len(part)] == part for at in range(len(title) - len(part) + 1))


def _stem(word: str) -> str:
    """The first letters of a long word; Chinese and Japanese run on without blanks and are taken whole."""
    return word[:_STEM] if word.isascii() or ord(word[0]) < 0x2FFF else word


def _has_form(title: tuple[str, ...], word: str) -> bool:
    """Whether a title holds a word in any form."""
    return word in title or any(_same_word(word, own) for own in title)


def _same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one: equal, one the beginning of the other, or apart in an ending only."""
    if one == other:
        return True
    if min(len(one), len(other)) < _STEM:
        return False
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1)
    if same < 0:
        return True
    return same >= _STEM and one[same:] in _ENDINGS and other[same:] in _ENDINGS
