"""Statements of order in the lines of an item or a container, however they are laid out."""

from __future__ import annotations

from collections.abc import Iterable

from orch_tui.plan.document import Document
from orch_tui.plan.model import EdgeKind
from orch_tui.plan.phrases import Phrase, Relation, field, field_relation, in_line, in_text, plain
from orch_tui.plan.reading import Statement


def in_lines(document: Document, numbers: Iterable[int], *, item: int = -1, container: int = -1) -> list[Statement]:
    """Fields and sentences that open with a phrase, a field's list below it, and a `### Dependencies` with its list.

    What stands under such a heading is often the environment ("Docker"), so only sure references count there.
    """
    heads = document.heading_lines
    out: list[Statement] = []
    listing: tuple[Relation, bool] | None = None
    for number in numbers:
        line = document.line(number)
        if not line.strip():
            continue
        if number in heads:
            relation = field_relation(plain(heads[number]).rstrip(":").lower())
            listing = (relation, True) if relation else None
            continue
        named = field(line)
        relation = field_relation(named[0]) if named else None
        if named and relation and not named[1]:
            listing = (relation, False)
            continue
        phrases = in_line(line)
        if listing and not (named and relation) and (listing[1] or line.lstrip()[0] in "-*+0123456789"):
            phrases = [Phrase(relation=listing[0], text=plain(line), quote=line.strip(), field=not listing[1])]
        else:
            listing = None
        out += [_statement(phrase, number, item, container) for phrase in phrases]
    return out


def in_running_text(
    text: str, line: int, *, item: int = -1, container: int = -1, kind: EdgeKind = "stated"
) -> list[Statement]:
    """Statements within one line of running text."""
    return [_statement(phrase, line, item, container, kind) for phrase in in_text(text)]


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
    )
