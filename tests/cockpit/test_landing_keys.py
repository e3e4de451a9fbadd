"""Undoing and landing from the cockpit: what it comes to is shown first, and only a yes does it."""

from __future__ import annotations

import pytest
from conftest_cockpit import opened, said, screen, until
from staged_git import git, in_git, merged, works

from orch_tui.cockpit.screens.picker import Choose
from orch_tui.cockpit.screens.preview import Preview
from orch_tui.core.run_events import RunFinished

SIZE = (120, 40)


@pytest.fixture
def brewed(lay):
    """A is merged, and B on top of it."""
    table = lay()
    in_git(table)
    for section in ("A", "B"):
        works(table, section, {f"{section}.txt": b"hot\n"})
        merged(table, section)
    return table


async def looks(pilot, *keys: str, words: str) -> str:
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, Preview) and words in screen(pilot), words)
    return screen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_undo_shows_what_it_takes_back_before_it_is_asked_for(brewed, size):
    async with brewed.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        shown = await looks(pilot, "u", words="2 merges will be reverted")
        assert "B  Warm the pot" in shown
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Preview), "the board")
        assert brewed.sent == []
        await looks(pilot, "u", words="2 merges will be reverted")
        await pilot.press("y")
        await until(pilot, lambda: brewed.sent == [("undo", {"section": "A"})], "the command")
        await until(pilot, lambda: "A is being taken back" in said(pilot), "that it is under way")


async def test_a_run_that_is_done_is_landed_by_a_key_after_a_look(brewed):
    brewed.stage.happens(RunFinished(outcome="done"))
    async with brewed.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "M (or `orch-tui land`) brings the work to your branch" in screen(pilot)
        await pilot.press("M")
        await until(pilot, lambda: isinstance(pilot.app.screen, Choose), "the ways")
        shown = await looks(pilot, "2", words="-> main: 4 commits, 2 files")
        assert "A.txt" in shown
        assert git(brewed.stage.root, "log", "--format=%s") == "start"
        await pilot.press("y")
        await until(pilot, lambda: "landed: main is at" in said(pilot), "that it is done")
        assert git(brewed.stage.root, "log", "--format=%s").splitlines() == ["Tea", "start"]
        assert (brewed.stage.root / "B.txt").read_text() == "hot\n"


async def test_what_is_in_the_way_of_landing_is_said_and_nothing_can_be_agreed_to(brewed):
    (brewed.stage.root / "A.txt").write_text("mine\n")
    async with brewed.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await looks(pilot, "M", "1", words="would be overwritten: 'A.txt'")
        await pilot.press("y", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Preview), "the board")
        assert git(brewed.stage.root, "log", "--format=%s") == "start"


async def test_a_hook_that_says_no_is_quoted(brewed):
    hook = brewed.stage.root / ".git" / "hooks" / "pre-merge-commit"
    hook.write_text("#!/bin/sh\necho not on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    async with brewed.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await looks(pilot, "M", "1", words="2 files")
        await pilot.press("y")
        await until(pilot, lambda: "not on Fridays" in said(pilot), "what the hook said")
        assert git(brewed.stage.root, "status", "--porcelain") == ""


async def test_a_run_in_place_has_nothing_to_land(lay):
    table = lay(isolation="none")
    table.stage.approve()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("M")
        await until(pilot, lambda: "no branch to land" in said(pilot), "why not")
