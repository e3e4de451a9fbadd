"""What a name is that fits nothing in the plan: an item that is missing, another plan's, or no reference at all.

A field of order names services, people and versions as often as items. Only what is written as items are, or stands
where only items stand, counts as a reference; the rest is left unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from orch_tui.plan.index import Index
from orch_tui.plan.later import later
from orch_tui.plan.names import ID, label, words
from orch_tui.plan.spelled import LABELLED, bare_name
from orch_tui.plan.trie import any_of

_FOREIGN = later(r"\w[.-]*/[\w.-]+#\d+")
"""An issue of another repository: `acme/gateway#77`."""
_OWNED = later(
    rf"(?:the )?(feature|spec|project|plan|roadmap|repo|milestone|epic|initiative)\s#?[\w.-]+['’]s\s+(?:\w+\s)?{ID}",
    re.IGNORECASE,
)
_OTHER_PLAN = later(r"#\d+|\bother (?:plan|repo|project)|\bexter(?:nal|n|no|ne)\b|外部", re.IGNORECASE)
_CODE = later(r"`|https?:|[<>=]=|\w/\w|\.\w{1,4}\b|\b\w+ v?\d+(?:\.\d+)*\+?$")
_NO_ITEM = any_of("""
    npm, pip, docker, team, library, libraries, package, packages, license, licence, account, accounts, access, service,
    services, server, servers, api key, api keys, credential, credentials, sdk, runtime, environment, approval,
    decision, decisions
""")
"""Words for what a plan waits for without its being an item: services, people."""
_GREATER = frozenset(
    ["phase", "slice", "milestone", "epic", "story", "ticket", "issue", "initiative", "sprint", "section"]
)
"""Generic words for units that stand for themselves; a step or a part belongs to something nearer."""
_LONGEST_NAME = 7
"""Words; what is longer is a sentence, not the name of an item."""
_LONGEST_AMONG = 4
_DECIMAL = re.compile(r"#?\d{1,9}(?:\.\d{1,9})*")
_CHAPTER = re.compile(r"#?(\d{1,4})\.\d{1,4}(?:\.\d{1,4})*")
_SHARED = 0.5
"""The share of a name's words that a line about things outside must have, to speak of the same thing."""


class Strangers:
    """Judges names against the ids and generic words of one plan; `outside` are its lines about things outside it."""

    def __init__(self, index: Index, outside: Sequence[str] = ()) -> None:
        self._index = index
        self._outside = [frozenset(words(line)) for line in outside]
        chapters = {found[1].lstrip("0") if (found := _CHAPTER.fullmatch(item.id)) else "" for item in index.items}
        self._chapter = next(iter(chapters)) if len(chapters) == 1 and len(index.items) > 1 else ""
        self._capital = all(item.title[:1].isupper() for item in index.items)

    def in_field(self, name: str, note: str, *, listed: bool, among: bool) -> Literal["unknown", "external", ""]:
        """What `name` is as an entry of a field, with the `note` in brackets behind it.

        `listed`: it stands in a list of references and nothing else. `among`: beside names that are items.
        """
        if _FOREIGN.search(name) or re.fullmatch(ID, note) or _OTHER_PLAN.search(f"{name} {note}"):
            return "external"
        bare = bare_name(name)
        labelled = LABELLED.match(bare)
        if self._of_another_chapter(labelled[2] if labelled else bare):
            return "external"
        if labelled:
            return self._labelled(label(labelled[1]), labelled[2])
        if self._has_shape(bare):
            return "external" if self._index.precedes(bare) else "unknown"
        size = len(words(name))
        if _NO_ITEM.search(name) or _CODE.search(name) or not size or size > _LONGEST_NAME:
            return ""
        if listed or (among and 1 < size <= _LONGEST_AMONG and not self._is_phrase(name)):
            return "external" if self._is_outside(name) else "unknown"
        return ""

    def possessed(self, name: str) -> bool:
        """Whether it is a part of something else that this plan has no item or container of: "feature 001's T005"."""
        found = _OWNED.match(name) if "'" in name or "’" in name else None
        return bool(found) and label(found[1]) not in self._index.labels | self._index.container_labels

    def in_sentence(self, name: str, *, among: bool) -> Literal["unknown", "external", ""]:
        """What `name` is within a sentence: an id of the plan's own shape, or plainly another repository's issue.

        `among`: it stands in a list of ids, where a proper name is meant as one more of them.
        """
        if _FOREIGN.search(name):
            return "external"
        bare = bare_name(name)
        if self._of_another_chapter(bare):
            return "external"
        if re.fullmatch(ID, bare):
            return self._of_series(bare)
        proper = among and name[:1].isupper() and 1 < len(words(name)) < _LONGEST_AMONG
        return "unknown" if proper and not _NO_ITEM.search(name) and not _CODE.search(name) else ""

    def _of_series(self, name: str) -> Literal["unknown", "external", ""]:
        """An id of the plan's own shape that it does not have; a number before its first is an earlier plan's."""
        if not self._index.has_series(name):
            return ""
        return "external" if self._index.precedes(name) else "unknown"

    def _labelled(self, kind: str, written: str) -> Literal["unknown", "external", ""]:
        """ "Task 9": missing where the plan has tasks; "Phase 9" where it has no phases is another plan's."""
        if kind in self._index.labels and self._index.precedes(written):
            return "external"
        if kind in self._index.labels | self._index.container_labels | self._index.foreign:
            return "unknown"
        return "external" if kind in _GREATER else ""

    def _of_another_chapter(self, written: str) -> bool:
        """Whether it counts in another chapter where this plan is all of one: 17.4, when all items are 18.1, 18.2 …"""
        found = _CHAPTER.fullmatch(written)
        return found is not None and self._chapter not in {"", found[1].lstrip("0")}

    def _is_phrase(self, name: str) -> bool:
        """Whether a name begins small where all titles begin with a capital: "sufficient data volume"."""
        return name[:1].islower() and self._capital

    def _has_shape(self, name: str) -> bool:
        """Whether a name is written as this plan's ids are: `T12`, `#42`, `4.3`, `H`."""
        if _DECIMAL.fullmatch(name):
            return self._index.counts("." in name)
        return bool(re.fullmatch(ID, name)) and self._index.has_series(name)

    def _is_outside(self, name: str) -> bool:
        telling = frozenset(words(name))
        return any(len(telling & line) > _SHARED * len(telling) for line in self._outside)
