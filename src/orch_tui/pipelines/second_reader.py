"""The second reader, from a request to its result: documents, question, cost, answer. Whatever happens is a result."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orch_tui import process
from orch_tui.clean import one_line
from orch_tui.environment import allowed_env
from orch_tui.errors import OrchError, PlanError
from orch_tui.pipelines.answer import Unreadable, read_answer
from orch_tui.pipelines.prices import UNKNOWN_WINDOW, dollars, price_of
from orch_tui.pipelines.question import Question, question
from orch_tui.pipelines.quotes import Quotable
from orch_tui.pipelines.told import Request, Result
from orch_tui.pipelines.ways.base import MOST_OUTPUT, Notify, Reply, Unanswered, Way
from orch_tui.pipelines.ways.choosing import WAYS, choose
from orch_tui.plan.decoding import decode
from orch_tui.store import artifacts
from orch_tui.tokens import tokens_of

PRD_LIMIT = 8 * 1024 * 1024
"""Bytes of a PRD; no model reads more."""
_AS_STARTED = (
    "what was set up since its runner was started is known to the next one, after `idle_exit` seconds of quiet"
)


async def review(request: Request, env: Mapping[str, str], scratch: Path, notify: Notify) -> Result:
    """Ask once and read the answer.

    `env` is the environment of this process, of which programs get their part; they work in `scratch`, a private
    directory. `notify` is told in words what goes on. Never raises for what users, models or services do.
    """
    way, why = choose(request, env)
    if way is None:
        if request.provider in {"off", "auto", *WAYS}:
            message = why if request.provider == "off" else f"{why}; {_AS_STARTED}"
            return Result(outcome="off", message=message, cost_usd=0.0)
        return Result(outcome="failed", message=why, cost_usd=0.0)
    request = replace(request, model=request.model or way.default_model)
    try:
        plan, prd = _documents(request)
        asked = question(request, plan, prd)
    except (OrchError, OSError) as error:
        words = error.line() if isinstance(error, OrchError) else f"{error.strerror}: {error.filename!r}"
        return Result(outcome="failed", message=words, provider=way.name, model=request.model, cost_usd=0.0)
    cost = _weigh(request, way, asked)
    if cost.refusal is not None:
        return replace(cost.refusal, provider=way.name, model=request.model, cost_usd=0.0, estimate_usd=cost.estimate)
    notify(f"asking {request.model} ({way.name}): about {cost.tokens:,} tokens, {cost.words}")
    return await _ask(request, way, asked, cost, (plan, prd), _environment(request, way, env, scratch), notify)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What asking takes, at most. `refusal` is set when it may not be asked."""

    tokens: int
    estimate: float | None
    refusal: Result | None = None

    @property
    def words(self) -> str:
        return "at a cost nobody knows" if self.estimate is None else f"at most about {dollars(self.estimate)}"


def _documents(request: Request) -> tuple[Quotable, Quotable | None]:
    """Plan and PRD. Raises OSError, and PlanError for what is no text."""
    plan = Quotable(decode(Path(request.plan).read_bytes()))
    if not request.prd:
        return plan, None
    path = Path(request.prd)
    if path.stat().st_size > PRD_LIMIT:
        raise PlanError(f"the PRD {path.name!r} is larger than {PRD_LIMIT >> 20} MB", hint="give the part that matters")
    try:
        return plan, Quotable(decode(path.read_bytes()))
    except PlanError as error:
        raise PlanError(f"the PRD {path.name!r}: {error}", hint=error.hint) from error


def _weigh(request: Request, way: Way, asked: Question) -> _Cost:
    """What the question takes, and whether it may be asked: nothing is ever cut to make it fit."""
    tokens = tokens_of(asked.text) + way.overhead
    price = price_of(request.model)
    estimate = price.cost(tokens, MOST_OUTPUT) if price else None
    window = price.window if price else UNKNOWN_WINDOW
    if tokens + MOST_OUTPUT > window:
        what = "plan and PRD are" if request.prd else "the plan is"
        words = (
            f"{what} too long for {request.model}: about {tokens:,} tokens, and it reads {window - MOST_OUTPUT:,}; "
            f"{'leave the PRD out, or ' if request.prd else ''}choose a model that reads more (--model)"
        )
        return _Cost(tokens=tokens, estimate=estimate, refusal=Result(outcome="failed", message=words))
    if request.cost_limit_usd is not None and not request.confirmed:
        limit = f"the limit is {dollars(request.cost_limit_usd)} (second_reader.cost_limit_usd)"
        if estimate is None:
            words = f"what {request.model} costs is not known, and {limit}; confirm it, or set the limit to off"
            return _Cost(tokens=tokens, estimate=None, refusal=Result(outcome="limit", message=words))
        if estimate > request.cost_limit_usd:
            words = f"asking {request.model} may cost {dollars(estimate)}, and {limit}; confirm it, or raise the limit"
            return _Cost(tokens=tokens, estimate=estimate, refusal=Result(outcome="limit", message=words))
    return _Cost(tokens=tokens, estimate=estimate)


def _environment(request: Request, way: Way, env: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The way's own part of the environment, and the markers by which everything it starts is found."""
    names = (*way.passes, *request.env_pass, process.MARKER, process.RUN_MARKER)
    return {**allowed_env(env, names), "TMPDIR": str(scratch), "CLAUDE_CODE_TMPDIR": str(scratch)}


async def _ask(
    request: Request,
    way: Way,
    asked: Question,
    cost: _Cost,
    documents: tuple[Quotable, Quotable | None],
    env: Mapping[str, str],
    notify: Notify,
) -> Result:
    store = Path(request.artifacts)
    result = Result(
        outcome="ok",
        provider=way.name,
        model=request.model,
        estimate_usd=cost.estimate,
        question_sha=artifacts.put(store, asked.text.encode("utf-8", "replace")),
    )
    try:
        async with asyncio.timeout(request.timeout):
            reply = await way.ask(asked, request, env, notify)
    except TimeoutError:
        words = f"no answer within {request.timeout:g} s (second_reader.timeout)"
        return replace(result, outcome="timeout", message=words)
    except Unanswered as unanswered:
        return replace(
            _paid(result, unanswered.reply, store), outcome=unanswered.outcome, message=one_line(str(unanswered), 600)
        )
    except OrchError as error:  # a program that cannot be started
        return replace(result, outcome="failed", message=error.line(), cost_usd=0.0)
    result = _paid(result, reply, store)
    try:
        proposals, thrown = read_answer(reply.text, request, *documents, source=f"{way.name} {reply.model}")
    except Unreadable as unreadable:
        return replace(result, outcome="failed", message=str(unreadable))
    return replace(result, proposals=proposals, thrown=thrown)


def _paid(result: Result, reply: Reply | None, store: Path) -> Result:
    """`result` with what is known of the call, and its answer kept."""
    if reply is None:
        return result
    return replace(
        result,
        cost_usd=reply.cost_usd,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        answer_sha=artifacts.put(store, reply.text.encode("utf-8", "replace")) if reply.text else "",
    )
