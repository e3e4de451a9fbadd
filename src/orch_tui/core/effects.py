"""What is to be done to the world: verb and object. Performed only after the event it answers is durable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ControlOp = Literal["steer", "answer", "pause", "resume", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt:
    """Make the worktree, write the brief, start the session host."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendControl:
    """Drop a control into the host's inbox; `id` makes a second delivery harmless."""

    section: str
    attempt: int
    id: str
    op: ControlOp
    args: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAttempt:
    """Ask the host to end, then end whatever carries the attempt's marker."""

    section: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitWork:
    """Commit what the section left in its worktree."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeWork:
    """Merge the section's branch into the integration branch."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoWork:
    """Take what the sections being undone merged off the integration branch."""

    section: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWorktree:
    """Remove the worktree of an attempt, at `path` ("": another attempt's), and its scratch.

    Its branch stays, or is `branch`, which goes too; `made` ("" for none) is a commit (hex) of it that the run made.

    `repository` is the top of the user's checkout of what it is a worktree of; "": the project's own.

    It says where by itself: by the time it is performed the plan may have lost the section.
    """

    section: str
    attempt: int
    slug: str
    path: str
    branch: str = ""
    made: str = ""
    repository: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSecondReader:
    """Ask the question with this number: a process of its own, one call."""

    number: int


Effect = StartAttempt | SendControl | EndAttempt | CommitWork | MergeWork | UndoWork | ReleaseWorktree | AskSecondReader
