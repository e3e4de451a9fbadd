"""The real Claude Code in a session host whose clocks are short: hung services and tools, programs that never start."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from provider_subjects import ClaudeSubject

from orch_tui import process
from orch_tui.agents.spec import encode_spec
from orch_tui.host.clocks import Clocks
from orch_tui.host.session import host
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, ToolUse, Turn


@contextmanager
def serving(turns: Sequence[Turn]) -> Iterator[ScriptedMessages]:
    """A scripted service in a thread of its own: the host has the main one to itself."""
    up, down = threading.Event(), asyncio.Event()
    server = ScriptedMessages(turns, reports=False)
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with server:
            up.set()
            await down.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    up.wait(60)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(down.set)
        thread.join(60)
        loop.close()


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    made = AttemptDir(private_dir(tmp_path / "attempt"))
    for part in ("tmp", "new"):
        private_dir(made.inbox / part)
    return made


@pytest.fixture
def hosted(tmp_path: Path, attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch):
    """Host a session that plays these turns; how it ended."""
    claude = ClaudeSubject(tmp_path)

    def carry_out(turns: Sequence[Turn], clocks: Clocks, **options: object) -> Mapping[str, object]:
        with serving(turns) as server:
            given = {"permission_mode": "default", "allowed_tools": ["Bash"], **options}
            spec = claude.spec(options=given, base_url=server.url)
            for name, value in spec.env.items():
                monkeypatch.setenv(name, value)  # a host takes them from its own
            monkeypatch.setenv(process.MARKER, "")
            spec = replace(spec, env={**spec.env, process.MARKER: claude.marker})
            attempt.spec.write_bytes(encode_spec(spec, written=frozenset({process.MARKER})))
            assert host(attempt, private_dir(tmp_path / "artifacts"), clocks) == 0
        assert process.marked(claude.marker) == [], "nothing of it is left"
        return json.loads(attempt.exit.read_text())

    return carry_out


def test_a_service_that_falls_silent_is_a_stall(hosted, attempt: AttemptDir):
    turns = [Turn(say="x", fault=Fault(hang=60))]
    ended = hosted(turns, Clocks(idle=1.5, look=0.2, busy=2.0))
    assert (ended["outcome"], ended["failure"]) == ("failed", "stall")
    assert ended["message"] == "nothing was heard of it for 1.5 s, and it did nothing"


def test_a_tool_that_hangs_is_ended_and_the_session_goes_on(hosted, attempt: AttemptDir, tmp_path: Path):
    turns = [Turn(tools=(ToolUse(name="Bash", input={"command": "tail -f /dev/null"}),)), Turn(say="without it")]
    ended = hosted(turns, Clocks(tool=1.5, tool_grace=60, look=0.2))
    assert (ended["outcome"], ended["summary"]) == ("succeeded", "without it")
    assert "a tool did not end within 1.5 s, and is ended" in attempt.transcript.read_text()


def test_a_program_that_never_comes_up_is_ended(hosted, attempt: AttemptDir, tmp_path: Path):
    program = tmp_path / "hangs"
    program.write_text("#!/bin/sh\nexec sleep 300\n")
    program.chmod(0o755)
    ended = hosted([], Clocks(startup=0.5, look=0.1), cli=str(program))
    assert (ended["outcome"], ended["failure"]) == ("failed", "startup")
    assert os.access(program, os.X_OK)
