"""The real Claude Code reports its result by the tool it is given; only the model is scripted."""

from __future__ import annotations

from pathlib import Path

import pytest
from provider_subjects import ClaudeSubject

from orch_tui.agents.base import Ask, AskClosed, Decision, Ended, Proposed, ToolResult
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


async def test_a_session_notes_decisions_reads_what_was_left_to_it_and_asks_a_person(claude: ClaudeSubject):
    left = claude.root / "result.json"
    left.write_text('{"summary": "", "structured": {"summary": "Laid \\u202eit.", "follow_ups": ["drain"]}}')
    tools = [
        ToolUse(name="mcp__orch__note_decision", input={"text": "Use slate."}),
        ToolUse(name="mcp__orch__read_upstream", input={"section": "g"}),
        ToolUse(name="mcp__orch__read_upstream", input={"section": "nowhere"}),
        ToolUse(name="mcp__orch__ask_human", input={"question": "Which colour?", "options": ["red", "blue"]}),
    ]
    turns = [Turn(tools=tuple(tools)), report(status="done", summary="Laid.", decisions=["Slow."]), Turn(say="bye")]
    upstreams = {"G": str(left)}
    async with claude.playing(turns, acceptance=(), upstreams=upstreams) as session, following(session) as log:
        ask = await log.until(Ask)
        assert (ask.kind, ask.title, ask.options) == ("question", "Which colour?", ("red", "blue"))
        assert await session.answer(ask.request_id, Decision(choice="blue", text="the dark one"))
        ended = await log.until(Ended)
    assert ended.structured is not None, ended
    assert ended.structured["decisions"] == ("Slow.", "Use slate.")
    answers = "\n".join(event.text for event in log.events if isinstance(event, ToolResult))
    assert '"Laid it."' in answers
    assert '"drain"' in answers
    assert "'nowhere' that this one builds on; there are: G" in answers
    assert "blue: the dark one" in answers


async def test_a_session_that_has_to_hand_over_an_output_is_asked_for_a_valid_one(claude: ClaudeSubject):
    schema = {"type": "object", "properties": {"steps": {"$ref": "#/$defs/steps"}}, "required": ["steps"]}
    schema |= {"$defs": {"steps": {"type": "array", "items": {"type": "string"}}}}
    done = {"status": "done", "summary": "Planned."}
    turns = [
        report(**done),
        report(**done, output={"steps": [7]}),
        report(**done, output={"steps": ["dig"]}),
        Turn(say="bye"),
    ]
    async with claude.playing(turns, acceptance=(), output=schema) as session, following(session) as log:
        ended = await log.until(Ended)
    assert ended.structured is not None, ended
    assert ended.structured["output"] == {"steps": ["dig"]}
    answers = [event.text for event in log.events if isinstance(event, ToolResult)]
    assert "output is missing: this phase has to come to one, by the schema" in answers[0]
    assert "7 is not of type 'string'" in answers[1]
    tools = claude.server.requests[0].body["tools"]
    (offered,) = [tool for tool in tools if tool["name"] == TOOL]  # type: ignore[attr-defined, index]
    given = offered["input_schema"]["properties"]["output"]
    assert given["properties"]["steps"] == {"$ref": "#/properties/output/$defs/steps"}


async def test_a_session_that_hands_over_no_output_has_failed(claude: ClaudeSubject):
    turns = [report(status="done", summary="Planned."), Turn(say="That is all."), Turn(say="As I said.")]
    async with claude.playing(turns, acceptance=(), output={"type": "array"}) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.failure) == ("failed", "agent")
    assert "what was given was refused: output is missing" in ended.message


async def test_a_session_proposes_a_section_and_is_told_what_is_wrong_with_one(claude: ClaudeSubject):
    name = "mcp__orch__propose_section"
    good = {"title": "Limits", "text": "Say what is refused.", "why": "nobody does", "after": ["A"]}
    tools = [ToolUse(name=name, input=good), ToolUse(name=name, input={**good, "title": "x" * 201})]
    turns = [Turn(tools=tuple(tools)), report(status="done", summary="Laid."), Turn(say="bye")]
    async with claude.playing(turns, acceptance=()) as session, following(session) as log:
        proposed = await log.until(Proposed)
        ended = await log.until(Ended)
    assert proposed == Proposed(title="Limits", text="Say what is refused.", why="nobody does", after=("A",))
    assert ended.outcome == "succeeded"
    assert sum(isinstance(event, Proposed) for event in log.events) == 1
    answers = "\n".join(event.text for event in log.events if isinstance(event, ToolResult))
    assert "A person decides about it" in answers
    assert "Not proposed: title has 201 characters, 200 at most." in answers


async def test_a_question_that_is_interrupted_ends_its_session(claude: ClaudeSubject):
    asks = ToolUse(name="mcp__orch__ask_human", input={"question": "Well?"})
    async with claude.playing([Turn(tools=(asks,))], acceptance=()) as session, following(session) as log:
        await log.until(Ask)
        await session.interrupt()
        assert (await log.until(Ended)).outcome == "interrupted"
        assert not (await log.until(AskClosed)).by_answer


async def test_nobody_is_asked_whether_a_session_that_only_plans_may_report(claude: ClaudeSubject):
    turns = [report(status="done", summary="A plan."), Turn(say="bye")]
    options = {"permission_mode": "plan"}
    async with claude.playing(turns, acceptance=(), options=options) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.structured is not None) == ("succeeded", True)
    assert not any(isinstance(event, Ask) for event in log.events)
