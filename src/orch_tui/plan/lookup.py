"""What one name means: an id, a range of ids, "Phase 2", "all previous", a title or a part of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from orch_tui.plan.counting import in_digits
from orch_tui.plan.evidence import Way
from orch_tui.plan.filler import EMPTY, PRONOUNS
from orch_tui.plan.index import Index
from orch_tui.plan.names import BEFORE, GAP, GENERIC, ID, LABEL, REMEMBERED, core, id_key, label, words
from orch_tui.plan.trie import alternatives
from orch_tui.plan.vocabulary import phrases

_LEAD = re.compile(
    r"(?:the|on|of|from|for|upon|only|just|both|either|completion of|completing|finishing|finished|whole of|der|die|das"
    r"|den|dem|des|von|vom|el|la|los|las|le|les|de|du|des|del|da|do|tasks? in|items? in|items? of|tasks? of)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"\s+(?:{alternatives(phrase for phrase in phrases('finished') if phrase.isascii() or ord(phrase[0]) < 0x2FFF)})$"
    r"|(?:の)?(?:完了|終了|实现|已?完成|结束|実装)+(?:済み|后|後)?$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\s+[A-Z]")
"""The id in "Section A", and no word that says that it is done."""
_LONGEST_TAIL = 100
"""Characters at the end of a name in which such words are looked for."""
LABELLED = re.compile(rf"{BEFORE}({LABEL}){GAP}({ID})", re.IGNORECASE)
"""A generic word with an id, anywhere in a text."""
_ALSO = re.compile(r"(?:\s?[/&、]\s?\d{1,4})+(?![\w.])")
"""More numbers behind the first: "Phase 3/4"."""
_PART = re.compile(r"#?(\S*\d)[a-z]")
"""The id of a part: 2.1 and a letter."""
_CODE = re.compile(r"`([^`]*)`")
_TOKEN = re.compile(r"#\d+|[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]")
_LETTER_FIRST = re.compile(
    r"([A-Z])\s+(?:is|are|must|has|have|complete[ds]?|done|finished|merged|landed|lands|shipped|passe[ds])\b"
)
BARE = re.compile(rf"({ID})(?:['’]s\b.*)?")
"""An id alone, or "B's output"."""
_RANGE = re.compile(
    rf"(?:({LABEL}){GAP})?({ID}|\d+|[A-Za-z])\s*(?:-|–|—|\.\.\.?|…|~|～|至|到|から|\bto\b|\bthrough\b|\bthru\b|\bbis\b"
    rf"|\bà\b|\bal?\b|\bhasta\b)\s*(?:{LABEL}{GAP})?({ID}|\d+|[A-Za-z])",
    re.IGNORECASE,
)
_RANGE_SIGN = re.compile(
    r"\d\s*(?:-|–|—|~|…|\.\.)\s*[A-Za-z]*\d|\d\s+(?:to|through|thru|bis|hasta|al?|à)\s|\d\s?(?:[至到～]|から)"
)
"""What every range of ids holds, to be found at once."""
_EVERY = f"(?:{alternatives(phrases('everything'))})"
_EARLIER = f"(?:{alternatives(phrases('before'))})"
_ALL_FIRST = frozenset(
    phrase.split(" ")[0].lower() for kind in ("everything", "before") for phrase in phrases(kind)
) | {"the", "der", "die", "das", "last", "vorige", "vorheriger", "voriger", "voriges", "vorigen"}
_ALL_BEFORE = re.compile(
    rf"{_EVERY}(?![a-zà-ÿ]).{{0,40}}?(?<![a-zà-ÿ]){_EARLIER}(?![a-zà-ÿ])"
    rf"|(?:the )?(?:previous|prior|preceding|earlier) (?:{LABEL}|work|ones)\b(?<=s)|{_EARLIER}.{{0,4}}{_EVERY}",
    re.IGNORECASE,
)
_RECURRING = re.compile(r"(?:each|jede[rnms]?|chaque|cada)\s(?!of\b)", re.IGNORECASE)
"""In a sentence, "after each task" tells of what is done again and again, and not of an order."""
_OTHERS = (
    r"other|others|else|remaining|rest|reste|weiteren?|folgenden?|anderen?|übrigen|restlichen|demás|otr[ao]s|autres"
    r"|其他|其它|其余|余下|他の|残りの"
)
_ALL = re.compile(
    rf"{_EVERY}(?: of| the| of the| lo| le| los| las| les| die|の)?\s*(?:(?:{_OTHERS})\s*)?(?:的)?\s*"
    rf"(?:{LABEL}|work|of them|things?|code|implementation)?"
    r"(?: (?:in|of) (?:this|the) (?:document|plan|list|file))?",
    re.IGNORECASE,
)
_ALL_OF_KIND = re.compile(
    rf"{_EVERY}(?: of)?(?: the)?(?: (?:{_OTHERS}|desired|user|implementation)){{0,3}}\s*({LABEL})"
    r"(?: (?:work|being|complete|completed|completion|done|finished)){0,2}",
    re.IGNORECASE,
)
_ALL_OF = re.compile(rf"{_EVERY}(?: of)?(?: the)?(?![a-zà-ÿ])\s*(?P<what>\S.*)", re.IGNORECASE)
_ONE_BEFORE = re.compile(
    rf"(?:the |der |die |das )?(?:previous|preceding|prior|vorherige[nrs]?|vorige[nrs]?|last|上一个?|前の)\s*"
    rf"(?:{LABEL}|one)?|(?:the )?above|上記|上述",
    re.IGNORECASE,
)
_SAME = re.compile(r"(?:the )?same\b.{0,40}?\bas\b\s+(?P<what>\S.*)|wie bei (?P<wie>\S.*)", re.IGNORECASE)
_GROUPS_LISTED = """
    wave tier sprint batch track workstream stream group level layer iteration lane week day plan pr agent session
"""
_GROUPS = frozenset(_GROUPS_LISTED.split())
"""Generic words for what holds items, or for other things too; a plain number after one names no item without it."""
_SHORTEST_TELLING = 5
"""Letters of a single word that may stand for a title by itself."""
_LONGEST_NAME = 200
"""Characters of a name; what is longer is no "all of" something."""


@dataclass(frozen=True, slots=True)
class Found:
    """Items that a name means and how it was matched; `vague` ones yield to anything more definite."""

    items: list[int]
    way: Way
    ambiguous: bool = False
    vague: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
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
        if len(written := self._index.by_writing(text.strip("`\"'# "))) == 1:
            return Found(written, "id")
        bare = bare_name(text)
        if not bare or (sure and _RECURRING.match(bare)):
            return None
        if bare.lower() in PRONOUNS:
            return Found([context.speaker], "all") if context.speaker >= 0 else None
        if " " not in bare and BARE.fullmatch(bare) and (found := self._by_id(bare, context)):
            return found
        bare = in_digits(bare)
        found = self._everything(bare, context) if _maybe_all(bare) else None
        found = found or self._range(bare) or self._labelled(bare, context, sure=sure)
        if found:
            return found
        if whole := BARE.fullmatch(bare):
            if found := self._by_id(whole[1], context):
                return found
            if items := self._index.in_container(("alias", id_key(whole[1]))):
                return Found(items, "container")
            if items := self._index.by_alias(whole[1]):
                return Found(items, "id")
        elif (len(bare) < 60 and " " not in bare) and (found := self._by_id(bare, context)):
            return found
        proper = bare[:1].isupper()
        named = self._titled(words(bare), context, sure=sure, proper=proper)
        return named or (self._all_of(bare, context, sure=sure) if _maybe_all(bare) else None)

    def mention(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """References within a longer text: `the freeze from Step 1`, `once the Answer Engine is there`."""
        text = in_digits(_uncoded(text))
        return (
            self.ids_in(text, context, sure=sure)
            or self._within(text, context, sure=sure)
            or self._resembling(text, context, sure=sure)
        )

    def ids_in(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """Everything in a text that is named by its id, alone or in a range."""
        items: list[int] = []
        for ranged in _RANGE.finditer(text) if _RANGE_SIGN.search(text) else ():
            if re.search(r"[A-Za-z]", ranged[2]) and (hit := self._range(ranged[0])):
                items += hit.items
        for found in LABELLED.finditer(text):
            more = _ALSO.match(text, found.end())
            for written in (found[2], *(re.findall(r"\d+", more[0]) if more else ())):
                if hit := self._by_label(label(found[1]), written, context, sure=sure):
                    items += hit.items
        for token in _TOKEN.finditer(text):
            if not token[0].isalpha() and not token[0].replace(".", "").isdecimal():
                items += self._index.by_id(token[0])[:1]
            elif token[0].startswith("00"):
                items += self._index.by_writing(token[0])[:1]
        return Found(list(dict.fromkeys(items)), "id") if items else None

    def leading_id(self, text: str, context: Context) -> Found | None:
        """The item whose id a text begins with: "E10.2 offline init", "Task 3 in staging"."""
        text = text.lstrip("`*_[( ")
        if labelled := LABELLED.match(text):
            return self._by_label(label(labelled[1]), labelled[2], context, sure=True)
        token = _TOKEN.match(text)
        telling = token and (not token[0].isalpha() or "-" in token[0]) and (re.search(r"[A-Za-z#]|\d\.\d", token[0]))
        return self._by_id(token[0], context) if token and telling else None

    def leading_letter(self, text: str, context: Context) -> Found | None:
        """The item whose one-letter id begins a clause about it: "A has landed on main", "B must be complete"."""
        found = _LETTER_FIRST.match(text.lstrip("`*_[( "))
        return self._by_id(found[1], context) if found else None

    def same_as(self, text: str, context: Context) -> Found | None:
        """Whose dependencies are meant by "the same schema as the migration job"."""
        found = _SAME.match(text.strip())
        what = (found["what"] or found["wie"]) if found else ""
        return (self.name(what, context) or self.mention(what, context, sure=True)) if what else None

    def _within(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """The longest run of words that is a title or (when it need not be sure) a part of one."""
        spoken = words(text)[:16]
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
        telling = [word for word in words(text)[:16] if word not in EMPTY and word not in GENERIC]
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
        if meant or sure or len(words(found["what"])) > 4:
            return meant
        return Found(list(range(max(0, context.before))), "all", vague=True)

    def _range(self, text: str) -> Found | None:
        found = _RANGE.fullmatch(text)
        if not found or self._index.by_id(text):
            return None
        kind = label(found[1] or "")
        if kind in self._index.container_labels and kind not in self._index.labels:
            return self._container_range(kind, found[2], found[3])
        items = self._index.between(found[2], found[3]) or self._between_aliases(found[2], found[3])
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

    def _labelled(self, text: str, context: Context, *, sure: bool) -> Found | None:
        """`Section B`, `Phase 2`, `wave-1 items`: the generic word decides between an item and a container."""
        found = LABELLED.match(text)
        if not found:
            return None
        rest = text[found.end() :].strip().lstrip(":")
        if rest and not label(rest) and rest.lower() not in {"work", "stuff", "の", "的"}:
            return None
        return self._by_label(label(found[1]), found[2], context, sure=sure)

    def _by_label(self, kind: str, written: str, context: Context, *, sure: bool) -> Found | None:
        index = self._index
        if kind not in index.labels and (held := index.in_container((kind, id_key(written)))):
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
        part = _PART.fullmatch(written)
        told = re.compile(rf"^#+\s.*?{BEFORE}{re.escape(written)}(?![\w.])", re.MULTILINE) if part else None
        return (
            [at for at in self._index.by_id(part[1]) if told.search(self._index.items[at].body)]
            if part and told
            else []
        )

    def _together(self, item: int, subject: int) -> bool:
        return subject >= 0 and self._index.items[item].containers == self._index.items[subject].containers

    def _titled(self, name: tuple[str, ...], context: Context, *, sure: bool, proper: bool) -> Found | None:
        """An item's title, a container's title, part of an item's title: in this order. `proper`: with a capital."""
        if not name:
            return None
        bare = core(name)
        for title in (name, bare):
            if items := self._index.by_title(title):
                return Found(items, "title", ambiguous=len(items) > 1)
            whole = proper or (title == name and len(name) > 1)
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


def _maybe_all(text: str) -> bool:
    """Whether a text may begin with "all" or "previous" in some language."""
    return text.split(" ", 1)[0].lower() in _ALL_FIRST or not text[:1].isascii()


def _uncoded(text: str) -> str:
    """A text without its code, but for ids that stand in code."""
    return _CODE.sub(lambda code: code[1] if re.fullmatch(ID, code[1]) else " ", text) if "`" in text else text


@lru_cache(maxsize=REMEMBERED)
def bare_name(text: str) -> str:
    """A name without articles before it and "is done" behind it."""
    text = text.strip().strip("*_\"'“”「」『』").rstrip(".:, 。").removeprefix("`").removesuffix("`").strip()
    while found := _LEAD.match(text):
        text = text[found.end() :]
    while found := _TAIL.search(text, max(0, len(text) - _LONGEST_TAIL)):
        if _CAPITAL.fullmatch(found[0]):
            break
        text = text[: found.start()].rstrip()
    return text.strip(" `*_")
