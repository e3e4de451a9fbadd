"""A stand-in for the Messages API on loopback, so that the real agent program runs without an account or a network.

Run beside a demo or test as `python -m orch_tui.testing.messages_server PLAYBOOK.json --port-file FILE`; it ends by
itself after `--max-seconds` and when its parent is gone. Format: platform.claude.com/docs (Messages, streaming).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from orch_tui.testing.loopback import Loopback, event, head, refuse, send
from orch_tui.testing.playbook import Playbook, Request, Scene, Turn, play, read, reporting

_CWD = re.compile(r"[Ww]orking directory:\s*([^\s<]+)")


class ScriptedMessages(Loopback):
    """The server, as an async context manager; `url` goes into ANTHROPIC_BASE_URL.

    `requests` holds every request with tools or with a schema for its answer, `side` all others. Without a playbook of
    its own kind it is given turns or scenes; see `orch_tui.testing.playbook`. Every request that is played is also
    appended to `log` as a JSON line `{"answers", "texts", "tool_results"}`.

    Where the agent is offered a tool to report its result with, the model calls it at the end of its work with its own
    last words, so that playbooks need not know of it; `reports=False` leaves that to them.
    """

    def __init__(
        self, playbook: Playbook | Sequence[Scene | Turn], *, log: Path | None = None, reports: bool = True
    ) -> None:
        super().__init__()
        played = playbook if callable(playbook) else play(playbook)
        self._playbook = reporting(played) if reports else played
        self._log = log

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """See Loopback.answer."""
        path = request.path.partition("?")[0]
        if request.method != "POST" or not path.startswith("/v1/messages"):
            self.side.append(request)
            return await send(writer, 200 if request.method in {"HEAD", "GET"} else 404, {})
        if path.endswith("/count_tokens"):
            self.side.append(request)
            return await send(writer, 200, {"input_tokens": max(1, sum(map(len, request.texts)) // 4)})
        if not request.has_tools and not request.has_schema:
            self.side.append(request)
            return await self._play(request, Turn(say='{"title": "Scripted"}'), writer)
        self.requests.append(request)
        self._note(request)
        return await self._play(request, self._playbook(request), writer)

    def _note(self, request: Request) -> None:
        if self._log is None:
            return
        line = {"answers": request.answers, "texts": request.texts, "tool_results": request.tool_results}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    async def _play(self, request: Request, turn: Turn, writer: asyncio.StreamWriter) -> None:
        fault = self.fault(turn, request.answers)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.status:
            return await refuse(writer, fault)
        message = self._message(request, turn)
        if not request.body.get("stream"):
            return await send(writer, 200, message, cut=fault.drop_after >= 0)
        return await _stream(writer, message, turn, fault.drop_after)

    def _message(self, request: Request, turn: Turn) -> dict[str, Any]:
        """The whole answer, as the API gives it when it does not stream."""
        number = next(self.numbers)
        cwd = _cwd(request.body)
        content: list[dict[str, Any]] = []
        if turn.think:
            content.append({"type": "thinking", "thinking": turn.think, "signature": "scripted"})
        if turn.say:
            content.append({"type": "text", "text": turn.say.replace("{cwd}", cwd)})
        for at, tool in enumerate(turn.tools):
            given = {key: v.replace("{cwd}", cwd) if isinstance(v, str) else v for key, v in tool.input.items()}
            content.append({"type": "tool_use", "id": f"toolu_{number:06}{at:02}", "name": tool.name, "input": given})
        return {
            "id": f"msg_{number:08}",
            "type": "message",
            "role": "assistant",
            "model": request.body.get("model", "scripted"),
            "content": content or [{"type": "text", "text": ""}],
            "stop_reason": turn.stop or ("tool_use" if turn.tools else "end_turn"),
            "stop_sequence": None,
            "usage": {
                "input_tokens": turn.input_tokens,
                "output_tokens": turn.output_tokens or max(1, len(turn.say) // 4),
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
            },
        }


def _cwd(body: Mapping[str, Any]) -> str:
    found = _CWD.search(json.dumps([body.get("system"), body.get("messages")]).replace("\\n", " "))
    return found[1].strip('"\\') if found else "."


async def _stream(writer: asyncio.StreamWriter, message: Mapping[str, Any], turn: Turn, drop_after: int) -> None:
    """Server-sent events of one answer; `drop_after` events cut the connection (-1: never)."""
    await head(writer, 200, {"content-type": "text/event-stream", **turn.headers})
    for number, body in enumerate(_events(message, turn.piece)):
        if number == drop_after:
            writer.transport.abort()
            return
        await event(writer, body)
        if turn.delay:
            await asyncio.sleep(turn.delay)


def _events(message: Mapping[str, Any], piece: int) -> Iterator[dict[str, Any]]:
    usage = message["usage"]
    yield {
        "type": "message_start",
        "message": {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}},
    }
    for index, block in enumerate(message["content"]):
        empty: dict[str, Any]
        match block["type"]:
            case "text":
                empty, deltas = {"type": "text", "text": ""}, _cut("text_delta", "text", block["text"], piece)
            case "thinking":
                empty = {"type": "thinking", "thinking": "", "signature": ""}
                deltas = [
                    *_cut("thinking_delta", "thinking", block["thinking"], piece),
                    {"type": "signature_delta", "signature": block["signature"]},
                ]
            case _:
                empty = {**block, "input": {}}
                deltas = _cut("input_json_delta", "partial_json", json.dumps(block["input"]), 4096)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": stop, "usage": {"output_tokens": usage["output_tokens"]}}
    yield {"type": "message_stop"}


def _cut(kind: str, key: str, text: str, size: int) -> list[dict[str, Any]]:
    return [{"type": kind, key: text[at : at + size]} for at in range(0, len(text), size)]


async def serve(playbook: Playbook, port_file: Path, max_seconds: float, log: Path | None = None) -> None:
    """Serve until `max_seconds` have passed or the parent process is gone; `port_file` is written once it listens."""
    parent = os.getppid()
    async with ScriptedMessages(playbook, log=log) as server:
        waiting = port_file.with_name(port_file.name + ".new")
        waiting.write_text(f"{server.port}\n")
        waiting.replace(port_file)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max_seconds):
                while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells of a parent's death
                    await asyncio.sleep(0.25)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m orch_tui.testing.messages_server", description=__doc__)
    parser.add_argument("playbook", type=Path)
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--max-seconds", type=float, default=600.0)
    parser.add_argument("--log", type=Path, help="append every request with tools to this file, a JSON line each")
    given = parser.parse_args(argv)
    asyncio.run(serve(read(given.playbook), given.port_file, given.max_seconds, given.log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
