"""What the end of a Claude turn means; the subtype, which lies, is "success" in every case here."""

from __future__ import annotations

import pytest
from claude_agent_sdk import ResultMessage

from orch_tui.agents.claude.failures import Signs, classify, message


def result(
    *, is_error: bool = True, reason: str | None = "api_error", status: int | None = None, text: str = ""
) -> ResultMessage:
    return ResultMessage(
        subtype="success",
        duration_ms=1,
        duration_api_ms=1,
        is_error=is_error,
        num_turns=1,
        session_id="s",
        result=text,
        api_error_status=status,
        terminal_reason=reason,
    )


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, "auth"),
        (403, "auth"),
        (402, "billing"),
        (413, "context"),
        (500, "overload"),
        (529, "overload"),
        (429, "rate-limit"),
    ],
)
def test_a_status_decides(status: int, failure: str):
    assert classify(result(status=status), Signs()) == failure


def test_a_rejected_limit_makes_a_429_a_usage_limit():
    assert classify(result(status=429), Signs(limited=True, limit_until=1.0)) == "usage-limit"


def test_an_informational_limit_does_not_turn_success_into_failure():
    assert classify(result(is_error=False, reason="completed"), Signs(limited=True)) == ""


@pytest.mark.parametrize(
    ("reason", "failure"), [("prompt_too_long", "context"), ("max_turns", "turns"), ("aborted_tools", "interrupted")]
)
def test_the_terminal_reason_comes_before_the_status(reason: str, failure: str):
    assert classify(result(reason=reason, status=400), Signs(error="invalid_request")) == failure


def test_the_reason_counts_even_without_the_error_flag():
    assert classify(result(is_error=False, reason="max_turns"), Signs()) == "turns"


def test_an_error_of_a_message_names_what_a_400_does_not():
    assert classify(result(status=400), Signs(error="billing_error")) == "billing"
    assert classify(result(status=400), Signs(error="invalid_request")) == "agent"


def test_no_answer_at_all_is_the_network():
    for error in ("unknown", "server_error", ""):
        assert classify(result(status=None), Signs(error=error)) == "network"


def test_an_error_of_an_older_program_without_reason_is_still_a_failure():
    assert classify(result(reason=None), Signs()) == "agent"


def test_success_without_a_reason_is_success():
    assert classify(result(is_error=False, reason=None), Signs()) == ""


def test_a_message_is_one_line_and_never_empty():
    assert message(result(text="API Error:\n 500   broken")) == "API Error: 500 broken"
    assert message(result(status=529)) == "the service answered 529"
    assert len(message(result(text="x" * 5000))) == 500
