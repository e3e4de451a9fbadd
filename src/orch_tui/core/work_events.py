"""What became of the work an attempt left: committed, merged, in conflict, or stopped by a step that failed."""

from __future__ import annotations

from dataclasses import dataclass

FLAWED = "flawed"
"""The class of failure of an attempt whose work cannot be taken as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitIntended:
    """What the section left in its worktree is about to be committed on its branch."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCommitted:
    """The section's branch holds its work. `files` are the changed paths (at most 200), `file_count` all of them."""

    section: str
    attempt: int
    commit: str
    files: tuple[str, ...]
    file_count: int
    insertions: int
    deletions: int
    flaw: str = ""
    """Why this cannot be what the section came to, in words: conflict markers are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictForeseen:
    """What the section left conflicts with what `others` left, merged meanwhile or waiting for that, in `files`."""

    section: str
    attempt: int
    others: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeIntended:
    """The section's branch is about to be merged into the integration branch: a `phase` of its workflow.

    `visit` 0 is one more visit than there were. `riders` are merged along with it, in this order; `suspects` are those
    of a batch that did not pass.
    """

    section: str
    attempt: int
    phase: str = "merge"
    visit: int = 0
    riders: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeComputed:
    """What merging comes to is stored as `commit`, on top of `onto`; the section's checks have to pass on it before the
    integration branch is moved.

    With `riders`, it is what all of them come to, and `commits` are those of each, the section's own first.
    """

    section: str
    attempt: int
    commit: str
    onto: str
    riders: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMerged:
    """The integration branch holds the section's work at `commit`; `phase` is where, when it rode along."""

    section: str
    attempt: int
    commit: str
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflicted:
    """Both sides are kept: the integration branch as it was, the section's branch as it is."""

    section: str
    attempt: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed:
    """Something the runner did for a section went wrong (git, disk, a missing program): `step` and git's or the
    system's words. The section waits for a person."""

    section: str
    attempt: int
    step: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoIntended:
    """What `sections` (this one, and those that build on it) merged is about to be taken back."""

    section: str
    attempt: int
    sections: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkUndone:
    """The integration branch, at `commit`, is without their work; they are to be done again."""

    section: str
    attempt: int
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFailed:
    """Nothing was taken back: `why`."""

    section: str
    attempt: int
    why: str


WorkEvent = (
    CommitIntended
    | WorkCommitted
    | ConflictForeseen
    | MergeIntended
    | MergeComputed
    | WorkMerged
    | MergeConflicted
    | UndoIntended
    | WorkUndone
    | UndoFailed
    | StepFailed
)
