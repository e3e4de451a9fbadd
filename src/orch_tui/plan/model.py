"""The plan as data: sections, dependencies with their evidence, findings.

`id` is what people say ("B", "2.1", "15~2" for the second 15 of a plan); `slug` is the same thing as a safe file and
branch name (`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`), unique within the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orch_tui.plan.edits import Proposal

EdgeKind = Literal["stated", "container", "order", "reverse", "diagram", "table", "proposed", "mended"]
Need = Literal["", "files", "tests", "convention", "output", "other"]
FindingType = Literal[
    "cycle",
    "unknown-reference",
    "duplicate-id",
    "self-reference",
    "contradiction",
    "status-conflict",
    "ambiguous-reference",
    "external-dependency",
    "deferred-item",
    "no-dependencies-stated",
    "not-a-plan",
    "invalid-front-matter",
    "unreadable-diagram",
    "too-many-dependencies",
    "broken-diagram",
    "broken-data",
    "exclusive",
    "gate-overridden",
    "alternatives",
    "atomic-group",
    "retired",
    "unlabelled-work",
    "id-mismatch",
    "file-overlap",
    "too-large",
    "orphaned",
    "unreachable",
    "mend-not-applied",
    "unknown-repository",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words something was read from. `line` counts from 1 in the plan file; `quote` is verbatim.

    What a person mended was read from no line: `line` is 0, `quote` is the person's reason, `by` says who it was and
    `at` when (wall seconds since the epoch).
    """

    line: int
    quote: str
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a section says about how to run it. Empty means: not stated.

    `effort` is a level an agent can be given (low, medium, high, xhigh, max); `estimate` are the plan's words for how
    much work it is ("2 days", "3/5").
    """

    agent: str = ""
    model: str = ""
    effort: str = ""
    estimate: str = ""
    risk: str = ""
    budget_usd: float | None = None
    workflow: str = ""
    repository: str = ""
    """The repository it is to be done in, as it is written: a name or a path."""
    merge: str = ""
    """What it becomes on the integration branch: merge, squash or rebase."""
    files: tuple[str, ...] = ()
    acceptance: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    """What it claims while it runs, as it is written: "database", "gpu x2"."""
    parallel_with: tuple[str, ...] = ()
    """Ids the plan says this section can run beside; never an edge."""
    changes_nothing: bool = False
    """Whether it says that it changes no file: it looks at what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One unit of work: what one agent session is given.

    `lines` is (first, last), both counted from 1 and inclusive; `body` is the section's text without its heading.
    `made` says that these lines are data and the body was made of their fields. `container` is the title of the
    enclosing phase, wave or epic ("" when there is none).
    """

    id: str
    slug: str
    title: str
    body: str
    lines: tuple[int, int]
    container: str = ""
    done: bool = False
    hints: Hints = field(default_factory=Hints)
    made: bool = False
    around: tuple[tuple[int, int], ...] = ()
    """Lines elsewhere that bear on it, first and last, each from a heading on: words of its phases, rules for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """`downstream` waits for `upstream` (section ids). `confidence` is 0..1.

    `needs` says what of the upstream is needed, `needs_text` the plan's own words for it ("" when it does not say).
    """

    upstream: str
    downstream: str
    kind: EdgeKind
    evidence: Evidence
    confidence: float = 1.0
    needs: Need = ""
    needs_text: str = ""
    choice: int = 0
    """Not 0: of the edges of this downstream with the same number, those of one `option` are enough ("1 or 2")."""
    option: int = 0
    """Edges of a choice with the same number belong together ("1-3 or 5")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Two sections that are never run at the same time, in whichever order ("do not run in parallel with")."""

    one: str
    other: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a person should see before approving. `ids` are section ids; `line` is 0 for the whole document."""

    type: FindingType
    ids: tuple[str, ...]
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as read: `preamble` is the text before the sections and their phases, without title and front matter.

    `settings` is the YAML front matter as a plain mapping; `reader` the name of the family that read it;
    `sha256` is the hash of the file's bytes in hex.
    """

    title: str
    preamble: str
    sections: tuple[Section, ...]
    dependencies: tuple[Dependency, ...]
    findings: tuple[Finding, ...]
    exclusions: tuple[Exclusion, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    settings: dict[str, object] = field(default_factory=dict[str, object])
    reader: str = ""
    sha256: str = ""
