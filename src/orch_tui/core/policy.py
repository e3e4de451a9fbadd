"""What a failed attempt leads to, by failure class: a row says whether it counts, whether its session is gone on with,
and whether it is tried again (when), given up, or put before a person.

A limit or an outage of the service never counts as an attempt; a deterministic failure is not repeated; only a person
resets the counters. All of it is worked out from the attempts in the state, which is a fold of the journal, so no crash
resets anything; what spreads sections over time (`jitter`) is derived from ids, since the core has no chance.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orch_tui.core.section_events import SectionFailed, SectionNeedsAttention, SectionParked
from orch_tui.core.state import AttemptState, SectionState

LIMIT_MARGIN, LIMIT_SPREAD = 60.0, 120.0
"""Seconds after a stated reset, and over how many the sections are spread: limits lift late more often than early."""
LIMIT_LEAST, LIMIT_MOST = 60.0, 8 * 86_400.0
LATE = (300.0, 900.0, 1800.0, 3600.0)
"""Waits once a stated reset has passed and the limit still holds; then a person is told."""
UNKNOWN, UNKNOWN_MOST, UNKNOWN_HORIZON = 900.0, 3600.0, 86_400.0
"""A limit that names no reset: the first wait, the longest one, and after how long a person is told."""
OUTAGE_FIRST, OUTAGE_MOST, OUTAGE_TRIES, OUTAGE_HORIZON = 60.0, 900.0, 20, 6 * 3600.0
OUTAGE_LEAST = 5.0
ROOM_FIRST, ROOM_MOST = 15.0, 900.0
"""Waits where a write found no room, and the disk has some: what a user may have of it is used up, perhaps."""
BACKOFF_FIRST, BACKOFF_FACTOR = 2.0, 4.0
LIFETIME = 2
"""How many times the attempts of one visit may count against a section altogether before a person is asked."""
ALWAYS = 1_000_000
"""A session that had no part in the failure is gone on with however often."""

Verdict = SectionParked | SectionFailed | SectionNeedsAttention
Then = Literal["limit", "outage", "person", "room", "give up", "script", "start", "once", "again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a failure class leads to. `resumes`: how often in a row its session is gone on with before a fresh one.

    `then`: "limit" waits for the reset, "outage" for the service, "room" for the disk, "person" needs one (`what`),
    "give up" is not repeated, "start" is tried a few times uncounted, `wait` seconds apart, "once" is repeated once,
    "again" up to the limit of attempts.
    """

    counts: bool = True
    resumes: int = 0
    then: Then = "again"
    what: str = ""
    wait: float = 0.0


ROWS: dict[str, Row] = {
    "usage-limit": Row(counts=False, resumes=ALWAYS, then="limit", what="usage limit"),
    "rate-limit": Row(counts=False, resumes=ALWAYS, then="outage"),
    "overload": Row(counts=False, resumes=ALWAYS, then="outage"),
    "network": Row(counts=False, resumes=ALWAYS, then="outage"),
    "auth": Row(counts=False, resumes=ALWAYS, then="person", what="login needed"),
    "billing": Row(counts=False, resumes=ALWAYS, then="person", what="billing"),
    "unavailable": Row(counts=False, resumes=ALWAYS, then="person", what="agent unavailable"),
    "blocked": Row(counts=False, then="person", what="blocked"),
    "budget": Row(counts=False, then="person", what="budget"),
    "disk": Row(counts=False, resumes=ALWAYS, then="room", what="no room on the disk"),
    "session": Row(counts=False, then="start"),
    "startup": Row(counts=False, then="start", what="does not start", wait=5.0),
    "interrupted": Row(resumes=2),
    "stall": Row(resumes=2),
    "tool-hang": Row(resumes=2),
    "lost": Row(resumes=2),
    "crash": Row(resumes=1),
    "context": Row(then="once"),
    "script": Row(then="script"),
    "role": Row(then="give up"),
}
OTHERS = Row()
"""The session ended by itself without success (`agent`, `turns`, `outcome`, `no-work`, `timeout` …)."""
OUTAGES = frozenset(name for name, row in ROWS.items() if row.then == "outage")
PERSONS = frozenset({"auth", "billing"})
SERVICE = OUTAGES | PERSONS | {"usage-limit"}
"""Classes that say nothing of the work and all of the service behind an agent."""
NO_WORK = "no-work"
STARTS = 3
"""Attempts that did not get as far as a session, before a person is told."""
_CHANCE = re.compile(r"[0-9a-f]{7,}|\d+")


def row_of(failure: str) -> Row:
    """The row of a failure class."""
    return ROWS.get(failure, OTHERS)


def counts(failure: str) -> bool:
    """Whether a failure of this class counts against the limit of attempts."""
    return row_of(failure).counts


def jitter(name: str, most: float) -> float:
    """A number from 0 to `most` that is always the same for `name`."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) / 2**32 * most


def limited_until(attempt: AttemptState, now: float, late: int, since: float) -> float | None:
    """When a usage limit is to be tried again; None: a person should know by now.

    `late` is how many limits there were in a row before this one that were late or named no reset, `since` when the
    first of the row was met.
    """
    if attempt.until > now:
        return now + min(LIMIT_MOST, max(LIMIT_LEAST, attempt.until + LIMIT_MARGIN - now)) + _spread(attempt)
    if attempt.until:
        return now + LATE[late] + _spread(attempt) if late < len(LATE) else None
    if now - since >= UNKNOWN_HORIZON:
        return None
    return now + min(UNKNOWN_MOST, UNKNOWN * 2 ** min(late, 8)) + _spread(attempt)


def outage_wait(attempt: AttemptState, number: int) -> float:
    """Seconds to wait after the `number`th outage in a row: at most 60 s, doubling to 15 min, spread in full."""
    most = min(OUTAGE_MOST, OUTAGE_FIRST * 2 ** min(20, max(0, number - 1)))
    return max(OUTAGE_LEAST, jitter(attempt.marker, most))


def _spread(attempt: AttemptState) -> float:
    return jitter(attempt.marker, LIMIT_SPREAD)


def fingerprint(attempt: AttemptState) -> str:
    """What a failure looks like without the numbers and hashes that differ each time; "" when it says nothing."""
    words = f"{attempt.message} {attempt.summary[-2000:]}" if attempt.failure == "script" else attempt.message
    if not words.strip() or (attempt.failure == "script" and not attempt.summary.strip()):
        return ""
    return f"{attempt.failure}: {_CHANCE.sub('#', ' '.join(words.split()))}"


def stuck(section: SectionState, attempt: AttemptState) -> bool:
    """Whether it failed with the same words as the one before at this phase, after doing the same."""
    if not attempt.did or not counts(attempt.failure):
        return False
    earlier = (one for one in reversed(section.attempts[section.pardoned : attempt.number - 1]) if one.did)
    before = next((one for one in earlier if one.phase == attempt.phase), None)
    return before is not None and (before.did, fingerprint(before)) == (attempt.did, fingerprint(attempt))


def row_before(section: SectionState, attempt: AttemptState, classes: frozenset[str]) -> Iterator[AttemptState]:
    """The attempts just before this one, the last first, that failed with one of `classes`; since a person looked."""
    for one in reversed(section.attempts[section.pardoned : attempt.number - 1]):
        if one.failure in classes:
            yield one
        elif one.failure != "lost" or one.counted:  # else nothing of it ever began
            return


def counted(section: SectionState) -> int:
    """How many failures of sessions count against the section since a person last asked for it to be tried."""
    return sum(one.counted and one.session and bool(one.failure) for one in section.attempts[section.pardoned :])


def goes_on(section: SectionState) -> bool:
    """Whether a person who has it retried has it gone on with: it waits for a service, and its work was all right."""
    return (
        bool(section.attention)
        and section.last is not None
        and section.last.failure in SERVICE | {"unavailable", "disk"}
    )


def did_nothing(section: SectionState, attempt: AttemptState, files: int) -> str:
    """Why a success is taken for none, which is asked for once more: no tool was used and no file changed."""
    if files or attempt.tools != 0 or not attempt.session or section.hints.changes_nothing:
        return ""
    earlier = section.attempts[section.pardoned : attempt.number - 1]
    if any(one.failure == NO_WORK for one in earlier):
        return ""  # a person is asked, or its workflow says what follows
    return "it said that it was done, and used no tool and changed no file"


def judge(
    section: SectionState,
    attempt: AttemptState,
    now: float,
    *,
    most: int,
    scripts: int = 1,
    backoff: float = BACKOFF_FIRST,
) -> Verdict:
    """What follows from the failure of `attempt` at wall time `now`, of which `most` are made, `backoff` s apart.

    `scripts` is how often a script is run that says that it failed: it mostly does the same again.
    """
    words = attempt.message or attempt.failure or "the agent failed"
    row = row_of(attempt.failure)
    if attempt.failure == "lost" and not attempt.counted:
        row = Row(counts=False, then="outage")
    if stuck(section, attempt):
        return _needs(section, "stuck", f"twice the same, after doing the same: {words}")
    if attempt.counted and counted(section) >= LIFETIME * most:
        return _needs(section, "given up", f"{counted(section)} attempts since a person last looked, the last: {words}")
    match row.then:
        case "limit":
            return _limited(section, attempt, now, words)
        case "outage":
            return _outage(section, attempt, now, words)
        case "person":
            return _needs(section, row.what, words)
        case "room":
            return _no_room(section, attempt, now, words)
        case "start":
            return _start(section, attempt, now, row, words)
        case "once" if _repeated(section, attempt):
            return SectionFailed(
                section=section.id, failure=attempt.failure, detail=f"too large for one session, split it: {words}"
            )
        case "once" if section.tries < most:
            return SectionParked(section=section.id, until=now, why=f"begins again: {words}")
        case "script" if section.tries >= scripts:
            return SectionFailed(section=section.id, failure=attempt.failure, detail=words)
        case "give up":
            return SectionFailed(section=section.id, failure=attempt.failure, detail=words)
        case _:
            if section.tries >= most:
                detail = f"{section.tries} attempts, the last: {words}"
                return SectionFailed(section=section.id, failure=attempt.failure, detail=detail)
            wait = backoff * BACKOFF_FACTOR ** max(0, section.tries - 1)
            return SectionParked(section=section.id, until=now + wait, why=f"tries again: {words}")


def _needs(section: SectionState, what: str, words: str) -> SectionNeedsAttention:
    return SectionNeedsAttention(section=section.id, what=what, detail=words)


def _limited(section: SectionState, attempt: AttemptState, now: float, words: str) -> Verdict:
    row = list(row_before(section, attempt, frozenset({"usage-limit"})))
    late = sum(one.until <= one.ended_at for one in row)
    since = row[-1].ended_at if row else attempt.ended_at
    until = limited_until(attempt, now, late, since)
    if until is None:
        return _needs(section, "usage limit", f"it holds on after its reset: {words}")
    return SectionParked(section=section.id, until=until, why=f"usage limit: {words}")


def _outage(section: SectionState, attempt: AttemptState, now: float, words: str) -> Verdict:
    classes = OUTAGES if attempt.failure in OUTAGES else frozenset({"lost"})
    row = list(row_before(section, attempt, classes))
    since = row[-1].ended_at if row else attempt.ended_at
    if len(row) >= OUTAGE_TRIES or (row and now - since >= OUTAGE_HORIZON):
        return _needs(section, "service unavailable", words)
    if attempt.failure == "lost":  # nothing of it ever began
        return SectionParked(section=section.id, until=now, why=words)
    return SectionParked(section=section.id, until=now + outage_wait(attempt, len(row) + 1), why=words)


def _no_room(section: SectionState, attempt: AttemptState, now: float, words: str) -> Verdict:
    before = len(list(row_before(section, attempt, frozenset({attempt.failure}))))
    if before >= OUTAGE_TRIES:
        return _needs(section, "no room on the disk", words)
    wait = min(ROOM_MOST, ROOM_FIRST * 2 ** min(before, 8))
    return SectionParked(section=section.id, until=now + wait, why=f"no room on the disk: {words}")


def _start(section: SectionState, attempt: AttemptState, now: float, row: Row, words: str) -> Verdict:
    before = list(row_before(section, attempt, frozenset({attempt.failure})))
    if len(before) + 1 >= STARTS:
        return _needs(section, row.what or "no session", words)
    return SectionParked(section=section.id, until=now + row.wait, why=f"begins again: {words}")


def _repeated(section: SectionState, attempt: AttemptState) -> bool:
    """Whether it failed like this before, since a person last looked."""
    earlier = section.attempts[section.pardoned : attempt.number - 1]
    return any(one.failure == attempt.failure and one.phase == attempt.phase for one in earlier)
