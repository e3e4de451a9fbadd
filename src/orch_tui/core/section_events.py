"""What became of a section: by a person's word, by policy, or because it was carried out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPaused:
    """Held by a person: not dispatched, or its agent held where it is."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionResumed:
    """No longer held."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSkipped:
    """Will not be done; what depends on it goes on without."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRetried:
    """A person wants another attempt; its counters start again. With a phase it goes on there, with the work it has."""

    section: str
    by: str
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCancelled:
    """A person ended it; it counts as failed until it is retried or skipped."""

    section: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionParked:
    """Waits until a wall time (seconds since the epoch), then is tried again."""

    section: str
    until: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionUnparked:
    """The time has come."""

    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionNeedsAttention:
    """Only a person can bring it forward (conflict, login, a program to install)."""

    section: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFailed:
    """Given up by policy. `failure` is the class of the last attempt."""

    section: str
    failure: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFailed:
    """A phase came to an `outcome` other than success, and the workflow says where that leads."""

    section: str
    phase: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSkipped:
    """A person says that a phase counts as success, now or whenever the section comes to it."""

    section: str
    phase: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSent:
    """A person sends a section that is under way to a phase of its workflow."""

    section: str
    phase: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntered:
    """A phase began that needs a person and no attempt, for the `visit`th time; the outcome is what is answered."""

    section: str
    phase: str
    visit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDone:
    """Carried out and, with worktrees, merged into the integration branch."""

    section: str
    summary: str = ""


SectionEvent = (
    SectionPaused
    | SectionResumed
    | SectionSkipped
    | SectionRetried
    | SectionCancelled
    | SectionParked
    | SectionUnparked
    | SectionNeedsAttention
    | SectionFailed
    | PhaseFailed
    | PhaseSkipped
    | SectionSent
    | PhaseEntered
    | SectionDone
)
