"""Taking apart what a dependency field says: pieces, alternatives, notes in brackets, exceptions, wishes."""

from __future__ import annotations

import re

from orch_tui.plan.fields import is_none
from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.order_words import SOFT
from orch_tui.plan.remembered import remembered
from orch_tui.plan.trie import told_by
from orch_tui.plan.value import value

_EXCEPT = told_by(
    "except excepting excluding other apart but besides ausgenommen außer bis excepto salvo sauf hormis exceto tranne",
    r"\b(?:except(?:ing)?(?: for)?|excluding|other than|apart from|but not|besides"
    r"|ausgenommen|außer|bis auf|excepto|salvo|sauf|hormis|exceto|tranne"
    r"|(?<=\ball)\s+but|(?<=\belse)\s+but|(?<=\bothers)\s+but|(?<=\babove)\s+but|(?<=\blist)\s+but|(?<=\bplan)\s+but)\b:?",
)
_NOT = later(r"(?:but |and )?(?:not|no longer|never|nicht|no|pas|不是)\b:?\s*", re.IGNORECASE)
_CONJUNCTION = later(
    r"\s+(and then|and|or|plus|und|sowie|oder|as well as|and/or|along with|together with|y|e|o|ou|et|и"
    r"|或者?|和|与|及|以及)\s+"
    r"|\s*((?<!\b[Nn])[&+])\s*|\s+(/)\s+|(?<=\d)(/)(?=#?[A-Z]{0,4}-?\d)|(?<=[0-9A-Za-z\u3040-\u9fff계업크])\s?(和|与|及|以及|または|および|及び|と|或|와|과|및)\s?(?=[#0-9A-Za-z\u4e00-\u9fff])",
    re.IGNORECASE,
)
_SIGNS = frozenset("&+/")
_JOINING = frozenset(
    ["and", "or", "plus", "und", "sowie", "oder", "as", "along", "together", "y", "e", "o", "ou", "et"]
)
"""Of which every text in ASCII holds one that has parts."""
_TIGHT = 4
"""The group of a slash without blanks, "Task 1/2", which lists and leaves no choice."""
_EITHER = frozenset({"or", "/", "oder", "o", "ou", "或", "或者", "または"})
_DASHES = frozenset("-–—−:")
_DASH = later(r"\s+[–—−-]\s+|:\s+|(?<=[^\s\d])\s*——\s*")
_END_OF_RANGE = later(rf"(?:{LABEL}{GAP})?{ID}(?:\W|$)", re.IGNORECASE)
_START_OF_RANGE = later(rf"(?:.*\W)?(?:{LABEL}{GAP})?{ID}", re.IGNORECASE)
_NO_NEED = later(
    r"at least|one of|any of|either|both\b|all\b|if |where |when |complete|done|finished|merged|closed|see |not\b|e\.g"
    r"|or\b",
    re.IGNORECASE,
)
_REASON = told_by(
    "because so porque ya para parce puisque weil damit чтобы потому",
    r"(?<=\S)\s+(?:because|so (?:that|the|it|we)|porque|ya que|para que|parce qu[e']|puisque|weil|damit|чтобы"
    r"|потому что)\b[^,;，；()（）]*",
)
"""Why it is so, up to the next comma: "0008 because the data of 0001 lands first"."""
_BESIDE = told_by(
    "parallel parallelisable parallelizable concurrent concurrently together coordinates aligns overlaps pairs"
    " integrates syncs",
    r"(?:(?<=[;,.)])|(?<=[;,.)] ))\s*(?:(?:and|but|can|may|be|run|runs|done|go|goes|works?)\s+){0,4}"
    r"(?:in parallel|parallel(?:isable|izable)?|concurrent(?:ly)?|together) (?:with|to)\b[^;.()]*"
    r"|\s(?:and|but)\s+(?:coordinates|aligns|overlaps|pairs|integrates|syncs) (?:\w+ )?with\b[^;.()]*",
)
"""What goes on at the same time, told behind what is needed: "T1; parallel with T2/T3", "M1 and overlaps with M4"."""
_ONLY_BESIDE = told_by(
    "parallel concurrent concurrently alongside paralelo parallèle zeitgleich gleichzeitig 并行 並行 並列 同时",
    r"(?!.*\b(?:after|once|needs?|requires?|depends?|but|nach|tras|después|après)\b)"
    r"(?:(?:can|may|could|kann|darf|puede|peut)\s+(?:(?:be|run|go|start|done|ir|être)\s+){0,2})?"
    r"(?:(?:in\s|en\s)?(?:parallel|paralelo|parallèle)|concurrent(?:ly)?|zeitgleich|gleichzeitig)"
    r"\s+(?:with|to|zu|zum|zur|mit|con|a|al|avec|de|à)\b[^;；]*"
    r"|alongside\b[^;；]*"
    r"|(?:可以?)?[与和同跟][^;；。]{1,40}?可?(?:并行|同时)[^;；。]{0,6}|[^;；。]{1,40}[^;；。,，、\s]可并行[^;；。]{0,6}"
    r"|[^;；。]{1,40}?[^;；。,，、\s]と?(?:並行|並列)(?:して)?(?:可能?|実行可能?|実施可能?|に?進行可能?|で実施)",
)
"""Nothing but who goes on at the same time: "parallel with Phase 2" in a column of what is needed."""
_NAMES_OTHERS = later(r"(?<![\w.])[A-Za-z]{0,4}-?\d")
RESPECTIVELY = told_by(
    "respectively jeweils beziehungsweise respectivamente respectivement rispettivamente 分别 それぞれ",
    r"[,，]?\s*(?:\b(?:respectively|jeweils|beziehungsweise|respectivamente|respectivement|rispettivamente)\b|分别|それぞれ)",
)
"""Words that pair two lists: "04, 05 depend on 02, 03 respectively"."""
EACH_OTHER = later(
    r"\s*(?:each other|one another|each another|the others?\b|einander|voneinander|entre sí|互相|互い)",
    re.IGNORECASE,
)
"""Words for the ones that speak: "B and C are independent of each other"."""
THE_OTHERS = re.compile(r"\s*(?:the others?\b|den anderen\b|los demás\b|des autres\b)", re.IGNORECASE)
"""Words for all but the one that speaks: "B is independent of the others"."""
_LONGEST = 100_000
_AN_ID = r"#?[A-Za-z]{0,6}[0-9]{1,9}(?:\.[0-9]{1,9}){0,9}"
_ONLY_IDS = later(rf"(?:{LABEL} )?{_AN_ID}(?:, ?{_AN_ID})*", re.IGNORECASE | re.ASCII)
"""Most fields: ids, set off by commas, with one generic word before them at most."""
_NARROW = str.maketrans("（）【】", "()[]")
_OPEN, _CLOSE = "([{", ")]}"


@value
class Piece:
    """One thing that is named: the words, the note in brackets after them, and whether it is one of several to choose.

    `parts` are the same words split at "and", "&", "or", "+" for when the whole is no name. `options` has a number for
    each of them when they are alternatives: parts of the same number belong together ("1 and 2 or 3").
    """

    text: str
    note: str
    alternative: bool
    parts: tuple[str, ...]
    options: tuple[int, ...] = ()


@value
class Wording:
    """What a field says: nothing to wait for (`none`), the pieces, the ones named as not meant, the exceptions.

    `listed`: the pieces stand in square brackets.
    """

    none: bool
    pieces: tuple[Piece, ...]
    negated: tuple[str, ...]
    exceptions: tuple[str, ...]
    listed: bool = False


@remembered
def take_apart(text: str) -> Wording:
    """Splits what follows a dependency phrase; wishes ("optional", "would help") are dropped."""
    if text[-1:].isdigit() and _ONLY_IDS.fullmatch(text) and not is_none(text):
        named = tuple(Piece(text=one.strip(), note="", alternative=False, parts=()) for one in text.split(","))
        return Wording(none=False, pieces=named, negated=(), exceptions=())
    bare = _BESIDE.sub("", _REASON.sub("", text[:_LONGEST].translate(_NARROW).strip()))
    text = _unbracketed(bare)
    main, excepted = _excepted(text)
    if not main or is_none(main) or _ONLY_BESIDE.fullmatch(main):
        return Wording(none=True, pieces=_pieces(excepted)[0], negated=(), exceptions=())
    pieces, negated = _pieces(main)
    exceptions = tuple(part for piece in _pieces(excepted)[0] for part in (piece.text, *piece.parts))
    listed = len(text) < len(bare.rstrip(". "))
    return Wording(none=False, pieces=pieces, negated=negated, exceptions=exceptions, listed=listed)


def _unbracketed(text: str) -> str:
    """Without the square brackets around a list, and without a full stop at the end."""
    text = text.rstrip(". ")
    if text.startswith("[") and text.endswith("]") and "[" not in text[1:-1]:
        return text[1:-1].strip()
    return text


def _excepted(text: str) -> tuple[str, str]:
    found = _EXCEPT.search(text)
    return (text[: found.start()].strip(" ,;("), text[found.end() :].strip(" )")) if found else (text, "")


def _pieces(text: str) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    pieces: list[Piece] = []
    negated: list[str] = []
    for raw in _split(text):
        words, notes = _notes(raw)
        negated += [note[found.end() :] for note in notes if (found := _NOT.match(note))]
        if denied := _NOT.match(words):
            negated.append(words[denied.end() :])
            continue
        if not words or SOFT.search(words) or any(_is_wish(note) for note in notes):
            continue
        parts, options = _parts(words)
        note = next((note for note in notes if not _NO_NEED.match(note)), "")
        if any(re.match(r"(?:at least|any|one of)\b", note, re.IGNORECASE) for note in notes):
            options = tuple(range(len(parts))) or (0,)
        pieces.append(Piece(text=words, note=note, alternative=bool(options), parts=parts, options=options))
    return tuple(pieces), tuple(negated)


def _is_wish(note: str) -> bool:
    """Whether a note makes a wish of what stands before it, and not of something it names itself: "2 not required"."""
    return any(SOFT.search(clause) and not _NAMES_OTHERS.search(clause) for clause in re.split(r"[;；]", note))


def _split(text: str) -> list[str]:
    """At commas and semicolons that stand in no brackets and in no code."""
    out: list[str] = []
    depth, start, code = 0, 0, False
    for at, char in enumerate(text):
        if char == "`":
            code = not code
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in ",;，、；\n" and not depth and not code:
            out.append(text[start:at])
            start = at + 1
    out.append(text[start:])
    return [
        re.sub(r"^(?:and|or|und|y|et|oder|sowie)\s+", "", piece.strip(), flags=re.IGNORECASE)
        for piece in out
        if piece.strip()
    ]


def _notes(text: str) -> tuple[str, list[str]]:
    """The words outside round brackets, and what stands in each pair of them; also the words after a dash."""
    outside: list[str] = []
    notes: list[str] = []
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "(":
            if not depth:
                outside.append(text[start:at])
                start = at + 1
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if not depth:
                notes.append(text[start:at].strip())
                start = at + 1
    (notes if depth else outside).append(text[start:])
    words = re.sub(r"\s+", " ", " ".join(outside)).strip()
    for dash in () if _DASHES.isdisjoint(words) else _DASH.finditer(words):
        ranged = _START_OF_RANGE.fullmatch(words, 0, dash.start()) and _END_OF_RANGE.match(words, dash.end())
        if not (ranged and ":" not in dash[0]):
            return words[: dash.start()].strip(), [*notes, words[dash.end() :].strip()]
    return words, notes


def _parts(words: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The words split at conjunctions, and the number of each part's option when they are alternatives."""
    if words.isascii() and _SIGNS.isdisjoint(words) and _JOINING.isdisjoint(words.lower().split()):
        return (), ()
    found = _CONJUNCTION.split(words)
    size = _CONJUNCTION.groups + 1
    option, numbered = 0, list[tuple[str, int]]()
    for at, word in enumerate(found):
        if at % size == 0 and word and word.strip():
            numbered.append((word.strip(), option))
        elif at % size not in {0, _TIGHT} and (word or "").lower() in _EITHER:
            option += 1
    if len(numbered) < 2:
        return (), ()
    return tuple(part for part, _ in numbered), tuple(number for _, number in numbered) if option else ()
