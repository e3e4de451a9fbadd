"""What one name means: an id, a range of ids, "Phase 2", "all previous", a title or a part of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from orch_tui.plan.counting import few
from orch_tui.plan.evidence import Way
from orch_tui.plan.filler import EMPTY
from orch_tui.plan.index import Index
from orch_tui.plan.later import later
from orch_tui.plan.names import BEFORE, GAP, GENERIC, LABEL, core, id_key, label, words
from orch_tui.plan.spelled import (
    Spelling,
    ends_of_range,
    leading,
    leading_letter,
    names_in,
    spelling,
    spoken_words,
    telling_words,
    uncoded,
)
from orch_tui.plan.trie import alternatives, told_by
from orch_tui.plan.value import value
from orch_tui.plan.vocabulary import phrases

_PART = later(r"#?(\S*\d)[a-z]")
"""The id of a part: 2.1 and a letter."""
_EVERY = f"(?:{alternatives(phrases('everything'))})"
_EARLIER = f"(?:{alternatives(phrases('before'))})"
_ALL_BEFORE = later(
    rf"{_EVERY}(?![a-zà-ÿ]).{{0,40}}?(?<![a-zà-ÿ]){_EARLIER}(?![a-zà-ÿ])"
    rf"|(?:the )?(?:previous|prior|preceding|earlier) (?:{LABEL}|work|ones)\b(?<=s)|{_EARLIER}.{{0,8}}{_EVERY}"
    r"|(?:前面|上面|之前)的?(?:所有|全部)?(?:步骤|任务|阶段|工作)",
    re.IGNORECASE,
)
_ALL_AFTER = later(
    rf"{_EVERY}(?: of)?(?: the)? (?:below|(?:later|following|subsequent|downstream)"
    rf" (?:implementation )?(?:{LABEL}|work|ones))"
    rf"|(?:the )?(?:later|following|subsequent) (?:{LABEL})(?<=s)",
    re.IGNORECASE,
)
_OTHERS = alternatives(phrases("others"))
_OTHERS_GLUED = alternatives(phrase for phrase in phrases("others") if phrase[0] >= "\u3000")
_ALL = later(
    rf"{_EVERY}(?: of| the| of the| lo| le| los| las| les| die| as| os|の)?\s*(?:(?:{_OTHERS})\s*)?(?:的)?\s*"
    rf"(?:{LABEL}|work|of them|things?|code|implementation)?"
    r"(?: (?:in|of) (?:this|the) (?:document|plan|list|file))?"
    rf"|(?:the|die|den|der|los|las|les) (?:{_OTHERS})(?: (?:{LABEL})(?<=[ns])| ones| of the \w+)?"
    rf"|(?:{_OTHERS_GLUED})的?(?:所有|全部|すべての|全ての)?的?(?:{LABEL}|工作|作業)",
    re.IGNORECASE,
)
_ALL_OF_KIND = later(
    rf"{_EVERY}(?: of)?(?: the)?(?: (?:{_OTHERS}|desired|user|implementation)){{0,3}}\s*({LABEL})"
    r"(?: (?:work|being|complete|completed|completion|done|finished)){0,2}",
    re.IGNORECASE,
)
_ALL_OF = later(rf"{_EVERY}(?: of)?(?: the)?(?![a-zà-ÿ])\s*(?P<what>\S.*)", re.IGNORECASE)
_NO_WORK = later(
    r"\b(?:tests?|checks?|jobs?|suites?|ci|stakeholders?|reviewers?|users?|teams?|people|approvals?|sign[- ]?offs?"
    r"|(?:env|environment) ?\w*|variables?|secrets?|credentials?|keys?|permissions?|accounts?|access|packages?"
    r"|librar(?:y|ies)|tools?|data|docs?|apis?|prüfungen|beteiligten|pruebas|vérifications)\b",
    re.IGNORECASE,
)
"""What a plan has none of to do: "all tests are green", "all environment variables set"."""
_NUMBERED_SO = later(
    rf"(?:{_EVERY} (?:the )?)?(?:{LABEL}{GAP})?#?(?P<first>[a-z]{{0,6}}\d{{1,6}}(?:\.\d{{1,4}}){{0,3}})"
    rf"\.(?:[xn]|\*|\\\*)(?: {LABEL})?",
    re.IGNORECASE,
)
"""All whose numbers begin so: "3.x", "all 2.* tasks"."""
_SO = (".x", ".X", ".n", ".N", ".*", ".\\*")
_OF_A_GROUP = later(
    rf"(?:{_EVERY}(?: of)?(?: the)? )?(?P<first>[a-z]{{1,6}}\d{{1,4}})(?:[- ](?:\*|x))?"
    r"(?: (?:main|core|whole|flow|path|scope|work|(?:item|task|ticket|step|issue|feature|storie|phase)s?|story)){0,3}"
    r"(?: (?:is|are|all|fully|done|complete[ds]?|completion|finished|merged|landed|shipped|green|stable|works)){0,3}",
    re.IGNORECASE,
)
"""All whose ids open so: "P0 main flow done", "all P0 items"."""
_OF_TWO = later(r"(?:either|both|beiden?|ambos|ambas|les deux)\s+(?:of\s+)?(?:the\s+)?(?=[^\W\d_]{3})", re.IGNORECASE)
_ITS = later(r"(?:all others (?:of|in) )?(?:its|the same|that)\s+(\w+)", re.IGNORECASE)
"""The group that holds who speaks."""
_ONE_BEFORE = later(
    rf"(?:the |der |die |das )?(?:previous|preceding|prior|vorherige[nrs]?|vorige[nrs]?|last|上一个?|前の)\s*"
    rf"(?:{LABEL}|one)?|(?:the )?above|上記|上述",
    re.IGNORECASE,
)
_SAME = told_by("same wie", r"(?:the )?same\b.{0,40}?\bas\b\s+(?P<what>\S.*)|wie bei (?P<wie>\S.*)")
_GROUPS_LISTED = """
    wave tier sprint batch track workstream stream group level layer iteration lane week day plan pr agent session
"""
_GROUPS = frozenset(_GROUPS_LISTED.split())
"""Generic words for what holds items, or for other things too; a plain number after one names no item without it."""
_SHORTEST_TELLING = 5
"""Letters of a single word that may stand for a title by itself."""
_NUMBERED = later(r"#?(?P<id>\d{1,6}(?:\.\d{1,6})*[a-z]?)[.):]?\s+(?P<title>\S.*)")
_DEFINITE = later(r"(?:the|der|die|das|dem|den|el|la|los|las|le|les) (?=\w{5})|l['’](?=\w{5})", re.IGNORECASE)
"""With it a single word may be the title of a container: "after the survey"."""
_MOST_TOLD = 3
_LONGEST_NAME = 200
"""Characters of a name; what is longer is no "all of" something."""


class Found(NamedTuple):
    """Items that a name means and how it was matched; `vague` ones yield to anything more definite."""

    items: list[int]
    way: Way
    ambiguous: bool = False
    vague: bool = False


@value
class Context:
    """Who waits, and in whose text it is said (item numbers, or -1); and before which item "all previous" ends."""

    subject: int
    before: int
    speaker: int


class Lookup:
    """Finds what single names mean in an index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def name(self, text: str, context: Context, *, sure: bool = False) -> Found | None:
        """The whole of `text` as one name; `sure` leaves out single words that are not a whole title."""
        if written := self.written(text):
            return written
        of_kind = _NUMBERED_SO.fullmatch(text.strip(" `*.")) if any(end in text for end in _SO) else None
        if of_kind and (held := self._index.below(of_kind["first"])):
            return Found(held, "range")
        if listed := self._few(text, context):
            return listed
        said = spelling(text)
        if (of_two := _OF_TWO.match(text)) and (two := self._two(text[of_two.end() :], context)):
            return two
        group = _OF_A_GROUP.fullmatch(text.strip(" `*.")) if self._index.opened else None
        if group and (held := self._index.opened.get(group["first"].casefold())):
            return Found(held, "range")
        if not said.bare or (sure and said.recurring):
            return None
        if said.pronoun:
            return Found([context.speaker], "all") if context.speaker >= 0 else None
        if said.lone_id and (found := self._by_id(said.bare, context)):
            return found
        found = self._everything(said.name, context) if said.maybe_all else None
        found = found or (self._range(said.name, said.range) if said.range else None)
        found = found or (self._by_label(*said.labelled, context, sure=sure) if said.labelled else None)
        if found:
            return found
        if said.id:
            if found := self._by_id(said.id, context):
                return found
            if items := self._index.in_container(("alias", id_key(said.id))):
                return Found(items, "container")
            if items := self._index.by_alias(said.id):
                return Found(items, "id")
        elif (len(said.name) < 60 and " " not in said.name) and (found := self._by_id(said.name, context)):
            return found
        named = self._numbered(text) or self._title_told(text)
        named = named or self._titled(said, context, sure=sure, definite=bool(_DEFINITE.match(text)))
        return named or (self._all_of(said.name, context, sure=sure) if said.maybe_all else None)

    def _title_told(self, text: str) -> Found | None:
        """A whole title with a few words of what became of it: "the trial at the gate is through"."""
        spoken = core(words(text)) if len(text) <= _LONGEST_NAME else ()
        for size in range(len(spoken), max(1, len(spoken) - _MOST_TOLD - 1), -1):
            title = core(spoken[:size])
            if size < len(spoken) and spoken[size] not in EMPTY:
                return None
            if len(title) > 1 and len(items := self._index.by_title(title)) == 1:
                return Found(items, "title")
        return None

    def written(self, text: str) -> Found | None:
        """The one item whose id is spelled exactly like the whole of `text`, be it a word that says nothing else."""
        items = self._index.by_writing(text.strip("`\"'# "))
        return Found(items, "id") if len(items) == 1 else None

    def _few(self, text: str, context: Context) -> Found | None:
        """ "The first three steps", "the two before it"."""
        first, many = few(text)
        if not first < many < len(self._index.items) or (not first and context.before < many):
            return None
        begin = 0 if first else context.before - many
        return Found(list(range(begin, begin + many)), "all")

    def numbered_groups(self, numbers: Sequence[str]) -> list[Found]:
        """The containers of one kind with these numbers; empty where no kind has all of them, or several have."""
        found = [
            [self._index.in_container((kind, id_key(number))) for number in numbers]
            for kind in self._index.container_labels
        ]
        whole = [groups for groups in found if all(groups)]
        return [Found(items, "container") for items in whole[0]] if len(whole) == 1 else []

    def _two(self, text: str, context: Context) -> Found | None:
        """The two items whose titles hold the words behind "either"."""
        spoken = words(text.rstrip(" `*."))
        found = (
            self._index.by_part(spoken) or self._index.by_part((*spoken[:-1], spoken[-1].rstrip("s"))) if spoken else []
        )
        found = [item for item in found if item != context.subject]
        return Found(found, "part") if len(found) == 2 else None

    def _numbered(self, text: str) -> Found | None:
        """The item that a number and its title name together: "2.2 Trade post", "4. Doctor"; "3.11 Python" is none."""
        text = text.strip("*_` ")
        found = _NUMBERED.fullmatch(text) if text.lstrip("#")[:1].isdigit() and len(text) <= _LONGEST_NAME else None
        if not found:
            return None
        spoken = words(found["title"])
        items = [item for item in self._index.by_id(found["id"]) if spoken == self._index.title(item)[: len(spoken)]]
        return Found(items, "id") if spoken and len(items) == 1 else None

    def mention(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """References within a longer text: `the freeze from Step 1`, `once the Answer Engine is there`."""
        text = uncoded(text)
        return (
            self.ids_in(text, context, sure=sure)
            or self._within(text, context, sure=sure)
            or self._resembling(text, context, sure=sure)
        )

    def ids_in(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """Everything in a text that is named by its id, alone or in a range."""
        items: list[int] = []
        names = names_in(text)
        for ranged in names.ranges:
            if (ends := ends_of_range(ranged)) and (hit := self._range(ranged, ends)):
                items += hit.items
        for kind, written in names.labelled:
            if hit := self._by_label(kind, written, context, sure=sure):
                items += hit.items
        for token, exact in names.tokens:
            items += (self._index.by_writing(token) if exact else self._index.by_id(token))[:1]
        return Found(list(dict.fromkeys(items)), "id") if items else None

    def leading_id(self, text: str, context: Context) -> Found | None:
        """The item whose id a text begins with: "E10.2 offline init", "Task 3 in staging"."""
        led = leading(text)
        if led and led.kind is not None:
            return self._by_label(led.kind, led.id, context, sure=True)
        return self._by_id(led.id, context) if led else None

    def leading_letter(self, text: str, context: Context) -> Found | None:
        """The item whose one-letter id begins a clause about it: "A has landed on main", "B must be complete"."""
        letter = leading_letter(text)
        return self._by_id(letter, context) if letter else None

    def same_as(self, text: str, context: Context) -> Found | None:
        """Whose dependencies are meant by "the same schema as the migration job"."""
        found = _SAME.match(text.strip())
        what = (found["what"] or found["wie"]) if found else ""
        return (self.name(what, context) or self.mention(what, context, sure=True)) if what else None

    def _within(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """The longest run of words that is a title or (when it need not be sure) a part of one."""
        spoken = spoken_words(text)
        for size in range(len(spoken) - 1, 1, -1):
            for first in range(len(spoken) - size + 1):
                part = spoken[first : first + size]
                hit = self._index.by_title(part) or ([] if sure else self._index.by_part(core(part)))
                hit = [item for item in hit if item != context.subject]
                if len(hit) == 1:
                    return Found(hit, "part")
        return None

    def _resembling(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """The title that shares the telling words of `text`; a single word counts only when it is long and alone."""
        telling = telling_words(text)
        items, shared = self._index.resembling(telling)
        items = [item for item in items if item != context.subject]
        if not items or not shared:
            return None
        share = shared / max(1, len(set(telling)))
        if shared == 1:
            alone = len(telling) == 1 and len(telling[0]) >= _SHORTEST_TELLING and len(items) == 1
            return Found(items, "part") if alone else None
        covered = shared / max(1, sum(word not in EMPTY for word in self._index.title(items[0])))
        enough = (share >= 0.5 and covered >= 0.5) if sure else (share >= 0.6 or covered >= 0.6)
        if not enough or (sure and len(items) > 1):
            return None
        return Found(items, "part", ambiguous=len(items) > 1)

    def _everything(self, text: str, context: Context) -> Found | None:
        if _ALL_BEFORE.match(text):
            return Found(list(range(max(0, context.before))), "all")
        if context.subject >= 0 and _ALL_AFTER.fullmatch(text):
            return Found(list(range(context.subject + 1, len(self._index.items))), "all")
        if (own := _ITS.fullmatch(text)) and (
            held := self._index.beside(max(context.subject, context.before), label(own[1]))
        ):
            return Found(held, "container")
        if (kind := _ALL_OF_KIND.fullmatch(text)) and (held := self._of_kind(label(kind[1]))):
            return Found(held, "container")
        if _ALL.fullmatch(text):
            return Found(list(range(len(self._index.items))), "all")
        if context.subject > 0 and _ONE_BEFORE.fullmatch(text):
            return Found([context.subject - 1], "all")
        return None

    def _of_kind(self, kind: str) -> list[int]:
        """Items of all containers of one kind, when items are not called so themselves."""
        return [] if kind in self._index.labels else self._index.in_container(("kind", kind))

    def _all_of(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """ "all of Phase 1"; and "all implementations", which means what came before for want of anything better."""
        found = _ALL_OF.fullmatch(text) if len(text) <= _LONGEST_NAME else None
        if not found:
            return None
        meant = self.name(found["what"], context, sure=True)
        if meant or sure or len(words(found["what"])) > 4 or _NO_WORK.search(found["what"]):
            return meant
        return Found(list(range(max(0, context.before))), "all", vague=True)

    def _range(self, text: str, ends: tuple[str, str, str]) -> Found | None:
        """Items from one id to another; `text` is how the range is written, which may be an id itself."""
        if self._index.by_id(text):
            return None
        kind, first, last = ends
        if kind in self._index.container_labels and kind not in self._index.labels:
            return self._container_range(kind, first, last)
        items = self._index.between(first, last) or self._between_aliases(first, last)
        return Found(items, "range") if items else None

    def _between_aliases(self, first: str, last: str) -> list[int]:
        """`M1–M4` where the milestones are called 1 to 4."""
        low, high = self._index.by_alias(first), self._index.by_alias(last)
        return list(range(low[0], high[0] + 1)) if len(low) == len(high) == 1 else []

    def _container_range(self, kind: str, first: str, last: str) -> Found | None:
        if not (first.isdecimal() and last.isdecimal()) or len(first + last) > 8:
            return None
        numbers = range(int(first), min(int(last), int(first) + 999) + 1)
        items = [item for number in numbers for item in self._index.in_container((kind, str(number)))]
        return Found(items, "container") if items else None

    def _by_label(self, kind: str, written: str, context: Context, *, sure: bool) -> Found | None:
        """`Section B`, `Phase 2`, `wave-1 items`: the generic word decides between an item and a container."""
        index = self._index
        called = kind in index.labels and index.by_id(written)
        if not called and (held := index.in_container((kind, id_key(written)))):
            return Found(held, "container")
        foreign = kind not in index.labels and (
            kind in index.container_labels or kind in index.foreign or (sure and bool(index.labels)) or kind in _GROUPS
        )
        return None if foreign else self._by_id(written, context)

    def _by_id(self, written: str, context: Context) -> Found | None:
        """Items with the id; of several those in the subject's own container, else the first."""
        items = self._index.by_id(written) or self._part_of(written)
        if len(items) <= 1:
            return Found(items, "id") if items else None
        near = [item for item in items if self._together(item, context.subject) and item != context.subject]
        return Found(near, "id", ambiguous=len(near) > 1) if near else Found(items[:1], "id")

    def _part_of(self, written: str) -> list[int]:
        """The item that tells a part under its own heading: 2.1, in which "#### Task 2.1b" stands."""
        part = _PART.fullmatch(written) if written[-1:].islower() else None
        told = re.compile(rf"^#+\s.*?{BEFORE}{re.escape(written)}(?![\w.])", re.MULTILINE) if part else None
        return (
            [at for at in self._index.by_id(part[1]) if told.search(self._index.items[at].body)]
            if part and told
            else []
        )

    def _together(self, item: int, subject: int) -> bool:
        return subject >= 0 and self._index.items[item].containers == self._index.items[subject].containers

    def _titled(self, said: Spelling, context: Context, *, sure: bool, definite: bool) -> Found | None:
        """An item's title, a container's title, part of an item's title: in this order."""
        name, bare = said.words, said.core
        if not name:
            return None
        for title in (name,) if bare == name else (name, bare):
            if items := self._index.by_title(title):
                return Found(items, "title", ambiguous=len(items) > 1)
            whole = said.proper or (title == name and (len(name) > 1 or definite))
            if (whole or not sure) and (items := self._index.in_container(("title", title))):
                return Found(items, "container")
        if len(name) > 1 and len(bare) < len(name) and len(items := self._index.opening(name)) == 1:
            return Found(items, "title")
        joined = " ".join(bare)
        if " " not in joined and (sure or len(joined) < 3 or joined in GENERIC or joined.isdigit()):
            return None
        items = [item for item in self._index.by_part(bare) if item != context.subject]
        if sure and len(items) > 1:
            return None
        return Found(items, "part", ambiguous=len(items) > 1) if items else None
