"""What is found in a document is kept beside it, and only there."""

from __future__ import annotations

import gc
import weakref

from orch_tui.plan.document import Document, scan
from orch_tui.plan.once import once


class Words(list[str]):
    """A list that can be watched."""


def test_a_document_is_searched_once_and_another_one_of_the_same_text_anew() -> None:
    asked: list[Document] = []

    @once
    def words(document: Document) -> tuple[str, ...]:
        asked.append(document)
        return tuple(document.text(1, 1).split())

    one, other = scan("# Two words"), scan("# Two words")
    assert words(one) is words(one)
    assert words(other) == words(one)
    assert asked == [one, other]


def test_what_was_found_goes_with_its_document() -> None:
    @once
    def words(document: Document) -> Words:
        return Words(document.lines)

    document = scan("# Plan")
    found = weakref.ref(words(document))
    del document
    gc.collect()
    assert found() is None
