"""What a reader of one family of plan formats hands over: items, containers, statements, before anything is linked.

A reader only finds and quotes. Which section a phrase means, and what is wrong with it, is decided in one place for
all families (`linking`), so that "Phase 1", "2-5" or "all prior slices" mean the same in every format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from orch_tui.plan.document import Document
from orch_tui.plan.fields import Relation
from orch_tui.plan.marks import Mark
from orch_tui.plan.model import EdgeKind, Finding, Hints
from orch_tui.plan.value import value


@value
class Container:
    """A phase, wave, epic or other heading that holds items; `parent` is an index into the containers or -1.

    `aliases` are other names people use for it, as they write them: "User Story 1", "US1", "Setup".
    """

    label: str
    id: str
    title: str
    line: int
    parent: int = -1
    mark: Mark = ""
    aliases: tuple[str, ...] = ()


@value
class WorkItem:
    """One item as found. `id` is as written ("" when there is none), `label` the generic word it came with.

    `line` is its first line, `body_line` the first line of `body`, `end` its last; `containers` are indices of the
    enclosing containers, innermost first. `hints` are those that only the reader could see; None: look in the lines.
    `made` says that the body is no lines of the document but made of data in them.
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
    hints: Hints | None = None
    made: bool = False


@value
class Statement:
    """Somebody says something about order: item number `item` (or all of container `container`) and the words `text`.

    `field` says that the words are the value of a named field, where every word counts; in a sentence only what is
    certainly a reference does. With `adds` the item says it besides ("additionally needs T011"): what holds for it
    anyway stays. `subject` are the words that say who is meant when it is not the item itself ("" when it
    is); without item and container they must name somebody. `negated` denies it. `loose`: who is meant must be named.
    `aside`: the words stand in brackets behind `subject`, which may hold more than the name. With `weak`
    words a part of a title names nobody.
    `each` says of a container's statement that it holds for every item, also for those with statements of their own.
    `listed`: the words are an entry of a list that holds references only. `utmost`: before or after all
    others is meant, but for those of which another order is known. `several`: words that may name
    more than `subject`. `within` is the generic word of the containers in each of which a sequence holds.
    """

    relation: Relation
    text: str
    quote: str
    line: int
    item: int = -1
    container: int = -1
    kind: EdgeKind = "stated"
    field: bool = True
    adds: bool = False
    subject: str = ""
    negated: bool = False
    loose: bool = False
    aside: bool = False
    weak: bool = False
    each: bool = False
    listed: bool = False
    utmost: bool = False
    several: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Groups of item numbers that follow one another because the plan says so of all: "in this order", `[P]`, waves.

    Every item of a group waits for every item of the group before. With `implied`, an item with a dependency field of
    its own does not, nor one that is said to run beside the items before. `line` and `quote` are the words that say so.
    """

    groups: tuple[tuple[int, ...], ...]
    line: int
    quote: str
    implied: bool = True


@value
class Arrow:
    """In a diagram: `after` waits for `before`, both keys of its nodes."""

    before: str
    after: str
    line: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A drawn graph: what is written in each node, by its key, and the arrows between them.

    `implied` says that it only speaks of items that say nothing themselves, `summary` that it only retells an order
    ("critical path"), so that it yields to whatever else is stated. `told`: it is a chain in running text. `listing`:
    it stands below "Dependencies", where "A → B" may mean that A needs B. `places` are the lines
    of nodes that are list entries, which may be items themselves; `lone` are nodes of a chart without arrows; `around`
    are the nodes whose frames hold a node, the innermost first.
    """

    nodes: dict[str, str]
    arrows: tuple[Arrow, ...]
    line: int
    summary: bool = False
    implied: bool = False
    told: bool = False
    listing: bool = False
    places: Mapping[str, int] = field(default_factory=dict[str, int])
    lone: frozenset[str] = frozenset()
    around: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that a reader found, in document order. `findings` are those only the reader could see.

    `title` and `preamble` are for formats whose title is no heading; None: the text before line `begins`, or before the
    first item when that is 0. `foreign` are generic words that the document numbers other things by ("Step 1" within a
    task): with them a number means no item. `outside` are lines about what the plan needs from elsewhere.
    """

    items: tuple[WorkItem, ...]
    containers: tuple[Container, ...] = ()
    statements: tuple[Statement, ...] = ()
    orders: tuple[Order, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    title: str = ""
    preamble: str | None = None
    begins: int = 0
    diagrams: tuple[Diagram, ...] = field(default=())
    foreign: frozenset[str] = frozenset()
    outside: tuple[str, ...] = ()


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
