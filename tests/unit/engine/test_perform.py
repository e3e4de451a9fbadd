"""Effects with an executor that does what a test wants: what goes wrong costs one section, and nothing runs twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from orch_tui.agents import registry
from orch_tui.config import Config
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import (
    AttemptIntended,
    AttemptLost,
    AttemptStarted,
    NoticeRaised,
    UsageReported,
    WorktreeReady,
)
from orch_tui.core.effects import ReleaseWorktree, SendControl, StartAttempt
from orch_tui.core.events import Event
from orch_tui.core.run_events import PlanRead, RunApproved, RunCreated, RunHalted, SectionEntry, Settings
from orch_tui.core.state import State
from orch_tui.core.work_events import StepFailed
from orch_tui.engine.perform import Performer
from orch_tui.errors import StateError
from orch_tui.executors.base import CaughtUp, Gone, HostEvent, HostStatus, Job, Message, Node, Ref, Said
from orch_tui.executors.local import LocalExecutor
from orch_tui.store.layout import AttemptDir, RunDir, private_dir

PLAN = "# Plan\n\n## Section A: One\nDependencies: none\n\nDo it.\n"


class Stage:
    """An executor whose hosts are words: what they say, what fails, and what was asked of them in `log`."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.says: list[HostEvent] = []
        self.trouble: dict[str, Exception] = {}
        self.slow: dict[str, asyncio.Event] = {}
        """Controls by id that arrive only when the test lets them."""
        self.ended = asyncio.Event()

    def describe(self) -> list[Node]:
        return []

    async def submit(self, job: Job) -> Ref:
        self._note("submit")
        return Ref(job=job, pid=1)

    async def events(self, ref: Ref, after: int) -> AsyncIterator[HostEvent]:
        del ref, after
        for event in self.says:
            yield event
        self._note("events")
        await self.ended.wait()
        yield Gone(exit={"outcome": "succeeded"})

    async def send(self, ref: Ref, message: Message) -> None:
        del ref
        if message.id in self.slow:
            await self.slow[message.id].wait()
        self._note(f"send {message.op} {message.id}")

    async def end(self, ref: Ref, *, grace: float) -> int:
        del ref, grace
        self._note("end")
        self.ended.set()
        return 0

    def status(self, ref: Ref) -> HostStatus:
        del ref
        return "running"

    async def adopt(self, job: Job) -> Ref | None:
        self._note("adopt")
        return Ref(job=job, pid=1)

    async def close(self) -> None:
        pass

    def _note(self, words: str) -> None:
        self.log.append(words)
        error = self.trouble.get(words.split(maxsplit=1)[0])
        if error is not None:
            raise error


class Play:
    """A run with one section and a performer on a stage."""

    def __init__(self, root: Path) -> None:
        self.run = RunDir(root / ".orch" / "runs" / "r")
        private_dir(self.run.plans)
        sha = hashlib.sha256(PLAN.encode()).hexdigest()
        self.run.plan(sha).write_text(PLAN)
        self.state = State()
        self.stage = Stage()
        self.events: list[Event] = []
        self.changed = asyncio.Event()
        entry = SectionEntry(id="A", slug="A", title="One", lines=(3, 6), agent="simulated")
        read = PlanRead(
            plan_sha=sha,
            title="Plan",
            reader="headed",
            sections=(entry,),
            dependencies=(),
            findings=(),
            settings=Settings(agent="simulated", isolation="none"),
        )
        intent = AttemptIntended(section="A", attempt=1, agent="simulated", session_id="s", marker="r/A/1")
        self.mentioned([RunCreated(run="r", plan_path="plan.md"), read], "setup")
        self.mentioned([RunApproved(plan_sha=sha, graph_sha=self.state.graph_sha, by="me"), intent], "setup")
        self.performer = Performer(
            run=self.run,
            state=self.state,
            executor=self.stage,
            config=Config(),
            env={},
            happened=self.happened,
            mentioned=self.mentioned,
        )

    async def happened(self, events: list[Event], cause: str) -> None:
        self.mentioned(events, cause)

    def mentioned(self, events: list[Event], cause: str) -> None:
        for event in events:
            apply(self.state, event, seq=self.state.seq + 1, at=1.0, cause=cause)
            self.events.append(event)
        self.changed.set()

    async def until(self, kind: type[Event]) -> Event:
        async with asyncio.timeout(60):
            while not (found := [event for event in self.events if isinstance(event, kind)]):
                self.changed.clear()
                await self.changed.wait()
        return found[0]


START = StartAttempt(section="A", attempt=1)


async def test_a_providers_own_mistake_costs_its_section_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    play = Play(tmp_path)

    def check(*_: object) -> str:
        raise KeyError("no such option")

    monkeypatch.setattr(type(registry.load("simulated")), "check", check)
    await play.performer.perform(START)
    assert play.state.sections["A"].attention == "start failed"
    assert "KeyError" in play.state.sections["A"].detail
    assert "KeyError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda play: play.run.plan(play.state.plan_sha).write_text("rm -rf"), "is not the text that me approved"),
        (lambda play: play.run.plan(play.state.plan_sha).unlink(), "cannot be read: No such file"),
        (lambda play: setattr(play.state.sections["A"], "agent", "claude"), "is not the one that me approved"),
        (lambda play: play.state.sections["A"].upstream.append("A"), "is not the one that me approved"),
    ],
)
async def test_what_was_not_approved_is_not_carried_out(tmp_path: Path, change: Callable[[Play], object], words: str):
    play = Play(tmp_path)
    change(play)
    await play.performer.perform(START)
    assert [type(event) for event in play.events[-2:]] == [RunHalted, AttemptLost]
    assert words in play.state.halted
    assert play.state.phase.value == "paused"
    assert play.stage.log == []
    assert play.state.sections["A"].tries == 0


async def test_an_attempt_that_is_given_up_has_no_host_left_when_that_is_journalled(tmp_path: Path):
    play = Play(tmp_path)
    play.stage.trouble["events"] = StateError("cannot tell whether it is held")
    await play.performer.perform(START)
    assert isinstance(play.events[-1], StepFailed)
    assert play.stage.log[-1] == "end"


async def test_a_host_that_may_have_begun_is_looked_for_when_starting_it_failed(tmp_path: Path):
    play = Play(tmp_path)
    play.stage.trouble["submit"] = ConnectionError("the nursery ended")
    await play.performer.perform(START)
    assert play.stage.log == ["submit", "adopt", "end"]
    assert play.state.sections["A"].attention == "start failed"


async def test_a_control_that_cannot_be_delivered_is_said_and_the_attempt_goes_on(tmp_path: Path):
    play = Play(tmp_path)
    async with asyncio.TaskGroup() as group:
        group.create_task(play.performer.perform(START))
        await play.until(AttemptStarted)
        while "events" not in play.stage.log:
            await asyncio.sleep(0)
        play.stage.trouble["send"] = StateError("no space")
        await play.performer.perform(
            SendControl(section="A", attempt=1, id="c", op="steer", args={"text": "x", "by": "me"})
        )
        assert play.state.live == {"A": 1}
        play.stage.ended.set()
    assert not [event for event in play.events if isinstance(event, StepFailed)]
    notice = next(event for event in play.events if isinstance(event, NoticeRaised))
    assert "steer did not reach the agent" in notice.text


async def test_controls_arrive_in_the_order_in_which_they_were_given(tmp_path: Path):
    """A slow disk under the first must not let the second overtake it: `resume` after `pause` is not the other way."""
    play = Play(tmp_path)
    play.stage.slow["1"] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(play.performer.perform(START))
        await play.until(AttemptStarted)
        while "events" not in play.stage.log:
            await asyncio.sleep(0)
        for number, op in enumerate(("pause", "resume", "steer"), 1):
            control = SendControl(section="A", attempt=1, id=str(number), op=op, args={"text": "x", "by": "me"})
            group.create_task(play.performer.perform(control))
        for _ in range(10):
            await asyncio.sleep(0)
        play.stage.slow["1"].set()
        while "send steer 3" not in play.stage.log:
            await asyncio.sleep(0)
        play.stage.ended.set()
    assert [words for words in play.stage.log if words.startswith("send")] == [
        "send pause 1",
        "send resume 2",
        "send steer 3",
    ]


async def test_a_worktree_that_cannot_be_removed_stays_and_costs_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    play = Play(tmp_path)
    tree = private_dir(tmp_path / "tree")
    play.mentioned([WorktreeReady(section="A", attempt=1, path=str(tree), branch="b", base="c")], "start")
    before = list(play.events)
    await play.performer.perform(ReleaseWorktree(section="A", attempt=1, slug="A", path=str(tree)))  # no repository
    assert play.events == before
    assert tree.is_dir()
    assert f"the worktree {str(tree)!r} stays: " in capsys.readouterr().err


async def test_figures_that_are_no_numbers_are_unknown(tmp_path: Path):
    play = Play(tmp_path)
    fields = {"cost_usd": float("nan"), "input_tokens": float("inf")}
    play.stage.says = [Said(n=1, kind="usage", fields=fields)]
    play.stage.ended.set()
    await play.performer.perform(START)
    usage = next(event for event in play.events if isinstance(event, UsageReported))
    assert usage.cost_usd is None
    assert usage.input_tokens == 0


async def test_an_exit_file_that_cannot_be_read_is_a_lost_attempt_and_no_crash(tmp_path: Path):
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    attempt.exit.write_text("not json")
    executor = LocalExecutor({})
    job = Job(run="r", section="A", attempt=1, directory=attempt.path, artifacts=tmp_path, marker="r/A/none")
    ref = Ref(job=job, pid=0)
    assert executor.status(ref) == "lost"
    assert [event async for event in executor.events(ref, after=0)] == [CaughtUp(), Gone(exit=None)]
