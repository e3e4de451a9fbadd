"""How the next attempt at a phase goes on from those before it: in their worktree, in their session, or from nothing.

An agent that can be resumed can also be told how things stand, so its next session goes on in the worktree that the
last one left, with all that is not committed there. Programs cannot, and begin in a worktree of their own.
"""

from __future__ import annotations

import hashlib

from orch_tui.core import policy
from orch_tui.core.disk import NO_ROOM
from orch_tui.core.state import AttemptState, SectionState

STOPPED = "stopping"
"""Why an attempt is ended when the run is stopped: nothing is wrong with it."""


def mark(section: SectionState, agent: str, model: str) -> str:
    """What a session is asked, by whom and of which model; another mark is another task."""
    asked = "\0".join((agent, model, section.text_sha, *(note.text for note in section.notes)))
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def gone_on_from(section: SectionState, told: str) -> AttemptState | None:
    """The last attempt at the phase the section is in whose session was up, and whose worktree is gone on in.

    None when there is none, when a person wanted it begun again since, when it was not to be gone on with, or when
    something else is asked by now (`told`).
    """
    at, visit = section.phase, section.visits.get(section.phase)
    for one in reversed(section.attempts[section.begun :]):
        if (one.phase, one.visit) != (at, visit) or one.outcome == "succeeded" or one.commit:
            return None
        if one.end_why not in {"", STOPPED, NO_ROOM}:
            return None
        if one.resumable:
            return one if one.told == told and one.branch and one.leaves_work and not one.proves else None
    return None


def session_of(section: SectionState, told: str) -> int:
    """The attempt whose session the next one goes on with; 0: it begins one of its own, told how things stand."""
    before = gone_on_from(section, told)
    if before is None:
        return 0
    later = section.attempts[before.number :]
    if before.begin or any(one.started_at or one.begin for one in later):
        return 0  # another session was up since
    return before.number if _resumed(section, before) < policy.row_of(_class(before)).resumes else 0


def _class(attempt: AttemptState) -> str:
    return attempt.failure or ("lost" if attempt.step == "lost" else "interrupted")


def _resumed(section: SectionState, attempt: AttemptState) -> int:
    """How often in a row its session was gone on with after a failure that was its own and not the service's."""
    times = 0
    while attempt.resumes:
        attempt = section.attempts[attempt.resumes - 1]
        times += policy.counts(_class(attempt))
    return times
