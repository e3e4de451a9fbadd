"""From messages of the Claude SDK to session events, shortened for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from orch_tui.agents.base import Notice, SessionEvent, Started, Text, Thinking, Tool, ToolResult, Usage
from orch_tui.agents.claude.failures import Signs

if TYPE_CHECKING:
    from claude_agent_sdk import (
        AssistantMessage,
        ContentBlock,
        Message,
        RateLimitInfo,
        ResultMessage,
        StreamEvent,
        SystemMessage,
    )

_NAMED_BY: Mapping[str, str] = {
    "Bash": "command",
    "Write": "file_path",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "Read": "file_path",
    "NotebookEdit": "notebook_path",
    "Glob": "pattern",
    "Grep": "pattern",
    "WebFetch": "url",
    "WebSearch": "query",
    "Task": "description",
    "Agent": "description",
    "Skill": "skill",
}
_NEAR = 0.9
"""Share of a limit from which on nothing more is to be started."""
_SHORT = 300
_LONG = 2000


def shorten(text: str, size: int) -> str:
    """`text` cut to `size` characters, with the mark of a cut."""
    return text if len(text) <= size else text[: size - 1] + "…"


def tool_input(name: str, given: Mapping[str, Any]) -> str:
    """What a person needs to see of a tool's input: the command, the path, the pattern."""
    key = _NAMED_BY.get(name)
    text = given.get(key) if key else None
    if not isinstance(text, str):
        text = json.dumps(given, ensure_ascii=False) if given else ""
    return shorten(text, _SHORT)


class Reader:
    """Turns messages into events; remembers what was streamed already, what was counted, and the signs of trouble."""

    def __init__(self, *, spent: float = 0.0, own_tools: Sequence[str] = ()) -> None:
        self.signs = Signs()
        self.tools = 0
        """How many tools the agent used, apart from `own_tools`."""
        self._own_tools, self._spent = frozenset(own_tools), spent
        self.working: set[str] = set()
        """Background agents that will report in a turn of their own."""
        self.taken_in: set[str] = set()
        """Ids of the user messages that the agent has taken in."""
        self._started = False
        self._streamed: set[str] = set()
        self._open_line = False
        self._cost: float | None = None
        self._tokens = [0, 0]
        """Input and output of the finished turns."""
        self._turn = [0, 0]
        """The same of the running turn, as far as it was streamed."""

    def events(self, message: Message) -> Iterator[SessionEvent]:
        """The events of one message, in order."""
        from claude_agent_sdk import (
            AssistantMessage,
            RateLimitEvent,
            ResultMessage,
            StreamEvent,
            SystemMessage,
            UserMessage,
        )

        match message:
            case StreamEvent():
                self.taken_in.update(message.user_message_uuids or ())
                yield from self._stream(message)
            case AssistantMessage():
                self.taken_in.update(message.user_message_uuids or ())
                yield from self._assistant(message)
            case UserMessage(content=list(blocks)):
                yield from _tool_results(blocks)
            case SystemMessage():
                yield from self._system(message)
            case RateLimitEvent(rate_limit_info=info):
                yield from self._limit(info)
            case ResultMessage():
                self.taken_in.update(message.user_message_uuids or ())
                yield from self._line_end()
                yield self._usage(message)
            case _:
                pass  # newer kinds of messages say nothing that is shown yet

    def _stream(self, message: StreamEvent) -> Iterator[SessionEvent]:
        if message.parent_tool_use_id is not None:
            return
        match message.event:
            case {"type": "message_start", "message": {"id": str(message_id), "usage": usage}}:
                self._streamed.add(message_id)
                self._turn[0] += _input_tokens(usage)
            case {"type": "message_delta", "usage": {"output_tokens": int(tokens)}}:
                self._turn[1] += tokens
                yield self._so_far()
            case {"type": "content_block_delta", "delta": {"type": "text_delta", "text": str(text)}} if text:
                self._open_line = not text.endswith("\n")
                yield Text(text=text)
            case {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": str(text)}} if text:
                yield Thinking(text=text)
            case {"type": "content_block_stop"}:
                yield from self._line_end()
            case _:
                pass

    def _line_end(self) -> Iterator[SessionEvent]:
        """The end of a block is the end of its line."""
        if self._open_line:
            self._open_line = False
            yield Text(text="\n")

    def _assistant(self, message: AssistantMessage) -> Iterator[SessionEvent]:
        from claude_agent_sdk import TextBlock, ToolUseBlock

        if message.error:
            self.signs.error = message.error
            return
        self.signs.error = ""
        for block in message.content:
            match block:
                case TextBlock(text=text) if (
                    message.message_id not in self._streamed and not message.parent_tool_use_id
                ):
                    yield Text(text=text if text.endswith("\n") else text + "\n")
                case ToolUseBlock():
                    self.tools += block.name not in self._own_tools
                    yield Tool(name=block.name, input=tool_input(block.name, block.input), id=block.id)
                case _:
                    pass

    def _system(self, message: SystemMessage) -> Iterator[SessionEvent]:
        data = message.data
        match message.subtype:
            case "init" if not self._started:
                self._started = True
                session, model = str(data.get("session_id", "")), str(data.get("model", ""))
                yield Started(session_id=session, model=model, resumable=True)
            case "api_retry":
                yield Notice(kind="retry", text=_retry(data))
            case "model_fallback":
                wanted, used = data.get("original_model", "the model"), data.get("fallback_model", "another one")
                yield Notice(kind="fallback", text=f"{wanted} is not available, {used} goes on")
            case "compact_boundary":
                yield Notice(kind="warning", text="the conversation was compacted")
            case "task_started" if data.get("task_type") in {"local_agent", "local_workflow"}:
                self.working.add(str(data.get("task_id")))
            case "task_notification":
                self.working.discard(str(data.get("task_id")))
            case "task_updated" if _is_over(data.get("patch")):
                self.working.discard(str(data.get("task_id")))
            case _:
                pass

    def _limit(self, info: RateLimitInfo) -> Iterator[SessionEvent]:
        """Of a window of usage. What it says of overage is information: only `status` refuses anything."""
        status, until = info.status, float(info.resets_at or 0)
        words = (info.rate_limit_type or "usage").replace("_", " ")
        if status == "rejected":
            self.signs.limited = True
            self.signs.limit_until = until
            yield Notice(kind="limit", text=f"{words} limit reached", until=until)
        elif status == "allowed_warning":
            used = 1.0 if info.utilization is None else info.utilization
            kind = "near-limit" if used >= _NEAR and until else "limit"
            yield Notice(kind=kind, text=f"close to the {words} limit", until=until)
        else:
            self.signs.limited = False
            self.signs.limit_until = 0.0

    def _usage(self, result: ResultMessage) -> Usage:
        """Consumption after a turn. Cost is cumulative as it comes; tokens come per turn."""
        cost = result.total_cost_usd
        usage = result.usage or {}
        self._tokens[0] += _input_tokens(usage)
        self._tokens[1] += int(usage.get("output_tokens") or 0)
        self._turn = [0, 0]
        self._cost = None if cost is None else self.own_cost(cost)
        return self._so_far()

    def own_cost(self, total: float) -> float:
        """What this process cost: a session that is resumed goes on counting where the last one ended well."""
        return float(total) - self._spent if total >= self._spent else float(total)

    def _so_far(self) -> Usage:
        """Tokens as of now; the cost is that of the last finished turn, which is all the program tells."""
        return Usage(
            cost_usd=self._cost,
            input_tokens=self._tokens[0] + self._turn[0],
            output_tokens=self._tokens[1] + self._turn[1],
        )


def _input_tokens(usage: Mapping[str, Any]) -> int:
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(int(usage.get(name) or 0) for name in names)


def _tool_results(blocks: list[ContentBlock]) -> Iterator[SessionEvent]:
    from claude_agent_sdk import ToolResultBlock

    for block in blocks:
        if isinstance(block, ToolResultBlock):
            content = block.content
            parts = content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
            text = "\n".join(str(part.get("text", f"[{part.get('type')}]")) for part in parts)
            yield ToolResult(text=shorten(text, _LONG), id=block.tool_use_id, is_error=bool(block.is_error))


def _retry(data: Mapping[str, Any]) -> str:
    why = data.get("error_status") or data.get("error") or "no answer"
    delay = float(data.get("retry_delay_ms") or 0) / 1000
    return f"{why}: attempt {data.get('attempt')} of {data.get('max_retries')}, next in {delay:.1f} s"


def _is_over(patch: object) -> bool:
    return isinstance(patch, dict) and cast("dict[str, object]", patch).get("status") in {
        "completed",
        "failed",
        "killed",
        "stopped",
    }
