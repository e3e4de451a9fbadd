"""What a failed attempt leads to, by failure class: try again (when), give up, or ask a person.

Classes and figures after the retry table of the project's reliability notes: a limit or an outage of the service never
counts as an attempt; a deterministic failure is not repeated; only a person resets the counters.
"""

from __future__ import annotations

from orch_tui.core.section_events import SectionFailed, SectionNeedsAttention, SectionParked
from orch_tui.core.state import AttemptState, SectionState

UNCOUNTED = frozenset({"usage-limit", "overload", "network", "auth", "billing", "unavailable", "blocked", "budget"})
LIMIT_MARGIN = 60.0  # seconds after a stated reset: limits lift late more often than early
LIMIT_UNKNOWN = 900.0  # a limit without a stated reset
OUTAGE_FIRST, OUTAGE_MOST, OUTAGE_TRIES = 60.0, 900.0, 20
CRASH_FIRST, CRASH_FACTOR = 2.0, 4.0

Verdict = SectionParked | SectionFailed | SectionNeedsAttention


def counts(failure: str) -> bool:
    """Whether a failure of this class counts against the limit of attempts."""
    return failure not in UNCOUNTED


def judge(
    section: SectionState,
    attempt: AttemptState,
    now: float,
    *,
    most: int,
    scripts: int = 1,
    backoff: float = CRASH_FIRST,
) -> Verdict:
    """What follows from the failure of `attempt` at wall time `now`, of which `most` are made, `backoff` s apart.

    `scripts` is how often a script is run that says that it failed: it mostly does the same again.
    """
    words = attempt.message or attempt.failure or "the agent failed"
    match attempt.failure:
        case "usage-limit":
            until = (attempt.until if attempt.until > now else now + LIMIT_UNKNOWN - LIMIT_MARGIN) + LIMIT_MARGIN
            return SectionParked(section=section.id, until=until, why=f"usage limit: {words}")
        case "overload" | "network":
            if section.transient >= OUTAGE_TRIES:
                return SectionNeedsAttention(section=section.id, what="service unavailable", detail=words)
            wait = min(OUTAGE_MOST, OUTAGE_FIRST * 2 ** max(0, section.transient - 1))
            return SectionParked(section=section.id, until=now + wait, why=words)
        case "auth":
            return SectionNeedsAttention(section=section.id, what="login needed", detail=words)
        case "billing":
            return SectionNeedsAttention(section=section.id, what="billing", detail=words)
        case "budget":
            return SectionNeedsAttention(section=section.id, what="budget", detail=words)
        case "blocked":
            return SectionNeedsAttention(section=section.id, what="blocked", detail=words)
        case "unavailable":
            return SectionNeedsAttention(section=section.id, what="agent unavailable", detail=words)
        case "script" if section.tries >= scripts:
            return SectionFailed(section=section.id, failure=attempt.failure, detail=words)
        case "context":
            return SectionFailed(
                section=section.id, failure=attempt.failure, detail=f"too large for one session, split it: {words}"
            )
        case "role":
            return SectionFailed(section=section.id, failure=attempt.failure, detail=words)
        case "lost" if not attempt.counted and section.transient < OUTAGE_TRIES:
            return SectionParked(section=section.id, until=now, why=words)
        case _:
            if section.tries >= most:
                detail = f"{section.tries} attempts, the last: {words}"
                return SectionFailed(section=section.id, failure=attempt.failure, detail=detail)
            wait = backoff * CRASH_FACTOR ** max(0, section.tries - 1)
            return SectionParked(section=section.id, until=now + wait, why=f"tries again: {words}")
