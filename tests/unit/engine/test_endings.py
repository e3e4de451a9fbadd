"""How an attempt ended, from what its host left and from what its phase asks of it."""

from __future__ import annotations

import pytest

from orch_tui.core.attempt_events import AttemptEnded
from orch_tui.engine.reports import ending
from orch_tui.executors.base import Gone

WORDS = ("ready", "changes")


def ended(summary: str, outcome: str = "succeeded", **more: str) -> AttemptEnded:
    event = ending("A", 1, Gone(exit={"outcome": outcome, "summary": summary}), 0, words=WORDS, **more)
    assert isinstance(event, AttemptEnded)
    return event


def test_an_agent_comes_to_what_its_last_line_says():
    event = ended("All well.\nOutcome: ready")
    assert (event.outcome, event.named) == ("succeeded", "ready")


@pytest.mark.parametrize("summary", ["", "All well.", "Outcome: maybe"])
def test_an_agent_that_does_not_say_what_it_came_to_has_failed(summary: str):
    event = ended(summary)
    assert (event.outcome, event.failure, event.named) == ("failed", "outcome", "")
    assert "ready, changes" in event.message


def test_what_was_only_to_read_and_committed_failed_whatever_it_says_of_itself():
    event = ended("Outcome: ready", broken="it committed")
    assert (event.outcome, event.failure, event.message) == ("failed", "role", "it committed")
    assert ended("Outcome: ready", outcome="interrupted", broken="it committed").outcome == "interrupted"
