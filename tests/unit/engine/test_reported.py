"""What an attempt left in result.json becomes an event, unless it is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui.core.attempt_events import AttemptEnded
from orch_tui.core.codec import VERSION, decode_event, encode_event
from orch_tui.core.state import AttemptState, SectionState
from orch_tui.engine.reports import proven
from orch_tui.engine.results import reported
from orch_tui.executors.base import Gone
from orch_tui.plan.model import Hints
from orch_tui.store.layout import AttemptDir

DONE = {"status": "done", "summary": "x", "evidence": [{"criterion": "It holds", "how": "so"}]}
ENDED = Gone(exit={"outcome": "succeeded"})


def left(directory: Path, text: str, gone: Gone = ENDED, *, leaves_work: bool = True):
    """The events of an attempt with this result.json."""
    hints = Hints(acceptance=("It holds", "It is dry"))
    section = SectionState(
        id="A", slug="A", title="A", index=0, lines=(1, 1), container="", hints=hints, agent="claude"
    )
    attempt = AttemptState(number=2, agent="claude", session_id="s", marker="m", path="/tree", leaves_work=leaves_work)
    (directory / "result.json").write_text(text)
    return reported(section, attempt, AttemptDir(directory), gone)


def test_a_result_says_which_criteria_nobody_answered(tmp_path: Path):
    (event,) = left(tmp_path, json.dumps({"structured": DONE}))
    assert (event.section, event.attempt, event.unanswered) == ("A", 2, ("It is dry",))
    blocked = {**DONE, "status": "blocked", "blocked_reason": "no key"}
    (event,) = left(tmp_path, json.dumps({"structured": blocked}))
    assert event.unanswered == (), "of what is not done nothing is missing"


def test_an_output_is_read_by_the_schema_that_its_agent_was_told(tmp_path: Path):
    (tmp_path / "spec.json").write_text(json.dumps({"output": {"type": "array"}}))
    (event,) = left(tmp_path, json.dumps({"structured": {**DONE, "output": ["a"]}}))
    assert event.result.output == ["a"]
    assert decode_event("ResultReported", VERSION, encode_event(event)[1]) == event
    assert left(tmp_path, json.dumps({"structured": DONE})) == []


def test_without_the_output_that_is_wanted_an_attempt_has_failed():
    ended = AttemptEnded(
        section="A", attempt=2, outcome="succeeded", failure="", message="", summary="x", cost_usd=None, exit_code=None
    )
    found = proven(ended, [], "plan.json")
    assert isinstance(found, AttemptEnded)
    assert (found.outcome, found.failure) == ("failed", "agent")
    assert found.message == "it handed over no output by 'plan.json'"


def test_of_who_leaves_no_work_no_evidence_is_wanted(tmp_path: Path):
    (event,) = left(tmp_path, json.dumps({"structured": DONE}), leaves_work=False)
    assert event.unanswered == ()


def test_what_is_done_without_evidence_came_to_that(tmp_path: Path):
    said = left(tmp_path, json.dumps({"structured": DONE}))
    ended = AttemptEnded(
        section="A", attempt=2, outcome="succeeded", failure="", message="", summary="x", cost_usd=None, exit_code=None
    )
    found = proven(ended, said)
    assert isinstance(found, AttemptEnded)
    assert (found.outcome, found.named, found.message) == ("succeeded", "unproven", "no evidence for: It is dry")
    assert proven(ended, []) == ended
    assert proven(replace(ended, outcome="failed"), said) == replace(ended, outcome="failed")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"structured": null}',
        '{"structured": {"status": "done", "summary": "x", "files": ["/etc/passwd"]}}',
        json.dumps({"structured": DONE, "more": "x" * 5_000_000}),
    ],
)
def test_what_is_no_result_leaves_no_trace(tmp_path: Path, text: str):
    assert left(tmp_path, text) == []


def test_a_lost_host_reported_nothing(tmp_path: Path):
    assert left(tmp_path, json.dumps({"structured": DONE}), Gone(exit=None)) == []
