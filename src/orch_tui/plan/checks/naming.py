"""Sentences with the sections they name taken out: "Sections B and C must land together" -> "§ must land together".

What a sentence says of sections is then a matter of the few words around the signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.fields import plain
from orch_tui.plan.inline import unmarked
from orch_tui.plan.later import later
from orch_tui.plan.names import BEFORE, GAP, ID, LABEL
from orch_tui.plan.sentences import sentence_end
from orch_tui.plan.statements import Paragraph
from orch_tui.plan.trie import Phrases

SIGN = "§"
_ONE = rf"(?:(?i:{LABEL}){GAP})?`?(?:{ID})`?"
_JOINT = (
    r"\s*(?:,\s*(?:and|or|und|oder)\s|,|/|&|\+|–|-|\.\.|\b(?:and|or|nor|und|oder|noch|y|o|e|et|ou|ni|xor|to|through|bis)\b"
    r"|和|与|跟|及|或|と|か|、)\s*(?:(?i:the|la|el|die|der)\s)?"
)
_AND = later(r"\s*(?:,|/|&|\+|\b(?:and|or|nor|und|oder|y|o|et|ou)\b|和|与|跟|或|と|か|、)\s*")
"""Between things that are named one by one; a range is one thing."""
_NAMES = later(rf"{BEFORE}{_ONE}(?:{_JOINT}{_ONE})*")
_LABELLED = later(rf"(?i:{LABEL}){GAP}`?{ID}")
_TELLING = later(r"`?#?[A-Za-z]+[-_]?\d|`?\d+\.\d")
"""An id that is nothing else, unlike "A", "C" and "2"."""
_LEADS_TO_ONE = later(
    r"(?:\b(?:with|as|to|while|and|or|of|than|without|unless|beside|alongside|either|neither|nor|if|when|merge|land|ship"
    r"|deploy|release|merging|replaces|supersedes|run|running|start|starting|launch|launching|mit|zu|wenn|solange|weder|entweder|con|que|si"
    r"|cuando|bien|avec|quand|soit|ni)|[:：与和跟])\s*$",
    re.I,
)
"""What a plain letter or number follows where it is an id."""
_ACTS = later(
    r"\s*(?:(?:must|may|can|cannot|can't|should|will|waits?|replaces?|supersedes?|is|muss|darf|kann|soll|wartet|ersetzt|debe"
    r"|puede|doit|peut)\b|と|は|を|和|与|跟|不)"
)
"""What follows a letter that opens a clause where it is an id: "C must", "C と"."""
_CLAUSE_START = later(
    r"(?:^|[.:;,(]\s|\b(?:run|running|execute|start|merge|land|ship|not|either|entweder|neither|of)\s)$", re.I
)
_WORDS_TOO = frozenset({"A", "I"})
_LONGEST = 2_000
_MOST_NAMES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One sentence with signs for names, what each sign stands for, the words as written, and whose text it is.

    `wholes` are the sections of each container that is named, which is meant as one thing.
    """

    line: int
    text: str
    groups: tuple[tuple[int, ...], ...]
    quote: str
    owner: int
    wholes: tuple[tuple[int, ...], ...] = ()

    def named(self, start: int = 0, end: int | None = None) -> list[tuple[int, ...]]:
        """What the signs of a part of the text stand for."""
        first = self.text.count(SIGN, 0, start)
        return list(self.groups[first : first + self.text.count(SIGN, start, len(self.text) if end is None else end)])


def patterns(*written: str) -> tuple[re.Pattern[str], ...]:
    """Each for letters of either case."""
    return tuple(later(one, re.IGNORECASE) for one in written)


def told(subject: Subject, hint: Phrases) -> Iterator[Told]:
    """The sentences with a word of `hint`, those that name nobody as well."""
    for paragraph in subject.paragraphs:
        if hint.search(paragraph.text):
            yield from _sentences(subject, paragraph, hint)


def told_together(subject: Subject, hint: Phrases) -> Iterator[Told]:
    """The same with all other sentences of their paragraphs."""
    for paragraph in subject.paragraphs:
        if hint.search(paragraph.text):
            yield from _sentences(subject, paragraph, None)


def _sentences(subject: Subject, paragraph: Paragraph, hint: Phrases | None) -> Iterator[Told]:
    text = plain(paragraph.text[:_LONGEST]).replace(SIGN, " ").replace("**", "")
    bare = paragraph.bared(text, unmarked)
    at = 0
    while at < len(text):
        end = sentence_end(text, at, len(text))
        words = text[at:end].lstrip()
        if words and (hint is None or hint.search(words)):
            line = bare.line_at(end - len(words))
            words = words.rstrip()
            yield _masked(subject, words, line, subject.owner[paragraph.line], text[at : end + 1].strip())
        at = end + 1


def _masked(subject: Subject, words: str, line: int, owner: int, quote: str) -> Told:
    out: list[str] = []
    groups: list[tuple[int, ...]] = []
    wholes: list[tuple[int, ...]] = []
    last = 0
    for found in _NAMES.finditer(words):
        if len(groups) >= _MOST_NAMES:
            break
        meant = _meant(subject, found[0]) if _names(found, words) else []
        if meant:
            out += [words[last : found.start()], SIGN]
            groups.append(tuple(dict.fromkeys(meant)))
            wholes += (whole for one in _AND.split(found[0]) if len(meant) > 1 and len(whole := subject.whole(one)) > 1)
            last = found.end()
    text = "".join([*out, words[last:]])
    return Told(line=line, text=text, groups=tuple(groups), quote=quote, owner=owner, wholes=tuple(wholes))


def _meant(subject: Subject, names: str) -> list[int]:
    """What a list of names means as a whole, and each that has a generic word of its own."""
    labelled = [at for one in _LABELLED.finditer(names) for at in subject.meant(one[0])]
    meant = {*subject.meant(names), *labelled}
    return sorted(meant or {at for one in re.split(_JOINT, names) for at in subject.meant(one)})


def _names(found: re.Match[str], words: str) -> bool:
    """Whether words that have the form of ids are some: a generic word, a telling id, or a place where one stands."""
    if _LABELLED.search(found[0]) or _TELLING.search(found[0]):
        return True
    before = words[: found.start()]
    several = bool(re.search(_JOINT, found[0]))
    if several and not found[0][0].isdigit():
        return True
    opens = bool(_CLAUSE_START.search(before))
    acts = found[0] not in _WORDS_TOO and bool(_ACTS.match(words, found.end()))
    return bool(_LEADS_TO_ONE.search(before)) or (opens and (several or acts))
