"""One seed from its first command to its end: a plan, faults, people, and what must hold.

`python tests/simulation/simulating.py --seeds 200` runs many, `--seed 123` one and tells all of it.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

from simulated_checks import Checks, Violated
from virtual_agents import Agents
from virtual_loop import Spinning
from virtual_machine import Crash, World
from virtual_people import People

from orch_tui.core.rules import next_wake
from orch_tui.core.state import OVER, State
from orch_tui.engine import workflows
from orch_tui.errors import StateError
from orch_tui.flow.workflow import Workflow
from orch_tui.plan import parsing
from orch_tui.store.layout import private_dir, run_dir

Broken = Callable[[World], AbstractContextManager[object]]
_KINDS = ("kill", "kill", "kill", "power", "power", "suspend", "back", "forth", "full", "failing", "failing", "term")
_PLACES = ("fork", "git", "fsync", "rename", "unlink", "write .orch/runs/sim/journal", "open .orch/runs/sim/sections")
_MOST_RUNNERS = 60
_MOST_POINTS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a seed came to; `wrong` is "" when everything held."""

    seed: int
    wrong: str
    digest: str
    crashes: int
    events: int
    runners: int
    faults: int
    hours: float
    told: tuple[str, ...] = ()


def plan_of(random: Random, workflow: str) -> str:
    """A plan of some sections, in some order, with some settings."""
    count = random.randrange(2, 6)
    front = [f"workflow: {workflow}", f"concurrency: {random.choice((1, 2, 4))}", "agent: simulated"]
    if workflow == "local":
        front.append(f"merge_batch: {random.choice((1, 3))}")
        front.append("checks: [make test]")
    lines = ["---", *front, "---", "# A plan", ""]
    for number in range(count):
        name = "ABCDEF"[number]
        needs = [f"Section {'ABCDEF'[other]}" for other in range(number) if random.random() < 0.4]
        lines += [
            f"## Section {name}: Work {name}",
            "",
            f"Dependencies: {', '.join(needs) or 'None'}",
            "",
            "Do it.",
            "",
        ]
    return "\n".join(lines)


def simulate(seed: int, *, broken: Broken | None = None, likely: Sequence[tuple[str, str]] = ()) -> Outcome:
    """Run one seed in a directory of its own, which is removed; the current directory is changed meanwhile.

    With `likely`, what happens is taken from there: what, and at points with which words.
    """
    with place(seed):
        return Simulation(seed, likely).run(broken)


@contextmanager
def place(seed: int) -> Iterator[None]:
    """A directory for one simulation, the current one meanwhile."""
    before = os.getcwd()
    shared = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=shared, prefix="orch-sim-") as here:
        os.chdir(here)
        was = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            os.chdir(before)
            if seed % 16 == 0:
                gc.collect()
            if was:
                gc.enable()


class Simulation:
    """One seed: its machine, agents and people."""

    def __init__(self, seed: int, likely: Sequence[tuple[str, str]] = ()) -> None:
        self.seed = seed
        random = Random(seed)
        self.run_ = run_dir(Path("."), "sim")
        self.workflow = random.choice(("minimal", "minimal", "local"))
        self.text = plan_of(random, self.workflow)
        self.world = World(random.randrange(1 << 40), self.run_)
        self.world.crashes = [_crash(random, likely) for _ in range(12 if likely else random.randrange(12))]
        self.agents = Agents(self.world, random.choice((0.0, 0.2, 0.6)))
        self.people = People(self.world, random.choice((0, 3, 15)))
        self.checks = Checks(self.world, self.agents, self.people)
        self.random = random

    def run(self, broken: Broken | None) -> Outcome:
        """From its first command to its end."""
        wrong = ""
        with self.world.installed(), quick(self.workflow), broken(self.world) if broken else nullcontext():
            try:
                self._live()
            except Violated as error:
                wrong = str(error)
            except Spinning as error:
                wrong = f"I17 {error}"
            digest = hashlib.sha256()
            for path in sorted(self.run_.journal.glob("*.jsonl")):
                digest.update(path.read_bytes())
        world = self.world
        return Outcome(
            seed=self.seed,
            wrong=wrong,
            digest=digest.hexdigest(),
            crashes=world.counts.crashes,
            events=max(world.acked, default=0),
            runners=world.counts.runners,
            faults=world.counts.faults,
            hours=world.agenda.now / 3600,
            told=tuple(world.told[-60:]),
        )

    def create(self) -> None:
        """The run's directory, and the command that creates it."""
        for directory in (self.run_.inbox / "tmp", self.run_.inbox / "new", self.run_.journal):
            private_dir(directory)
        Path("plan.md").write_text(self.text)
        sha = hashlib.sha256(self.text.encode()).hexdigest()
        self.people.creating = {"plan_path": "plan.md", "plan_sha": sha}
        self.people.send("create", self.people.creating)

    def _live(self) -> None:
        world, people = self.world, self.people
        self.create()
        people.attend(self.random.choice((30.0, 120.0, 1200.0)))
        until = world.agenda.now + self.random.choice((2000.0, 20_000.0))
        while True:
            state = self.one_runner()
            late = world.agenda.now > until or not world.crashes
            if late:
                break
            if world.counts.runners > 60:
                break
            while not self._waited_for(state) and world.agenda.next < until:
                world.agenda.run_until(until)
        self.quietly()

    def _waited_for(self, state: State) -> bool:
        """Whether somebody would start a runner now: a command waits, or something is under way."""
        at_work = state.live or state.running or next_wake(state) is not None
        return bool(at_work) or any((self.run_.inbox / "new").iterdir())

    def one_runner(self) -> State:
        """One runner from its start to its end, and what must hold then."""
        world = self.world
        if self.random.random() < 0.5:
            world.agenda.pass_time(self.random.choice((0.01, 1.0, 1.0, 300.0)))
        how = world.serve()
        world.say(f"runner {world.counts.runners}: {how}")
        if how not in {"ended", "killed", "power"}:
            self._may_die_of(world.error)
        if how == "power":
            self.people.look_again()
        return self.checks.between()

    def _may_die_of(self, error: BaseException | None) -> None:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if isinstance(error, Violated | Spinning):
            raise error
        if not isinstance(error, StateError | OSError):
            raise Violated(f"the runner died of {type(error).__name__}: {error}") from error

    def quietly(self) -> None:
        """I17: with the faults off, and a person who does what is asked, everything comes to its end."""
        world = self.world
        world.crashes.clear()
        world.full, world.failing = False, 0
        self.agents.calm = True
        self.people.every = 0.0
        world.agenda.pass_time(5000.0)
        self.people.attend(60.0)
        world.say("--- from here on nothing fails")
        runners = world.counts.runners
        while True:
            state = self.one_runner()
            if state.phase in OVER and not any((self.run_.inbox / "new").iterdir()):
                break
            if world.counts.runners - runners > _MOST_RUNNERS or world.counts.points > _MOST_POINTS:
                raise Violated(
                    f"I17 the run does not come to an end: {_where(state)}; {list(state.commands.items())[-3:]}"
                )
            if state.halted:
                raise Violated(f"I17 the run is halted: {state.halted}")
            for _ in range(10):
                world.agenda.pass_time(61.0)
                if self._waited_for(state):
                    break
        world.agenda.pass_time(100.0)
        self.checks.at_the_end(self.checks.between())


def _crash(random: Random, likely: Sequence[tuple[str, str]]) -> Crash:
    """Something that happens soon or late: anywhere, or at a place where much is half done."""
    kind, where = random.choice(likely or [(random.choice(_KINDS), random.choice(("", "", "", *_PLACES)))])
    return Crash(kind, int(10 ** (random.random() * (1.0 if where else 3.2))), where)


def _where(state: State) -> str:
    return f"{state.phase.value}; " + ", ".join(f"{one.id} {one.status.value}" for one in state.sections.values())


_parse, _load = parsing.parse, workflows.load_all
_digest = Workflow.sha256.fget
_digests: dict[str, str] = {}


@lru_cache(maxsize=64)
def _parsed(text: str) -> object:
    return _parse(text)


@lru_cache(maxsize=1)
def _workflows() -> dict[str, Workflow]:
    return _load(Path("."))[0]


def _sha256(workflow: Workflow) -> str:
    if workflow.name not in _digests:
        assert _digest is not None
        _digests[workflow.name] = _digest(workflow)
    return _digests[workflow.name]


@contextmanager
def quick(name: str) -> Iterator[None]:
    """What is the same in every seed is done once; only the workflow that is used is there."""
    only = {name: _workflows()[name]}
    with patch.object(parsing, "parse", _parsed), patch.object(Workflow, "sha256", property(_sha256)):
        with patch.object(workflows, "load_all", lambda root: (only, {})):
            yield


def main(argv: list[str] | None = None) -> int:
    """The campaign; 1 when a seed failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep-going", action="store_true")
    given = parser.parse_args(argv)
    seeds = [given.seed] if given.seed is not None else range(given.first, given.first + given.seeds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun, spent = time.monotonic(), time.process_time()
    sums = {"crashes": 0, "events": 0, "runners": 0, "faults": 0}
    hours, failed, done = 0.0, 0, 0
    with suppress(KeyboardInterrupt):  # whoever ends it wants to know how far it came
        for seed in seeds:
            outcome = simulate(seed)
            done += 1
            hours += outcome.hours
            for name in sums:
                sums[name] += getattr(outcome, name)
            if outcome.wrong or given.seed is not None:
                print("\n".join(outcome.told))
            if outcome.wrong:
                failed += 1
                print(f"\nseed {seed} at {_commit()}: {outcome.wrong}\nalone: make simulate SEED={seed}\n", flush=True)
                if not given.keep_going:
                    break
    seconds, processor = time.monotonic() - begun, time.process_time() - spent
    print(
        f"{done} seeds, {failed} failed: {sums['runners']} runners, {sums['crashes']} crashes and jumps, "
        f"{sums['faults']} failed calls, {sums['events']} events, {hours:.0f} simulated hours "
        f"in {seconds:.1f} s ({processor:.1f} s of processor, {done / max(processor, 0.001):.1f} seeds/s)"
    )
    return bool(failed)


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "?"


if __name__ == "__main__":
    sys.exit(main())
