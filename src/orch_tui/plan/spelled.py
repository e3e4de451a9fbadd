"""What the spelling of a name or of words around names tells, whichever plan they are looked up in.

A text is looked up on every level that might be the sections, and its spelling is the same on all of them.
"""

from __future__ import annotations

import re

from orch_tui.plan.counting import in_digits
from orch_tui.plan.filler import EMPTY, PRONOUNS
from orch_tui.plan.names import BEFORE, GAP, GENERIC, ID, LABEL, LABELS, core, label, words
from orch_tui.plan.remembered import remembered
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.trie import Phrases, alternatives
from orch_tui.plan.value import value
from orch_tui.plan.vocabulary import phrases

_LEAD = re.compile(
    r"(?:l|d|qu)['’](?=\w)|(?:the|on|of|from|for|upon|only|just|both|either|completion of|completing|finishing|finished"
    r"|starting|whole of|der|die|das|den|dem|des|von|vom|el|la|los|las|le|les|de|du|des|del|da|do|tasks? in|items? in"
    r"|items? of|tasks? of|dass|that|que|est(?:é|én|e|en)|sean?|hayan?|terminen?|acaben?|concluyan?|se complete[n]?"
    r"|(?:list|terminad|completad|finalizad|aprobad)[oa]s?)\s+",
    re.IGNORECASE,
)
"""What stands before a name and is none of it; in Spanish also "is done"."""
_FINISHED = [phrase for phrase in phrases("finished") if phrase.isascii() or ord(phrase[0]) < 0x2FFF]
_TAIL = Phrases(
    rf"\s+(?:{alternatives(_FINISHED)})$"
    r"|\s?(?:の)?(?:全部|全て|すべて|都|均)?(?:完了|終了|实现|已?完成|结束|実装)+(?:済み|后|後)?$",
    Spotter([*_FINISHED, "完了", "終了", "实现", "完成", "结束", "実装"]),
)
_CAPITAL = re.compile(r"\s+[A-Z]")
"""The id in "Section A", and no word that says that it is done."""
_LONGEST_TAIL = 100
"""Characters at the end of a name in which such words are looked for."""
LABELLED = Phrases(rf"{BEFORE}({LABEL}){GAP}({ID})", Spotter([*LABELS, "ap", "wp"]))
"""A generic word with an id, anywhere in a text."""
_ALSO = re.compile(r"(?:\s?[/&、]\s?\d{1,4})+(?![\w.])")
"""More numbers behind the first: "Phase 3/4"."""
_CODE = re.compile(r"`([^`]*)`")
_TOKEN = re.compile(r"#\d+|[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]")
_LETTER_FIRST = re.compile(
    r"([A-Z])\s+(?:only|just|is|are|must|has|have|complete[ds]?|done|finished|merged|landed|lands|shipped|passe[ds])\b"
)
BARE = re.compile(rf"({ID})(?:['’]s\b.*)?")
"""An id alone, or "B's output"."""
_RANGE = re.compile(
    rf"(?:({LABEL}){GAP})?({ID}|\d+|[A-Za-z])\s*(?:-|–|—|\.\.\.?|…|~|～|〜|至|到|から|\bto\b|\bthrough\b|\bthru\b|\bbis\b"
    rf"|\bà\b|\bal?\b|\bhasta\b)\s*(?:{LABEL}{GAP})?({ID}|\d+|[A-Za-z])",
    re.IGNORECASE,
)
_MAY_BE_RANGE = Spotter(
    ["to", "through", "thru", "bis", "à", "a", "al", "hasta", "–", "—", "…", "～", "〜", "至", "到", "から"]
)
_RANGE_SIGN = re.compile(
    r"\d\s*(?:-|–|—|~|〜|…|\.\.)\s*[A-Za-z]*\d|\d\s+(?:to|through|thru|bis|hasta|al?|à)\s|\d\s?(?:[至到～]|から)"
)
"""What every range of ids holds, to be found at once."""
_ALL_FIRST = frozenset(
    phrase.split(" ")[0].lower() for kind in ("everything", "before") for phrase in phrases(kind)
) | {"the", "der", "die", "das", "last", "vorige", "vorheriger", "voriger", "voriges", "vorigen"}
_RECURRING = re.compile(r"(?:each|jede[rnms]?|chaque|cada)(?:$|\s(?!of\b))", re.IGNORECASE)
"""In a sentence, "after each task" tells of what is done again and again, and not of an order."""
_MOST_WORDS = 16
"""Words of a text among which a title is looked for."""


@value
class Spelling:
    """A name taken apart; each part is empty where it has none.

    `bare` is the text without articles and "is done", `name` the same with its numbers in digits, `words` and `core`
    are the words of that. `lone_id`: `bare` is an id and nothing else; `id` is the id that `name` is; `range` holds the
    generic word and both ends of a range of ids, `labelled` the generic word and the id.
    `recurring` ("each task") and `maybe_all` ("all previous") are told by the first word; `proper`: by its capital.
    """

    bare: str
    recurring: bool
    pronoun: bool
    lone_id: bool
    name: str
    maybe_all: bool
    range: tuple[str, str, str] | None
    labelled: tuple[str, str] | None
    id: str
    words: tuple[str, ...]
    core: tuple[str, ...]
    proper: bool


@remembered
def spelling(text: str) -> Spelling:
    """How a name is spelled."""
    bare = bare_name(text)
    name = in_digits(bare)
    whole = _bare_id(name)
    spoken = words(name)
    return Spelling(
        bare=bare,
        recurring=bool(_RECURRING.match(bare)),
        pronoun=bare.lower() in PRONOUNS,
        lone_id=" " not in bare and bool(_bare_id(bare)),
        name=name,
        maybe_all=_maybe_all(name),
        range=ends_of_range(name),
        labelled=_labelled(name),
        id=whole[1] if whole else "",
        words=spoken,
        core=core(spoken),
        proper=name[:1].isupper(),
    )


@remembered
def ends_of_range(text: str) -> tuple[str, str, str] | None:
    """The generic word ("" when there is none), the first and the last id of a text that is a range of ids."""
    found = _RANGE.fullmatch(text) if _may_be_range(text) else None
    return (label(found[1] or ""), found[2], found[3]) if found else None


def _bare_id(text: str) -> re.Match[str] | None:
    """A text that is an id alone, or "B's output"."""
    return None if " " in text and "'" not in text and "’" not in text else BARE.fullmatch(text)


def _may_be_range(text: str) -> bool:
    """Whether a text holds what stands between the ends of a range."""
    return "-" in text or "~" in text or ".." in text or _MAY_BE_RANGE.may_be_in(text)


def _labelled(text: str) -> tuple[str, str] | None:
    """The generic word and the id of `Section B`, `Phase 2`, `wave-1 items`."""
    found = LABELLED.match(text)
    if not found:
        return None
    rest = text[found.end() :].strip().lstrip(":")
    if rest and not label(rest) and rest.lower() not in {"work", "stuff", "の", "的"}:
        return None
    return label(found[1]), found[2]


_SPACED_DASH = re.compile(r"\s[-–—]\s")
"""In "after Phase 2 - 3 hours" no range is meant."""


@value
class Names:
    """What in a text looks like a name: ranges of ids, generic words with ids, tokens, and those written `007`."""

    ranges: tuple[str, ...]
    labelled: tuple[tuple[str, str], ...]
    tokens: tuple[tuple[str, bool], ...]
    """Each token that may be an id, and whether only its very writing is one."""


@remembered
def names_in(text: str) -> Names:
    """Everything in a text that looks like an id, alone or in a range."""
    labelled: list[tuple[str, str]] = []
    for found in LABELLED.finditer(text):
        kind = label(found[1])
        more = _ALSO.match(text, found.end())
        labelled += [(kind, written) for written in (found[2], *(re.findall(r"\d+", more[0]) if more else ()))]
    tokens = [found[0] for found in _TOKEN.finditer(text)]
    return Names(
        ranges=tuple(
            found[0]
            for found in (_RANGE.finditer(text) if _may_be_range(text) and _RANGE_SIGN.search(text) else ())
            if re.search(r"[A-Za-z]", found[2]) or (found[1] and not _SPACED_DASH.search(found[0]))
        ),
        labelled=tuple(labelled),
        tokens=tuple(
            (token, plain)
            for token in tokens
            if not (plain := token.isalpha() or token.replace(".", "").isdecimal()) or token.startswith("00")
        ),
    )


@value
class Lead:
    """The id that opens a text, and the generic word before it (None: there is none)."""

    kind: str | None
    id: str


@remembered
def leading(text: str) -> Lead | None:
    """The id that a text begins with: "E10.2 offline init", "Task 3 in staging"."""
    text = in_digits(text.lstrip("`*_[( "))
    if labelled := LABELLED.match(text):
        return Lead(kind=label(labelled[1]), id=labelled[2])
    token = _TOKEN.match(text)
    telling = token and (not token[0].isalpha() or "-" in token[0]) and re.search(r"[A-Za-z#]|\d\.\d", token[0])
    return Lead(kind=None, id=token[0]) if token and telling else None


def leading_letter(text: str) -> str:
    """The one-letter id that begins a clause about it: "A has landed on main", "B must be complete"; or ""."""
    found = _LETTER_FIRST.match(text.lstrip("`*_[( "))
    return found[1] if found else ""


@remembered
def uncoded(text: str) -> str:
    """A text with its numbers in digits and without its code, but for ids that stand in code."""
    return in_digits(
        _CODE.sub(lambda code: code[1] if re.fullmatch(ID, code[1]) else " ", text) if "`" in text else text
    )


@remembered
def telling_words(text: str) -> tuple[str, ...]:
    """The words of a text that may be those of a title."""
    return tuple(word for word in spoken_words(text) if word not in EMPTY and word not in GENERIC)


def spoken_words(text: str) -> tuple[str, ...]:
    """The first words of a text."""
    return words(text)[:_MOST_WORDS]


def _maybe_all(text: str) -> bool:
    """Whether a text may begin with "all" or "previous" in some language."""
    return text.split(" ", 1)[0].lower() in _ALL_FIRST or not text[:1].isascii()


@remembered
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
