"""Asking the Messages API directly, with structured output (platform.claude.com/docs, "Structured outputs")."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from orch_tui.clean import one_line
from orch_tui.pipelines.prices import price_of
from orch_tui.pipelines.told import Request
from orch_tui.pipelines.ways.base import MOST_OUTPUT, Notify, Reply, Unanswered

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types import Message

    from orch_tui.pipelines.question import Question

TRIES = 5
FIRST_WAIT = 1.0  # seconds; doubles, unless the service says how long
_KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
_AGAIN = frozenset({408, 409, 429})


class MessagesWay:
    """See Way."""

    name = "anthropic"
    default_model = "claude-haiku-5-5"
    passes: tuple[str, ...] = ("ANTHROPIC_*",)
    overhead = 500

    def lacking(self, request: Request, env: Mapping[str, str]) -> str:
        """See Way.lacking."""
        return "" if any(env.get(name) for name in _KEYS) else "ANTHROPIC_API_KEY is not set"

    async def ask(self, question: Question, request: Request, env: Mapping[str, str], notify: Notify) -> Reply:
        """See Way.ask. Retries are ours and not the client's, so that they are seen and end with the time there is."""
        from anthropic import AsyncAnthropic

        async with AsyncAnthropic(
            api_key=env.get("ANTHROPIC_API_KEY") or None,
            auth_token=env.get("ANTHROPIC_AUTH_TOKEN") or None,
            base_url=env.get("ANTHROPIC_BASE_URL") or None,
            max_retries=0,
            timeout=request.timeout,
        ) as client:
            return await _persist(client, question, request, notify)


class _Again(Exception):
    """The service could not answer now. `wait` are the seconds it asks for, 0 when it does not say.

    `billed` is False when it said no, None when nobody knows: what broke off may have cost something.
    """

    def __init__(self, message: str, *, wait: float = 0.0, billed: Literal[False] | None = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.billed = billed


async def _persist(client: AsyncAnthropic, question: Question, request: Request, notify: Notify) -> Reply:
    """Ask until there is an answer, `TRIES` times at most and no longer than the request's time."""
    clock = asyncio.get_running_loop()
    until = clock.time() + request.timeout
    nothing: Reply | None = _nothing(request.model)
    for number in range(1, TRIES + 1):
        try:
            return _reply(await _call(client, question, request.model), request.model)
        except _Again as again:
            nothing = None if again.billed is None else nothing
            wait = again.wait or FIRST_WAIT * 2 ** (number - 1)
            if number == TRIES:
                raise Unanswered("failed", f"{again}, {TRIES} times", nothing) from again
            if clock.time() + wait >= until:
                words = f"{again}; it asks to wait {wait:g} s" if again.wait else f"{again}, {number} times"
                raise Unanswered("failed", f"{words}, and there is no time left for that", nothing) from again
            notify(f"{again}; trying again in {wait:g} s ({number} of {TRIES - 1})")
            await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _nothing(model: str) -> Reply:
    """What a service that said no has done: nothing, for nothing."""
    return Reply(text="", model=model, cost_usd=0.0)


async def _call(client: AsyncAnthropic, question: Question, model: str) -> Message:
    import anthropic

    try:
        return await client.messages.create(
            model=model,
            max_tokens=MOST_OUTPUT,
            messages=[{"role": "user", "content": question.text}],
            output_config={"format": {"type": "json_schema", "schema": question.schema}},
        )
    except anthropic.APIStatusError as error:
        words = f"the service answered {error.status_code}: {_said(error)}"
        if error.status_code in _AGAIN or error.status_code >= 500:
            raise _Again(words, wait=_retry_after(error.response.headers)) from error
        raise Unanswered("failed", words, _nothing(model)) from error
    except anthropic.APIConnectionError as error:
        words = one_line(str(error.__cause__ or error)) or type(error.__cause__ or error).__name__
        raise _Again(f"the service cannot be reached: {words}", billed=None) from error
    except anthropic.APIError as error:
        raise Unanswered("failed", f"the service gave no answer: {one_line(str(error))}") from error


def _said(error: Any) -> str:
    """The service's own words for an error."""
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    message = inner.get("message") if isinstance(inner, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return one_line(message if isinstance(message, str) else str(error), 300)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds of the header Retry-After; 0 when there is none, or a date, which no model service sends."""
    try:
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _reply(message: Message, asked: str) -> Reply:
    text = "".join(block.text for block in message.content if block.type == "text")
    usage = message.usage
    read = usage.input_tokens + (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)
    price = price_of(message.model) or price_of(asked)
    reply = Reply(
        text=text,
        model=message.model,
        input_tokens=read,
        output_tokens=usage.output_tokens,
        cost_usd=price.cost(read, usage.output_tokens) if price else None,
    )
    match message.stop_reason:
        case "refusal":
            raise Unanswered(
                "refused", f"{asked} declined to answer{f': {one_line(text, 300)}' if text else ''}", reply
            )
        case "max_tokens":
            raise Unanswered("failed", f"the answer did not end within {MOST_OUTPUT} tokens", reply)
        case "model_context_window_exceeded":
            raise Unanswered("failed", f"plan and answer together are too long for {asked}", reply)
        case _:
            return reply
