"""Whatever somebody did to a run's directory, looking at it and putting it right end in words, and end."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from orch_tui.client.doctor import examine, mend
from orch_tui.client.retention import look
from orch_tui.core.run_events import Settings
from orch_tui.store.lock import held
from orch_tui.store.replay import Replay, write_snapshot
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Pour
Dependencies: Section A
"""
TRAPS = ("/dev/zero", "/proc/self/fd/0", "/", "..", "itself")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="simulated", isolation="none"))
    made.approve()
    made.start("A").close()
    replay = Replay(made.run)
    replay.read_all()
    write_snapshot(made.run, replay.state, replay.position)
    for path in (made.run.lock, made.run.status, made.attempt_dir("A", 1).lock, made.attempt_dir("A", 1).exit):
        path.write_text("{}")
    return made


def spoil(rng: random.Random, path: Path) -> None:
    """Do something to a file or a directory."""
    whole = path.is_file() and not path.is_symlink()
    what = rng.choice(
        ("cut", "flip", "append", "mode") if whole and rng.random() < 0.6 else ("mode", "pipe", "link", "no")
    )
    data = path.read_bytes() if whole else b""
    at = rng.randrange(len(data) + 1)
    match what:
        case "cut":
            path.write_bytes(data[:at])
        case "flip":
            path.write_bytes(
                data[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in data[at : at + 1]) + data[at + 1 :]
            )
        case "append":
            path.write_bytes(data + rng.randbytes(40))
        case "mode":
            path.chmod(rng.choice((0, 0o200, 0o400, 0o777)))
        case _:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            if what == "pipe":
                os.mkfifo(path)
            elif what == "link":
                trap = rng.choice(TRAPS)
                path.symlink_to(path.name if trap == "itself" else trap)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_thrown_and_nothing_hangs(stage: Stage, seed: int):
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 4)):
        path = rng.choice([path for path in sorted(stage.run.path.rglob("*")) if os.path.lexists(path)])
        spoil(rng, path)
    examine(stage.run)
    mend(stage.run)
    look(stage.run, now=stage.clock.now + 1e7, older=0.0)


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_a_lock_or_of_the_snapshot_is_not_waited_for(stage: Stage):
    for path in (stage.run.lock, stage.run.snapshot):
        path.unlink()
        os.mkfifo(path)
    assert not held(stage.run.lock)
    replay = Replay(stage.run)
    replay.read_all()
    assert replay.state.seq == stage.state.seq
