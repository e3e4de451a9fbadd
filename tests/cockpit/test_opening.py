"""While the plan is being read: the cockpit is there, says so, and can be left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from conftest_cockpit import LIMIT, Table, opened, screen, until
from textual.pilot import Pilot

from orch_tui.client.coming import Coming, reading
from orch_tui.client.send import ANSWERS, patience
from orch_tui.cockpit import door, keys
from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.door import Following
from orch_tui.cockpit.screens.help import Help
from orch_tui.cockpit.screens.opening import Opening
from orch_tui.errors import PlanError, StateError
from orch_tui.store.layout import RunDir


def waiting(root: Path) -> tuple[Future[RunDir], Coming]:
    run: Future[RunDir] = Future()
    return run, Coming(words="reading big.md, 5.0 MB", root=root, opening=partial(run.result, LIMIT))


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


async def test_a_theme_that_cannot_be_had_is_told_and_the_dark_one_takes_its_place(lay):
    stage = lay().stage
    app = Cockpit(stage.run, clock=stage.clock, theme_name="nowhere")
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "nowhere.yaml" in screen(pilot), "which theme is missing")
        assert app.theme == "orch-dark"


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


@asynccontextmanager
async def reading_late(table: Table, wrong: str = "") -> AsyncIterator[tuple[Pilot[None], Event]]:
    """A cockpit whose journal is read when the event is set, or cannot be read then."""
    may_read = Event()

    def read_late(run: RunDir) -> Following:
        may_read.wait(LIMIT)
        if wrong:
            raise StateError(wrong)
        return door.open_follower(run)

    async with table.cockpit(open_follower=read_late).run_test(size=(80, 40)) as pilot:
        try:
            await until(pilot, lambda: "reading the journal" in screen(pilot), "what is being done")
            yield pilot, may_read
        finally:
            may_read.set()


async def test_no_key_does_harm_before_the_journal_is_read(lay):
    table: Table = lay()
    async with reading_late(table) as (pilot, _):
        for key in sorted({key for row in keys.KEYS for key in row.keys.split(",")} - {"q"}):
            await pilot.press(key)
            if not isinstance(pilot.app.screen, Opening):
                await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, Opening), "the opening screen")
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running, "the end")
    assert table.sent == []


async def test_while_it_opens_there_are_help_other_colours_and_a_palette_of_what_can_be_done_then(lay):
    async with reading_late(lay()) as (pilot, _):
        dark = pilot.app.theme
        await pilot.press("ctrl+t")
        assert pilot.app.theme != dark
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help) and "this help" in screen(pilot), "help")
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: "leave; the run goes on" in screen(pilot), "the palette")
        assert "next pane" not in screen(pilot)


@pytest.mark.parametrize("key", ["question_mark", "ctrl+p"])
async def test_a_run_that_opens_behind_a_dialog_is_there_when_the_dialog_goes(lay, key):
    async with reading_late(lay()) as (pilot, may_read):
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(pilot.app.screen, Opening), "the dialog")
        may_read.set()
        await until(pilot, lambda: pilot.app.follower is not None, "the run")
        await pilot.press("escape")
        await opened(pilot)
        assert "Boil water" in screen(pilot)


async def test_a_journal_that_cannot_be_read_is_told_of_behind_the_help_too(lay):
    async with reading_late(lay(), wrong="the journal is of a later version") as (pilot, may_read):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help), "help")
        may_read.set()
        await until(pilot, lambda: not pilot.app.workers, "the end of reading")
        await pilot.press("escape")
        await until(pilot, lambda: "the journal is of a later version" in screen(pilot), "why it does not open")


def test_opening_goes_on_in_a_thread_and_hands_over_what_went_wrong(tmp_path):
    def opening() -> RunDir:
        raise PlanError("it is no plan")

    come = Coming(words="reading", root=tmp_path, opening=opening)
    come.begin()
    assert isinstance(come.run.exception(10), PlanError)


def test_who_stops_waiting_does_not_end_the_opening(tmp_path):
    may_open = Event()

    def opening() -> RunDir:
        may_open.wait(LIMIT)
        return RunDir(tmp_path)

    come = Coming(words="reading", root=tmp_path, opening=opening)
    come.begin()
    assert not come.run.cancel()
    may_open.set()
    assert come.run.result(LIMIT) == RunDir(tmp_path)


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
