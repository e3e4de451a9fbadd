"""Limits told in words, as versions of Claude Code without the fields told them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_claude_failures import result

from orch_tui.agents.claude.failures import Signs, classify, read_words
from orch_tui.agents.claude.limit_words import reset_of

NOW = datetime(2026, 3, 9, 3, 0, tzinfo=UTC).timestamp()


def said(text: str) -> str:
    """When a limit lifts by these words, in UTC."""
    at = reset_of(text, NOW)
    return datetime.fromtimestamp(at, UTC).strftime("%m-%d %H:%M") if at else ""


@pytest.mark.parametrize(
    ("text", "reset"),
    [
        ("Claude AI usage limit reached|1773035520", "03-09 05:52"),
        ("You've hit your 5-hour limit · resets 4:38am (UTC)", "03-09 04:38"),
        ("You've hit your limit · resets 4:50am (Europe/Rome)", "03-09 03:50"),
        ("Claude usage limit reached. Your limit will reset at 9am (America/Chicago)", "03-09 14:00"),
        ("You've hit your session limit · resets 12:50am (America/Los_Angeles)", "03-09 07:50"),
        ("You've hit your weekly limit · resets Mar 12, 3:39pm (UTC)", "03-12 15:39"),
        ("You've hit your limit · resets 2:45am (UTC)", "03-09 02:45"),
        ("You've hit your limit · resets 1am (UTC)", "03-10 01:00"),
    ],
)
def test_the_words_of_a_limit_name_its_reset(text: str, reset: str):
    assert said(text) == reset


@pytest.mark.parametrize("text", ["", "no limit here", "The form resets at 9am", "limit resets at 25pm (Mars/Base)"])
def test_words_that_name_no_reset_name_none(text: str):
    assert said(text) == ""


def test_a_turn_that_ends_with_the_words_of_a_limit_is_limited_also_where_it_calls_itself_a_success():
    old = result(is_error=False, reason=None, text="Claude AI usage limit reached|1773035520")
    signs = Signs()
    read_words(old, signs, NOW)
    assert (classify(old, signs), signs.limit_until) == ("usage-limit", 1773035520.0)


def test_an_answer_that_speaks_of_a_limit_is_an_answer():
    talk = result(is_error=False, reason="completed", text="I changed when your limit resets at 9am (UTC)")
    signs = Signs()
    read_words(talk, signs, NOW)
    assert (classify(talk, signs), signs.limited) == ("", False)


def test_a_429_that_says_when_it_is_over_is_a_limit_and_one_that_does_not_is_not():
    words = result(status=429, text="You've hit your limit · resets 4:38am (UTC)")
    signs = Signs(error="rate_limit")
    read_words(words, signs, NOW)
    assert classify(words, signs) == "usage-limit"
    assert classify(result(status=429, text="Request rejected (429)"), Signs(error="rate_limit")) == "rate-limit"
