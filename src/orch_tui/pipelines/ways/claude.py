"""Asking Claude Code for one turn without tools: for people who have a subscription and no key.

The answer is asked for with `output_format`, which gives the program one tool of its own to answer with; with
`max_turns` 1 that is one request. Of the user's and the project's settings, servers and hooks none is read.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, cast

from orch_tui.agents.channel import to_the_end
from orch_tui.agents.claude import failures, setup
from orch_tui.agents.claude.provider import ClaudeProvider
from orch_tui.clean import one_line
from orch_tui.pipelines.told import Request
from orch_tui.pipelines.ways.base import MOST_OUTPUT, Notify, Reply, Unanswered, scratch

if TYPE_CHECKING:
    from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, Message, ResultMessage

    from orch_tui.pipelines.question import Question

_BUFFER = 64 * 1024 * 1024
_INTERRUPT = 1.0  # seconds the program has to answer an interrupt
_RETRIES = "4"  # of its own; they take about 9 s together


class ClaudeWay:
    """See Way."""

    name = "claude"
    default_model = "claude-haiku-5-5"
    passes: tuple[str, ...] = ClaudeProvider.passes
    overhead = 5_000

    def lacking(self, request: Request, env: Mapping[str, str]) -> str:
        """See Way.lacking."""
        return setup.missing(setup.Options(cli=request.claude), env)

    async def ask(self, question: Question, request: Request, env: Mapping[str, str], notify: Notify) -> Reply:
        """See Way.ask."""
        import json

        from claude_agent_sdk import ClaudeSDKClient, ClaudeSDKError

        noise: deque[str] = deque(maxlen=20)
        turn = _Turn(notify)
        client = ClaudeSDKClient(_options(question, request, env, noise))
        try:
            await client.connect()
            await client.query(question.text)
            async with aclosing(cast("AsyncGenerator[Message, None]", client.receive_response())) as messages:
                async for message in messages:
                    turn.take(message)
        except (ClaudeSDKError, OSError) as error:
            if turn.ended is None:
                said = noise[-1] if noise else str(error)
                raise Unanswered("failed", f"Claude Code ended without an answer: {one_line(said, 300)}") from error
        finally:
            await to_the_end(_end(client, over=turn.ended is not None))
        ended = turn.ended
        if ended is None:
            raise Unanswered("failed", "Claude Code ended without an answer")
        text = json.dumps(ended.structured_output) if ended.structured_output is not None else "".join(turn.words)
        return _reply(ended, text, request.model)


class _Turn:
    """What was said so far, and the result once there is one."""

    def __init__(self, notify: Notify) -> None:
        self.words: list[str] = []
        self.ended: ResultMessage | None = None
        self._notify = notify

    def take(self, message: Message) -> None:
        """Take in one message. Raises Unanswered when the turn is going to be continued by another."""
        from claude_agent_sdk import AssistantMessage, ResultMessage, SystemMessage, TextBlock

        match message:
            case AssistantMessage():
                self.words += [block.text for block in message.content if isinstance(block, TextBlock)]
            case SystemMessage(subtype="api_retry"):
                self._notify(_retry(message.data))
            case SystemMessage(subtype="informational"):
                _refuse_a_second_turn(str(message.data.get("content", "")))
            case ResultMessage():
                self.ended = message
            case _:
                pass


async def _end(client: ClaudeSDKClient, *, over: bool) -> None:
    """End the program. In the middle of a turn it leaves at once when it is interrupted first, else after 5 s."""
    from orch_tui.agents.claude.leaving import leave

    if not over:
        with suppress(Exception):  # the SDK raises a bare one for a refused request; what follows ends it all the same
            async with asyncio.timeout(_INTERRUPT):
                await client.interrupt()
    await leave(client)


def _options(question: Question, request: Request, env: Mapping[str, str], noise: deque[str]) -> ClaudeAgentOptions:
    from claude_agent_sdk import ClaudeAgentOptions

    directory = scratch(env)
    given = {"CLAUDE_CODE_MAX_RETRIES": _RETRIES, **env, "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(MOST_OUTPUT)}
    program = setup.program(setup.Options(cli=request.claude), env)
    return ClaudeAgentOptions(
        cli_path=setup.write_wrapper(directory, program, given, os.environ),
        cwd=directory,
        env=given,
        model=request.model,
        system_prompt="You answer one question about a plan of work. You have no tools and need none.",
        tools=[],
        max_turns=1,
        setting_sources=[],
        strict_mcp_config=True,
        output_format={"type": "json_schema", "schema": question.schema},
        verbatim_prompts=True,
        max_buffer_size=_BUFFER,
        stderr=noise.append,
    )


def _refuse_a_second_turn(notice: str) -> None:
    """An answer that was stopped is told as such, and not continued, as Claude Code would do by itself.

    Raises Unanswered.
    """
    if "safeguards" in notice:
        raise Unanswered("refused", f"the answer was stopped: {one_line(notice.partition(' · ')[0], 300)}")


def _retry(data: Mapping[str, Any]) -> str:
    wait = data.get("retry_delay_ms")
    seconds = f" in {wait / 1000:.0f} s" if isinstance(wait, (int, float)) else ""
    status = data.get("error_status") or data.get("error") or "an error"
    return f"the service answered {status}; Claude Code tries again{seconds}"


def _reply(ended: ResultMessage, text: str, asked: str) -> Reply:
    usage = ended.usage or {}
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    reply = Reply(
        text=text,
        model=asked,
        input_tokens=sum(int(usage.get(name) or 0) for name in names),
        output_tokens=int(usage.get("output_tokens") or 0),
        cost_usd=ended.total_cost_usd,
    )
    if ended.stop_reason == "refusal":
        said = one_line(text or ended.result or "", 300)
        raise Unanswered("refused", f"{asked} declined to answer{f': {said}' if said else ''}", reply)
    answered_in_words = ended.terminal_reason == "max_turns" and text
    if failures.classify(ended, failures.Signs()) and not answered_in_words:
        raise Unanswered("failed", f"Claude Code: {failures.message(ended)}", reply)
    return reply
