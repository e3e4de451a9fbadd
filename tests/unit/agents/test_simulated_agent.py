"""The simulated agent behaves as asked, and the same every time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from orch_tui.agents.base import Ask, Decision, Ended, FailureClass, Notice, SessionEvent, SessionSpec, Text, Usage
from orch_tui.agents.behaviour import Behaviour
from orch_tui.agents.simulated import SimulatedProvider
from orch_tui.errors import ConfigError
from orch_tui.flow.workflow import said_outcome

CLASSES = [name for name in get_args(FailureClass) if name]


def spec(cwd: Path, *, seed: int = 7, section: str = "A", attempt: int = 1, **options: object) -> SessionSpec:
    return SessionSpec(
        provider="simulated",
        run="run",
        section=section,
        attempt=attempt,
        title=f"Section {section}",
        cwd=str(cwd),
        brief="",
        session_id="1",
        env={},
        seed=seed,
        options=options,
    )


async def events_of(given: SessionSpec, answer: str = "allow") -> list[SessionEvent]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    session = await SimulatedProvider(sleep).open(given)
    events: list[SessionEvent] = []
    async for event in session.events():
        events.append(event)
        if isinstance(event, Ask):
            assert await session.answer(event.request_id, Decision(choice=answer))
    assert sum(slept) == pytest.approx(Behaviour.of(given.options).duration * Behaviour.of(given.options).time_scale)
    return events


async def test_the_same_seed_gives_the_same_events(tmp_path: Path):
    once, again = [await events_of(spec(tmp_path, duration=2, question_rate=0.5)) for _ in range(2)]
    assert once == again
    assert await events_of(spec(tmp_path, seed=8, duration=2, question_rate=0.5)) != once


async def test_asked_for_an_outcome_it_says_the_first_that_its_brief_names(tmp_path: Path):
    asked = "Look at it.\n\nEnd your last message with a line of its own: `Outcome: ready` or `Outcome: changes`.\n"
    ended = (await events_of(replace(spec(tmp_path), brief=asked)))[-1]
    assert isinstance(ended, Ended)
    assert said_outcome(("ready", "changes"), ended.summary) == "ready"


async def test_sections_and_attempts_differ(tmp_path: Path):
    texts = {
        str(
            [
                event
                for event in await events_of(spec(tmp_path, section=section, attempt=attempt))
                if type(event) is Text
            ]
        )
        for section in "AB"
        for attempt in (1, 2)
    }
    assert len(texts) == 4


async def test_it_says_as_much_as_was_asked_for_and_spends_it(tmp_path: Path):
    events = await events_of(spec(tmp_path, duration=4, lines_per_second=50, cost_usd=0.5, steps=4))
    assert "".join(event.text for event in events if isinstance(event, Text)).count("\n") == 200
    usages = [event for event in events if isinstance(event, Usage)]
    assert usages[-1].cost_usd == 0.5
    assert [usage.input_tokens for usage in usages] == sorted(usage.input_tokens for usage in usages)


@pytest.mark.parametrize("failure", CLASSES)
async def test_every_failure_class_can_be_had(tmp_path: Path, failure: str):
    ended = (await events_of(spec(tmp_path, fail=failure)))[-1]
    assert isinstance(ended, Ended)
    assert ended.failure == failure
    assert ended.message
    assert ended.outcome == ("interrupted" if failure == "interrupted" else "failed")


async def test_a_usage_limit_names_when_it_is_over(tmp_path: Path):
    events = await events_of(spec(tmp_path, fail="usage-limit", until=123.5))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.until == 123.5
    assert [event.until for event in events if isinstance(event, Notice)] == [123.5]


async def test_the_first_attempts_can_fail_and_a_later_one_succeed(tmp_path: Path):
    outcomes = [
        (await events_of(spec(tmp_path, attempt=attempt, fail="crash", fail_attempts=2)))[-1].outcome  # type: ignore[union-attr]
        for attempt in (1, 2, 3)
    ]
    assert outcomes == ["failed", "failed", "succeeded"]


async def test_a_failure_rate_fails_about_that_often(tmp_path: Path):
    ends = [(await events_of(spec(tmp_path, seed=seed, failure_rate=0.3)))[-1] for seed in range(200)]
    failed = sum(isinstance(end, Ended) and end.outcome == "failed" for end in ends)
    assert 35 <= failed <= 85


async def test_it_leaves_a_file_to_merge_unless_it_may_not(tmp_path: Path):
    await events_of(spec(tmp_path, section="2.1/x"))
    assert (tmp_path / "simulated" / "2-1-x.md").read_text().startswith("# Section 2.1/x")
    await events_of(spec(tmp_path, section="B", writes=False))
    await events_of(spec(tmp_path, section="C", permission=True), answer="deny")
    await events_of(spec(tmp_path, section="D", file="shared.txt"))
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["2-1-x.md", "shared.txt"]


async def test_a_directory_that_cannot_be_written_is_a_failure_not_a_crash(tmp_path: Path):
    (tmp_path / "simulated").write_text("in the way")
    ended = (await events_of(spec(tmp_path)))[-1]
    assert isinstance(ended, Ended)
    assert (ended.outcome, ended.failure) == ("failed", "agent")
    assert "cannot write" in ended.message


async def test_a_question_is_answered_in_free_text(tmp_path: Path):
    events = await events_of(spec(tmp_path, question=True), answer="whatever is newer")
    assert any(isinstance(event, Text) and "whatever is newer" in event.text for event in events)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lenght": 3}, "'lenght'"),
        ({"steps": "three"}, "must be a int"),
        ({"steps": 0}, "at least 1 step"),
        ({"fail": "boredom"}, "'boredom'"),
        ({"question": 1}, "must be a bool"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_starts(options: dict[str, object], words: str):
    assert words in SimulatedProvider().check({}, options)
    with pytest.raises(ConfigError):
        Behaviour.of(options)
