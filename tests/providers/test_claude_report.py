"""The real Claude Code reports its result by the tool it is given; only the model is scripted."""

from __future__ import annotations

from pathlib import Path

import pytest
from provider_subjects import ClaudeSubject

from orch_tui.agents.base import Ended, ToolResult
from orch_tui.agents.claude.reporting import TOOL
from orch_tui.testing.listening import following
from orch_tui.testing.playbook import ToolUse, Turn


@pytest.fixture
def claude(tmp_path: Path) -> ClaudeSubject:
    return ClaudeSubject(tmp_path)


def report(**fields: object) -> Turn:
    return Turn(tools=(ToolUse(name=TOOL, input=fields),))


async def test_a_result_is_asked_for_until_it_is_right_and_a_criterion_without_evidence_is_told_once(
    claude: ClaudeSubject,
):
    done = {"status": "done", "summary": "The ground is laid.", "decisions": ["slate"]}
    turns = [
        Turn(say="I am done, I think."),
        report(status="done", summary="x", files=["/etc/passwd"]),
        report(**done),
        report(**done, evidence=[{"criterion": "1", "how": "it holds"}]),
        Turn(say="That is all."),
    ]
    async with claude.playing(turns, acceptance=("It holds", "It is dry")) as session, following(session) as log:
        ended = await log.until(Ended)
    assert ended.outcome == "succeeded", ended
    assert ended.structured is not None
    assert ended.structured["decisions"] == ("slate",)
    assert [one["criterion"] for one in ended.structured["evidence"]] == ["1"]  # type: ignore[index, union-attr]
    answers = [event.text for event in log.events if isinstance(event, ToolResult)]
    assert "'/etc/passwd', which is not in the working directory" in answers[0]
    assert "- It holds\n- It is dry" in answers[1]
    assert "Taken" in answers[2]
    asked = [text for text in claude.server.requests[1].texts if "No result was reported" in text]
    assert len(asked) == 1
    first = claude.server.requests[0]
    assert first.reports_with == TOOL, "offered from the start"
    assert "1. It holds" in str(first.body["system"])


async def test_a_session_without_a_result_has_failed_however_happy_its_words(claude: ClaudeSubject):
    turns = [Turn(say="All done!"), Turn(say="As I said, all done!"), Turn(say="unheard")]
    async with claude.playing(turns, acceptance=()) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.failure) == ("failed", "agent")
    assert ended.message == "no result was reported"
    assert len(claude.server.requests) == 2
