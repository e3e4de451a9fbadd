"""A few rounds of the kill campaign; `make chaos N=500` plays more of them."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chaos_shape import plan, shape_of

from orch_tui.plan.parsing import parse

HERE = Path(__file__).parent


@pytest.mark.slow
def test_whatever_is_killed_and_when_nothing_is_lost_or_run_twice_and_it_comes_to_its_end(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, HERE, "--rounds", "2", "--jobs", "2", "--seed", "4", "--place", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) kills", done.stdout)[1]) > 5, done.stdout  # type: ignore[index]
    assert not list(tmp_path.iterdir()), "a round that was right leaves nothing"


def test_the_same_seed_makes_the_same_plan_and_every_plan_is_read_as_meant(tmp_path: Path):

    for seed in range(40):
        shape, again = (shape_of(seed, tmp_path, random.Random(seed)) for _ in range(2))
        assert plan(shape) == plan(again)
        read = parse(plan(shape))
        assert [one.id for one in read.sections] == [str(part.number) for part in shape.parts]
        edges = {(int(one.upstream), int(one.downstream)) for one in read.dependencies}
        assert edges == {(up, part.number) for part in shape.parts for up in part.after}
