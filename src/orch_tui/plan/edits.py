"""What a person may change of a graph that was read, and what a second reader proposes: small, named, reversible edits.

Edits are data. `mending.mended` applies them to a plan as read; the journal keeps them one by one; a side file beside
the plan carries them to the next run. Ids are section ids as in the plan. The field `edit` tells them apart as data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Dependants = Literal["release", "exclude"]
"""What becomes of the sections behind an excluded one: they go on without it, or are left out with it."""
Assignable = Literal["agent", "model", "effort", "budget", "workflow", "priority", "repository", "merge"]
ProposalKind = Literal[
    "missing-edge",
    "wrong-edge",
    "wrong-order",
    "lost-parallelism",
    "missing-section",
    "recommended-order",
    "new-section",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEdge:
    """`downstream` waits for `upstream`."""

    upstream: str
    downstream: str
    needs: str = ""
    """A person's words for what is needed of the upstream; "" when they did not say."""
    edit: Literal["add-edge"] = "add-edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropEdge:
    """`downstream` no longer waits for `upstream`."""

    upstream: str
    downstream: str
    edit: Literal["drop-edge"] = "drop-edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseEdge:
    """What was `downstream` comes first."""

    upstream: str
    downstream: str
    edit: Literal["reverse-edge"] = "reverse-edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclude:
    """The section is not carried out."""

    section: str
    dependants: Dependants = "release"
    edit: Literal["exclude"] = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """The section is carried out after all; sections that were left out because of it come back too."""

    section: str
    edit: Literal["include"] = "include"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDone:
    """The section is done already, or is not (`done` false) whatever the plan's own mark says."""

    section: str
    done: bool = True
    edit: Literal["mark-done"] = "mark-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """How the section is run; `value` "" takes the assignment back.

    `budget` is a number of US dollars, `priority` a whole number: higher starts first among those that are ready.
    """

    section: str
    what: Assignable
    value: str
    edit: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Words of a person about the section; they go into its brief."""

    section: str
    text: str
    edit: Literal["add-note"] = "add-note"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSection:
    """A section that the plan does not have; what it waits for, and what waits for it, are edges like others.

    `text` is what its agent is told; `files` and `verify` are hints as a plan gives them.
    """

    section: str
    title: str
    text: str
    files: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    edit: Literal["add-section"] = "add-section"


Edit = AddEdge | DropEdge | ReverseEdge | Exclude | Include | MarkDone | Assign | AddNote | AddSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """Edits made in one go, undone in one go.

    `at` is wall seconds; `source` names the proposal or the file behind them, or ""; `record` is the number by which a
    journal knows them, 0 outside of one.
    """

    edits: tuple[Edit, ...]
    by: str
    at: float
    why: str = ""
    source: str = ""
    record: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words of a person about a section; `at` is wall seconds."""

    text: str
    by: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something a reader would change. `quote` are the plan's own words in `line`; `edits` what accepting it does.

    With `document` "prd" the words and the line are those of the PRD, which a second reader may be given.
    A missing section has no edits: only the author can write its text; accepting it means that it was seen.
    A new section is proposed by the agent of one, `ids`, in words that quote nothing.
    `source` says who proposes ("reader", or "anthropic claude-haiku-4-5").
    """

    id: str
    kind: ProposalKind
    ids: tuple[str, ...]
    line: int
    quote: str
    reason: str
    source: str
    edits: tuple[Edit, ...] = ()
    document: Literal["plan", "prd"] = "plan"


def named(edit: Edit) -> tuple[str, ...]:
    """The ids of the sections an edit is about."""
    if isinstance(edit, (AddEdge, DropEdge, ReverseEdge)):
        return (edit.upstream, edit.downstream)
    return (edit.section,)


def renamed(edit: Edit, names: Mapping[str, str]) -> Edit:
    """The same edit where sections are called otherwise: old id -> new id; others keep theirs."""
    if isinstance(edit, (AddEdge, DropEdge, ReverseEdge)):
        up, down = names.get(edit.upstream, edit.upstream), names.get(edit.downstream, edit.downstream)
        return replace(edit, upstream=up, downstream=down)
    return replace(edit, section=names.get(edit.section, edit.section))
