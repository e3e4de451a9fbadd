"""A stand-in for OpenAI's Responses API on loopback, as far as `codex exec` needs it.

Only text is spoken; the answer streams as server-sent events. Format: developers.openai.com/api/docs (Responses,
streaming); measured with Codex 0.163.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from orch_tui.testing.loopback import Loopback, event, head, refuse, send
from orch_tui.testing.playbook import Fault, Request, Turn


class ScriptedResponses(Loopback):
    """The server. Turn N is played when the request holds N answers of the model; the last one goes on for ever.

    A turn with the stop "refusal" declines with its words. Tool calls are `function_call` items.
    """

    def __init__(self, turns: Sequence[Turn]) -> None:
        super().__init__()
        self._turns = turns

    def config(self, *, key: str) -> tuple[str, ...]:
        """Codex's settings for this service, as `key=value`; `key` is the environment variable that holds the key.

        Failures are tried again once and soon.
        """
        provider = "model_providers.scripted"
        return (
            "model_provider=scripted",
            f'{provider}.name="scripted"',
            f'{provider}.base_url="{self.url}/v1"',
            f'{provider}.env_key="{key}"',
            f'{provider}.wire_api="responses"',
            f"{provider}.request_max_retries=0",
            f"{provider}.stream_max_retries=1",
        )

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """See Loopback.answer."""
        if request.method != "POST" or not request.path.endswith("/responses"):
            self.side.append(request)
            return await send(writer, 404, {"error": {"message": "not scripted"}})
        self.requests.append(request)
        answers = sum(1 for item in request.body.get("input", ()) if _from_the_model(item))
        turn = self._turns[min(answers, len(self._turns) - 1)]
        fault = self.fault(turn, answers)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.status:
            return await refuse(writer, fault)
        return await self._stream(request, turn, fault, writer)

    async def _stream(self, request: Request, turn: Turn, fault: Fault, writer: asyncio.StreamWriter) -> None:
        await head(writer, 200, {"content-type": "text/event-stream"})
        for number, body in enumerate(_events(request, turn, next(self.numbers))):
            if number == fault.drop_after:
                return writer.transport.abort()
            await event(writer, body)
        return None


def _from_the_model(item: Mapping[str, Any]) -> bool:
    return item.get("role") == "assistant" or str(item.get("type", "")).endswith("_call")


def _events(request: Request, turn: Turn, number: int) -> list[dict[str, Any]]:
    usage = {
        "input_tokens": turn.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": turn.output_tokens or max(1, len(turn.say) // 4),
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    usage["total_tokens"] = turn.input_tokens + int(str(usage["output_tokens"]))
    items = _items(turn, number)
    response: dict[str, Any] = {"id": f"resp_{number}", "object": "response", "model": request.body.get("model", "")}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {**response, "status": "in_progress"}}]
    for at, item in enumerate(items):
        events.append({"type": "response.output_item.added", "output_index": at, "item": _begun(item)})
        events.append({"type": "response.output_item.done", "output_index": at, "item": item})
    done = {**response, "status": "completed", "output": items, "usage": usage}
    return [*events, {"type": "response.completed", "response": done}]


def _items(turn: Turn, number: int) -> list[dict[str, Any]]:
    if turn.tools:
        return [
            {
                "type": "custom_tool_call",
                "id": f"ctc_{number}",
                "call_id": f"call_{number}",
                "name": tool.name,
                **tool.input,
            }
            for tool in turn.tools
        ]
    said: dict[str, Any] = {"type": "output_text", "text": turn.say, "annotations": []}
    if turn.stop == "refusal":
        said = {"type": "refusal", "refusal": turn.say}
    return [{"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [said]}]


def _begun(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "status": "in_progress", **({"content": []} if "content" in item else {})}
