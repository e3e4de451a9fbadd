"""Taking apart what a dependency field says: pieces, alternatives, notes in brackets, exceptions, wishes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orch_tui.plan.phrases import NONE, SOFT

_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|excluding|other than|apart from|but not|besides)\b:?", re.IGNORECASE
)
_NOT = re.compile(r"(?:but |and )?(?:not|no longer|never)\b:?\s*", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\s+(and|or|plus|und|as well as|and/or)\s+|\s*([&+])\s*|\s+(/)\s+", re.IGNORECASE)
_NO_NEED = re.compile(
    r"at least|one of|any of|either|both\b|all\b|if |where |when |complete|done|finished|merged|closed|see |not\b|e\.g"
    r"|or\b",
    re.IGNORECASE,
)
_LONGEST = 20_000
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing that is named: the words, the note in brackets after them, and whether it is one of several to choose.

    `parts` are the same words split at "and", "&", "or", "+" for when the whole is no name; each with its own choice.
    """

    text: str
    note: str
    alternative: bool
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a field says: nothing to wait for (`none`), the pieces, the ones named as not meant, the exceptions."""

    none: bool
    pieces: tuple[Piece, ...]
    negated: tuple[str, ...]
    exceptions: tuple[str, ...]


def take_apart(text: str) -> Wording:
    """Splits what follows a dependency phrase; wishes ("optional", "would help") are dropped."""
    text = _unbracketed(text[:_LONGEST].strip())
    main, excepted = _excepted(text)
    if not main or NONE.match(main):
        return Wording(none=True, pieces=_pieces(excepted)[0], negated=(), exceptions=())
    pieces, negated = _pieces(main)
    exceptions = tuple(part for piece in _pieces(excepted)[0] for part in (piece.text, *piece.parts))
    return Wording(none=False, pieces=pieces, negated=negated, exceptions=exceptions)


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
        if not words or SOFT.search(raw):
            continue
        parts, either = _parts(words)
        note = next((note for note in notes if not _NO_NEED.match(note)), "")
        choice = either or any(re.match(r"(?:at least|any|one of)\b", note, re.IGNORECASE) for note in notes)
        pieces.append(Piece(text=words, note=note, alternative=choice, parts=parts))
    return tuple(pieces), tuple(negated)


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
    return [re.sub(r"^(?:and|or|und)\s+", "", piece.strip(), flags=re.IGNORECASE) for piece in out if piece.strip()]


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
    words, dash, tail = re.sub(r"\s+", " ", " ".join(outside)).strip().partition(" – ")
    if not dash:
        words, dash, tail = words.partition(" — ")
    if not dash:
        words, dash, tail = words.partition(" - ")
    if not dash:
        words, dash, tail = words.partition(": ")
    return (words.strip(), [*notes, tail.strip()]) if dash else (words, notes)


def _parts(words: str) -> tuple[tuple[str, ...], bool]:
    """The words split at conjunctions, and whether they are alternatives."""
    found = _CONJUNCTION.split(words)
    parts = tuple(part.strip() for part in found[::4] if part and part.strip())
    return (parts, any((word or "").lower() in {"or", "/"} for word in found[1:])) if len(parts) > 1 else ((), False)
