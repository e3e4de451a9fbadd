"""Any order of commands and faults, found and made short by Hypothesis, beside a naive model of what a run promises.

`make machine EXAMPLES=n` runs more of them.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parent))

from simulated_checks import records_of
from simulating import Simulation, place, quick
from virtual_agents import WAYS
from virtual_machine import Crash

from orch_tui.core.run_events import CommandAccepted, CommandRefused

EXAMPLES = int(os.environ.get("SIMULATED_EXAMPLES", "6"))
OPS = ("pause", "resume", "retry", "skip", "cancel", "undo", "steer", "dispatch", "revise", "stop", "go on", "go on")
FAULTS = ("kill", "power", "suspend", "back", "forth", "full", "failing", "term")
SOON = st.sampled_from((0.0, 0.01, 1.0, 30.0, 400.0))
LONG = st.sampled_from((0.5, 5.0, 60.0, 900.0, 8000.0))
SECTIONS = st.integers(0, 4)


class CommandsAndFaults(RuleBasedStateMachine):
    """The model: a dict of what each command came to, which never changes once a runner was told that it is safe."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.outcomes: dict[str, str] = {}

    @initialize(seed=st.integers(0, 30))
    def begin(self, seed: int) -> None:
        self.stack.enter_context(place(1))
        self.it = Simulation(seed)
        self.world, self.people, self.agents = self.it.world, self.it.people, self.it.agents
        self.world.crashes.clear()
        self.agents.calm = True
        self.stack.enter_context(self.world.installed())
        self.stack.enter_context(quick(self.it.workflow))
        self.it.create()

    def after(self, delay: float, op: str, section: int) -> None:
        def now() -> None:
            state = self.people.state
            wish = self.people.go_on(state)
            if op != "go on" and state.sections:
                named = list(state.sections)[section % len(state.sections)]
                more = {"steer": {"text": "quick"}, "dispatch": {"phase": "implement"}}.get(op, {})
                wish = (op, {"section": named, **more})
                wish = (op, {"plan_sha": state.plan_sha}) if op == "revise" else ("stop", {}) if op == "stop" else wish
            if wish is not None:
                self.people.send(*wish)

        self.world.agenda.after(delay, now)

    @rule(op=st.sampled_from(OPS), section=SECTIONS, delay=SOON)
    def command(self, op: str, section: int, delay: float) -> None:
        self.after(delay, op, section)

    @rule(delay=SOON)
    def same_command_again(self, delay: float) -> None:
        self.world.agenda.after(delay, self.people.again)

    @rule(delay=SOON)
    def command_of_who_saw_an_older_state(self, delay: float) -> None:
        self.world.agenda.after(delay, lambda: self.people.send("pause", {"section": ""}, if_seq=0))

    @rule(kind=st.sampled_from(FAULTS), points=st.integers(1, 400))
    def fault(self, kind: str, points: int) -> None:
        self.world.crashes.append(Crash(kind, points))

    @rule(way=st.sampled_from(("work", *WAYS)))
    def next_agent(self, way: str) -> None:
        self.agents.ways.append(way)

    @rule(seconds=LONG)
    def runner_lives(self, seconds: float) -> None:
        runner = self.world.counts.runners + 1

        def over() -> None:
            if self.world.counts.runners == runner and self.world.life is not None:
                self.world.crashes.insert(0, Crash("kill", 1))

        self.world.agenda.after(seconds, over)
        self.it.one_runner()
        self.compare()

    @rule(seconds=LONG)
    def nobody_is_there(self, seconds: float) -> None:
        self.world.agenda.pass_time(seconds)

    def compare(self) -> None:
        safe = max(self.world.acked, default=0)
        found: dict[str, str] = {}
        for record in records_of(self.world)[:safe]:
            if record.type == CommandAccepted.__name__:
                assert record.data["id"] not in found
                found[record.data["id"]] = "accepted"
            elif record.type == CommandRefused.__name__:
                assert record.data["id"] not in found
                found[record.data["id"]] = record.data["reason"]
        assert {name: found.get(name) for name in self.outcomes} == self.outcomes
        self.outcomes = found

    def teardown(self) -> None:
        try:
            if hasattr(self, "it"):
                self.it.quietly()
                self.compare()
        finally:
            self.stack.close()


def test_commands_and_faults_in_any_order():
    run_state_machine_as_test(
        CommandsAndFaults,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize="SIMULATED_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
