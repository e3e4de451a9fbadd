"""While the plan is being read: the cockpit is there, says so, and can be left."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from conftest_cockpit import opened, screen, until

from orch_tui.client.coming import Coming, coming, reading
from orch_tui.client.send import ANSWERS, patience
from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.entry import open_cockpit
from orch_tui.config import Config
from orch_tui.errors import PlanError
from orch_tui.store.layout import RunDir


def waiting(root: Path) -> tuple[Future[RunDir], Coming]:
    run: Future[RunDir] = Future()
    return run, Coming(words="reading big.md, 5.0 MB", root=root, run=run)


async def test_a_long_plan_is_said_to_be_read_and_the_board_follows(lay, tmp_path):
    table = lay()
    run, come = waiting(tmp_path)
    app = Cockpit(come, clock=table.stage.clock)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "reading big.md, 5.0 MB …" in screen(pilot), "what is being done")
        table.stage.clock.now += 75
        await until(pilot, lambda: "5.0 MB … 1:15" in screen(pilot), "for how long")
        assert "q leave" in screen(pilot)
        run.set_result(table.stage.run)
        await opened(pilot)
        assert "Boil water" in screen(pilot)


async def test_it_can_be_left_while_the_plan_is_read(tmp_path):
    _, come = waiting(tmp_path)
    app = Cockpit(come)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "reading" in screen(pilot))
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running, "the end")
    assert not app.opened


async def test_a_plan_that_turns_out_to_be_none_ends_the_cockpit(tmp_path):
    run, come = waiting(tmp_path)
    app = Cockpit(come)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "reading" in screen(pilot))
        run.set_exception(PlanError("'big.md' is not a plan"))
        await until(pilot, lambda: not app.is_running, "the end")


def test_what_is_wrong_at_once_is_raised_without_a_glimpse_of_the_cockpit(tmp_path, capsys):
    run, come = waiting(tmp_path)
    run.set_exception(PlanError("no such file: 'big.md'"))
    with pytest.raises(PlanError):
        open_cockpit(come, Config())
    assert capsys.readouterr().out == ""


def test_opening_goes_on_in_a_thread_and_hands_over_what_went_wrong(tmp_path):
    def opening() -> RunDir:
        raise PlanError("it is no plan")

    come = coming("reading", tmp_path, opening)
    assert isinstance(come.run.exception(10), PlanError)


def test_only_a_long_plan_is_said_to_be_long(tmp_path):
    plan = tmp_path / "plan.md"
    plan.write_text("# Short\n")
    assert reading(plan) == "reading plan.md"
    plan.write_bytes(b"x" * 5_000_000)
    assert reading(plan) == "reading plan.md, 5.0 MB"
    assert reading(tmp_path / "gone.md") == "reading gone.md"


def test_a_runner_that_reads_a_long_plan_gets_the_time_for_it(tmp_path):
    plan = tmp_path / "plan.md"
    plan.write_bytes(b"x" * 5_000_000)
    assert patience(plan) > 200
    assert patience(tmp_path / "gone.md") == ANSWERS
