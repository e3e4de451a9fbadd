"""A run that a newer orch-tui went on with, met by this one: shown as far as that goes, and not touched."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orch_tui.core.codec import VERSION
from orch_tui.engine.__main__ import main
from orch_tui.store import journal
from orch_tui.store.record import Record, encode
from orch_tui.store.replay import Replay

if TYPE_CHECKING:
    from cli_project import Project

NEWER: dict[str, tuple[str, int, dict[str, Any]]] = {
    "a later version": ("RunPaused", VERSION + 1, {"by": "me"}),
    "a type of its own": ("SectionTeleported", VERSION, {"section": "B"}),
    "a value of its own": ("RunFinished", VERSION, {"outcome": "postponed"}),
}


def went_on(project: Project, kind: str) -> dict[str, tuple[bytes, int]]:
    """A newer program wrote a record, and half of another one; what there is in the run's directory then."""
    run = project.run
    replay = Replay(run)
    replay.read_all()
    at = replay.position
    type_, version, data = NEWER[kind]
    record = Record(
        seq=at.seq + 1, v=version, epoch=at.epoch, t=2e9, mono=9.0, boot="", type=type_, cause="c", data=data
    )
    line, _ = encode(record, at.crc)
    with journal.segment(run.journal, at.segment).open("ab") as file:
        file.write(line + line[:40])
    return files(run.path)


def files(run: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a run but what its runners said, with its time."""
    return {
        str(path.relative_to(run)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.name != "runner.log"
    }


@pytest.mark.parametrize("snapshot", [True, False], ids=["with a snapshot", "folded"])
@pytest.mark.parametrize("kind", NEWER)
async def test_a_run_of_a_newer_program_is_shown_and_left_as_it_is(
    project: Project, kind: str, snapshot: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.config("idle_exit: 0.1\n")
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    await project.free()
    if not snapshot:
        project.run.snapshot.unlink()
    before = went_on(project, kind)
    told = project.call("status")
    assert told.code == 1
    assert "A  Part A  " in told.out
    assert "does not know" in told.out
    assert "a newer orch-tui wrote it" in told.out
    assert json.loads(project.call("query").out)["sections_total"] == 2
    for words in (("cancel",), ("run", plan, "--headless", "--yes")):
        refused = project.call(*words)
        assert refused.code == 1
        assert "a newer orch-tui wrote it" in refused.line
    monkeypatch.setattr("sys.argv", ["engine", os.fspath(project.run.path)])
    assert await asyncio.to_thread(main) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "a newer orch-tui wrote it" in line
    assert files(project.run.path) == before
