"""The real Claude Code in a role or under settings that keep it from something, with a model that tries it anyway."""

from __future__ import annotations

from pathlib import Path

import pytest
from provider_subjects import ClaudeSubject

from orch_tui.agents.base import Ended, Notice, SessionSpec
from orch_tui.agents.claude import guard
from orch_tui.agents.claude.reporting import Reporting
from orch_tui.agents.claude.tools import Tools
from orch_tui.testing.listening import following
from orch_tui.testing.playbook import Scene, ToolUse, Turn

ALL_ALLOWED = {"allowed_tools": ["Bash", "Edit", "Write"]}


@pytest.fixture
def claude(tmp_path: Path) -> ClaudeSubject:
    return ClaudeSubject(tmp_path)


def uses(name: str, **given: object) -> Turn:
    return Turn(tools=(ToolUse(name=name, input=given),))


async def test_a_session_that_only_reads_is_offered_no_tool_that_writes_and_cannot_use_one(claude: ClaudeSubject):
    (claude.cwd / "old.txt").write_text("old\n")
    turns = [
        uses("Write", file_path="{cwd}/new.txt", content="new\n"),
        uses("Read", file_path="{cwd}/old.txt"),
        uses("Edit", file_path="{cwd}/old.txt", old_string="old", new_string="new"),
        Turn(say="looked"),
    ]
    async with claude.playing(turns, role="read-only", options=ALL_ALLOWED) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.summary) == ("succeeded", "looked")
    assert [path.name for path in claude.cwd.iterdir()] == ["old.txt"]
    assert (claude.cwd / "old.txt").read_text() == "old\n"
    asked = [request for request in claude.server.requests if request.has_tools]
    offered = {tool["name"] for request in asked for tool in request.body["tools"]}
    assert "Read" in offered
    assert not offered & set(guard.WRITING)


async def test_a_tool_that_nobody_has_looked_at_is_refused_where_nothing_may_be_written(
    claude: ClaudeSubject, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(guard, "READING", guard.READING - {"Bash"})
    turns = [uses("Bash", command="touch made"), Turn(say="pity")]
    async with claude.playing(turns, role="read-only", options=ALL_ALLOWED) as session, following(session) as log:
        notice = await log.until(Notice, lambda notice: notice.kind == "denied")
        await log.until(Ended)
    assert "Bash is not for this session" in notice.text
    assert not (claude.cwd / "made").exists()


async def test_a_guard_that_breaks_lets_nothing_through(claude: ClaudeSubject, monkeypatch: pytest.MonkeyPatch):
    def broken(spec: SessionSpec, tool: str, given: object) -> str:
        raise KeyError(tool)

    monkeypatch.setattr(guard, "why_not", broken)
    turns = [uses("Bash", command="touch made"), Turn(say="pity")]
    async with claude.playing(turns, role="read-only", options=ALL_ALLOWED) as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.summary) == ("succeeded", "pity")
    assert not (claude.cwd / "made").exists()


async def test_a_denied_command_is_not_run_and_the_agent_is_told(claude: ClaudeSubject):
    turns = [
        uses("Bash", command="touch before && git push --force"),
        uses("Bash", command="touch allowed"),
        Turn(say="pity"),
    ]
    async with claude.playing(turns, deny=("git push",), options=ALL_ALLOWED) as session, following(session) as log:
        await log.until(Ended)
    assert [path.name for path in claude.cwd.iterdir()] == ["allowed"]
    assert any("'git push' is denied by the settings" in text for text in claude.server.requests[-1].tool_results)


async def test_where_no_permission_is_asked_for_a_reader_writes_as_little_and_what_is_denied_stays_denied(
    claude: ClaudeSubject,
):
    turns = [
        uses("Write", file_path="{cwd}/new.txt", content="new\n"),
        uses("Bash", command="touch made; git push"),
        Turn(say="pity"),
    ]
    options = {"permission_mode": "bypassPermissions"}
    playing = claude.playing(turns, role="read-only", deny=("git push",), options=options, IS_SANDBOX="1")
    async with playing as session, following(session) as log:
        ended = await log.until(Ended)
    assert (ended.outcome, ended.summary) == ("succeeded", "pity"), ended
    assert list(claude.cwd.iterdir()) == []
    assert any("is denied by the settings" in text for text in claude.server.requests[-1].tool_results)


async def test_who_works_for_a_reader_may_write_as_little_and_run_as_little(claude: ClaudeSubject):
    helper = Scene(
        contains="HELP ME",
        turns=(
            uses("Write", file_path="{cwd}/new.txt", content="new\n"),
            uses("Bash", command="touch made && git push"),
            Turn(say="I could not."),
        ),
    )
    asks = uses("Agent", description="help", prompt="HELP ME: write new.txt", subagent_type="general-purpose")
    scenes = (helper, Scene(turns=(asks, Turn(say="pity"))))
    async with claude.playing(scenes, role="read-only", deny=("git push",), options=ALL_ALLOWED) as session:
        async with following(session) as log:
            ended = await log.until(Ended)
    assert ended.outcome == "succeeded", ended
    assert any("HELP ME" in text for request in claude.server.requests for text in request.user_texts), "nobody helped"
    results = [text for request in claude.server.requests for text in request.tool_results]
    assert any("is denied by the settings" in text for text in results)
    assert list(claude.cwd.iterdir()) == []


def test_a_reader_may_use_every_tool_that_we_give_it(claude: ClaudeSubject):
    spec = claude.spec(role="read-only", report=True)
    tools = Tools(spec, Reporting(spec), ask=NotImplemented, propose=NotImplemented)
    assert set(tools.names) <= guard.READING
    assert len(tools.names) == 5
