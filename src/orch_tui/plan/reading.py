"""What a reader of one family of plan formats hands over: items, containers, statements, before anything is linked.

A reader only finds and quotes. Which section a phrase means, and what is wrong with it, is decided in one place for
all families (`linking`), so that "Phase 1", "2-5" or "all prior slices" mean the same in every format.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from orch_tui.plan.document import Document
from orch_tui.plan.marks import Mark
from orch_tui.plan.model import EdgeKind, Finding
from orch_tui.plan.phrases import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A phase, wave, epic or other heading that holds items; `parent` is an index into the containers or -1."""

    label: str
    id: str
    title: str
    line: int
    parent: int = -1
    mark: Mark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One item as found. `id` is as written ("" when there is none), `label` the generic word it came with.

    `line` is its first line, `body_line` the first line of `body`, `end` its last; `containers` are indices of the
    enclosing containers, innermost first.
    """

    id: str
    label: str
    title: str
    line: int
    body_line: int
    end: int
    body: str
    containers: tuple[int, ...] = ()
    mark: Mark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Somebody says something about order: item number `item` (or all of container `container`) and the words `text`.

    `field` says that the words are the value of a named field, where every word counts; in a sentence only what is
    certainly a reference does.
    """

    relation: Relation
    text: str
    quote: str
    line: int
    item: int = -1
    container: int = -1
    kind: EdgeKind = "stated"
    field: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that a reader found, in document order. `findings` are those only the reader could see."""

    items: tuple[WorkItem, ...]
    containers: tuple[Container, ...] = ()
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


class Reader(Protocol):
    """One family of plan formats. A new family is a new object in `parsing.READERS`."""

    @property
    def name(self) -> str:
        """Short name, kept in the plan ("headed")."""
        ...

    def fits(self, document: Document) -> float:
        """0..1: how sure it is that this family is the right one, judged by the content alone."""
        ...

    def read(self, document: Document) -> Reading:
        """Everything of this family in the document; empty when there is nothing."""
        ...
