"""What changed from one edition of a plan to the next, section by section, and which section is which.

Numbers are not names: who inserts a step renumbers the ones after it. So sections are the same when id and title agree,
else when the title does, else when the text does, and by the id alone only when the titles are alike. Taking another
section for a finished one would leave work undone without a word; taking the same one for new costs a second look.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from orch_tui.plan.edits import Note
from orch_tui.plan.either import Choice
from orch_tui.plan.model import Section

_TICK = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[[^\]]\]", re.MULTILINE)
_ALIKE = 0.5
"""Similarity of two titles (0..1) from which on the same id means the same section."""
_LONGEST_TITLE = 200
GONE = " (gone)"
"""What is added to an id in a mend when its section went away and another one took the id."""

ChangeKind = Literal["new", "gone", "changed"]
What = Literal["renumbered", "renamed", "reworded", "order", "run"]


class Known(Protocol):
    """What is known of a section to find it again."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text_sha(self) -> str: ...


class Planned(Known, Protocol):
    """A section as it will run."""

    @property
    def upstream(self) -> Sequence[str]: ...
    @property
    def choices(self) -> tuple[Choice, ...]: ...
    @property
    def planned(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def effort(self) -> str: ...
    @property
    def budget_usd(self) -> float | None: ...
    @property
    def workflow(self) -> str: ...
    @property
    def repository(self) -> str: ...
    @property
    def merge(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def notes(self) -> tuple[Note, ...]: ...
    @property
    def text(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A section that is not as it was. `id` is the new id (of a gone one the old), `old_id` the old ("" when new).

    `what` says in which ways; `waits_more` and `waits_less` are upstreams it gained and lost, by their new ids as far
    as they have one, `chooses_more` and `chooses_less` what it has the choice of now, and had; `run` are words about
    how it is carried out ("agent: claude -> script").
    """

    kind: ChangeKind
    id: str
    title: str
    old_id: str = ""
    old_title: str = ""
    what: tuple[What, ...] = ()
    waits_more: tuple[str, ...] = ()
    waits_less: tuple[str, ...] = ()
    chooses_more: tuple[Choice, ...] = ()
    chooses_less: tuple[Choice, ...] = ()
    run: tuple[str, ...] = ()


def text_sha(section: Section) -> str:
    """The hash of a section's words, see `words_sha`."""
    return words_sha(section.body)


def words_sha(text: str) -> str:
    """The hash of a text's words, "" without any: wrapping, indentation and ticked boxes do not change it."""
    words = " ".join(_TICK.sub(r"\1[ ]", text).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32] if words else ""


def match(old: Iterable[Known], new: Iterable[Known]) -> dict[str, str]:
    """Which section is which: old id -> new id, for those that are in both."""
    left, right = {one.id: one for one in old}, {one.id: one for one in new}
    found: dict[str, str] = {}
    _pair(left, right, found, lambda one: (one.id, one.title))
    _pair(left, right, found, lambda one: one.title.casefold())
    _pair(left, right, found, lambda one: one.text_sha)
    for name in [name for name in left if name in right and _alike(left[name].title, right[name].title)]:
        found[name] = name
    return found


def renaming(old: Iterable[Known], new: Iterable[Known]) -> dict[str, str]:
    """How the ids in mends have to change: old id -> new id where it is another one.

    An id whose section is gone while another section has it now gets `GONE` added, so that nothing is done to the
    wrong section.
    """
    before, after = list(old), {one.id for one in new}
    same = match(before, new)
    names = {name: to for name, to in same.items() if name != to}
    return names | {one.id: one.id + GONE for one in before if one.id not in same and one.id in after}


def difference(old: Mapping[str, Planned], new: Mapping[str, Planned]) -> tuple[Change, ...]:
    """Every section that is not as it was: those of the new text in its order, then those that are gone."""
    same = match(old.values(), new.values())
    came = {to: name for name, to in same.items()}
    changes = [
        Change(kind="new", id=section.id, title=section.title, waits_more=tuple(section.upstream))
        if section.id not in came
        else _changed(old[came[section.id]], section, same)
        for section in new.values()
    ]
    gone = [
        Change(kind="gone", id=section.id, title=section.title, old_id=section.id, old_title=section.title)
        for section in old.values()
        if section.id not in same
    ]
    return (*(change for change in changes if change.kind == "new" or change.what), *gone)


def _changed(old: Planned, new: Planned, same: Mapping[str, str]) -> Change:
    before = {same[name] for name in old.upstream if name in same}
    more = tuple(name for name in new.upstream if name not in before)
    less = tuple(
        same.get(name, name) for name in old.upstream if same.get(name) is None or same[name] not in new.upstream
    )
    chose = [
        tuple(tuple(same.get(name, name) for name in option) for option in choice)
        for choice in old.choices
        if all(choice)
    ]
    chooses = [choice for choice in new.choices if all(choice)]
    chooses_more = tuple(choice for choice in chooses if choice not in chose)
    chooses_less = tuple(choice for choice in chose if choice not in chooses)
    run = _run_words(old, new)
    said: tuple[tuple[What, bool], ...] = (
        ("renumbered", old.id != new.id),
        ("renamed", old.title != new.title),
        ("reworded", old.text_sha != new.text_sha),
        ("order", bool(more or less or chooses_more or chooses_less)),
        ("run", bool(run)),
    )
    return Change(
        kind="changed",
        id=new.id,
        title=new.title,
        old_id=old.id,
        old_title=old.title,
        what=tuple(name for name, holds in said if holds),
        waits_more=more,
        waits_less=less,
        chooses_more=chooses_more,
        chooses_less=chooses_less,
        run=run,
    )


def _run_words(old: Planned, new: Planned) -> tuple[str, ...]:
    pairs = (
        ("", old.planned or "to do", new.planned or "to do"),
        ("agent", old.agent, new.agent),
        ("model", old.model, new.model),
        ("effort", old.effort, new.effort),
        ("budget", old.budget_usd, new.budget_usd),
        ("workflow", old.workflow, new.workflow),
        ("repository", old.repository or "the project's own", new.repository or "the project's own"),
        ("merge strategy", old.merge, new.merge),
        ("priority", old.priority, new.priority),
        ("brief", _brief(old), _brief(new)),
    )
    words = [
        f"{name}{': ' if name else ''}{_said(before)} -> {_said(after)}"
        for name, before, after in pairs
        if before != after
    ]
    told = {note.text for note in old.notes}
    words += [f"note: {note.text}" for note in new.notes if note.text not in told]
    return tuple(words)


def _brief(section: Planned) -> str:
    """What it is made from; another one where an earlier version of the program read the plan."""
    return "lines of the file" if section.text is None else "text of its fields"


def _said(value: object) -> str:
    return "none" if value in {"", None} else f"{value:g}" if isinstance(value, float) else f"{value}"


_Key = TypeVar("_Key")


def _pair(left: dict[str, Known], right: dict[str, Known], found: dict[str, str], key: Callable[[Known], _Key]) -> None:
    """Match what is left by a key that only one on each side has; empty keys match nothing."""
    lefts, rights = Counter(map(key, left.values())), Counter(map(key, right.values()))
    by_key = {key(one): one.id for one in right.values()}
    for one in list(left.values()):
        value = key(one)
        if value and lefts[value] == 1 == rights[value]:
            found[one.id] = by_key[value]
            del left[one.id], right[by_key[value]]


def _alike(one: str, other: str) -> bool:
    pair = (one.casefold()[:_LONGEST_TITLE], other.casefold()[:_LONGEST_TITLE])
    return not all(pair) or difflib.SequenceMatcher(None, *pair, autojunk=False).ratio() >= _ALIKE
