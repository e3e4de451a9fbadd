"""What the words of a spec-kit plan refer to: tasks, ranges of tasks, phases, user stories, "all previous phases".

Phases and stories are found by number (`Phase 3`, `Fase 3–5`, `第2阶段`, `US1/US2`), by their names (`Foundational`,
`基盤`), by what the plan tags their tasks with (`[HU2]`), and all at once (`all user stories`, `全フェーズ`).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.plan import speckit_words as spoken
from orch_tui.plan.names import LABEL, id_key, label
from orch_tui.plan.reading import Container, WorkItem
from orch_tui.plan.spelled import bare_name
from orch_tui.plan.trie import alternatives, phrases_of
from orch_tui.plan.vocabulary import phrases

TASK = r"T\d{3,5}(?:[a-z]|\.\d(?!\d))?"
"""Regular expression for the id of a task."""
_START, _END = r"(?<![A-Za-z0-9_À-ɏ])", r"(?![A-Za-z0-9_À-ɏ])"
_DASH = r"\s*(?:[-–—−~〜～]|\.\.\.?|…|\b(?:to|through|thru|bis|hasta|al?|à|até)\b|から|부터|至|到)\s*"
_NUMBER = r"(?:\d{1,3}(?:\.\d{1,3})?[a-z]?|[A-Z])"
_SHORT = 3
"""Words of a text that is a name rather than a sentence."""
_NUMERALS = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", 1)}
_AND = r"\s*(?:[,、，/&+]|\b(?:and|und|y|e|et)\b|と|和|및)\s*(?:and )?"


def _any(words: Sequence[str]) -> str:
    """A pattern for words; Latin ones end where the word ends."""
    latin = [word for word in words if ord(word[0]) < 0x2FFF]
    glued = [word for word in words if ord(word[0]) >= 0x2FFF]
    parts = [rf"{_START}(?:{alternatives(latin)}){_END}"] if latin else []
    return "(?:" + "|".join([*parts, *([alternatives(glued)] if glued else [])]) + ")"


_EVERY, _EARLIER = _any(phrases("everything")), _any(phrases("before"))
_ROLES = [phrases_of(role) for role in spoken.ROLES]
_LATER, _OTHER = _any(phrases_of(spoken.LATER)), _any(phrases("others"))
_LINK = r"(?:\s+(?:of|the|de|las|los|les|des|der|die|das|den)\b){0,4}+[\sの的]*+"
_ALL = rf"(?:(?:{_EVERY}|{_OTHER}|{_EARLIER}|{_LATER}){_LINK})"
_STORY = re.compile(rf"{_START}(?:{spoken.STORY})\s?[-#]?\s?(?P<number>\d{{1,3}}){_END}", re.IGNORECASE)
_POSSESSED = re.compile(r"['’]s?\s+(?!(?:code|work|tasks|implementations?)\b)\w", re.IGNORECASE)
_REFERENCE = (
    rf"{_START}(?P<task>{TASK})(?:{_DASH}(?P<last>T?\d{{3,4}}[a-z]?)(?![\d-]))?{_END}"
    rf"|{_START}(?:{spoken.STORY})\s?[-#]?\s?(?P<story>\d{{1,3}})"
    rf"(?:{_DASH}(?:(?:{spoken.STORY})\s?)?(?P<last_story>\d{{1,3}}){_END})?(?P<more_stories>(?:{_AND}\d{{1,3}}(?![\d.]))*){_END}"
    rf"|{_START}(?P<kind>{LABEL})\s?[-#]?\s?(?P<phase>(?-i:{_NUMBER})){_END}"
    rf"(?:{_DASH}(?:{LABEL}\s?)?(?P<last_phase>(?-i:{_NUMBER})){_END}|(?P<plus>\+))?"
    rf"(?P<more_phases>(?:{_AND}\d{{1,3}}(?:\.\d)?(?![\d.])(?:{_DASH}\d{{1,3}})?)*)"
    r"|(?:第\s?)?(?P<nth>\d{1,2}|[一二三四五六七八九十])(?:\s?[-–~〜]\s?(?P<last_nth>\d{1,2}))?\s?"
    r"(?:阶段|階段|段階|フェーズ|단계)"
    rf"|(?P<this>{spoken.THIS_PHASE})"
    rf"|(?P<stories>(?:{_ALL}|{_START}(?:{spoken.CHOSEN}|\d){_LINK}|{spoken.ALL_CHOSEN}){{0,8}}"
    rf"(?:{_START}|(?<![가-힣])전\s?)(?:{spoken.STORIES}|(?-i:US)(?=[^\w\s]|$|[^\x00-\x7f])"
    rf"|(?<=\bany )story|(?<=\beach )story|(?<=\bevery )story"
    rf"|(?:(?<=[\u3040-\u9fff])|(?<=[\u3040-\u9fff] ))(?:user )?story){_END})(?!\s*\d)"
    rf"|(?P<rest>{_ALL}{{1,8}}(?P<rest_kind>{LABEL}|work\b)|{_EVERY}{_LINK}(?:{_EARLIER})(?:\s*{LABEL}{_END})?)"
)
_TITLE_ENDS = re.compile(r"\s+[-–—−(&:+/]|[(（:：、・]")


@dataclass(slots=True, kw_only=True)
class Meant:
    """What words refer to: item numbers, container numbers, and "previous", "later" or "all" of what is not named.

    `by_id` says that task ids stand in the words, also where they only explain a phase.
    """

    items: list[int] = field(default_factory=list[int])
    containers: list[int] = field(default_factory=list[int])
    rest: Literal["", "previous", "later", "all"] = ""
    by_id: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.containers or self.rest)

    def add(self, other: Meant) -> None:
        """Takes over what another reference means."""
        self.items += [at for at in other.items if at not in self.items]
        self.containers += [at for at in other.containers if at not in self.containers]
        self.rest = other.rest or self.rest
        self.by_id = self.by_id or other.by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One reference in a text: where it stands, in how many brackets, and what it means; `named`: only by a name."""

    start: int
    end: int
    depth: int
    meant: Meant
    named: bool


@dataclass(slots=True)
class _Copy:
    """The look-up tables of one task list; a document that holds several of them numbers its phases anew in each."""

    place: dict[str, int] = field(default_factory=dict[str, int])
    numbers: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    phases: list[int] = field(default_factory=list[int])
    stories: list[int] = field(default_factory=list[int])
    by_name: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    by_word: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    kinds: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])


class Names:
    """Finds references in text; those that fit several task lists of one document mean the list before line `here`."""

    def __init__(self, items: Sequence[WorkItem], containers: Sequence[Container]) -> None:
        self._items, self._containers = items, containers
        self.members: list[list[int]] = [[] for _ in containers]
        for at, item in enumerate(items):
            for container in item.containers:
                self.members[container].append(at)
        levels = set(_phase_level(items, containers))
        copy_of = self._copies(levels)
        self._copy_of = [copy for _, copy in copy_of]
        self._starts = [line for line, _ in copy_of]
        self._all = [_Copy() for _ in range(max(self._copy_of, default=0) + 1)]
        self._here = self._all[0]
        self._fill(levels)
        self._defined: dict[str, list[int]] = {}
        named = sorted({name for one in self._all for name in one.by_name if len(name) > 1 and not name.isdecimal()})
        self._pattern = re.compile(rf"{_REFERENCE}|(?P<name>{_any(named)})" if named else _REFERENCE, re.IGNORECASE)

    def _copies(self, levels: set[int]) -> list[tuple[int, int]]:
        """(line, number of the task list) of each container; a new list begins where a phase has a number again."""
        seen: set[tuple[str, str]] = set()
        copy = 0
        out: list[tuple[int, int]] = []
        for at, container in enumerate(self._containers):
            key = (container.label, id_key(container.id))
            if container.id and container.label and at in levels:
                if key in seen:
                    copy += 1
                    seen.clear()
                seen.add(key)
            out.append((container.line, copy))
        return out

    def _fill(self, levels: set[int]) -> None:
        for at, container in enumerate(self._containers):
            if not self.members[at]:
                continue
            copy = self._all[self._copy_of[at]]
            if at in levels:
                copy.phases.append(at)
                for word in set(re.findall(r"[^\W\d_]{4,30}", container.title.casefold())):
                    copy.by_word.setdefault(word, []).append(at)
            if story_of(container):
                copy.stories.append(at)
            if container.label and container.id:
                copy.kinds.setdefault(container.label, {}).setdefault(id_key(container.id), at)
            for name in (container.title, *container.aliases):
                copy.by_name.setdefault(name.casefold(), []).append(at)
        for copy in self._all:
            copy.stories = self._outermost(copy.stories)
            copy.by_name = {name: self._outermost(found) for name, found in copy.by_name.items()}
        for at, item in enumerate(self._items):
            copy = self._all[self._copy_of[item.containers[0]] if item.containers else 0]
            copy.place.setdefault(id_key(item.id), at)
            copy.numbers.append((int(re.sub(r"\D", "", item.id) or 0), at))
        for copy in self._all:
            copy.numbers.sort()

    def here(self, line: int) -> None:
        """Says where the words stand that are looked up next."""
        at = bisect_right(self._starts, line) - 1
        self._here = self._all[self._copy_of[at] if at >= 0 else 0]

    def define(self, word: str, items: list[int]) -> None:
        """Takes note of what the plan itself means by a word: "implementation (T013-T037)"."""
        self._defined[word.casefold()] = items

    @property
    def phases(self) -> list[int]:
        """The phases of the task list that is meant, in order."""
        return self._here.phases

    def _outermost(self, found: Sequence[int]) -> list[int]:
        """Without those that stand within another one: "Tests for User Story 1"."""
        one_of = set(found)
        return [at for at in found if one_of.isdisjoint(self._above(at))]

    def _above(self, at: int) -> Iterator[int]:
        while (at := self._containers[at].parent) >= 0:
            yield at

    def meant(self, text: str, *, subject: bool = False, this: int = -1) -> Meant:
        """What is referred to in `text`; brackets explain the name before them.

        Tasks in such brackets are what is meant of a phase; but where the phase is the `subject`, all of it is, when
        it is named by its number or when the tasks are all it has. `this` is the container of "this phase".
        """
        tokens = list(self.tokens(text, this=this))
        out = Meant()
        at = 0
        while at < len(tokens):
            token = tokens[at]
            inside = at + 1
            while inside < len(tokens) and tokens[inside].depth > token.depth:
                inside += 1
            explained = tokens[at + 1 : inside]
            if explained and not re.fullmatch(r"[\s`\"'」』]*[(（\[][^()（）]*", text[token.end : explained[0].start]):
                explained, inside = [], at + 1
            out.add(self._explained(token, explained, subject=subject))
            at = inside
        if not out and (defined := self._by_definition(text)):
            out.items, out.by_id = defined, True
        elif not out:
            out.containers += self._loosely(bare_name(re.sub(r"[(（].*", "", text)).casefold())
        if subject and out.items and out.containers:
            out.containers.clear()
        return out

    def _by_definition(self, text: str) -> list[int]:
        """The tasks of a short text that holds one word that the plan defines."""
        words = re.findall(r"[^\W\d_][\w-]*", text.casefold()) if self._defined else []
        found = [word for word in words if word in self._defined]
        return list(self._defined[found[0]]) if len(found) == 1 and len(words) <= _SHORT + 1 else []

    def _loosely(self, name: str) -> list[int]:
        """Words that are the name of a phase, or a short text with a word that only one phase has in its title."""
        if (exact := self._here.by_name.get(name)) or len(name.split()) > _SHORT:
            return list(exact or ())
        for word in re.findall(r"[^\W\d_]{4,30}", name):
            found = self._here.by_word.get(word, [])
            if len(found) == 1:
                return list(found)
        return []

    def _explained(self, token: Token, brackets: Sequence[Token], *, subject: bool) -> Meant:
        tasks = sorted({item for one in brackets for item in one.meant.items if one.meant.by_id})
        if not tasks or token.meant.items:
            return token.meant
        out = Meant(containers=token.meant.containers, rest=token.meant.rest, by_id=True)
        held = {item for at in token.meant.containers for item in self.members[at]}
        whole = held <= set(tasks) or (subject and not token.named)
        if not whole and held & set(tasks):
            out.items, out.containers, out.rest = tasks, [], ""
        return out

    def tokens(self, text: str, *, this: int = -1) -> Iterator[Token]:
        """Every reference in order."""
        depth, counted = 0, 0
        for found in self._pattern.finditer(text):
            while counted < found.start():
                depth += (text[counted] in "(（[") - (text[counted] in ")）]")
                counted += 1
            meant = self._of(found, text, this)
            if meant:
                named = found["name"] is not None if "name" in found.re.groupindex else False
                yield Token(start=found.start(), end=found.end(), depth=max(0, depth), meant=meant, named=named)

    def _of(self, found: re.Match[str], text: str, this: int) -> Meant:
        if found["task"]:
            return self._tasks(found)
        if found["story"]:
            return Meant(
                containers=[at for number in _numbers(found) for at in self._here.by_name.get(f"us{number}", [])]
            )
        if found["phase"]:
            return Meant(containers=self._numbered(found))
        if found["nth"]:
            first = _NUMERALS.get(found["nth"], found["nth"])
            return Meant(containers=self._span("phase", first, found["last_nth"] or first))
        if found["this"]:
            return Meant(containers=[this] if this >= 0 else [])
        if found["stories"]:
            return Meant(containers=[] if _POSSESSED.match(text, found.end()) else list(self._here.stories))
        if found["rest"]:
            return self._rest(found)
        return self._name(found, text)

    def _tasks(self, found: re.Match[str]) -> Meant:
        if not found["last"]:
            one = self._here.place.get(id_key(found["task"]), -1)
            return Meant(items=[one] if one >= 0 else [], by_id=True)
        low, high = (int(re.sub(r"\D", "", one)) for one in (found["task"], found["last"]))
        numbers = self._here.numbers
        inside = numbers[bisect_left(numbers, (low, -1)) : bisect_right(numbers, (high, len(self._items)))]
        return Meant(items=sorted(at for _, at in inside), by_id=True)

    def _numbered(self, found: re.Match[str]) -> list[int]:
        kind = label(found["kind"])
        if found["plus"]:
            return self._span(kind, found["phase"], "")
        out = self._span(kind, found["phase"], found["last_phase"] or found["phase"])
        for more in re.findall(r"(\d[\d.]*)(?:\D{1,4}?(\d+))?", re.sub(_AND, ";", found["more_phases"] or "")):
            out += self._span(kind, more[0], more[1] or more[0])
        return out

    def _span(self, kind: str, first: str, last: str) -> list[int]:
        """Containers of a kind from one number to another, in the order in which they stand."""
        kinds = self._here.kinds.get(kind, {})
        low, high = kinds.get(id_key(first), -1), kinds.get(id_key(last), -1)
        if first == last:
            parts = [at for letter in "abcdefgh" if (at := kinds.get(id_key(first + letter), -1)) >= 0]
            return [low] if low >= 0 else parts
        if low < 0 or (last and high < 0):
            return self._between(kinds, first, last)
        return [at for at in kinds.values() if low <= at <= (high if last else at)]

    def _between(self, kinds: dict[str, int], first: str, last: str) -> list[int]:
        """By value, where the plan has no phase of the first or last number: `2a–2g`, `3-10` of eight phases."""
        start, stop = (_value(one) if one else math.inf for one in (first, last))
        return [at for key, at in kinds.items() if start <= _value(key) <= stop]

    def _rest(self, found: re.Match[str]) -> Meant:
        kind = label(found["rest_kind"] or "")
        words = found["rest"]
        if kind and kind not in {"phase", "task", "stage", "step", "item"}:
            return Meant(containers=[at for at in self.phases if self._containers[at].label == kind])
        previous = re.search(_EARLIER, words, re.IGNORECASE)
        later = re.search(_LATER, words, re.IGNORECASE)
        return Meant(rest="previous" if previous else "later" if later else "all")

    def _name(self, found: re.Match[str], text: str) -> Meant:
        """A name counts with a capital letter, in another script, or before "phase"."""
        words = found["name"]
        followed = re.match(rf"\s*{LABEL}{_END}", text[found.end() :], re.IGNORECASE)
        if words[0].islower() and words[0].isascii() and not followed:
            return Meant()
        return Meant(containers=list(self._here.by_name.get(words.casefold(), [])))


def _value(number: str) -> float:
    """`2.1` and `2b` as values that sort; what is no number comes last."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]?)", number.casefold())
    return (
        float(found[1]) + (ord(found[2]) - 96) / 100 * bool(found[2])
        if found and found[2]
        else float(found[1] if found else "inf")
    )


def _numbers(found: re.Match[str]) -> list[int]:
    """The numbers of "user stories 1, 2 and 4", "US1-US3"."""
    first = int(found["story"])
    last = min(int(found["last_story"] or first), first + 50)
    return [*range(first, last + 1), *map(int, re.findall(r"\d+", found["more_stories"] or ""))]


def story_of(container: Container) -> str:
    """The number of the user story that a container is about, or ""."""
    return next((alias[2:] for alias in container.aliases if alias.startswith("US") and alias[2:].isdigit()), "")


def aliases(container: Container, tags: frozenset[str]) -> tuple[str, ...]:
    """The names a plan may use for a phase: "User Story 1", "US1", "Setup"; `tags` are those of all its tasks."""
    heading = f"{container.label} {container.id} {container.title}"
    out: list[str] = []
    if story := _STORY.search(heading):
        out += [f"User Story {story['number']}", f"US{story['number']}"]
    elif len(tags) == 1:
        out += tags
    if not story:
        short = _TITLE_ENDS.split(container.title)[0].strip()
        out += [short, *(f"{short} phase" for _ in short[:1])] if short else []
        for names in _ROLES:
            if short.casefold().removesuffix(" phase") in names or short.casefold().split(" ")[0] in names:
                out += [name.capitalize() for name in names]
    return tuple(alias for alias in dict.fromkeys(out) if alias and alias != container.title)


def _phase_level(items: Sequence[WorkItem], containers: Sequence[Container]) -> list[int]:
    """The containers that are phases, in order; each task is in one of them at most."""
    return sorted({at for item in items if (at := phase_of(item, items, containers)) >= 0})


def phase_of(item: WorkItem, items: Sequence[WorkItem], containers: Sequence[Container]) -> int:
    """The container within which the order of tasks counts: what is called a phase, else the outermost one.

    A heading above all tasks ("Task list") is none.
    """
    for at in item.containers:
        if containers[at].label in {"phase", "stage", "milestone", "sprint", "wave"}:
            return at
    first, last = items[0].containers, items[-1].containers
    inside = [at for at in item.containers if not (at in first and at in last)]
    return inside[-1] if inside else -1
