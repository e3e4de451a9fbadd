"""One live Claude session: what goes to the program, who waits for whom, and when it is over."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import uuid
import warnings
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, cast

from anyio import ClosedResourceError
from claude_agent_sdk import (
    CanUseToolShadowedWarning,
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ClaudeSDKError,
    Message,
    PermissionResultAllow,
    PermissionResultDeny,
    ProcessError,
    ResultError,
    ResultMessage,
    ToolPermissionContext,
)

from orch_tui import process
from orch_tui.agents.base import Ask, AskClosed, AskKind, Decision, Ended, Notice, SessionEvent, SessionSpec
from orch_tui.agents.channel import Channel, to_the_end
from orch_tui.agents.claude import failures, guard, permissions, setup
from orch_tui.agents.claude.leaving import leave
from orch_tui.agents.claude.reading import Reader, shorten, tool_input
from orch_tui.agents.claude.reporting import Reporting
from orch_tui.agents.claude.tools import Tools
from orch_tui.clock import Clock

# The SDK logs what it also raises; without a handler that would land on stderr.
logging.getLogger("claude_agent_sdk").addHandler(logging.NullHandler())

_BUFFER = 64 * 1024 * 1024
_GRACE = 5.0
"""Seconds the program has to answer an interrupt."""
_GO_ON = "You were paused by a person. Go on with what you were doing."


class ClaudeSession:
    """See `orch_tui.agents.base.Session`. Connect before reading the events."""

    def __init__(self, spec: SessionSpec, options: setup.Options) -> None:
        self._spec = spec
        self._marker = spec.env.get(process.MARKER) or spec.session_id
        self._channel = Channel()
        self._reporting = Reporting(spec)
        self._tools = Tools(spec, self._reporting, self._ask, self._channel.post)
        self._reader = Reader(spent=spec.spent_usd if spec.resume else 0.0, own_tools=self._tools.names)
        self._noise: deque[str] = deque(maxlen=20)
        self._asks: dict[str, asyncio.Future[Decision]] = {}
        self._never: dict[tuple[str, str], str] = {}
        """What a person never wants to be asked again, with the words of the refusal."""
        self._pending: dict[str, str] = {}
        """User messages not yet taken in, by their id."""
        self._told: set[str] = set()
        self._held: list[str] = []
        self._paused = False
        self._stopping = False
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._turning = asyncio.Lock()
        self._cost: float | None = None
        self._error: Exception | None = None
        self._client = ClaudeSDKClient(self._sdk_options(options))

    def _sdk_options(self, options: setup.Options) -> ClaudeAgentOptions:
        spec = self._spec
        env = {**spec.env, process.MARKER: self._marker}
        scratch = Path(spec.scratch or spec.cwd)
        wrapper = setup.write_wrapper(scratch, setup.program(options, env), env, os.environ)
        preset: dict[str, str] = {"type": "preset", "preset": "claude_code"}
        if told := "\n\n".join(filter(None, (options.instructions, self._reporting.instructions))):
            preset["append"] = told
        return ClaudeAgentOptions(
            cli_path=wrapper,
            cwd=spec.cwd,
            env=env,
            session_id=None if spec.resume else spec.session_id,
            resume=spec.session_id if spec.resume else None,
            model=spec.model or options.model or None,
            fallback_model=options.fallback_model or None,
            effort=setup.effort(spec.effort),
            system_prompt=cast("Any", preset),
            permission_mode=guard.mode(spec, options.permission_mode),
            # Nothing is asked then, and the SDK warns about a callback that is never called.
            can_use_tool=None if options.permission_mode == "bypassPermissions" else self._may_use,
            setting_sources=list(options.setting_sources),
            allowed_tools=[*options.allowed_tools, *self._tools.names],
            mcp_servers=self._tools.servers,
            disallowed_tools=[*options.disallowed_tools, *guard.off(spec)],
            hooks=guard.hooks(spec, lambda why: self._channel.post(Notice(kind="denied", text=why))),
            max_turns=options.max_turns or None,
            max_budget_usd=min(filter(None, (options.max_budget_usd, spec.budget_usd)), default=None),
            include_partial_messages=True,
            verbatim_prompts=True,
            max_buffer_size=_BUFFER,
            stderr=self._noise.append,
        )

    async def connect(self) -> None:
        """Start the program. A failure is kept and told by the events."""
        # The user allowed these tools on purpose; the warning is for authors of callbacks.
        warnings.filterwarnings("ignore", category=CanUseToolShadowedWarning)
        try:
            await self._client.connect()
        except (ClaudeSDKError, OSError) as error:
            self._error = error
        except BaseException:
            await self.close()
            raise

    async def events(self) -> AsyncIterator[SessionEvent]:
        """See Session.events."""
        async with aclosing(self._channel.during(self._work())) as events:
            async for event in events:
                yield event

    async def send(self, text: str) -> None:
        """Steer: taken in after the running tool, or as the next turn; while paused it is kept for the resumption."""
        if self._channel.ended:
            return
        if self._paused:
            self._held.append(text)
        else:
            await self._tell(text)

    async def answer(self, request_id: str, decision: Decision) -> bool:
        """See Session.answer."""
        waiting = self._asks.pop(request_id, None)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(decision)
        return True

    async def interrupt(self) -> None:
        """End the turn and with it the session."""
        if self._stopping:
            return
        self._stopping = True
        self._withdraw_asks()
        if not self._idle.is_set():
            await self._interrupt_turn()
        self._channel.post(self._interrupted())

    async def pause(self) -> None:
        """Interrupt the turn and hold; `resume` tells the agent to go on."""
        if self._paused or self._stopping or self._channel.ended:
            return
        async with self._turning:
            self._paused = True
            self._channel.post(Notice(kind="paused", text="paused"))
            self._withdraw_asks()
            await self._interrupt_turn()

    async def resume(self) -> None:
        """Tell the agent to go on, with what was said meanwhile."""
        async with self._turning:
            if not self._paused or self._stopping or self._channel.ended:
                return
            self._paused = False
            self._pending.clear()
            self._channel.post(Notice(kind="resumed", text="resumed"))
            held, self._held = self._held, []
            await self._tell("\n\n".join([_GO_ON, *held]))
            if not held:
                self._told.update(self._pending)

    async def close(self) -> None:
        """See Session.close."""
        await to_the_end(self._close())

    # --- reading ----------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        try:
            if self._error is None:
                await self._say(self._spec.brief)
                self._told.update(self._pending)
                await self._read_all()
            self._channel.post(self._crashed(self._error))
        except (ClaudeSDKError, ClosedResourceError, OSError) as error:
            self._channel.post(self._crashed(error))

    async def _read_all(self) -> None:
        found = cast("AsyncGenerator[Message, None]", self._client.receive_messages())
        async with aclosing(found) as messages:
            async for message in messages:
                for event in self._reader.events(message):
                    await self._channel.put(event)
                self._take_in()
                if isinstance(message, ResultMessage):
                    await self._turn_over(message)
                    if self._channel.ended:
                        return

    def _take_in(self) -> None:
        """Tell which messages have reached the agent; the brief is no news."""
        for message_id in self._reader.taken_in & self._pending.keys() - self._told:
            self._told.add(message_id)
            text = shorten(self._pending[message_id], 200)
            self._channel.post(Notice(kind="steer", text=f"taken in: {text}"))

    async def _turn_over(self, result: ResultMessage) -> None:
        """A turn has ended: is the session over?"""
        self._idle.set()
        self._cost = None if result.total_cost_usd is None else self._reader.own_cost(result.total_cost_usd)
        taken = result.user_message_uuids
        if taken is None:
            taken = list(self._pending)[:1]
        for message in taken:
            self._pending.pop(message, None)
        failures.read_words(result, self._reader.signs, Clock().wall())
        failure = failures.classify(result, self._reader.signs)
        if self._stopping:
            self._channel.post(self._interrupted())
        elif failure == "interrupted" or (self._paused and result.is_error):
            # Our own pause, or a person's "no, stop": the message that was worked on has been taken in.
            if not self._paused and not self._pending:
                self._channel.post(self._ended(result, "interrupted"))
        elif failure:
            self._channel.post(self._ended(result, failure))
        elif not self._pending and not self._reader.working:
            if again := self._reporting.ask():
                await self._tell(again)
                self._told.update(self._pending)
            else:
                lacking = self._reporting.lacking
                self._channel.post(self._ended(result, "agent" if lacking else "", lacking))
        else:
            self._idle.clear()

    def _ended(self, result: ResultMessage, failure: Any, why: str = "") -> Ended:
        return Ended(
            outcome="interrupted" if failure == "interrupted" else "failed" if failure else "succeeded",
            failure=failure,
            message=why or (failures.message(result) if failure else ""),
            summary="" if result.is_error else shorten((result.result or "").strip(), 4000),
            cost_usd=self._cost,
            tools=self._reader.tools,
            until=self._reader.signs.limit_until if failure == "usage-limit" else 0.0,
            structured=self._reporting.structured,
        )

    def _interrupted(self) -> Ended:
        return Ended(outcome="interrupted", failure="interrupted", message="interrupted", cost_usd=self._cost)

    def _crashed(self, error: Exception | None) -> Ended:
        if self._stopping or self._closing:
            return self._interrupted()
        code = error.exit_code if isinstance(error, ProcessError) else None
        if code is not None and not isinstance(error, ResultError):
            first = f"Claude Code ended without a result, {failures.ending(code)}"
        else:
            first = str(error) if error else "Claude Code ended without a result"
        words = [first, *list(self._noise)[-3:]]
        message = shorten(": ".join(" ".join(word.split()) for word in words if word), 600)
        return Ended(
            outcome="failed",
            failure=failures.crashed(message),
            message=message,
            cost_usd=self._cost,
            exit_code=code if code is None or code >= 0 else 128 - code,
        )

    # --- writing ----------------------------------------------------------------------------------------------------

    async def _say(self, text: str) -> None:
        message_id = str(uuid.uuid4())
        self._pending[message_id] = text
        self._idle.clear()

        async def one() -> AsyncIterator[dict[str, Any]]:
            yield {
                "type": "user",
                "uuid": message_id,
                "message": {"role": "user", "content": text},
                "parent_tool_use_id": None,
            }

        await self._client.query(one(), session_id=self._spec.session_id)

    async def _tell(self, text: str) -> None:
        """Say it to a program that may have just died, which its reader then reports."""
        try:
            await self._say(text)
        except ClaudeSDKError as error:
            self._channel.post(Notice(kind="warning", text=f"not delivered: {error}"))

    async def _interrupt_turn(self) -> None:
        """Interrupt and wait for the turn's result; a program that does not answer is ended by what follows."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await self._stop_turn()
                await self._idle.wait()

    async def _stop_turn(self) -> None:
        try:
            await self._client.interrupt()
        except Exception as error:  # noqa: BLE001 - the SDK raises a bare Exception for a refused control request
            self._noise.append(f"interrupt: {error}")

    # --- asking -----------------------------------------------------------------------------------------------------

    async def _may_use(
        self, tool: str, given: dict[str, Any], context: ToolPermissionContext
    ) -> PermissionResultAllow | PermissionResultDeny:
        if tool in self._tools.names:  # mode "plan" asks about what is allowed, too
            return PermissionResultAllow(updated_input=given)
        request_id = context.tool_use_id or str(uuid.uuid4())
        if tool == "AskUserQuestion" and isinstance(given.get("questions"), list):
            return await self._questions(request_id, given)
        title = " ".join(f"{tool}: {tool_input(tool, given)}".split())
        wish = (tool, json.dumps(given, indent=2, ensure_ascii=False))
        if wish in self._never:
            self._channel.post(Notice(kind="denied", text=f"as a person said before, {title}"))
            return PermissionResultDeny(message=self._never[wish])
        lasting = permissions.lasting(context.suggestions)
        always = f"always means: {permissions.words(lasting)}" if lasting else ""
        detail = "\n".join(filter(None, (context.decision_reason, always, wish[1])))
        options = permissions.choices(lasting)
        decision = await self._ask(request_id, "permission", title, shorten(detail, 8000), options)
        match decision.choice:
            case "allow":
                return PermissionResultAllow(updated_input=given)
            case "always":
                return PermissionResultAllow(updated_input=given, updated_permissions=lasting)
            case choice:
                words = decision.text or "A person denied this."
                if choice == "never":
                    self._never[wish] = words
                return PermissionResultDeny(message=words)

    async def _questions(self, request_id: str, given: dict[str, Any]) -> PermissionResultAllow:
        """AskUserQuestion: its answers go back in the tool's own input."""
        answers: dict[str, str] = {}
        questions = cast("list[dict[str, Any]]", given["questions"])
        for number, question in enumerate(questions, 1):
            options = cast("list[dict[str, Any]]", question.get("options") or [])
            detail = "\n".join(f"{option.get('label')}: {option.get('description', '')}" for option in options)
            words = str(question.get("question", ""))
            decision = await self._ask(
                request_id if len(questions) == 1 else f"{request_id}-{number}",
                "question",
                words,
                detail,
                tuple(str(option.get("label")) for option in options),
            )
            answers[words] = decision.text or decision.choice
        return PermissionResultAllow(updated_input={**given, "answers": answers})

    async def _ask(self, request_id: str, kind: AskKind, title: str, detail: str, options: tuple[str, ...]) -> Decision:
        waiting: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._asks[request_id] = waiting
        answered = False
        try:
            self._channel.post(Ask(request_id=request_id, kind=kind, title=title, detail=detail, options=options))
            decision = await waiting
            answered = True
            return decision
        finally:
            self._asks.pop(request_id, None)
            self._channel.post(AskClosed(request_id=request_id, by_answer=answered))

    def _withdraw_asks(self) -> None:
        for waiting in self._asks.values():
            waiting.cancel()
        self._asks.clear()

    # --- ending -----------------------------------------------------------------------------------------------------

    async def _close(self) -> None:
        if self._closing and self._channel.ended:
            return
        self._closing = True
        if not self._channel.ended and self._error is None:
            self._stopping = True
            self._withdraw_asks()
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._stop_turn()
        await leave(self._client)
        await process.end_marked(self._marker, spare=frozenset({os.getpid()}))
        self._channel.post(self._interrupted())
