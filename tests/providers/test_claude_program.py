"""The real Claude Code against the scripted service: failures, permissions, steering, processes, environment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from provider_subjects import ClaudeSubject

from orch_tui import process
from orch_tui.agents.base import Ask, AskClosed, Decision, Ended, Notice, Started, Text, Tool, ToolResult, Usage
from orch_tui.agents.claude import ClaudeProvider
from orch_tui.agents.claude.reporting import TOOL
from orch_tui.clock import Clock
from orch_tui.testing.listening import Log, following
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, Scene, ToolUse, Turn


@pytest.fixture
def claude(tmp_path: Path) -> ClaudeSubject:
    return ClaudeSubject(tmp_path)


async def ended_with(claude: ClaudeSubject, turns: Sequence[Turn], **given: Any) -> tuple[Ended, Log]:
    async with claude.playing(turns, **given) as session, following(session) as log:
        return await log.until(Ended), log


def bash(command: str, **more: object) -> ToolUse:
    return ToolUse(name="Bash", input={"command": command, **more})


FAILURES: Mapping[str, tuple[Fault, str]] = {
    "a 429 of a key": (Fault(status=429, type="rate_limit_error", retry_after=3600), "rate-limit"),
    "an overloaded service": (Fault(status=529, type="overloaded_error"), "overload"),
    "a broken service": (Fault(status=500), "overload"),
    "a wrong key": (Fault(status=401, type="authentication_error"), "auth"),
    "no credit": (
        Fault(status=400, type="invalid_request_error", message="Your credit balance is too low to access the API."),
        "billing",
    ),
    "a prompt that is too long": (
        Fault(status=400, type="invalid_request_error", message="prompt is too long: 2000 tokens > 1000 maximum"),
        "context",
    ),
}


@pytest.mark.parametrize("story", FAILURES)
async def test_a_failed_call_is_a_failure_whatever_the_subtype_says(claude: ClaudeSubject, story: str):
    fault, failure = FAILURES[story]
    ended, _ = await ended_with(claude, [Turn(fault=fault)])
    assert (ended.outcome, ended.failure) == ("failed", failure)
    assert ended.message


async def test_a_retry_is_noticed_and_can_succeed(claude: ClaudeSubject):
    ended, log = await ended_with(claude, [Turn(say="hello", fault=Fault(status=529, times=1))])
    assert ended.outcome == "succeeded"
    notice = await log.until(Notice)
    assert notice.kind == "retry"
    assert "529" in notice.text


async def test_a_stream_that_breaks_off_is_tried_again(claude: ClaudeSubject):
    ended, _ = await ended_with(claude, [Turn(say="hello", fault=Fault(drop_after=1, times=1))])
    assert (ended.outcome, ended.summary) == ("succeeded", "hello")


SUBSCRIBED = {"ANTHROPIC_API_KEY": "", "CLAUDE_CODE_OAUTH_TOKEN": "dummy"}


def window(status: str, reset: int, utilization: float, **more: str) -> dict[str, str]:
    """What the service tells of the five-hour window of a subscription."""
    named = {
        "status": status,
        "reset": str(reset),
        "representative-claim": "five_hour",
        "5h-status": status,
        "5h-reset": str(reset),
        "5h-utilization": f"{utilization:g}",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return {f"anthropic-ratelimit-unified-{name}": value for name, value in named.items()}


async def test_a_usage_limit_names_its_reset(claude: ClaudeSubject):
    reset = int(Clock().wall()) + 3600
    headers = window("rejected", reset, 1)
    fault = Fault(status=429, type="rate_limit_error", message="over your account's rate limit", headers=headers)
    ended, log = await ended_with(claude, [Turn(fault=fault)], **SUBSCRIBED)
    assert (ended.failure, ended.until) == ("usage-limit", float(reset))
    assert (await log.until(Notice)).until == float(reset)


@pytest.mark.parametrize(
    ("story", "headers", "kinds"),
    [
        ("close to its limit", {"utilization": 0.93, "5h_surpassed_threshold": "0.9"}, ["near-limit"]),
        ("allowed, and without overage", {"utilization": 0.4, "overage_status": "rejected"}, []),
    ],
)
async def test_a_session_that_is_allowed_is_never_limited_whatever_is_told_beside(
    claude: ClaudeSubject, story: str, headers: dict[str, Any], kinds: list[str]
):
    status = "allowed_warning" if kinds else "allowed"
    told = window(status, int(Clock().wall()) + 3600, **headers)
    ended, log = await ended_with(claude, [Turn(say="hello", headers=told)], **SUBSCRIBED)
    assert ended.outcome == "succeeded", story
    assert [event.kind for event in log.events if isinstance(event, Notice)] == kinds


async def test_another_model_goes_on_when_one_is_overloaded(claude: ClaudeSubject):
    turns = [Turn(say="hello", fault=Fault(status=529, type="overloaded_error", times=3))]
    ended, log = await ended_with(
        claude, turns, options={"fallback_model": "claude-haiku-5-5"}, CLAUDE_CODE_MAX_RETRIES="4"
    )
    assert ended.outcome == "succeeded"
    assert await log.until(Notice, lambda notice: notice.kind == "fallback")


async def test_the_limit_of_turns_is_a_failure(claude: ClaudeSubject):
    ended, _ = await ended_with(
        claude, [Turn(tools=(bash("true"),)), Turn(say="more")], options={"max_turns": 1, "allowed_tools": ["Bash"]}
    )
    assert (ended.outcome, ended.failure) == ("failed", "turns")


async def test_tokens_are_counted_while_the_turn_goes_on(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("true"),), output_tokens=30), Turn(say="done", output_tokens=12)]
    _, log = await ended_with(claude, turns, options={"allowed_tools": ["Bash"]})
    usages = [event for event in log.events if isinstance(event, Usage)]
    assert [(usage.input_tokens, usage.output_tokens) for usage in usages] == [(1000, 30), (2000, 42), (2000, 42)]
    assert usages[0].cost_usd is None, "a figure that is not known is not 0"
    assert usages[-1].cost_usd


async def test_an_allowed_tool_runs_and_writes_its_file(claude: ClaudeSubject):
    write = ToolUse(name="Write", input={"file_path": "{cwd}/greeting.txt", "content": "hello\n"})
    async with claude.playing([Turn(tools=(write,)), Turn(say="written")]) as session, following(session) as log:
        ask = await log.until(Ask)
        assert "greeting.txt" in ask.title
        assert ask.options == ("allow", "always", "deny", "never")
        assert "always means: edits" in ask.detail
        assert await session.answer(ask.request_id, Decision(choice="allow"))
        ended = await log.until(Ended)
        tool = await log.until(Tool)
    assert (claude.cwd / "greeting.txt").read_text() == "hello\n"
    assert (ended.outcome, ended.summary) == ("succeeded", "written")
    assert tool.input == str(claude.cwd / "greeting.txt")


async def test_a_denial_tells_the_agent_why(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("echo x > y"),)), Turn(say="pity")]
    async with claude.playing(turns) as session, following(session) as log:
        ask = await log.until(Ask)
        await session.answer(ask.request_id, Decision(choice="deny", text="use the tab key instead"))
        result = await log.until(ToolResult)
    assert result.is_error
    assert "use the tab key instead" in result.text


async def test_always_lets_the_session_do_the_like_without_asking_and_keeps_no_settings(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("mkfifo one"),)), Turn(tools=(bash("mkfifo one two"),)), Turn(say="done")]
    async with claude.playing(turns) as session, following(session) as log:
        ask = await log.until(Ask)
        assert "always means: Bash(mkfifo one *)" in ask.detail
        assert await session.answer(ask.request_id, Decision(choice="always"))
        ended = await log.until(Ended)
    assert (ended.outcome, ended.summary) == ("succeeded", "done")
    assert (claude.cwd / "two").exists()
    assert len([event for event in log.events if isinstance(event, Ask)]) == 1
    assert not (claude.cwd / ".claude").exists()


async def test_never_refuses_the_same_again_without_asking(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("mkfifo one"),)), Turn(tools=(bash("mkfifo one"),)), Turn(say="pity")]
    async with claude.playing(turns) as session, following(session) as log:
        ask = await log.until(Ask)
        assert await session.answer(ask.request_id, Decision(choice="never", text="no pipes"))
        notice = await log.until(Notice, lambda notice: notice.kind == "denied")
        ended = await log.until(Ended)
    assert (ended.outcome, ended.summary) == ("succeeded", "pity")
    assert "mkfifo one" in notice.text
    results = [event for event in log.events if isinstance(event, ToolResult)]
    assert ["no pipes" in result.text for result in results] == [True, True]
    assert len([event for event in log.events if isinstance(event, Ask)]) == 1
    assert not (claude.cwd / "one").exists()


async def test_a_question_is_answered_in_the_persons_words(claude: ClaudeSubject):
    question = {
        "question": "Which store?",
        "header": "Store",
        "multiSelect": False,
        "options": [{"label": "pg", "description": "a server"}, {"label": "lite", "description": "a file"}],
    }
    turns = [Turn(tools=(ToolUse(name="AskUserQuestion", input={"questions": [question]}),)), Turn(say="fine")]
    async with claude.playing(turns) as session, following(session) as log:
        ask = await log.until(Ask)
        assert (ask.kind, ask.title, ask.options) == ("question", "Which store?", ("pg", "lite"))
        assert await session.answer(ask.request_id, Decision(choice="lite"))
        assert (await log.until(AskClosed)).by_answer
        assert (await log.until(Ended)).outcome == "succeeded"
    assert any("lite" in result for result in claude.server.requests[-1].tool_results)


async def test_a_message_sent_while_a_tool_runs_lands_in_the_same_turn(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("until [ -e go ]; do sleep 0.05; done"),)), Turn(say="understood")]
    async with claude.playing(turns, options={"allowed_tools": ["Bash"]}) as session, following(session) as log:
        await log.until(Tool)
        await session.send("mind the pineapple")
        (claude.cwd / "go").touch()
        ended = await log.until(Ended)
    assert ended.summary == "understood"
    assert claude.heard("mind the pineapple", log.events)
    assert len(claude.server.requests) == 2
    assert [event.text for event in log.events if isinstance(event, Notice)] == ["taken in: mind the pineapple"]


async def test_the_session_ends_only_when_every_message_was_answered(claude: ClaudeSubject):
    turns = [Turn(say="tick " * 20, piece=5, delay=0.03), Turn(say="second"), Turn(say="third")]
    async with claude.playing(turns) as session, following(session) as log:
        await log.until(Text)
        await session.send("one more thing")
        ended = await log.until(Ended)
    assert ended.summary == "second"
    assert claude.heard("one more thing", log.events)


async def test_what_is_said_while_paused_is_told_on_resumption(claude: ClaudeSubject):
    turns = [Turn(say="tick " * 400, piece=5, delay=0.03), Turn(say="second")]
    async with claude.playing(turns) as session, following(session) as log:
        await log.until(Text)
        await session.pause()
        await session.send("mind the pineapple")
        await session.resume()
        assert (await log.until(Ended)).outcome == "succeeded"
    assert claude.heard("mind the pineapple", log.events)


async def test_a_model_that_hangs_can_be_interrupted(claude: ClaudeSubject):
    async with claude.playing([Turn(say="x", fault=Fault(hang=60))]) as session, following(session) as log:
        await log.until(Started)
        async with asyncio.timeout(30):
            await session.interrupt()
            assert (await log.until(Ended)).outcome == "interrupted"


async def test_a_background_agent_is_waited_for(claude: ClaudeSubject):
    agent = {"description": "look", "prompt": "SUBTASK", "subagent_type": "general-purpose", "run_in_background": True}
    scenes = [
        Scene(contains="SUBTASK", turns=(Turn(say="found it", delay=0.05),)),
        Scene(turns=(Turn(tools=(ToolUse(name="Agent", input=agent),)), Turn(say="waiting"), Turn(say="all in"))),
    ]
    ended, _ = await ended_with(claude, scenes)  # type: ignore[arg-type]
    assert ended.summary == "all in"


async def test_the_session_id_is_the_one_that_was_assigned(claude: ClaudeSubject):
    session_id = str(uuid.uuid4())
    async with ScriptedMessages([Turn(say="hello")]) as server:
        spec = claude.spec(base_url=server.url)
        spec = type(spec)(**{name: getattr(spec, name) for name in spec.__slots__} | {"session_id": session_id})
        async with claude.session(spec) as session, following(session) as log:
            assert (await log.until(Started)).session_id == session_id
    async with claude.playing([Turn(), Turn(say="welcome back")], resume=session_id) as session:
        async with following(session) as log:
            assert (await log.until(Started)).session_id == session_id
            assert (await log.until(Ended)).summary == "welcome back"
    assert any("hello" in str(message) for message in claude.server.requests[0].messages)


async def test_resuming_an_unknown_session_fails_with_its_reason(claude: ClaudeSubject):
    ended, _ = await ended_with(claude, [Turn(say="x")], resume=str(uuid.uuid4()))
    assert (ended.outcome, ended.failure) == ("failed", "session")
    assert "No conversation found" in ended.message


@pytest.mark.parametrize("status", [429, 529])
async def test_a_session_that_the_service_failed_is_gone_on_with(claude: ClaudeSubject, status: int):
    async with claude.playing([Turn(fault=Fault(status=status))]) as session, following(session) as log:
        assert (await log.until(Ended)).outcome == "failed"
        started = await log.until(Started)
    async with claude.playing([Turn(say="here"), Turn(say="here")], resume=started.session_id) as session:
        async with following(session) as log:
            assert (await log.until(Ended)).summary == "here"
    assert claude.server.requests[0].user_texts[0].strip() == "Do section A.", "what it was told first is still there"


async def test_what_a_session_cost_before_it_was_resumed_is_not_counted_twice(claude: ClaudeSubject):
    async with ScriptedMessages([Turn(say="hello")], reports=False) as server:
        async with claude.session(claude.spec(base_url=server.url)) as session, following(session) as log:
            first = await log.until(Ended)
            started = await log.until(Started)
    assert started.resumable
    assert first.cost_usd
    turns = [Turn(), Turn(say="hello")]
    async with claude.playing(turns, resume=started.session_id, spent_usd=first.cost_usd) as session:
        async with following(session) as log:
            again = await log.until(Ended)
    assert again.cost_usd == pytest.approx(first.cost_usd)


async def test_a_session_id_that_was_used_is_refused_at_once(claude: ClaudeSubject):
    async with ScriptedMessages([Turn(say="hello")], reports=False) as server:
        spec = claude.spec(base_url=server.url)
        for failure in ("", "session"):
            async with claude.session(spec) as session, following(session) as log:
                ended = await log.until(Ended)
            assert ended.failure == failure
    assert "is already in use" in ended.message
    assert len(server.requests) == 1


async def test_a_service_that_cannot_be_reached_is_the_network(claude: ClaudeSubject):
    async with ScriptedMessages([]) as gone:
        url = gone.url
    spec = claude.spec(base_url=url, CLAUDE_CODE_MAX_RETRIES="1")
    async with claude.session(spec) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.failure) == ("failed", "network")


async def test_the_tools_a_session_used_are_counted_without_those_it_reports_by(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("true"),)), Turn(say="done")]
    ended, _ = await ended_with(claude, turns, options={"allowed_tools": ["Bash"]})
    assert ended.tools == 1
    report = ToolUse(name=TOOL, input={"status": "done", "summary": "nothing to do"})
    ended, _ = await ended_with(claude, [Turn(tools=(report,)), Turn(say="bye")], acceptance=())
    assert (ended.outcome, ended.tools) == ("succeeded", 0)


async def test_a_killed_program_is_a_crash(claude: ClaudeSubject):
    async with claude.playing([Turn(say="tick " * 400, piece=5, delay=0.05)]) as session, following(session) as log:
        await log.until(Text)
        process.signal_marked(claude.marker, signal.SIGKILL)
        ended = await log.until(Ended)
    assert (ended.outcome, ended.failure, ended.exit_code) == ("failed", "crash", 137)
    assert "SIGKILL" in ended.message


async def test_closing_ends_a_tool_in_its_own_session(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("setsid sleep 300 & touch up; sleep 300"),)), Turn(say="never")]
    async with claude.playing(turns, options={"allowed_tools": ["Bash"]}) as session, following(session) as log:
        await log.until(Tool)
        async with asyncio.timeout(60):
            while not (claude.cwd / "up").exists():
                await asyncio.sleep(0.02)
        assert len(process.marked(claude.marker)) >= 3
        await session.close()
        assert process.marked(claude.marker) == []


async def test_closing_ends_what_a_finished_tool_left_behind(claude: ClaudeSubject):
    turns = [Turn(tools=(bash("setsid sleep 300 >/dev/null 2>&1 & disown; echo left"),)), Turn(say="done")]
    async with claude.playing(turns, options={"allowed_tools": ["Bash"]}) as session, following(session) as log:
        assert (await log.until(Ended)).outcome == "succeeded"
        assert "left" in log.shown
    assert process.marked(claude.marker) == []


async def test_the_agent_gets_its_own_environment_and_nothing_else(
    claude: ClaudeSubject, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOMEBODYS_TOKEN", "hunter2")
    turns = [Turn(tools=(bash("env > env.txt"),)), Turn(say="done")]
    ended, _ = await ended_with(claude, turns, options={"permission_mode": "bypassPermissions"})
    if os.geteuid() == 0 and ended.failure == "crash":
        ended, _ = await ended_with(claude, turns, options={"permission_mode": "default", "allowed_tools": ["Bash"]})
    found = (claude.cwd / "env.txt").read_text()
    assert "SOMEBODYS_TOKEN" not in found
    assert f"ORCH_ATTEMPT={claude.marker}" in found
    assert f"HOME={claude.root / 'home'}" in found
    wrapper = claude.scratch / "claude"
    assert "dummy" not in wrapper.read_text(), "a key in a file"
    assert wrapper.stat().st_mode & 0o777 == 0o700


async def test_one_service_plays_many_sections_at_once(tmp_path: Path):
    scenes = [Scene(contains=f"Do section {name}.", turns=(Turn(say=f"{name} is done"),)) for name in "ABC"]
    summaries: dict[str, str] = {}

    async def run(name: str, url: str) -> None:
        (tmp_path / name).mkdir()
        subject = ClaudeSubject(tmp_path / name)
        spec = subject.spec(base_url=url)
        spec = type(spec)(**{f: getattr(spec, f) for f in spec.__slots__} | {"brief": f"Do section {name}."})
        async with subject.session(spec) as session, following(session) as log:
            summaries[name] = (await log.until(Ended)).summary

    async with ScriptedMessages(scenes) as server, asyncio.TaskGroup() as group:
        for name in "ABC":
            group.create_task(run(name, server.url))
    assert summaries == {name: f"{name} is done" for name in "ABC"}


HOST = """
import asyncio, pathlib, sys
sys.path.insert(0, sys.argv[1])
from provider_subjects import ClaudeSubject
from orch_tui.clock import Clock
from orch_tui.agents.base import Text

async def main():
    subject = ClaudeSubject(pathlib.Path(sys.argv[2]))
    subject.marker = sys.argv[3]
    spec = subject.spec(base_url=sys.argv[4], options={"permission_mode": "default"})
    async with subject.session(spec) as session:
        async for event in session.events():
            if isinstance(event, Text):
                sys.stdout.write("up\\n"); sys.stdout.flush()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
async def test_the_program_does_not_outlive_a_killed_host(tmp_path: Path):
    """A busy Claude Code finishes its whole turn as an orphan unless it is told of its parent's death."""
    marker = f"test-{uuid.uuid4()}"
    script = tmp_path / "host.py"
    script.write_text(HOST)
    (tmp_path / "at").mkdir()
    async with ScriptedMessages([Turn(say="tick " * 1200, piece=5, delay=0.05)]) as server:
        here = str(Path(__file__).parent)
        argv = [sys.executable, str(script), here, str(tmp_path / "at"), marker, server.url]
        host = await process.spawn_piped(argv, cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
        try:
            assert host.stdout is not None
            async with asyncio.timeout(60):
                assert await host.stdout.readline() == b"up\n", (await host.stderr.read()).decode()  # type: ignore[union-attr]
            assert process.marked(marker)
            host.kill()
            async with asyncio.timeout(60):
                while process.marked(marker):
                    await asyncio.sleep(0.05)
        finally:
            await process.end_marked(marker)
            await process.end_piped(host)


@pytest.mark.parametrize(("own", "budget"), [(0.0, 0.01), (0.01, 0.0), (5.0, 0.01)])
async def test_a_session_ends_where_its_budget_does(claude: ClaudeSubject, own: float, budget: float):
    turns = [Turn(say="thinking", tools=(bash("true"),), input_tokens=1_000_000), Turn(say="unheard")]
    options = {"allowed_tools": ["Bash"], "max_budget_usd": own}
    async with claude.playing(turns, options=options, budget_usd=budget) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.failure) == ("failed", "budget"), ended
    assert ended.cost_usd is not None
    assert ended.cost_usd > 0.01
    assert len(claude.server.requests) == 1


async def test_the_service_counts_tokens_for_who_has_a_key(tmp_path: Path):
    async with ScriptedMessages([]) as server:
        env = {"ANTHROPIC_API_KEY": "scripted", "ANTHROPIC_BASE_URL": server.url}
        assert await ClaudeProvider().count_tokens("x" * 400, model="some-model[1m]", env=env) == 100
        (asked,) = server.side
        assert asked.body["model"] == "some-model"
        assert await ClaudeProvider().count_tokens("x", model="some-model", env={}) is None
        assert len(server.side) == 1
