"""A run in review asks its second reader: real runner, real process, real client; the service is scripted."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from running import Bench

from orch_tui import process
from orch_tui.core.state import State
from orch_tui.store import artifacts
from orch_tui.testing.agent_env import agent_env
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, Turn
from orch_tui.testing.reviewing import PLAN, answered, proposed

Open = Callable[..., Awaitable[ScriptedMessages]]


@pytest.fixture
async def opened(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Open `PLAN` in a scrubbed environment, with a service that plays turns; `config` are the project's settings."""
    servers: list[ScriptedMessages] = []

    async def opening(*turns: Turn, config: str = "", key: str = "dummy") -> ScriptedMessages:
        server = await ScriptedMessages(turns).__aenter__()
        servers.append(server)
        env = agent_env(tmp_path / "home", base_url=server.url, ANTHROPIC_API_KEY=key)
        for name in set(os.environ) - {"PATH", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PYTEST_CURRENT_TEST"}:
            monkeypatch.delenv(name)
        for name, value in env.items():
            monkeypatch.setenv(name, value if name != "PATH" else os.environ["PATH"])
        if config:
            (bench.root / ".orch").mkdir(mode=0o700)
            (bench.root / ".orch" / "config.yaml").write_text(config)
        await bench.open(PLAN)
        return server

    yield opening
    for server in servers:
        await server.__aexit__(None, None, None)


def over(state: State) -> bool:
    return state.validation is not None and bool(state.validation.outcome)


async def asked(bench: Bench, **args: object) -> State:
    """Ask, and wait until it is over."""
    assert await bench.send("validate", **args) == ""
    return await bench.until(over, "the second reader")


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_its_proposals_are_in_the_review_and_change_the_graph_when_they_are_accepted(bench: Bench, opened: Open):
    await opened(Turn(say=answered(proposed(), proposed(upstream="Z"))))
    state = await asked(bench)
    last, edition = state.validation, state.edition
    assert last is not None
    assert edition is not None
    assert (last.outcome, last.provider, last.model) == ("ok", "anthropic", "claude-haiku-5-5")
    assert (last.thrown, list(edition.proposals)) == ({"name sections that do not exist": 1}, ["v1-1"])
    assert state.cost_usd == last.cost_usd
    assert "B installs" in artifacts.get(bench.run.artifacts, last.question_sha).decode()
    assert json.loads(artifacts.get(bench.run.artifacts, last.answer_sha))["proposals"]
    assert "asking claude-haiku-5-5 (anthropic)" in last.notice
    assert state.sections["C"].upstream == ["A"]
    assert await bench.send("accept", ids=["v1-1"]) == ""
    assert bench.state.sections["C"].upstream == ["A", "B"]
    assert process.marked(f"{bench.run.name}/.validation/1") == []


async def test_asked_again_it_knows_what_was_proposed_and_what_was_mended(bench: Bench, opened: Open):
    server = await opened(Turn(say=answered(proposed())))
    await asked(bench)
    await bench.send("mend", edits=[{"edit": "drop-edge", "upstream": "A", "downstream": "B"}], why="not needed")
    assert await bench.send("validate") == ""
    state = await bench.until(lambda state: state.validations == 2 and over(state))
    assert state.validation is not None
    assert state.validation.thrown == {"were proposed before": 1}
    question = server.requests[1].body["messages"][0]["content"]
    assert '"upstream": "A", "downstream": "C"' in question
    assert '"upstream": "A", "downstream": "B"' not in question


async def test_without_credentials_it_says_so_and_the_run_is_approved_all_the_same(bench: Bench, opened: Open):
    await opened(config="second_reader: {codex: no-such-program}\n", key="")
    state = await asked(bench)
    assert state.validation is not None
    assert state.validation.outcome == "off"
    assert "ANTHROPIC_API_KEY is not set" in state.validation.message
    await bench.approve()


async def test_a_cost_above_the_limit_needs_a_word_of_the_person(bench: Bench, opened: Open):
    server = await opened(Turn(say=answered()), config="second_reader: {cost_limit_usd: 0.001}\n")
    state = await asked(bench)
    assert state.validation is not None
    assert (state.validation.outcome, state.cost_usd, len(server.requests)) == ("limit", 0.0, 0)
    assert await bench.send("validate", confirm=True) == ""
    await bench.until(lambda state: state.validations == 2 and over(state))
    assert len(server.requests) == 1


async def test_a_plan_read_again_meanwhile_gets_no_proposals_about_its_old_words(bench: Bench, opened: Open):
    server = await opened(Turn(say=answered(proposed()), fault=Fault(hang=2)))
    assert await bench.send("validate") == ""
    await until(lambda: server.requests)
    bench.plan(PLAN.replace("Reads the hooks", "Uses the hooks"))
    sha = hashlib.sha256((bench.root / "plan.md").read_bytes()).hexdigest()
    assert await bench.send("revise", plan_sha=sha) == ""
    state = await bench.until(over)
    assert state.validation is not None
    assert state.edition is not None
    assert (state.validation.outcome, state.edition.proposals) == ("failed", {})
    assert "read again meanwhile" in state.validation.message
    assert state.cost_usd > 0


async def test_a_question_whose_runner_was_killed_is_lost_and_not_asked_again_by_itself(bench: Bench, opened: Open):
    server = await opened(Turn(say=answered(), fault=Fault(hang=60)))
    assert await bench.send("validate") == ""
    await until(lambda: server.requests)
    bench.kill_runner()
    await bench.free()
    await bench.open()
    state = await bench.until(over)
    assert state.validation is not None
    assert (state.validation.outcome, state.validation.cost_usd, state.cost_unknown) == ("lost", None, 1)
    assert process.marked(f"{bench.run.name}/.validation/1") == []
    assert len(server.requests) == 1
    assert await bench.send("validate") == ""


async def test_an_answer_that_came_while_there_was_no_runner_is_taken_because_it_was_paid_for(
    bench: Bench, opened: Open
):
    server = await opened(Turn(say=answered(proposed()), fault=Fault(hang=2)))
    assert await bench.send("validate") == ""
    await until(lambda: server.requests)
    bench.kill_runner()
    await bench.free()
    await until((bench.run.validation(1) / "result.json").exists)
    await bench.open()
    state = await bench.until(over)
    assert state.validation is not None
    assert (state.validation.outcome, state.validation.proposals) == ("ok", ("v1-1",))
    assert len(server.requests) == 1


async def test_a_runner_stays_while_the_second_reader_is_at_work(bench: Bench, opened: Open):
    await opened(Turn(say=answered(), fault=Fault(hang=2)), config="idle_exit: 0\n")
    state = await asked(bench)
    assert state.validation is not None
    assert state.validation.outcome == "ok"


async def test_settings_that_are_wrong_are_told_and_cost_nothing(bench: Bench, opened: Open):
    await opened()
    (bench.root / ".orch" / "config.yaml").write_text("second_reader: {provider: [a]}\n")
    state = await asked(bench)
    assert state.validation is not None
    assert state.validation.outcome == "failed"
    assert "config.yaml:1" in state.validation.message
    assert (state.cost_usd, state.cost_unknown) == (0.0, 0)
