"""Blocks of ports, of which no two runs of a machine have the same at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui.engine.ports import MOST, block
from orch_tui.store.layout import RunDir, run_dir
from orch_tui.store.lock import Lock


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def a_run(tmp_path: Path) -> Callable[[str], RunDir]:
    def make(name: str, phase: str = "running") -> RunDir:
        made = run_dir(tmp_path, name)
        made.path.mkdir(parents=True, exist_ok=True)
        made.status.write_text(json.dumps({"phase": phase}))
        return made

    return make


def test_each_run_has_a_block_of_its_own_and_keeps_it(a_run, env):
    one, other = a_run("one"), a_run("other")
    assert [block(one, env), block(other, env), block(one, env), block(other, env)] == [0, 1, 0, 1]


@pytest.mark.parametrize(("phase", "next_one"), [("done", 0), ("failed", 0), ("cancelled", 0), ("stopped", 1)])
def test_that_of_a_run_that_is_over_is_free(a_run, env, phase, next_one):
    block(a_run("one"), env)
    a_run("one", phase)
    assert block(a_run("other"), env) == next_one


def test_that_of_a_run_with_a_runner_is_not_free_whatever_was_told_last(a_run, env):
    one = a_run("one", "done")
    lock = Lock(one.lock)
    assert lock.acquire({})
    block(one, env)
    assert block(a_run("other"), env) == 1
    lock.release()


def test_that_of_a_run_that_was_removed_is_free(a_run, env):
    one = a_run("one")
    block(one, env)
    one.path.rename(one.path.with_name("elsewhere"))
    assert block(a_run("other"), env) == 0


def test_where_all_are_taken_or_none_can_be_told_there_is_none(a_run, env, tmp_path):
    assert [block(a_run(str(number)), env) for number in range(MOST)] == list(range(MOST))
    assert block(a_run("late"), env) is None
    (tmp_path / "file").touch()
    assert block(a_run("late"), {"XDG_STATE_HOME": str(tmp_path / "file")}) is None
