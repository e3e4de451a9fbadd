"""What the script agent does beyond the conformance suite."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui import process
from orch_tui.agents.base import Block, Ended, SessionEvent, SessionSpec, Text, Tool, ToolResult, Usage
from orch_tui.agents.script import ScriptProvider


def spec(root: Path, *blocks: Block, marker: str = "") -> SessionSpec:
    (root / "work").mkdir(exist_ok=True)
    (root / "scratch").mkdir(exist_ok=True)
    return SessionSpec(
        provider="script",
        run="run",
        section="B",
        attempt=1,
        title="Section B",
        cwd=str(root / "work"),
        brief="",
        session_id=str(uuid.uuid4()),
        env={"PATH": os.environ["PATH"], process.MARKER: marker or str(uuid.uuid4()), "GREETING": "hello"},
        blocks=blocks,
        scratch=str(root / "scratch"),
    )


def block(text: str, *, line: int = 1, shell: str = "bash") -> Block:
    return Block(shell=shell, text=text, line=line)


async def events_of(given: SessionSpec) -> list[SessionEvent]:
    session = await ScriptProvider().open(given)
    try:
        async with asyncio.timeout(60):
            return [event async for event in session.events()]
    finally:
        await session.close()


def end(events: Sequence[SessionEvent]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def text_of(events: Sequence[SessionEvent], stream: str) -> str:
    return "".join(event.text for event in events if isinstance(event, Text) and event.stream == stream)


async def test_blocks_run_in_order_in_the_directory_of_the_section(tmp_path: Path):
    events = await events_of(spec(tmp_path, block("echo 1 > a\n"), block("cat a; echo $GREETING\npwd\n", shell="sh")))
    assert end(events).outcome == "succeeded"
    assert events[1] == Usage(cost_usd=0.0), "it is known from the beginning that a script costs nothing"
    assert text_of(events, "out") == f"1\nhello\n{tmp_path / 'work'}\n"
    assert [event.name for event in events if isinstance(event, Tool)] == ["bash", "sh"]
    assert [event.text for event in events if isinstance(event, ToolResult)] == ["exit code 0"] * 2


async def test_the_first_failure_ends_it_and_names_the_block(tmp_path: Path):
    events = await events_of(spec(tmp_path, block("true\n"), block("exit 3\n", line=14), block("touch never\n")))
    ended = end(events)
    assert (ended.outcome, ended.failure, ended.exit_code) == ("failed", "script", 3)
    assert ended.message == "block 2 (line 14) ended with code 3"
    assert not (tmp_path / "work" / "never").exists()


async def test_a_command_that_stands_nowhere_in_the_plan_is_named_by_its_own_words(tmp_path: Path):
    ended = end(await events_of(spec(tmp_path, block("true\n", line=0), block("grep -q moon sky.txt\n", line=0))))
    assert ended.message.startswith("'grep -q moon sky.txt' ended with code 2")


@pytest.mark.parametrize("text", ["false\necho on\n", "false | cat\necho on\n", "echo $NOT_SET\necho on\n"])
async def test_a_failing_line_is_not_passed_over(tmp_path: Path, text: str):
    events = await events_of(spec(tmp_path, block(text)))
    assert end(events).outcome == "failed"
    assert "on" not in text_of(events, "out")


async def test_output_and_errors_are_told_apart(tmp_path: Path):
    events = await events_of(spec(tmp_path, block("echo good; echo bad >&2\n")))
    assert (text_of(events, "out"), text_of(events, "err")) == ("good\n", "bad\n")


async def test_a_section_without_blocks_fails_with_what_would_help(tmp_path: Path):
    ended = end(await events_of(spec(tmp_path)))
    assert (ended.outcome, ended.failure) == ("failed", "script")
    assert "'B' has no ```bash" in ended.message


async def test_a_background_child_that_holds_the_pipe_does_not_hang_the_block(tmp_path: Path):
    given = spec(tmp_path, block("sleep 300 &\necho up\n"), block("echo next\n"))
    events = await events_of(given)
    assert text_of(events, "out") == "up\nnext\n"
    assert process.marked(given.env[process.MARKER]) == []


async def test_a_server_started_by_one_block_serves_the_next_and_ends_with_the_session(tmp_path: Path):
    given = spec(tmp_path, block("sleep 300 >/dev/null 2>&1 &\necho $! > pid\n"), block("kill -0 $(cat pid)\n"))
    assert end(await events_of(given)).outcome == "succeeded"
    assert process.marked(given.env[process.MARKER]) == []


async def test_a_child_that_shed_the_marker_is_given_up_on(tmp_path: Path):
    given = spec(tmp_path, block("env -i sleep 300 &\necho $! > child\necho up\n"))
    assert end(await events_of(given)).outcome == "succeeded"
    child = int((tmp_path / "work" / "child").read_text())
    assert process.start_time(child) is not None, "it still holds the output"
    os.kill(child, signal.SIGKILL)


async def test_a_close_that_is_cancelled_still_ends_what_ignores_being_asked(tmp_path: Path):
    given = spec(tmp_path, block("trap '' TERM\ntouch up\nwhile true; do sleep 0.1; done\n"))
    session = await ScriptProvider().open(given)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(_all(session))
        while not (tmp_path / "work" / "up").exists():
            await asyncio.sleep(0.01)
        closing = group.create_task(session.close())
        await asyncio.sleep(0.05)
        closing.cancel()
    assert process.marked(given.env[process.MARKER]) == []


async def test_a_block_killed_by_a_signal_counts_as_shells_count(tmp_path: Path):
    assert end(await events_of(spec(tmp_path, block("kill -9 $$\n")))).exit_code == 137


async def test_a_directory_that_is_gone_is_said(tmp_path: Path):
    given = spec(tmp_path, block("true\n"))
    (tmp_path / "work").rmdir()
    ended = end(await events_of(given))
    assert (ended.outcome, ended.failure) == ("failed", "unavailable")
    assert "does not exist" in ended.message


async def test_the_summary_is_the_last_of_the_output(tmp_path: Path):
    events = await events_of(spec(tmp_path, block("seq 100\necho; echo '3 passed'\n")))
    assert end(events).summary.splitlines() == ["99", "100", "3 passed"]


async def test_a_paused_script_stands_still_until_resumed(tmp_path: Path):
    given = spec(tmp_path, block("for i in 1 2 3 4 5 6; do date +%s%N >> ticks; sleep 0.05; done\n"))
    session = await ScriptProvider().open(given)
    ticks = tmp_path / "work" / "ticks"
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        reading = group.create_task(_all(session))
        while not ticks.exists():
            await asyncio.sleep(0.01)
        await session.pause()
        stats = [Path(f"/proc/{pid}/stat") for pid in process.marked(given.env[process.MARKER])]
        assert stats
        while not all(stat.read_text().rpartition(")")[2].split()[0] == "T" for stat in stats):
            await asyncio.sleep(0.01)
        await session.resume()
        events = await reading
    await session.close()
    assert end(events).outcome == "succeeded"
    assert len(ticks.read_text().splitlines()) == 6


async def _all(session: object) -> list[SessionEvent]:
    return [event async for event in session.events()]  # type: ignore[attr-defined]


def test_a_machine_without_bash_is_told_so(tmp_path: Path):
    provider = ScriptProvider()
    assert provider.check({"PATH": os.environ["PATH"]}, {}) == ""
    assert "bash" in provider.check({"PATH": str(tmp_path)}, {})


async def test_blocks_with_a_denied_command_are_not_begun(tmp_path: Path):
    given = replace(spec(tmp_path, block("touch made"), block("git push\n", line=4)), deny=("git push",))
    ended = end(await events_of(given))
    assert (ended.outcome, ended.failure) == ("failed", "script")
    assert "a block holds 'git push', which is denied by the settings" in ended.message
    assert not (tmp_path / "work" / "made").exists()
