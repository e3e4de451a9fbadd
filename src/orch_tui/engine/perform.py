"""Effects onto the world, and what came of them as events. Every method is safe to run again after a crash."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import assert_never

from orch_tui import git
from orch_tui.agents import registry
from orch_tui.agents.spec import encode_spec
from orch_tui.clock import Clock
from orch_tui.config import Config
from orch_tui.core import disk, flowing, repositories
from orch_tui.core.attempt_events import AskWithdrawn, AttemptEnded, AttemptLost, AttemptStarted, NoticeRaised
from orch_tui.core.effects import (
    AskSecondReader,
    CommitWork,
    Effect,
    EndAttempt,
    MergeWork,
    ReleaseWorktree,
    SendControl,
    StartAttempt,
    UndoWork,
)
from orch_tui.core.events import Event
from orch_tui.core.run_events import RunHalted
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.engine import going_on, reports, setting_up, time_limits
from orch_tui.engine.agent_env import WRITTEN, AgentEnv
from orch_tui.engine.approved import ApprovedText, NotApproved
from orch_tui.engine.disk_watch import no_room
from orch_tui.engine.going_wrong import failed, once_there_is_room, words
from orch_tui.engine.integrating import Integrator
from orch_tui.engine.results import reported
from orch_tui.engine.runner_log import say, say_where
from orch_tui.engine.session_spec import spec_of
from orch_tui.engine.standing import Standing
from orch_tui.engine.todo import Todo, work_of
from orch_tui.engine.turns import Turns
from orch_tui.engine.validation import Validator
from orch_tui.errors import AgentUnavailable, OrchError
from orch_tui.executors.base import CaughtUp, Executor, Gone, Job, Message, Ref
from orch_tui.flow.workflow import SETUP, AgentPhase, PollPhase, ScriptPhase
from orch_tui.git.work import PutBack
from orch_tui.store import files
from orch_tui.store.layout import AttemptDir, RunDir

END_GRACE = 10.0  # seconds an agent gets to end by itself before it is killed
Happened = Callable[[list[Event], str], Awaitable[None]]
PROGRESS = frozenset({"started", "notice"})
"""What a host says that nobody waits for on disk: it rides along with the next sync."""


class Performer:
    """Carries effects out for one run.

    `happened(events, cause)` journals what came of them and returns when it is durable; `mentioned` does not wait.
    """

    def __init__(
        self,
        *,
        run: RunDir,
        state: State,
        executor: Executor,
        config: Config,
        env: Mapping[str, str],
        happened: Happened,
        mentioned: Callable[[list[Event], str], None],
        clock: Clock | None = None,
    ) -> None:
        self._run = run
        self._state = state
        self._executor = executor
        self._config = config
        self._agents = AgentEnv(run, config, env)
        self._happened = happened
        self._mentioned = mentioned
        self._refs: dict[tuple[str, int], Ref] = {}
        self.unheard: dict[tuple[str, int], asyncio.Event] = {}  # set, and taken out, once something was
        self._clock = clock or Clock()
        self._sending = asyncio.Lock()
        self._overdue: dict[tuple[str, int], str] = {}
        """Attempts that are ended because they took too long, in words."""
        self._setups = Turns(state)
        self._text = ApprovedText(run, state)
        self.integrator = Integrator(run, state, happened, self._clock)
        self.validator = Validator(run=run, state=state, env=env, happened=happened, mentioned=mentioned)

    async def perform(self, effect: Effect) -> None:
        """Carry `effect` out; a failure of the machine becomes StepFailed, a section that waits for a person."""
        if isinstance(effect, AskSecondReader):
            await self.validator.ask(effect.number)
            return
        name, number = effect.section, effect.attempt
        match effect:
            case StartAttempt():
                await self._guarded(name, number, "start", self._start(name, number))
                self._setups.over(name, number)
            case SendControl():
                async with self._sending:  # in the order in which they were given
                    await self._send_or_say(effect)
            case EndAttempt():
                await self._end(name, number)
            case CommitWork():
                await self._guarded(name, number, "commit", self._in_git(name, number, self.integrator.commit))
            case MergeWork():
                await self._guarded(name, number, "merge", self._in_git(name, number, self.integrator.merge))
            case UndoWork():
                await self.integrator.undo(name, number)
            case ReleaseWorktree():
                await self.integrator.release(effect)
            case _:
                assert_never(effect)

    async def _guarded(self, name: str, number: int, step: str, work: Awaitable[None]) -> None:
        """Do `work`; whatever goes wrong in it, a provider's own mistakes too, costs this section only, not the run."""
        try:
            await work
        except NotApproved as error:
            await self._halt(name, number, error)
        except Exception as error:  # noqa: BLE001
            await self._happened([], step)  # a journal that cannot be written ends the runner, and the agents go on
            if not isinstance(error, (OrchError, OSError)):
                say_where(error)
            if self._state.live.get(name) == number:
                await self._abandon(name, number)
            await self._happened(
                [failed(self._state, name, number, step, error, full=self._full(name, number))], f"{step} failed"
            )

    async def _in_git(self, name: str, number: int, work: Callable[[str, int], Awaitable[None]]) -> None:
        await once_there_is_room(self._state, name, number, work, self._happened, lambda: self._full(name, number))

    def _full(self, name: str, number: int) -> bool:
        """Whether an attempt may have failed for want of room."""
        attempt = self._state.attempt(name, number)
        where = [self._run.path, Path(attempt.path or "/")]
        return disk.was_full(self._state, attempt) or no_room(where, self._config.disk)

    async def _halt(self, name: str, number: int, error: NotApproved) -> None:
        """Start nothing more: what is stored is not what was approved."""
        why = error.line()
        events: list[Event] = [] if self._state.halted else [RunHalted(why=why)]
        events.append(AttemptLost(section=name, attempt=number, why=why, swept=0, counted=False))
        await self._happened(events, "not what was approved")

    async def _abandon(self, name: str, number: int) -> None:
        """Nothing of an attempt that is given up goes on, or begins late: another one may follow."""
        ref = self._refs.pop((name, number), None)
        with contextlib.suppress(OrchError, OSError):
            ref = ref or await self.adopt(name, number) or self._nobody(name, number)
            await self._executor.end(ref, grace=END_GRACE)

    # --- an attempt's life --------------------------------------------------------------------------------------------

    async def _start(self, name: str, number: int) -> None:
        section, attempt = self._state.sections[name], self._state.attempt(name, number)
        await self._text.get()  # nothing is made for what is not approved
        env = self._agents.of(attempt)
        problem = registry.load(attempt.agent).check(env, self._agents.options(attempt.agent))
        if problem:
            raise AgentUnavailable(problem)
        if attempt.resumes and not await self._may_resume(section, attempt):
            return
        here = Standing(path=self._run.root, branch="", base="")
        if self._state.settings.isolation == "worktree":
            here = await asyncio.to_thread(self.integrator.worktree, section, attempt)
        cwd = here.path
        reads = here.branch and not attempt.leaves_work
        head = (attempt.proves or await asyncio.to_thread(git.work.head_of, cwd)) if reads else ""
        await self._happened(here.told(name, number, head), "start")
        if here.bare:
            return
        todo = await self._todo(section, attempt, cwd)
        if todo is None:
            await self._happened([reports.unchecked(name, number)], "start")
            return
        await asyncio.to_thread(self._write_spec, section, attempt, todo, cwd)
        if name in self._state.ending:
            why = "ended before its agent was started"
            await self._happened([AttemptLost(section=name, attempt=number, why=why, swept=0, counted=False)], "start")
            return
        ref = await self._executor.submit(self._job(section, attempt))
        digest = hashlib.sha256(todo.brief.encode()).hexdigest()
        await self._happened([AttemptStarted(section=name, attempt=number, pid=ref.pid, brief_sha=digest)], "start")
        await self.supervise(ref)

    async def _todo(self, section: SectionState, attempt: AttemptState, tree: Path) -> Todo | None:
        """What an attempt is to do in `tree`; in a worktree that nobody worked in before, setting it up comes first."""
        given, first = repositories.worktree(self._state, section), None
        await self._setups.take(section.id, attempt, tree)
        if attempt.phase == SETUP or (attempt.proves and given.setup):
            first = await asyncio.to_thread(setting_up.preparation, given, tree, self.integrator.kept(attempt))
        if attempt.phase == SETUP:
            return first
        text, most = await self._text.get(), self._config.brief_tokens
        todo = work_of(self._state, section, attempt, text, self._run, tree, brief_tokens=most)
        return setting_up.then(first, todo) if first and todo else todo

    def _write_spec(self, section: SectionState, attempt: AttemptState, todo: Todo, cwd: Path) -> None:
        directory = self._attempt_dir(section, attempt)
        directory.make()
        files.replace(directory.brief, todo.brief.encode("utf-8", "surrogateescape"), durable=False)
        run, config, agents = self._run, self._config, self._agents
        spec = spec_of(self._state, section, attempt, todo, cwd, run=run, config=config, agents=agents)
        files.replace(directory.spec, encode_spec(spec, written=WRITTEN), durable=False)

    async def _may_resume(self, section: SectionState, attempt: AttemptState) -> bool:
        """Whether the session an attempt is to go on with is dead, and its worktree as it left it; else it is lost."""
        before = section.attempts[attempt.resumes - 1]
        if await self.adopt(section.id, before.number) is not None:
            raise OrchError(f"attempt {before.number}, whose session is to be gone on with, is alive")
        await self._executor.end(self._nobody(section.id, before.number), grace=0.0)
        if not (why := await asyncio.to_thread(going_on.unfit, before)):
            return True
        lost = AttemptLost(section=section.id, attempt=attempt.number, why=why, swept=0, counted=False, begin=True)
        await self._happened([lost], "start")
        return False

    async def supervise(self, ref: Ref) -> None:
        """Journal what the host says until it is gone, then how the attempt ended."""
        name, number = ref.job.section, ref.job.attempt
        attempt = self._state.attempt(name, number)
        await self._connect(ref)
        if name in self._state.ending:
            await self._executor.end(ref, grace=END_GRACE)
        try:
            async with asyncio.TaskGroup() as group:
                limiting = group.create_task(self._limit(ref, attempt))
                gone = await self._listen(ref, attempt)
                limiting.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        self._refs.pop((name, number), None)
        swept = await self._executor.end(ref, grace=END_GRACE)
        section = self._state.sections[name]
        undone = await asyncio.to_thread(self.integrator.put_back, section, attempt)
        if undone != PutBack():
            self._mentioned([reports.put_back(name, attempt, undone)], "put back")
        reached = await asyncio.to_thread(self.integrator.touched, section, attempt)
        if reached is not None:
            self._mentioned([reports.touched(name, attempt, reached)], "outside")
        phase = flowing.phase(self._state, section, attempt.phase)
        agent = phase if isinstance(phase, AgentPhase) else None
        ending = reports.ending(
            name,
            number,
            gone,
            swept,
            overdue=self._overdue.pop((name, number), ""),
            broken=reports.broken(undone) if agent and undone.moved else "",
            words=agent.outcomes if agent else (),
            no_room=self._full(name, number),
        )
        if attempt.phase == SETUP and isinstance(ending, AttemptEnded) and ending.outcome == "succeeded":
            given, kept = repositories.worktree(self._state, section), self.integrator.kept(attempt)
            words = await asyncio.to_thread(setting_up.keep, given, Path(attempt.path), kept)
            self._mentioned([reports.unkept(name, attempt, words)] if words else [], "setup")
        said = reported(section, attempt, self._attempt_dir(section, attempt), gone)
        proven = reports.proven(ending, said, agent.output, reached or "") if agent else ending
        left = await asyncio.to_thread(going_on.as_left, proven, attempt, self._attempt_dir(section, attempt))
        await self._happened([*said, left], "host gone")

    async def _listen(self, ref: Ref, attempt: AttemptState) -> Gone:
        """Journal what the host says until it is gone."""
        name, gone = ref.job.section, Gone(exit=None)
        async for said in self._executor.events(ref, after=attempt.seen):
            if isinstance(said, CaughtUp):
                self.unheard.pop((name, attempt.number), asyncio.Event()).set()
                continue
            if isinstance(said, Gone):
                gone = said
                continue
            event = reports.told(name, ref.job.marker, attempt.number, said)
            if isinstance(event, AskWithdrawn) and event.request_id not in self._state.asks:
                continue
            if said.kind in PROGRESS:
                self._mentioned([event], "agent")
            else:
                await self._happened([event], "agent")
        return gone

    async def _limit(self, ref: Ref, attempt: AttemptState) -> None:
        """Warn of an attempt that takes long, and end one that takes longer than its phase may."""
        name, number = ref.job.section, attempt.number
        section = self._state.sections[name]
        phase = flowing.phase(self._state, section, attempt.phase)
        if isinstance(phase, (AgentPhase, ScriptPhase, PollPhase)):
            watched = time_limits.exceeded(
                phase.timeout,
                attempt,
                self._attempt_dir(section, attempt),
                waits=lambda: flowing.waits(self._state, name),
                clock=self._clock,
            )
            async for limit, words in watched:
                if limit == "over":
                    self._overdue[name, number] = words
                said = NoticeRaised(section=name, attempt=number, n=attempt.seen, kind="warning", text=words)
                await self._happened([said], "time limit")
                if limit == "over":
                    await self._end(name, number)

    async def _connect(self, ref: Ref) -> None:
        """From now on controls reach the host; those it may have missed are sent first, it drops what it has seen."""
        name, number = ref.job.section, ref.job.attempt
        async with self._sending:
            self._refs[name, number] = ref
            for control in list(self._state.attempt(name, number).controls):
                await self._send_or_say(
                    SendControl(section=name, attempt=number, id=control.id, op=control.op, args=control.args)
                )

    async def _send_or_say(self, effect: SendControl) -> None:
        """Pass a control on. Where that fails the agent goes on without it, and that is said."""
        attempt = self._state.attempt(effect.section, effect.attempt)
        try:
            await self._send(effect)
        except (OrchError, OSError) as error:
            text = f"{effect.op} did not reach the agent: {words(error)}"
            said = NoticeRaised(
                section=effect.section, attempt=effect.attempt, n=attempt.seen, kind="warning", text=text
            )
            await self._happened([said], f"{effect.op} failed")

    async def _send(self, effect: SendControl) -> None:
        ref = self._refs.get((effect.section, effect.attempt))
        if ref is None:
            return  # not up yet, or gone; what is up later is told by `_connect`
        args = dict(effect.args)
        if effect.op == "answer":
            args["request_id"] = args["request_id"].removeprefix(f"{ref.job.marker}/")
        await self._executor.send(ref, Message(id=effect.id, op=effect.op, args=args))

    async def _end(self, name: str, number: int) -> None:
        self._setups.look()
        ref = self._refs.get((name, number))
        if ref is None:
            return  # not up yet: whoever starts it looks; or gone
        try:
            await self._executor.end(ref, grace=END_GRACE)
        except (OrchError, OSError) as error:  # `supervise` tells how the attempt ended, whatever became of this
            say(f"attempt {ref.job.marker!r} does not end: {words(error)}")

    # --- what recovery needs ------------------------------------------------------------------------------------------

    async def adopt(self, name: str, number: int) -> Ref | None:
        """The live host of an attempt an earlier runner started, or None; it can then never begin."""
        return await self._executor.adopt(self._job(self._state.sections[name], self._state.attempt(name, number)))

    def was_up(self, name: str, number: int) -> bool:
        """Whether a host of the attempt ever began."""
        return self._attempt_dir(self._state.sections[name], self._state.attempt(name, number)).host.exists()

    def has_exit(self, name: str, number: int) -> bool:
        """Whether the host of the attempt told how it ended."""
        return self._executor.status(self._nobody(name, number)) == "exited"

    async def take_up(self, ref: Ref) -> None:
        """Go on with an attempt some earlier runner started, its host alive or not."""
        name, number = ref.job.section, ref.job.attempt
        attempt = self._state.attempt(name, number)
        await self._setups.take(name, attempt, Path(attempt.path), adopted=True)
        await self._guarded(name, number, "host", self.supervise(ref))
        self._setups.over(name, number)

    async def settle_dead(self, name: str, number: int) -> None:
        """Journal the end of an attempt whose host is gone: from exit.json, or lost after a sweep."""
        await self.take_up(self._nobody(name, number))

    # --- names and places ---------------------------------------------------------------------------------------------

    def _attempt_dir(self, section: SectionState, attempt: AttemptState) -> AttemptDir:
        return self._run.attempt(section.slug, attempt.number)

    def _job(self, section: SectionState, attempt: AttemptState) -> Job:
        return Job(
            run=self._state.run,
            section=section.id,
            attempt=attempt.number,
            directory=self._attempt_dir(section, attempt).path,
            artifacts=self._run.artifacts,
            marker=attempt.marker,
        )

    def _nobody(self, name: str, number: int) -> Ref:
        """An attempt without a host that is known: its files and its marker."""
        return Ref(job=self._job(self._state.sections[name], self._state.attempt(name, number)), pid=0)
