"""What is found in a document is found once, however many readers and levels ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from orch_tui.plan.document import Document

_Found = TypeVar("_Found")


def once(find: Callable[[Document], _Found]) -> Callable[[Document], _Found]:
    """Keeps the answer of `find` for as long as the document lives; it must not change, nor refer to the document."""
    known: WeakKeyDictionary[Document, _Found] = WeakKeyDictionary()

    @wraps(find)
    def found(document: Document) -> _Found:
        if document not in known:
            known[document] = find(document)
        return known[document]

    return found
