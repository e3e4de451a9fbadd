"""What arrives in the inbox of a run."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from orch_tui.clock import Clock
from orch_tui.core.state import Phase, State
from orch_tui.engine.intake import take_in
from orch_tui.engine.loop import Loop
from orch_tui.store import inbox
from orch_tui.store.journal import Position
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.writer import Writer


async def test_a_plan_at_an_impossible_path_is_refused_and_the_runner_goes_on(tmp_path: Path):
    run = RunDir(tmp_path / ".orch" / "runs" / "r")
    for directory in (run.journal, run.inbox / "tmp", run.inbox / "new"):
        private_dir(directory)
    writer = Writer(run.journal, epoch=1, clock=Clock(), last=Position())
    loop = Loop(State(), writer, Clock())
    args = {"plan_path": "plan\0.md", "plan_sha": "0" * 64}
    command = inbox.drop(run.inbox, {"op": "create", "args": args, "actor": "me"})
    try:
        assert await take_in(loop, run) == 1
        assert await take_in(loop, run) == 0
    finally:
        await asyncio.to_thread(writer.close)
    assert "null" in loop.state.commands[command]


@pytest.mark.parametrize(("unattended", "phase"), [(True, Phase.NEW), (False, Phase.REVIEW)])
async def test_a_plan_with_a_circle_is_a_run_only_for_somebody_who_can_mend_it(
    tmp_path: Path, unattended: bool, phase: Phase
):
    text = "# Plan\n\n## Section A: Sow\nDependencies: Section B\n\n## Section B: Reap\nDependencies: Section A\n"
    (tmp_path / "plan.md").write_text(text)
    run = RunDir(tmp_path / ".orch" / "runs" / "r")
    for directory in (run.journal, run.inbox / "tmp", run.inbox / "new"):
        private_dir(directory)
    writer = Writer(run.journal, epoch=1, clock=Clock(), last=Position())
    loop = Loop(State(), writer, Clock())
    args = {
        "plan_path": str(tmp_path / "plan.md"),
        "plan_sha": hashlib.sha256(text.encode()).hexdigest(),
        "unattended": unattended,
    }
    command = inbox.drop(run.inbox, {"op": "create", "args": args, "actor": "me"})
    try:
        await take_in(loop, run)
    finally:
        await asyncio.to_thread(writer.close)
    assert (loop.state.phase, "cannot start" in loop.state.commands[command]) == (phase, unattended)
