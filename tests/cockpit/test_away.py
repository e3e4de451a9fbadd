"""What is said to a person who comes back: what happened meanwhile, once, and until the next key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest_cockpit import Table, opened, until
from textual.pilot import Pilot

from orch_tui.client.away import Looked, Memory, looked, since
from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.widgets.status_line import StatusLine
from orch_tui.core.run_events import Recovered
from orch_tui.store.layout import RunDir


def banner(pilot: Pilot[Any]) -> str:
    """What stands below the header."""
    app = pilot.app
    assert isinstance(app, Cockpit)
    assert app._board is not None
    return app._board.query_one("#banner", StatusLine).words


def night(table: Table) -> None:
    """A is done, C has failed, and the runner was followed by another one, seven hours later."""
    table.stage.finish("A", cost=1.25)
    table.stage.fail("C", detail="the leaves are gone")
    table.stage.happens(Recovered(adopted=("A",), lost=("C",)), after=7 * 3600)


def kept(path: Path, run: RunDir) -> Memory:
    """The memory of a user whose state directory is below `path`."""
    return Memory(run, {"XDG_STATE_HOME": str(path / "state")})


async def test_who_opens_the_run_in_the_morning_is_told_what_happened(running: Table, tmp_path: Path):
    memory = kept(tmp_path, running.stage.run)
    memory.keep(looked(running.stage.state, running.stage.clock.now))
    night(running)
    async with running.cockpit(memory=lambda _: memory).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: banner(pilot), "words")
        assert banner(pilot) == (
            "while you were away (7:00:00): 1 done, 1 failed (C), $1.25 spent, another runner took over "
            "(adopted: A; lost: C)"
        )
        await pilot.press("j")
        assert banner(pilot)  # nobody reads so fast
        running.stage.clock.now += 5
        await pilot.press("j")
        await until(pilot, lambda: "away" not in banner(pilot), "quiet")
        running.stage.clock.now += 40
        await pilot.press("j")
    again = memory.recall()
    assert again is not None
    assert again.at == running.stage.clock.now
    assert again.done == 1


async def test_who_comes_back_to_an_open_cockpit_is_told_at_the_first_key(running: Table, tmp_path: Path):
    memory = kept(tmp_path, running.stage.run)
    async with running.cockpit(memory=lambda _: memory).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        night(running)
        await until(pilot, lambda: pilot.app.state.recoveries, "the journal")  # type: ignore[attr-defined]
        assert "away" not in banner(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "while you were away (7:00:00): 1 done" in banner(pilot), "words")


async def test_nothing_is_said_the_first_time_or_when_nothing_happened(running: Table, tmp_path: Path):
    memory = kept(tmp_path, running.stage.run)
    for _ in range(2):
        async with running.cockpit(memory=lambda _: memory).run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            assert "away" not in banner(pilot)
        running.stage.clock.now += 9 * 3600


def test_words_are_about_what_is_news(running: Table):
    state, now = running.stage.state, running.stage.clock.now
    before = looked(state, now)
    assert since(before, state, now + 3600) == ""
    running.stage.happens(Recovered(), Recovered(lost=("A",)))
    assert since(before, state, now + 30) == ""
    assert since(before, state, now + 3600) == (
        "while you were away (1:00:00): another runner took over 2 times, the last time (lost: A)"
    )


def test_a_memory_that_cannot_be_read_or_kept_is_none(tmp_path: Path, lay: Callable[..., Table]):
    run = lay().stage.run
    memory = kept(tmp_path, run)
    assert memory.recall() is None
    stood = Looked(at=1, phase="running", done=0, failed=0, needs=0, cost=0, recoveries=0)
    memory.keep(stood)
    assert memory.recall() == stood
    file = next((tmp_path / "state" / "orch-tui" / "looked").iterdir())
    file.write_text('{"at": 1}')
    assert memory.recall() is None
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    memory.keep(stood)
