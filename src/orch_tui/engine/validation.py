"""The second reader, carried out: a request made from the state, a process that asks, and its result as an event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from orch_tui import process
from orch_tui.config import Config, load
from orch_tui.core.edition import Edition, Validation
from orch_tui.core.events import Event
from orch_tui.core.graph import lay_out
from orch_tui.core.state import State
from orch_tui.core.validation import under_way
from orch_tui.core.validation_events import ValidationEnded, ValidationNoticed
from orch_tui.engine.runner_log import say_where
from orch_tui.environment import allowed_env
from orch_tui.errors import ConfigError, OrchError
from orch_tui.pipelines import asking
from orch_tui.pipelines.told import Request, Result, Row
from orch_tui.pipelines.ways.choosing import PASSES
from orch_tui.store.layout import RunDir

CAUSE = "second reader"


class Validator:
    """Asks the second reader for one run; the arguments are those of Performer."""

    def __init__(
        self,
        *,
        run: RunDir,
        state: State,
        env: Mapping[str, str],
        happened: Callable[[list[Event], str], Awaitable[None]],
        mentioned: Callable[[list[Event], str], None],
    ) -> None:
        self._run = run
        self._state = state
        self._env = env
        self._happened = happened
        self._mentioned = mentioned

    async def ask(self, number: int) -> None:
        """Ask the question `number`, which is intended, and journal how it ended."""
        asked = under_way(self._state)
        edition = self._state.candidate or self._state.edition
        if asked is None or asked.number != number or edition is None:
            return  # a new runner settled it already
        try:
            result = await self._answer(asked, edition)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here costs this question only, not the run
            if not isinstance(error, (OrchError, OSError)):
                say_where(error)
            words = error.line() if isinstance(error, OrchError) else f"{type(error).__name__}: {error}"
            result = Result(outcome="failed", message=words)
        await self._happened([self._ended(asked, result)], CAUSE)

    async def settle(self) -> None:
        """What becomes of a question that an earlier runner asked: its result when it left one, else it is lost.

        It is not asked again: it may have been paid for.
        """
        asked = under_way(self._state)
        if asked is None:
            return
        await process.end_marked(self._marker(asked.number))
        result = asking.left_in(self._run.validation(asked.number))
        if result is not None:
            await self._happened([self._ended(asked, result)], "recovery")
            return
        words = "the runner ended while the second reader was at work; ask again if you like"
        await self._happened([ValidationEnded(number=asked.number, outcome="lost", message=words)], "recovery")

    async def _answer(self, asked: Validation, edition: Edition) -> Result:
        config = await asyncio.to_thread(load, self._run.root)  # as it is now: what was wrong may have been mended
        request = self._request(asked, edition, config)
        env = allowed_env(self._env, (*PASSES, *config.env_pass))

        def notice(words: str) -> None:
            self._mentioned([ValidationNoticed(number=asked.number, text=words)], CAUSE)

        return await asking.ask(
            request,
            self._run.validation(asked.number),
            env={**env, process.RUN_MARKER: str(self._run.path)},
            marker=self._marker(asked.number),
            notice=notice,
        )

    def _marker(self, number: int) -> str:
        return f"{self._state.run}/.validation/{number}"  # no slug begins with a dot

    def _request(self, asked: Validation, edition: Edition, config: Config) -> Request:
        settings = config.second_reader
        sections = lay_out(edition)
        there = {name for name, section in sections.items() if section.planned != "excluded"}
        cli = config.agents.get("claude", {}).get("cli", "")
        if not isinstance(cli, str):
            raise ConfigError(f"option 'cli' of agent 'claude' is {cli!r}; it must be the name of a program")
        return Request(
            title=edition.read.title,
            plan=str(self._run.plan(edition.read.plan_sha)),
            sections=tuple(
                Row(
                    id=section.id,
                    title=section.title,
                    lines=section.lines,
                    container=section.container,
                    done=section.planned == "done",
                    text=(section.text or "") if section.added_by else "",
                )
                for section in sections.values()
                if section.id in there
            ),
            edges=tuple(edge for edge in edition.dependencies if {edge.upstream, edge.downstream} <= there),
            known=tuple(one.proposal for one in edition.proposals.values()),
            root=str(self._run.root),
            artifacts=str(self._run.artifacts),
            prefix=f"v{asked.number}-",
            prd=asked.prd,
            provider=asked.provider or settings.provider,
            model=asked.model or settings.model,
            cost_limit_usd=settings.cost_limit_usd,
            timeout=settings.timeout,
            confirmed=asked.confirmed,
            claude=cli,
            codex=settings.codex,
            codex_config=settings.codex_config,
            env_pass=config.env_pass,
        )

    def _ended(self, asked: Validation, result: Result) -> ValidationEnded:
        edition = self._state.candidate or self._state.edition
        if result.proposals and (edition is None or edition.read.plan_sha != asked.plan_sha):
            words = "the plan was read again meanwhile, and the answer is about its text before; ask again"
            result = replace(result, outcome="failed", message=words, proposals=())
        return ValidationEnded(
            number=asked.number,
            outcome=result.outcome,
            message=result.message,
            provider=result.provider,
            model=result.model,
            proposals=result.proposals,
            thrown=result.thrown,
            cost_usd=result.cost_usd,
            estimate_usd=result.estimate_usd,
            input_tokens=result.input_tokens,
            output_tokens=result.output_tokens,
            question_sha=result.question_sha,
            answer_sha=result.answer_sha,
        )
