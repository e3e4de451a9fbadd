"""Runs on a machine that fails in every way: what is promised holds, and engines that break it are found out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from broken_engines import BROKEN, Broken
from simulating import simulate

BLOCKS = 4
EACH = 6
MOST = 200
"""Seeds within which an engine that is wrong has to be found out."""
FOUND = {
    22: "a runner turned round and round at full speed while a breaker's time had come and its one session was at work",
    199: "a runner that the system told of a full disk in the midst of a task ended with a traceback",
    6: "an attempt was given up on a failing disk while its host, which could not be asked, lived on",
}
"""Seeds that found something, and what."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_nothing_is_lost_or_done_twice_whatever_fails(block: int):
    for seed in range(1000 + block * EACH, 1000 + (block + 1) * EACH):
        outcome = simulate(seed)
        assert not outcome.wrong, f"make simulate SEED={seed}: {outcome.wrong}\n" + "\n".join(outcome.told)


@pytest.mark.parametrize("seed", FOUND)
def test_what_was_found_once_is_not_found_again(seed: int):
    assert not simulate(seed).wrong


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_an_engine_that_is_wrong_is_found_out(broken: Broken):
    likely = BROKEN[broken]
    assert any(simulate(seed, broken=broken, likely=likely).wrong for seed in range(MOST)), broken.__doc__


def test_a_seed_makes_the_same_journal_in_every_process():
    code = "import sys; sys.path.insert(0, sys.argv[1]); from simulating import simulate; print(simulate(7).digest)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": chance},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for chance in ("1", "2")
    }
    assert len(found) == 1
    assert found == {f"{simulate(7).digest}\n"}
