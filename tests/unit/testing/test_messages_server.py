"""The scripted service on its own: what it plays, and that it ends."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from orch_tui import process
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, Request, Scene, ToolUse, Turn, play, read


async def call(
    port: int, body: dict[str, Any] | None, *, method: str = "POST", path: str = "/v1/messages"
) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(body).encode() if body is not None else b""
    writer.write(f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, rest


def asking(text: str, *earlier: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "model": "m",
        "tools": [{"name": "Bash"}],
        "messages": [{"role": "user", "content": text}, *earlier],
        **more,
    }


def said(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


async def test_turns_follow_the_talk_and_scenes_the_words_of_the_brief():
    scenes = [Scene(contains="B", turns=(Turn(say="b1"), Turn(say="b2"))), Turn(say="else")]
    async with ScriptedMessages(scenes) as server:
        _, first = await call(server.port, asking("do B"))
        _, second = await call(server.port, asking("do B", said("b1"), {"role": "user", "content": "go on"}))
        _, over = await call(server.port, asking("do B", said("b1"), asking("x")["messages"][0], said("b2")))
        _, other = await call(server.port, asking("do C"))
    assert [json.loads(raw)["content"][0]["text"] for raw in (first, second, over, other)] == [
        "b1",
        "b2",
        "done",
        "else",
    ]


async def test_a_scene_is_not_chosen_by_what_the_program_adds_about_the_workspace():
    reminder = {"type": "text", "text": "<system-reminder>\nRecent commits: B: Tests\n</system-reminder>"}
    async with ScriptedMessages([Scene(contains="B", turns=(Turn(say="b"),)), Turn(say="a")]) as server:
        body = asking("") | {"messages": [{"role": "user", "content": [reminder, {"type": "text", "text": "do A"}]}]}
        _, raw = await call(server.port, body)
    assert json.loads(raw)["content"][0]["text"] == "a"


async def test_a_stream_holds_text_and_tools_and_usage():
    turn = Turn(say="hello there", tools=(ToolUse(name="Bash", input={"command": "ls {cwd}"}),), piece=4)
    body = asking("x", stream=True, system=[{"type": "text", "text": "Primary working directory: /some/where\nmore"}])
    async with ScriptedMessages([turn]) as server:
        _, raw = await call(server.port, body)
    events = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: ")]
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    assert "".join(delta.get("text", "") for delta in deltas) == "hello there"
    assert json.loads(deltas[-1]["partial_json"]) == {"command": "ls /some/where"}
    assert events[-2]["delta"]["stop_reason"] == "tool_use"
    assert events[-2]["usage"]["output_tokens"] > 0


async def test_faults_are_shown_as_often_as_asked():
    turn = Turn(say="at last", fault=Fault(status=529, type="overloaded_error", retry_after=7, times=2))
    async with ScriptedMessages([turn]) as server:
        statuses = [(await call(server.port, asking("x")))[0] for _ in range(3)]
    assert statuses == [529, 529, 200]


async def test_a_dropped_stream_ends_in_the_middle():
    async with ScriptedMessages([Turn(say="hello", fault=Fault(drop_after=2))]) as server:
        try:
            _, raw = await call(server.port, asking("x", stream=True))
        except ConnectionError:
            raw = b""
    assert b"message_stop" not in raw


async def test_side_requests_do_not_disturb_the_play():
    async with ScriptedMessages([Turn(say="main")]) as server:
        assert (await call(server.port, {"model": "m", "messages": []}))[0] == 200
        assert (await call(server.port, None, method="HEAD", path="/"))[0] == 200
        _, counted = await call(server.port, asking("x"), path="/v1/messages/count_tokens?beta=true")
        assert json.loads(counted)["input_tokens"] > 0
        assert (server.requests, len(server.side)) == ([], 3)


async def test_a_hanging_answer_does_not_keep_the_server_from_closing():
    async with asyncio.timeout(60):
        async with ScriptedMessages([Turn(say="x", fault=Fault(hang=600))]) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            data = json.dumps(asking("x")).encode()
            writer.write(b"POST /v1/messages HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(data) + data)
            while not server.requests:
                await asyncio.sleep(0.01)
        assert await reader.read() == b""
        writer.close()


def test_what_is_said_in_mid_turn_counts_as_said():
    request = Request(
        method="POST",
        path="/",
        headers={},
        body={
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "system", "content": [{"type": "text", "text": "b"}]},
            ]
        },
    )
    assert (request.user_texts, request.texts, request.answers) == (["a"], ["a", "b"], 0)


def test_a_playbook_is_read_from_json(tmp_path: Path):
    file = tmp_path / "play.json"
    tools = [{"name": "Bash", "input": {"command": "true"}}]
    turn = {"say": "hi", "tools": tools, "fault": {"status": 500, "times": 1}, "delay": 0.5}
    file.write_text(json.dumps({"scenes": [{"contains": "B", "turns": [turn]}]}))
    expected = Turn(
        say="hi", tools=(ToolUse(name="Bash", input={"command": "true"}),), fault=Fault(status=500, times=1), delay=0.5
    )
    request = Request(method="POST", path="/", headers={}, body=asking("B"))
    assert read(file)(request) == expected == play([expected])(request)


async def test_it_runs_as_a_program_of_its_own_and_ends_with_its_parent(tmp_path: Path):
    (tmp_path / "play.json").write_text(json.dumps({"scenes": [{"turns": [{"say": "from afar"}]}]}))
    argv = [
        sys.executable,
        "-m",
        "orch_tui.testing.messages_server",
        "play.json",
        "--port-file",
        "port",
        "--log",
        "log",
    ]
    script = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); sys.stdin.read()"
    env = {"PATH": os.environ["PATH"], process.MARKER: str(tmp_path)}
    parent = await process.spawn_piped([sys.executable, "-c", script, *argv], cwd=tmp_path, env=env, stdin=True)
    try:
        async with asyncio.timeout(60):
            while not (tmp_path / "port").exists():
                await asyncio.sleep(0.02)
            _, raw = await call(int((tmp_path / "port").read_text()), asking("x"))
            assert json.loads(raw)["content"][0]["text"] == "from afar"
            assert json.loads((tmp_path / "log").read_text())["texts"] == ["x"]
            parent.kill()
            while process.marked(str(tmp_path)):
                await asyncio.sleep(0.02)
    finally:
        await process.end_marked(str(tmp_path))
        await process.end_piped(parent)
