"""What hosts report, as events: transcript records and exit.json, cleaned and bounded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace

from orch_tui.agents.base import Proposed
from orch_tui.agents.proposing import NotAProposal, read
from orch_tui.clean import clean
from orch_tui.core.attempt_events import (
    AgentStarted,
    AskRaised,
    AskWithdrawn,
    AttemptEnded,
    AttemptLost,
    NoticeRaised,
    ResultReported,
    SectionProposed,
    TokensCounted,
    UsageReported,
)
from orch_tui.core.events import Event
from orch_tui.core.state import AttemptState
from orch_tui.executors.base import Gone, Said
from orch_tui.flow.workflow import NONE, UNPROVEN, said_outcome
from orch_tui.git.work import PutBack

_PROPOSED = frozenset(field.name for field in fields(Proposed))
_NAMED = 10  # paths that a notice names
_FOR_WANT_OF_ROOM = frozenset({"script", "agent", "crash"})
"""Classes of failures that may well be those of a full disk, when it is full."""
SUMMARY_LIMIT = 8000  # characters of a result kept in the journal; result.json has all of it


def told(name: str, marker: str, number: int, said: Said) -> Event:
    """The event of a transcript record; request ids get the attempt's marker, so they are unique in the run."""
    fields = said.fields
    match said.kind:
        case "started":
            return AgentStarted(
                section=name,
                attempt=number,
                n=said.n,
                session_id=_text(fields, "session_id"),
                model=_text(fields, "model"),
                resumable=fields.get("resumable") is True,
            )
        case "usage":
            return UsageReported(
                section=name,
                attempt=number,
                n=said.n,
                cost_usd=_number(fields, "cost_usd"),
                input_tokens=int(_number(fields, "input_tokens") or 0),
                output_tokens=int(_number(fields, "output_tokens") or 0),
            )
        case "ask":
            options = fields.get("options")
            return AskRaised(
                section=name,
                attempt=number,
                n=said.n,
                request_id=f"{marker}/{_text(fields, 'request_id')}",
                kind="permission" if fields.get("ask") == "permission" else "question",
                title=clean(_text(fields, "title"))[:500],
                detail=clean(_text(fields, "detail"))[:20_000],
                options=tuple(str(option) for option in options) if isinstance(options, list) else (),  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            )
        case "ask_closed":
            request = f"{marker}/{_text(fields, 'request_id')}"
            return AskWithdrawn(section=name, attempt=number, n=said.n, request_id=request)
        case "counted":
            return TokensCounted(
                section=name,
                attempt=number,
                n=said.n,
                model=_text(fields, "model")[:200],
                size=int(_number(fields, "size") or 0),
                tokens=max(1, int(_number(fields, "tokens") or 0)),
            )
        case "proposed":
            return _proposed(name, number, said)
        case _:
            return NoticeRaised(
                section=name,
                attempt=number,
                n=said.n,
                kind=_text(fields, "notice"),
                text=_text(fields, "text")[:2000],
                until=_number(fields, "until") or 0.0,
            )


def _proposed(name: str, number: int, said: Said) -> SectionProposed | NoticeRaised:
    """What an agent proposes, read anew, because the host's word is not taken for it."""
    try:
        found = read({key: value for key, value in said.fields.items() if key in _PROPOSED})
    except NotAProposal as error:
        text = f"proposed a section that is none: {error}"
        return NoticeRaised(section=name, attempt=number, n=said.n, kind="warning", text=text[:2000])
    return SectionProposed(section=name, attempt=number, n=said.n, **asdict(found))


def ending(
    name: str,
    number: int,
    gone: Gone,
    swept: int,
    *,
    overdue: str = "",
    broken: str = "",
    words: tuple[str, ...] = (),
    no_room: bool = False,
) -> AttemptEnded | AttemptLost:
    """How an attempt ended: by what its host left in exit.json, or lost.

    `overdue` says that it took too long, `broken` that it did what its role forbids. With `words`, one of them is what
    it has to come to. With `no_room` on the disk what failed, or could not say how it ended, failed for that,
    and does not count.
    """
    left = gone.exit
    if broken and left is not None and left.get("outcome") != "interrupted":
        left = {**left, "outcome": "failed", "failure": "role", "message": broken}
    if overdue and (left is None or left.get("outcome") != "succeeded"):
        left = {**(left or {}), "outcome": "failed", "failure": "timeout", "message": overdue, "exit_code": None}
    if left is None:
        why = "the session host ended without a word" + (", and the disk has no room" if no_room else "")
        return AttemptLost(section=name, attempt=number, why=why, swept=swept, counted=not no_room)
    if no_room and left.get("outcome") == "failed" and _text(left, "failure") in _FOR_WANT_OF_ROOM:
        left = {**left, "failure": "disk", "message": f"{_text(left, 'message')}; the disk has no room"}
    named = said_outcome(words, _text(left, "summary"))
    if words and not named and left.get("outcome") == "succeeded":
        message = f"it did not say what it came to: a last line `Outcome: …` with one of {', '.join(words)}"
        left = {**left, "outcome": "failed", "failure": "outcome", "message": message}
    outcome = left.get("outcome")
    code = left.get("exit_code")
    return AttemptEnded(
        section=name,
        attempt=number,
        outcome=outcome if outcome in {"succeeded", "interrupted"} else "failed",  # pyright: ignore[reportArgumentType]
        failure=_text(left, "failure"),
        message=clean(_text(left, "message"))[:2000],
        summary=_text(left, "summary")[:SUMMARY_LIMIT],
        cost_usd=_number(left, "cost_usd"),
        exit_code=code if isinstance(code, int) else None,
        until=_number(left, "until") or 0.0,
        named=named,
        tools=int(used) if (used := _number(left, "tools")) is not None else None,
    )


def proven(
    ended: AttemptEnded | AttemptLost, said: Sequence[ResultReported], output: str = "", reached: str = ""
) -> AttemptEnded | AttemptLost:
    """The end of an attempt that did its work; without evidence for what was to be met, that is what it came to.

    So it is where the user's own checkout changed and the agent `reached` there, by this call. Without the output that
    its phase wants, by the schema in the file `output`, it has failed.
    """
    missing = [one for report in said for one in report.unanswered]
    if not isinstance(ended, AttemptEnded) or ended.outcome != "succeeded":
        return ended
    if output and not said:
        return replace(ended, outcome="failed", failure="agent", message=f"it handed over no output by {output!r}")
    if reached:
        why = f"your own checkout changed, and this agent reached there: {reached}"
        return replace(ended, named=UNPROVEN, message=why[:2000])
    if not missing:
        return ended
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return replace(ended, named=UNPROVEN, message=f"no evidence for: {'; '.join(missing[:3])}{more}"[:2000])


def put_back(name: str, attempt: AttemptState, undone: PutBack) -> NoticeRaised:
    """What an attempt changed that was not to change anything, and that it is as before."""
    named = ", ".join(undone.files[:_NAMED]) or "where HEAD is"
    more = f" and {len(undone.files) - _NAMED} more" if len(undone.files) > _NAMED else ""
    kept = f"; what was committed is kept as {undone.kept}" if undone.kept else ""
    text = clean(f"put back what it changed: {named}{more}{kept}")
    return NoticeRaised(section=name, attempt=attempt.number, n=attempt.seen, kind="put-back", text=text[:2000])


def unkept(name: str, attempt: AttemptState, words: str) -> NoticeRaised:
    """Why what setting a worktree up made is not kept for others."""
    return NoticeRaised(section=name, attempt=attempt.number, n=attempt.seen, kind="warning", text=words)


def broken(undone: PutBack) -> str:
    """Why an agent failed that committed though it was only to read."""
    kept = f", kept as {undone.kept}" if undone.kept else ""
    return f"it was only to read, and moved its branch: that was put back{kept}"


def touched(name: str, attempt: AttemptState, reached: str) -> NoticeRaised:
    """That the user's own checkout changed while an attempt was at work, by whomever, or by what `reached` there."""
    whose = f"it reached there: {reached}" if reached else "if it was not you, look at `git status` there"
    text = f"your own checkout is not as it was when this attempt began; {whose}"
    return NoticeRaised(section=name, attempt=attempt.number, n=attempt.seen, kind="warning", text=text)


def unchecked(name: str, number: int) -> AttemptEnded:
    """The end of an attempt at checks where there are none: nothing was run."""
    return AttemptEnded(
        section=name,
        attempt=number,
        outcome="succeeded",
        failure="",
        message="nothing checks this section: neither the plan nor the settings name a command, nor does the project",
        summary="",
        cost_usd=0.0,
        exit_code=None,
        named=NONE,
    )


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key, "")
    return value if isinstance(value, str) else ""


def _number(fields: Mapping[str, object], key: str) -> float | None:
    value = fields.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value)
