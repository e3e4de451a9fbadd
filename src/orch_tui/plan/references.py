"""From the words of a dependency to the items they mean: ids, ranges, lists, containers, "all previous", titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from orch_tui.plan.evidence import Way
from orch_tui.plan.index import Index
from orch_tui.plan.names import ID, LABEL, core, id_key, label, words
from orch_tui.plan.wording import Piece, take_apart

_LEAD = re.compile(
    r"(?:the|on|of|from|for|upon|only|just|both|either|completion of|completing|finishing|finished|all of|whole of)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:only|first|(?:is |are |be |been )?(?:done|completed?|finished|merged|ready)|completion|outputs?|results?)$",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"(?<![\w-])({LABEL}|{LABEL}s|stories)\s+({ID})", re.IGNORECASE)
_BARE = re.compile(rf"({ID})(?:['’]s\b.*)?")
_RANGE = re.compile(
    rf"(?:({LABEL}s?|stories)\s+)?({ID}|\d+|[A-Za-z])\s*(?:-|–|—|\.\.\.?|…|\bto\b|\bthrough\b|\bthru\b)\s*"
    rf"(?:{LABEL}s?\s+)?({ID}|\d+|[A-Za-z])",
    re.IGNORECASE,
)
_ALL_BEFORE = re.compile(
    r"(?:all|every|everything|each)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|before|foregoing|so far)\b"
    r"|(?:the )?previous (?:sections|phases|steps|tasks|slices|items)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?:all|every|everything|each)(?: of)?(?: the)?(?: other| others| else| remaining)?"
    rf"(?: {LABEL}s?| stories| work| of them)?",
    re.IGNORECASE,
)
_ALL_OF_KIND = re.compile(
    r"(?:all|every|any|each)(?: of)?(?: the)?(?: other| desired| remaining| user| implementation){0,3}"
    rf" ({LABEL}s?|stories)(?: (?:work|being|complete|completed|completion|done|finished)){{0,2}}",
    re.IGNORECASE,
)
_ONE_BEFORE = re.compile(rf"(?:the )?(?:previous|preceding|prior) (?:{LABEL}|one)", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"`|https?:|[<>=]=|\w/\w|\b(?:npm|pip|docker|team|library|package|licen[cs]e|account)\b", re.IGNORECASE
)
_OTHER_PLAN = re.compile(r"(?:\w[\w.-]*/[\w.-]+)?#\d+|\bother (?:plan|repo|project)|\bexternal\b", re.IGNORECASE)
_LONGEST_NAME = 7
"""Words; what is longer is a sentence, not the name of an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One item that is meant: its number, how it was matched, the note beside it, whether it is one of several."""

    item: int
    way: Way
    note: str = ""
    alternative: bool = False


@dataclass(slots=True, kw_only=True)
class Resolution:
    """What the words mean. `own`: the subject is named; `unknown` fits nothing; `external` is of another plan."""

    hits: list[Hit] = field(default_factory=list[Hit])
    negated: list[int] = field(default_factory=list[int])
    unknown: list[str] = field(default_factory=list[str])
    external: list[str] = field(default_factory=list[str])
    ambiguous: list[str] = field(default_factory=list[str])
    own: bool = False
    none: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    items: list[int]
    way: Way
    ambiguous: bool = False


class References:
    """Resolves words against an index. `position` is the item that speaks, or the one before which a container ends."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def resolve(self, text: str, *, subject: int = -1, before: int | None = None, field: bool = True) -> Resolution:
        """What `text` means when item `subject` says it (-1: a container whose first item is number `before`).

        With `field` every name in it must mean something, and what fits nothing is reported; in a sentence only
        certain references count.
        """
        wording = take_apart(text)
        out = Resolution(none=wording.none)
        context = _Context(subject=subject, before=subject if before is None else before)
        excluded = {item for words_ in wording.exceptions for item in self._excluded(words_, context)}
        carried = ""
        for piece in wording.pieces:
            carried = self._piece(piece, context, field, carried, out)
        for words_ in wording.negated:
            out.negated += self._excluded(words_, context)
        out.hits = [hit for hit in _once(out.hits) if hit.item not in excluded]
        return out

    def _excluded(self, text: str, context: _Context) -> list[int]:
        found = self._name(text, context) or self._mention(text, context, sure=True)
        return found.items if found else []

    def _piece(self, piece: Piece, context: _Context, field: bool, carried: str, out: Resolution) -> str:
        """Adds what one piece means to `out`; returns the generic word to carry to the next ("Sections A, B")."""
        names = dict.fromkeys((_with(carried, piece.text), piece.text))
        found = next((hit for name in names if (hit := self._name(name, context, sure=not field))), None)
        if found:
            self._take(found, piece, context, out)
            return _leading_label(piece.text) or carried
        if piece.parts:
            for part in piece.parts:
                single = Piece(text=part, note=piece.note, alternative=piece.alternative, parts=())
                carried = self._piece(single, context, field, carried, out)
            return carried
        noted = _BARE.fullmatch(piece.note)
        if noted and (by_note := self._by_id(noted[1], context)):
            self._take(by_note, piece, context, out)
        elif mentioned := self._mention(piece.text, context, sure=not field):
            self._take(mentioned, piece, context, out)
        elif field:
            _report(piece, bool(noted), out)
        return carried

    def _take(self, found: _Found, piece: Piece, context: _Context, out: Resolution) -> None:
        others = [item for item in found.items if item != context.subject]
        if context.subject in found.items and not others and found.way not in {"container", "all"}:
            out.own = True
        if found.ambiguous and len(others) > 1:
            out.ambiguous.append(piece.text)
        note = "" if _BARE.fullmatch(piece.note) else piece.note
        way: Way = "ambiguous" if found.ambiguous and len(others) > 1 else found.way
        out.hits += [Hit(item=item, way=way, note=note, alternative=piece.alternative) for item in others]

    def _name(self, text: str, context: _Context, *, sure: bool = False) -> _Found | None:
        """The whole of `text` as one name; `sure` leaves out single words that are not a whole title."""
        if len(written := self._index.by_writing(text.strip("`\"' "))) == 1:
            return _Found(written, "id")
        bare = _bare(text)
        if not bare:
            return None
        found = self._everything(bare, context) or self._range(bare) or self._labelled(bare, context, sure=sure)
        if found:
            return found
        if whole := _BARE.fullmatch(bare):
            if found := self._by_id(whole[1], context):
                return found
            if items := self._index.in_container(("alias", id_key(whole[1]))):
                return _Found(items, "container")
        return self._titled(words(bare), context, sure=sure)

    def _everything(self, text: str, context: _Context) -> _Found | None:
        if _ALL_BEFORE.match(text):
            return _Found(list(range(max(0, context.before))), "all")
        if (kind := _ALL_OF_KIND.fullmatch(text)) and (held := self._of_kind(label(kind[1]))):
            return _Found(held, "container")
        if _ALL.fullmatch(text):
            return _Found(list(range(len(self._index.items))), "all")
        if _ONE_BEFORE.fullmatch(text) and context.subject > 0:
            return _Found([context.subject - 1], "all")
        return None

    def _of_kind(self, kind: str) -> list[int]:
        """Items of all containers of one kind, when items are not called so themselves."""
        return [] if kind in self._index.labels else self._index.in_container(("kind", kind))

    def _range(self, text: str) -> _Found | None:
        found = _RANGE.fullmatch(text)
        if not found or self._index.by_id(text):
            return None
        kind = label(found[1] or "")
        if kind in self._index.container_labels and kind not in self._index.labels:
            return self._container_range(kind, found[2], found[3])
        items = self._index.between(found[2], found[3])
        return _Found(items, "range") if items else None

    def _container_range(self, kind: str, first: str, last: str) -> _Found | None:
        if not (first.isdecimal() and last.isdecimal()) or len(first + last) > 8:
            return None
        numbers = range(int(first), min(int(last), int(first) + 999) + 1)
        items = [item for number in numbers for item in self._index.in_container((kind, str(number)))]
        return _Found(items, "container") if items else None

    def _labelled(self, text: str, context: _Context, *, sure: bool) -> _Found | None:
        """`Section B`, `Phase 2`: the generic word decides between an item and a container."""
        found = _LABELLED.fullmatch(text)
        return self._by_label(label(found[1]), found[2], context, sure=sure) if found else None

    def _by_label(self, kind: str, written: str, context: _Context, *, sure: bool) -> _Found | None:
        index = self._index
        if kind not in index.labels and (held := index.in_container((kind, id_key(written)))):
            return _Found(held, "container")
        foreign = kind not in index.labels and (kind in index.container_labels or (sure and bool(index.labels)))
        return None if foreign else self._by_id(written, context)

    def _by_id(self, written: str, context: _Context) -> _Found | None:
        """Items with the id; of several those in the subject's own container, else the first."""
        items = self._index.by_id(written)
        if len(items) <= 1:
            return _Found(items, "id") if items else None
        near = [item for item in items if self._together(item, context.subject) and item != context.subject]
        return _Found(near, "id", ambiguous=len(near) > 1) if near else _Found(items[:1], "id")

    def _together(self, item: int, subject: int) -> bool:
        return subject >= 0 and self._index.items[item].containers == self._index.items[subject].containers

    def _titled(self, name: tuple[str, ...], context: _Context, *, sure: bool) -> _Found | None:
        """An item's title, a container's title, part of an item's title: in this order."""
        if not name:
            return None
        bare = core(name)
        for title in (name, bare):
            if items := self._index.by_title(title):
                return _Found(items, "title", ambiguous=len(items) > 1)
            whole = title == name and len(name) > 1
            if (whole or not sure) and (items := self._index.in_container(("title", title))):
                return _Found(items, "container")
        joined = " ".join(bare)
        if " " not in joined and (sure or len(joined) < 3 or label(joined) or joined.isdigit()):
            return None
        items = [item for item in self._index.by_part(bare) if item != context.subject]
        return _Found(items, "part", ambiguous=len(items) > 1) if items else None

    def _mention(self, text: str, context: _Context, *, sure: bool) -> _Found | None:
        """References within a longer text: `the freeze from Step 1`, `once the Answer Engine is there`."""
        items: list[int] = []
        for found in _LABELLED.finditer(text):
            if hit := self._by_label(label(found[1]), found[2], context, sure=sure):
                items += hit.items
        if items:
            return _Found(list(dict.fromkeys(items)), "id")
        spoken = words(text)[:16]
        for size in range(len(spoken) - 1, 1, -1):
            for first in range(len(spoken) - size + 1):
                part = spoken[first : first + size]
                hit = self._index.by_title(part) or ([] if sure else self._index.by_part(core(part)))
                hit = [item for item in hit if item != context.subject]
                if len(hit) == 1:
                    return _Found(hit, "part")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    subject: int
    before: int


def _bare(text: str) -> str:
    """A name without articles before it and "is done" after it."""
    text = text.strip().strip("*_\"'“”").rstrip(".:, ").removeprefix("`").removesuffix("`").strip()
    while found := _LEAD.match(text):
        text = text[found.end() :]
    while found := _TAIL.search(text):
        text = text[: found.start()]
    return text.strip()


def _with(carried: str, text: str) -> str:
    """`Sections A, B`: the word before the first id holds for a bare id after it."""
    return f"{carried} {text}" if carried and _BARE.fullmatch(_bare(text)) else text


def _leading_label(text: str) -> str:
    first, _, rest = _bare(text).partition(" ")
    return label(first) if rest else ""


def _once(hits: Sequence[Hit]) -> list[Hit]:
    return list({hit.item: hit for hit in reversed(hits)}.values())[::-1]


def _report(piece: Piece, numbered: bool, out: Resolution) -> None:
    """Files what fits nothing: another plan's item, something outside any plan, or an unknown reference."""
    name = piece.text
    if numbered or _OTHER_PLAN.search(name):
        out.external.append(f"{name} ({piece.note})" if numbered else name)
    elif not _OUTSIDE.search(name) and 0 < len(words(name)) <= _LONGEST_NAME:
        out.unknown.append(name)
