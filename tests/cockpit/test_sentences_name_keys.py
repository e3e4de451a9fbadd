"""Sentences that say which key helps name it as the person remapped it."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial

from conftest_cockpit import LIMIT, Table, opened, said, screen, until

from orch_tui.client.coming import Coming
from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.plan.edits import DropEdge, Proposal
from orch_tui.store.layout import RunDir

SIZE = (120, 40)
REMAPPED = {"approve": "Y", "undo": "z", "redo": "Z", "pause_run": "O", "quit": "Q"}


async def test_what_was_mended_is_taken_back_and_made_again(lay):
    table: Table = lay()
    async with table.cockpit(key_overrides=REMAPPED).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("D", "enter")
        await until(pilot, lambda: "· z takes it back" in said(pilot), "how to take it back")
        await pilot.press("z")
        await until(pilot, lambda: "· Z makes it again" in said(pilot), "how to make it again")


async def test_what_was_accepted_is_taken_back(lay):
    offered = Proposal(
        id="p1",
        kind="wrong-edge",
        ids=("D", "E"),
        edits=(DropEdge(upstream="D", downstream="E"),),
        reason="no need",
        source="reading",
        document="plan",
        line=1,
        quote="Tea",
    )
    async with lay(proposals=(offered,)).cockpit(key_overrides=REMAPPED).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Proposals), "the proposals")
        await pilot.press("A", "escape")
        await until(pilot, lambda: "· z takes them back" in said(pilot), "how to take them back")


async def test_what_is_not_approved_is_approved(lay):
    async with lay().cockpit(key_overrides=REMAPPED).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await until(pilot, lambda: "nothing runs before the plan is approved: Y approves" in said(pilot), "the key")


async def test_what_is_stopped_goes_on(running):
    async with running.cockpit(key_overrides=REMAPPED).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        assert "O goes on later" in screen(pilot)


async def test_what_is_being_opened_is_left(tmp_path):
    app = Cockpit(
        Coming(words="reading big.md", root=tmp_path, opening=partial(Future[RunDir]().result, LIMIT)),
        key_overrides=REMAPPED,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Q leave" in screen(pilot), "the key")
