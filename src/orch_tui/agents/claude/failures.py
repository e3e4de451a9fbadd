"""From the end of a Claude turn to a failure class: `is_error`, `terminal_reason`, `api_error_status`, the last error
of an assistant message, the last rate-limit event, in this order. Never `subtype`, which says "success" for a 529.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orch_tui.agents.base import FailureClass
from orch_tui.agents.claude import limit_words

if TYPE_CHECKING:
    from claude_agent_sdk import ResultMessage

_REASONS: Mapping[str, FailureClass] = {
    "prompt_too_long": "context",
    "max_turns": "turns",
    "budget_exhausted": "budget",
}
_STATUSES: Mapping[int, FailureClass] = {
    401: "auth",
    402: "billing",
    403: "auth",
    408: "network",
    413: "context",
    500: "overload",
    502: "overload",
    503: "overload",
    504: "overload",
    529: "overload",
}
_ERRORS: Mapping[str, FailureClass] = {
    "authentication_failed": "auth",
    "oauth_org_not_allowed": "auth",
    "billing_error": "billing",
    "rate_limit": "rate-limit",
    "overloaded": "overload",
    "server_error": "overload",
    "max_output_tokens": "turns",
    "invalid_request": "agent",
    "model_not_found": "agent",
}
_NO_SESSION = re.compile(r"No conversation found with session ID|Session ID \S+ is already in use")


@dataclass(slots=True, kw_only=True)
class Signs:
    """What was seen before the end of the turn. `limit_until` is the reset time of a rejected limit (0: none seen)."""

    error: str = ""
    limited: bool = False
    limit_until: float = 0.0


def read_words(result: ResultMessage, signs: Signs, now: float) -> None:
    """Take a limit from the words of a turn's end at wall time `now`, where no event told of one."""
    text = "; ".join(result.errors or ()) or result.result or ""
    if signs.limited or not (at := limit_words.reset_of(text, now) if result.is_error else limit_words.stamped(text)):
        return
    signs.limited, signs.limit_until, signs.error = True, at, "rate_limit"


def aborted(result: ResultMessage) -> bool:
    """Whether the turn was ended from outside (an interrupt)."""
    return (result.terminal_reason or "").startswith("aborted")


def classify(result: ResultMessage, signs: Signs) -> FailureClass:
    """The failure class of a finished turn; "" when it went well."""
    reason = result.terminal_reason or ""
    if not result.is_error and reason in {"", "completed"}:
        return "usage-limit" if limit_words.stamped(result.result or "") else ""
    if aborted(result):
        return "interrupted"
    if reason in _REASONS:
        return _REASONS[reason]
    if not result.is_error:
        return ""
    status = result.api_error_status
    if status == 429 or (status is None and signs.limited):
        return "usage-limit" if signs.limited else "rate-limit"
    if status is not None and status in _STATUSES:
        return _STATUSES[status]
    if reason == "api_error" and status is None and signs.error in {"", "unknown", "server_error"}:
        return "network"  # nobody answered
    return _ERRORS.get(signs.error, "agent")


def message(result: ResultMessage) -> str:
    """The words for a failed turn, on one line."""
    words = "; ".join(result.errors or ()) or result.result or ""
    if not words.strip():
        words = f"the service answered {result.api_error_status}" if result.api_error_status else "the turn failed"
    line = " ".join(words.split())
    return line if len(line) <= 500 else line[:499] + "…"


def crashed(message: str) -> FailureClass:
    """The class of an end without a result: there may be no such session, or somebody has it."""
    return "session" if _NO_SESSION.search(message) else "crash"


def ending(code: int) -> str:
    """An exit code in words; negative ones are signals."""
    if code >= 0:
        return f"with code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
