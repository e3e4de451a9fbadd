"""Statements of order in the lines of an item or a container, however they are laid out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from orch_tui.plan.document import Document
from orch_tui.plan.fields import Relation, field, field_relation, is_field, plain
from orch_tui.plan.inline import commonly_emphasised, unmarked
from orch_tui.plan.later import later
from orch_tui.plan.model import EdgeKind
from orch_tui.plan.names import ID
from orch_tui.plan.once import once
from orch_tui.plan.phrases import Phrase, in_line, in_text
from orch_tui.plan.reading import Statement
from orch_tui.plan.speakers import begins_with_name
from orch_tui.plan.value import value
from orch_tui.plan.wrapped import open_ended

_SECTION_FIELDS = frozenset({"goal", "objective", "owner", "status", "priority", "effort", "risk", "files", "estimate"})

_INPUTS = frozenset({"inputs", "input", "consumes", "base", "base branch", "stacked on"})
"""Fields that name what an item is made from: rows and files, and other items by their ids."""
_INPUT = later(
    rf"[`*_]*([A-Za-z]{{2,10}}-[a-z](?![\w-])|(?:[^\W\d_]{{2,14}}\s)?(?!(?:A|I)\s(?!outbound|output)[a-z]){ID})"
    r"(?![\w/.-]*\.\w)(?=[`*_]*(?:\W|$))"
)

_GATE = re.compile(r"[\W_]*gate\b", re.IGNORECASE)
"""A field that says what must be true besides, at the start or at the end: it frees nobody from an order."""


@value
class Paragraph:
    """Lines that are one text: `starts[n]` is the offset at which line `line + n` begins in `text`."""

    line: int
    text: str
    starts: tuple[int, ...]

    def line_at(self, offset: int) -> int:
        """The number of the line that holds an offset of the text."""
        return self.line + max(0, sum(start <= offset for start in self.starts) - 1)

    def bared(self, text: str, bare: Callable[[str], str]) -> Paragraph:
        """The paragraph as `text`, which is its own without what `bare` takes out of each line but the first."""
        if len(self.starts) < 2 or len(text) == len(self.text):
            return replace(self, text=text)
        ends = (*self.starts[2:], len(self.text))
        later = [bare(self.text[start:end]) for start, end in zip(self.starts[1:], ends, strict=True)]
        joined = "".join(later).rstrip()
        if not text.endswith(joined):
            return replace(self, text=text)
        starts = accumulate(map(len, later[:-1]), initial=len(text) - len(joined))
        return replace(self, text=text, starts=(0, *starts))


def in_lines(document: Document, numbers: Iterable[int], *, item: int = -1, container: int = -1) -> list[Statement]:
    """Fields and sentences, a field's list below it, and a `### Dependencies` with its list.

    What stands under such a heading is often the environment ("Docker"), so only sure references count there.
    """
    heads = document.heading_lines
    out: list[Statement] = []
    listing: tuple[Relation, bool] | None = None
    for paragraph in paragraphs(document, numbers):
        number, text, places = paragraph.line, paragraph.text, paragraph
        if number in heads:
            relation = field_relation(plain(heads[number]).rstrip(":：").lower())
            listing = (relation, True) if relation else None
            continue
        named = field(text)
        relation = field_relation(named[0]) if named else None
        if named and relation and not named[1]:
            listing = (relation, False)
            continue
        if named and relation:
            phrases = (_spoken(named[1]) if item < 0 else []) or in_line(text)
            listing = None
        elif listing and (listing[1] or text.lstrip()[:1] in "-*+0123456789"):
            own = Phrase(relation=listing[0], text=plain(text), quote=text.strip(), field=not listing[1])
            phrases = [replace(one, quote=text.strip()) for one in _spoken(plain(text))] or [own]
        elif named and item >= 0 and named[0] in _INPUTS and (taken := _ids_of(named[1])):
            listing = None
            phrases = [Phrase(relation="needs", text=taken, quote=text.strip(), field=False)]
        else:
            listing = None
            said = plain(text)
            phrases = in_text(said)
            places = paragraph.bared(said, unmarked) if phrases else places
        out += [_statement(phrase, places.line_at(phrase.at), item, container) for phrase in phrases]
    return out


def _ids_of(value: str) -> str:
    """The ids that the entries of a field begin with: "B, C" of "B inbound, C (its table), rows.csv"."""
    found = (
        _INPUT.match(entry) for entry in re.split(r"[,;]\s+(?:and\s+)?|\s+(?:and|\+|&)\s+", value) if entry.strip()
    )
    return ", ".join(one[1] for one in found if one)


def _spoken(value: str) -> list[Phrase]:
    """A field of nobody whose value is a sentence of its own: "Blockers: Section 4 depends on Sections 1 and 2"."""
    said = in_text(re.sub(r"\([^()]*\)", "", value))
    return said if said and all(not one.aside and begins_with_name(one.subject) for one in said) else []


def in_running_text(
    text: str, line: int, *, item: int = -1, container: int = -1, kind: EdgeKind = "stated"
) -> list[Statement]:
    """Statements within one line of running text."""
    return [_statement(phrase, line, item, container, kind) for phrase in in_text(text)]


def paragraphs(document: Document, numbers: Iterable[int]) -> Iterator[Paragraph]:
    """Lines as people read them: a sentence that goes on in the next line is one text."""
    flow = _flow(document)
    first = last = before = 0
    for number in numbers:
        if not document.lines[number - 1]:
            continue
        goes_on = first and number == last + 1 and flow.joins(document, number, before)
        if first and not goes_on:
            yield flow.paragraph(document, first, last)
        broken = document.wrapped.get(number)
        first, last, before = first if goes_on else number, broken.end if broken else number, number
    if first:
        yield flow.paragraph(document, first, last)


class _Flow:
    """Which lines of a document go on in the next one, and the paragraphs they make, for every level that is tried."""

    __slots__ = ("_joined", "_made")

    def __init__(self) -> None:
        self._joined: dict[int, bool] = {}
        self._made: dict[tuple[int, int], Paragraph] = {}

    def joins(self, document: Document, number: int, before: int) -> bool:
        """Whether a line continues the one before, or what is broken and begins there."""
        if (joined := self._joined.get(number)) is None:
            joined = self._joined[number] = _goes_on(document, number, before)
        return joined

    def paragraph(self, document: Document, first: int, last: int) -> Paragraph:
        """The lines from `first` to `last` as one text."""
        if (made := self._made.get((first, last))) is None:
            lines = document.lines if first == last else document.written
            made = self._made[first, last] = _paragraph(first, lines[first - 1 : last])
        return made


@once
def _flow(_document: Document) -> _Flow:
    return _Flow()


def _paragraph(first: int, lines: Sequence[str]) -> Paragraph:
    if len(lines) == 1:
        return Paragraph(line=first, text=commonly_emphasised(lines[0]), starts=(0,))
    told = [lines[0], *(line.strip().lstrip("> ") for line in lines[1:])]
    starts = accumulate((len(line) + 1 for line in told[:-1]), initial=0)
    return Paragraph(line=first, text=commonly_emphasised(" ".join(told)), starts=tuple(starts))


def _goes_on(document: Document, number: int, preceding: int) -> bool:
    """Whether a line continues the one before: it starts no item, heading, table row, field or bold lead of its own."""
    line, before = document.line(number), document.line(preceding)
    bare = line.strip().lstrip("> ")
    if number in document.heading_lines or number - 1 in document.heading_lines or not bare:
        return False
    if number in document.item_lines or bare[0] in "|" or bare.startswith(("**", "- ", "* ", "+ ", "[")):
        return False
    if before.lstrip().startswith("|"):
        return False
    named = field(before)
    if named and (field_relation(named[0]) or named[0] in _SECTION_FIELDS) and not open_ended(named[1]):
        return False
    return not is_field(line) and not _is_labelled_field(bare)


def _is_labelled_field(line: str) -> bool:
    named = field(line)
    return bool(named and named[0] in _SECTION_FIELDS)


def _statement(phrase: Phrase, line: int, item: int, container: int, kind: EdgeKind = "stated") -> Statement:
    return Statement(
        relation=phrase.relation,
        text=phrase.text,
        quote=phrase.quote,
        line=line,
        item=item,
        container=container,
        kind=kind,
        field=phrase.field,
        adds=phrase.field and bool(_GATE.match(phrase.quote)),
        subject=phrase.subject,
        negated=phrase.negated,
        loose=phrase.loose,
        aside=phrase.aside,
        weak=phrase.weak,
        utmost=phrase.utmost,
        several=phrase.several,
    )
