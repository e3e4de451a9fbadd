"""From the words of a dependency to the items they mean: lists, alternatives, exceptions, notes; and who is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from orch_tui.plan.carried import carried, lent
from orch_tui.plan.containers import name_of
from orch_tui.plan.evidence import Way
from orch_tui.plan.filler import says_nothing
from orch_tui.plan.index import Index
from orch_tui.plan.later import later
from orch_tui.plan.likeness import Likeness
from orch_tui.plan.lookup import Context, Found, Lookup
from orch_tui.plan.marks import without_marks
from orch_tui.plan.names import GAP, LABEL, label, words
from orch_tui.plan.remembered import remembered
from orch_tui.plan.spelled import BARE, bare_name
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.strangers import Strangers
from orch_tui.plan.title_range import titles_between
from orch_tui.plan.trie import Phrases, alternatives, told_by
from orch_tui.plan.value import value
from orch_tui.plan.vocabulary import phrases
from orch_tui.plan.wording import Piece, take_apart

_SLASHED = later(rf"(?:^|\W)(?i:{LABEL})\s\d{{1,4}}(?:/\d{{1,4}})+\W+\w")
"""Numbers behind one generic word, with more words behind them: "the Phase 3/4 interface"."""
_NAMED_NOTE = later(rf"(?i:{LABEL})\s#?\d.*")
"""A bracket that says which items are meant: "the whole flow (Phases 3-7)"."""
_MARKUP = later(r"<[^<>]{1,40}>|\\n|`")
_LEADING_NUMBER = later(r"#?(\d{1,9}(?:\.\d{1,9})*)[.:)]?\s")
_ASIDES = later(r"\([^()]*\)|\[[^\[\]]*\]")
_MOST_BESIDE = 5
_LONGEST_LIST = 24
"""Words of a list of names."""
_LONGEST_NAME = 7
"""Words; what is longer is a sentence, not the name of an item."""
_NOBODY = Context(subject=-1, before=-1, speaker=-1)
_JOINT = later(r"\s*,\s*(?:(?:and|und|y|et)\s+)?|\s+(?:and|und|y|et)\s+", re.IGNORECASE)
_JOINTS = frozenset(["and", "und", "et"])


def _cut(kept: frozenset[str]) -> Phrases:
    """From the first word on that says nothing about who is meant; the `kept` ones are none of them."""
    words = (word for word in phrases("fillers") if word.isascii() and len(word) > 1 and not label(word))
    listed = [word for word in words if word not in kept | {"the", "to"}]
    glued = "(?:才?可以?|才?能|即可|同时)+(?:并行|並行|开始|启动|进行|执行|开发)?|并行|並行"
    spotter = Spotter([*listed, "才", "可", "能", "即可", "同时", "并行", "並行"])
    return Phrases(rf"(?s:(?:\s+(?:{alternatives(listed)})\b|{glued}).*)", spotter)


_CUT, _CUT_LATE = _cut(frozenset()), _cut(_JOINTS)
_PREDICATE = later(
    r"(?<=\S)\s+(?:is|are|was|were|has|have|had|will|exists?|arrives?|runs?|works?|ist|sind|hat|haben|wurden?|steht|läuft"
    r"|está|están|ha|han|est|sont|a été|ont)\b",
    re.IGNORECASE,
)
"""Where it begins to be told what became of something."""
_FOR_THIS = later(
    r"\s+(?:for (?:this|that|it)|to (?:do|start) (?:this|it)|as well|too|here"
    r"|dafür|hierfür|hierzu|para ello|pour cela)\b.*$",
    re.IGNORECASE,
)
_VERBS_LAST = later(r"^((?i:der|die|das|dem|den|des|vom|zum) (?:\S+ )*?[A-ZÄÖÜ]\S+)(?: [a-zäöüß]+)+$")
"""A German clause with its verbs: "der Vertrag unterschrieben ist"."""
_FIRST = later(
    r"(?:(?:do not|don't|only|also|then|and|but|so|can|kann|darf|puede|peut|start|begin|run|launch|finish|complete|land"
    r"|ship|merge|do|build|implement|deliver|close|the|der|die|das|el|la|le|und|y|et|können|dürfen)\s+)*",
    re.IGNORECASE,
)


_FROM = r"(?:of|in|from|within|aus|von|de|en|dans)"
_ALL_WITHIN = told_by(
    "all everything anything alles todo tout every any nothing none nichts nada rien no kein keine ningún ninguna"
    " aucun aucune",
    rf"\s*(?:(?:all|everything|anything|alles|todo|tout|(?:all|every|any) (?:{LABEL}|work|part)) {_FROM}"
    rf"|(?:nothing|none|nichts|nada|rien|(?:no|keine?|ningún|ninguna|aucune?) (?:{LABEL}|work|part)) {_FROM}"
    r"(?=.*\s(?:may|can|could|should|must|will|starts?|begins?|proceeds?|gets?|is|beginn\w*|startet|darf|kann|empie\w+"
    r"|comienza|puede|commence|démarre|peut)\b))"
    rf"\s+(?:the\s+)?(?=(?:{LABEL}){GAP})",
)
"""Before the name of a phase: all of it, and with what must not begin "no task of" it too."""


_OF_SOME = later(r"(?:any|some|each|either|one)\s+of\s", re.IGNORECASE)
"""What cannot be cut before "of": "any of the six" does not mean "any"."""


@value
class Hit:
    """One item that is meant: its number, how it was matched, the note beside it, whether it is one of several.

    `among` are the options of which one would do, each of one item or of several that belong together.
    `vague` hits ("all core components") yield to whatever else is said of the same item.
    """

    item: int
    way: Way
    note: str = ""
    alternative: bool = False
    vague: bool = False
    among: tuple[tuple[int, ...], ...] = ()


@dataclass(slots=True, kw_only=True)
class Resolution:
    """What the words mean. `own`: the subject is named; `unknown` fits nothing; `external` is of another plan.

    `same` are items whose own dependencies are meant ("the same as for Step 4"). `unclear` fits nothing either, until
    all pieces are known.
    """

    hits: list[Hit] = field(default_factory=list[Hit])
    negated: list[int] = field(default_factory=list[int])
    unknown: list[str] = field(default_factory=list[str])
    external: list[str] = field(default_factory=list[str])
    ambiguous: list[str] = field(default_factory=list[str])
    same: list[int] = field(default_factory=list[int])
    unclear: list[Piece] = field(default_factory=list[Piece])
    own: bool = False
    none: bool = False

    @property
    def says_something(self) -> bool:
        """Whether the words speak of the order of items, be it to say that there is none: "Python 3.11" does not."""
        return bool(self.hits or self.none or self.unknown or self.external or self.same or self.own)


class References:
    """Resolves words against an index."""

    def __init__(self, index: Index, outside: Sequence[str] = ()) -> None:
        self._lookup = Lookup(index)
        self._strangers = Strangers(index, outside)
        self._likeness = Likeness(index, self._lookup)

    def resolve(
        self,
        text: str,
        *,
        subject: int = -1,
        before: int | None = None,
        speaker: int = -1,
        field: bool = True,
        listed: bool = False,
    ) -> Resolution:
        """What `text` means for item `subject` (-1: a container whose first item is number `before`).

        `speaker` is the item within whose text it stands: the one that "this" means.
        With `field` the names in it are looked for in every way, in a sentence only certain references count. `listed`
        says that it is an entry of a list that holds references only. What fits nothing and was meant as an item is
        reported.
        """
        wording = take_apart(text)
        out = Resolution(none=wording.none)
        context = Context(
            subject=subject, before=subject if before is None else before, speaker=subject if speaker < 0 else speaker
        )
        if same := self._lookup.same_as(text, context):
            out.same = [item for item in same.items if item != subject]
            return out
        excluded = {item for words_ in wording.exceptions for item in self._excluded(words_, context)}
        before_it = ""
        for piece in wording.pieces:
            before_it = self._piece(piece, context, field, before_it, out)
        self._judge(out, field=field, listed=listed or wording.listed)
        for words_ in wording.negated:
            out.negated += self._excluded(words_, context)
        out.hits = [hit for hit in _once(out.hits) if hit.item not in excluded]
        return out

    def subjects(self, text: str, *, owner: int = -1, aside: bool = False) -> Found | None:
        """Who is meant by the words before a phrase: items, or None when they name nobody.

        Of what stands before a bracket (`aside`), the part before or after a colon may be the name.
        Words that leave it open ("it can only") give no items: the place of the statement decides.
        """
        if written := self._lookup.written(text):
            return written
        candidates = _who(text, aside=aside)
        if candidates is None:
            return Found([], "id")
        context = Context(subject=owner, before=owner, speaker=owner)
        for candidate in candidates:
            if found := self._whole(candidate, context):
                return found
        return self._lookup.leading_id(text, context)

    def each_of(self, text: str) -> Found | None:
        """Several items that words joined by "and" name by their titles and nothing else; None for other words."""
        items: list[int] = []
        pieces = [_FIRST.sub("", part).strip() for part in _several(text)]
        found = [self._lookup.name(piece, _NOBODY, sure=True) for piece in pieces]
        if not any(one and one.way == "title" for one in found):
            return None
        for piece, sure in zip(pieces, found, strict=True):
            meant = sure or (self._lookup.name(piece, _NOBODY) if piece[:1].isupper() else None)
            if not meant or len(meant.items) != 1:
                return None
            items += meant.items
        return Found(list(dict.fromkeys(items)), "title") if len(items) > 1 else None

    def node(self, key: str, text: str) -> Found | None:
        """Which item or container a node of a diagram is: by its text's id or title, else by its key."""
        context = Context(subject=-1, before=-1, speaker=-1)
        bare = without_marks(_MARKUP.sub(" ", text)).strip()
        name = name_of(bare)
        lead = _LEADING_NUMBER.match(bare)
        spoken = (f"{name.label} {name.id}" if name.label else name.id) if name.id else ""
        for candidate in dict.fromkeys((bare, spoken, lead[1] if lead else "", name.title, _ASIDES.sub(" ", bare))):
            found = self._lookup.name(candidate, context, sure=True) if candidate.strip() else None
            if found and not found.ambiguous and not found.vague:
                return found
        plain = _ASIDES.sub(" ", bare)
        listed = self._whole(plain, context) if "," in plain or " and " in plain else None
        spoken_of = self._lookup.ids_in(plain, context, sure=True) if _mostly_names(plain) else None
        found = listed or spoken_of or self._lookup.name(key, context, sure=True)
        return found if found and not found.ambiguous and found.way != "all" else None

    def numbered_groups(self, nodes: Mapping[str, str]) -> dict[str, Found]:
        """The containers whose numbers the nodes of a diagram are, by key, where only one kind has all of them."""
        groups = self._lookup.numbered_groups([text.strip() for text in nodes.values()])
        return dict(zip(nodes, groups, strict=True)) if groups else {}

    def _whole(self, text: str, context: Context) -> Found | None:
        """All pieces of a list of names as one answer; None when one of them is unknown."""
        items: list[int] = []
        before, way = "", "id"
        for piece in take_apart(text).pieces:
            whole = self._lookup.name(piece.text, context, sure=True)
            for part in (piece.text,) if whole else piece.parts or (piece.text,):
                names = (self._lookup.name(name, context, sure=True) for name in lent(before, part))
                found = whole if not before and part == piece.text else next(filter(None, names), None)
                if not found or found.ambiguous:
                    return None
                items += found.items
                way = found.way
                before = carried(part) or before
        return Found(list(dict.fromkeys(items)), way) if items else None

    def _excluded(self, text: str, context: Context) -> list[int]:
        found = self._lookup.name(text, context) or self._lookup.mention(text, context, sure=True)
        return found.items if found else []

    def _piece(self, piece: Piece, context: Context, field: bool, before: str, out: Resolution) -> str:
        """Adds what one piece means to `out`; returns what it lends to the next ("Sections A, B")."""
        if self._strangers.possessed(piece.text):
            out.external.append(piece.text)
            return before
        named = (self._lookup.name(name, context, sure=not field) for name in lent(before, piece.text))
        found = titles_between(piece.text, self._lookup, context) or next(filter(None, named), None)
        if found and found.vague and field and piece.note and (listed := self._whole(piece.note, context)):
            self._take(listed, piece, context, out)
            return before
        if found and (not found.vague or not piece.parts):
            self._take(found, piece, context, out, whole=True)
            return carried(piece.text) or before
        if both := self._likeness.two(piece.text, context, listed=bool(piece.parts)):
            for single in both:
                self._take(single, piece, context, out)
            return before
        if piece.parts and not ("/" in piece.text and _SLASHED.search(piece.text)):
            first = len(out.hits)
            options: dict[int, list[int]] = {}
            for number, part in enumerate(piece.parts):
                single = Piece(text=part, note=piece.note, alternative=piece.alternative, parts=())
                begun = len(out.hits)
                before = self._piece(single, context, field, before, out)
                if piece.options:
                    options.setdefault(piece.options[number], []).extend(hit.item for hit in out.hits[begun:])
            if among := tuple(tuple(items) for items in options.values() if items):
                out.hits[first:] = [replace(hit, among=among) for hit in out.hits[first:]]
            return before
        if by_note := self._noted(piece.note, context, field=field):
            self._take(by_note, piece, context, out)
        elif mentioned := self._lookup.mention(piece.text, context, sure=not field):
            self._take(mentioned, piece, context, out)
        elif found:
            self._take(found, piece, context, out)
        elif field and (led := self._lookup.leading_letter(piece.text, context)):
            self._take(led, piece, context, out)
        elif field and (alike := self._likeness.title(piece.text, context)):
            self._take(alike, piece, context, out)
        elif not field and (spoken_of := self._predicated(piece.text, context)):
            self._take(spoken_of, piece, context, out)
        else:
            out.unclear.append(piece)
        return before

    def _predicated(self, text: str, context: Context) -> Found | None:
        """Of what a clause tells something: "the trial" in "the trial has run for two weeks"."""
        bare = _VERBS_LAST.sub(r"\1", _FOR_THIS.sub("", text))
        told = _PREDICATE.search(bare)
        head = bare[: told.start()] if told else bare
        if not head.strip() or len(head) >= len(text):
            return None
        return self._lookup.name(head, context, sure=True) or self._lookup.mention(head, context, sure=True)

    def _noted(self, note: str, context: Context, *, field: bool) -> Found | None:
        """What a bracket alone names: "(3)", and in a field also "the whole flow (Phases 3-7)"."""
        if bare := BARE.fullmatch(note):
            return self._lookup.name(bare[1], context)
        return self._whole(note, context) if field and _NAMED_NOTE.fullmatch(note) else None

    def _judge(self, out: Resolution, *, field: bool, listed: bool) -> None:
        """Files what fits nothing: another plan's item, an unknown reference, or nothing that needs to be said."""
        among = any(hit.way in {"id", "range", "title"} for hit in out.hits)
        for piece in out.unclear:
            name, note = piece.text, piece.note
            kind = (
                self._strangers.in_field(name, note, listed=listed, among=among)
                if field
                else self._strangers.in_sentence(name, among=among and len(out.unclear) == 1)
            )
            if kind == "external":
                out.external.append(f"{name} ({note})" if BARE.fullmatch(note) else name)
            elif kind == "unknown":
                out.unknown.append(name)

    def _take(self, found: Found, piece: Piece, context: Context, out: Resolution, *, whole: bool = False) -> None:
        others = [item for item in found.items if item != context.subject]
        if whole and found.items == [context.subject] and found.way in {"id", "title"}:
            out.own = True
        ambiguous = found.ambiguous and len(others) > 1
        if ambiguous:
            out.ambiguous.append(piece.text)
        note = "" if BARE.fullmatch(piece.note) else piece.note
        way: Way = "ambiguous" if ambiguous else found.way
        among = tuple((item,) for item in others) if piece.options and not piece.parts else ()
        out.hits += [
            Hit(item=item, way=way, note=note, alternative=piece.alternative, vague=found.vague, among=among)
            for item in others
        ]


@remembered
def _who(text: str, *, aside: bool) -> tuple[str, ...] | None:
    """What in the words before a phrase may be a name, the longest first; None when they leave open who is meant."""
    if says_nothing(text):
        return None
    text = _ALL_WITHIN.sub("", text)
    candidates = [text] if _one_clause(text) else []
    if aside:
        head, _, tail = text.rpartition(": ")
        candidates += [head, tail, text.rpartition(", ")[2]]
    out: list[str] = []
    for one in dict.fromkeys(candidates):
        bare = _FIRST.sub("", one.strip(), count=1)
        cut = (_CUT_LATE.sub("", bare), _CUT.sub("", bare))
        out += [one, bare, *(() if _OF_SOME.match(bare) else cut)]
    return tuple(dict.fromkeys(candidate for candidate in out if candidate.strip()))


@remembered
def _several(text: str) -> tuple[str, ...]:
    """The names that "and" and commas join, without the words behind the last that say nothing of who is meant."""
    pieces = [piece for piece in _JOINT.split(_CUT_LATE.sub("", text)) if piece]
    return tuple(pieces) if len(pieces) > 1 and all(_is_name(piece) for piece in pieces) else ()


def _is_name(piece: str) -> bool:
    """Whether words are a name without anything said of it ("the schema is done and …")."""
    spoken = words(piece)
    return 0 < len(spoken) <= _LONGEST_NAME and words(bare_name(piece))[-1:] == spoken[-1:]


def _mostly_names(text: str) -> bool:
    """Whether a text holds few words beside its ids, so that it names them and does not tell a story about them."""
    return sum(not re.search(r"\d", word) and not label(word) for word in words(text)) <= _MOST_BESIDE


def _one_clause(text: str) -> bool:
    """Whether no sentence follows a colon: "Ensemble Review: its full value" names nobody as a whole."""
    return text.count(" ") < _LONGEST_LIST and len(words(text.partition(": ")[2])) < _LONGEST_NAME - 3


def _once(hits: Sequence[Hit]) -> list[Hit]:
    return list({hit.item: hit for hit in reversed(hits)}.values())[::-1]
