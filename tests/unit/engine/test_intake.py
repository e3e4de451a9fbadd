"""What arrives in the inbox of a run."""

from __future__ import annotations

import asyncio
from pathlib import Path

from orch_tui.clock import Clock
from orch_tui.core.state import State
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
