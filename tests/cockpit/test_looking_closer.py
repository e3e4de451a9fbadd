"""Briefs, results, decisions and undoing in the cockpit: read over the board, and done after a look."""

from __future__ import annotations

import pytest
from conftest_cockpit import opened, said, screen, until

from orch_tui.agents.result import Evidence, Result
from orch_tui.cockpit.screens.decisions import Decisions
from orch_tui.cockpit.screens.preview import Preview
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.cockpit.screens.reading import Reading
from orch_tui.core.attempt_events import ResultReported, SectionProposed
from orch_tui.core.section_events import SectionNeedsAttention

SIZE = (120, 40)
BAD = "\x1b]52;c;aGk=\x07\x1b[31m[/nope] [bold"
REPORT = Result(
    status="done",
    summary="The kettle boils.",
    decisions=("Water is soft",),
    files=("kettle.py",),
    interfaces=("boil(litres) -> seconds",),
    follow_ups=("descale the kettle",),
    evidence=(Evidence(criterion="it boils", how="kettle_test.py::test_boils"),),
)


@pytest.fixture
def boiled(running):
    """A reported a result and is merged; C works."""
    running.stage.happens(ResultReported(section="A", attempt=1, result=REPORT, unanswered=()))
    running.stage.finish("A", cost=0.2, files=("kettle.py",), summary="The kettle boils.")
    return running


async def reads(pilot, key: str, section: str, words: str) -> str:
    pilot.app.screen.sections.select(section)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, Reading) and words in screen(pilot), words)
    return screen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_brief_of_a_section_that_waits_is_what_it_would_be_told(boiled, size):
    async with boiled.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "b", "D", "would be told now")
        assert "tokens" in shown
        assert "not done yet: B, C" in shown
        assert "Steep" in shown


async def test_the_brief_of_a_section_at_work_is_what_it_was_told(boiled):
    brief = boiled.stage.attempt_dir("C", 1).brief
    brief.write_bytes(f"# Choose\n\nwhat C was told {BAD}\n".encode())
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "b", "C", "what C was told")
        assert "attempt 1 was told" in shown
        assert "[/nope] [bold" in shown
        assert "\x1b" not in shown


async def test_where_there_is_no_brief_that_is_said_in_its_place(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await reads(pilot, "b", "C", "has no brief")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Reading), "the board")


async def test_a_result_shows_what_was_reported(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "e", "A", "The kettle boils.")
        for words in (
            "✓ it boils",
            "kettle_test.py::test_boils",
            "Water is soft",
            "boil(litres)",
            "descale",
            "kettle.py",
        ):
            assert words in shown


async def test_a_text_is_searched(boiled):
    async with boiled.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await reads(pilot, "e", "A", "The kettle boils.")
        await pilot.press("slash", *"descale", "enter")
        await pilot.press("slash", *"nowhere", "enter")
        await until(pilot, lambda: "'nowhere' is not below" in screen(pilot), "that it is nowhere")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Reading), "the board")


async def test_a_decision_is_added_struck_and_pinned(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, Decisions), "the register")
        assert "Water is soft" in screen(pilot)
        assert "section A" in screen(pilot)
        await pilot.press("a", *"Milk first", "enter")
        await until(pilot, lambda: "Milk first" in screen(pilot), "the decision")
        await pilot.press("p")
        await until(pilot, lambda: "pinned by you@pts/1" in screen(pilot), "that it is pinned")
        await pilot.press("k", "x")
        await until(pilot, lambda: "struck by you@pts/1" in screen(pilot), "that it is struck")
        await pilot.press("x")
        await until(pilot, lambda: "decision 1 was struck" in screen(pilot), "why not")
        assert boiled.sent == [
            ("decide", {"text": "Milk first"}),
            ("decide", {"pin": 2}),
            ("decide", {"strike": 1}),
        ]


async def test_a_decision_leads_to_its_section(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("E")
        await pilot.press("c", "enter")
        await until(pilot, lambda: getattr(pilot.app.screen, "section", "") == "A", "the section")


async def test_undoing_what_is_not_done_is_refused_before_anything_is_shown(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("C")
        await pilot.press("u")
        await until(pilot, lambda: "cannot undo C" in said(pilot), "why not")


async def test_an_undo_that_cannot_be_looked_at_is_not_agreed_to(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("A")
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, Preview), "the dialog")
        await until(pilot, lambda: "is no git repository" in screen(pilot), "why not")
        await pilot.press("y")
        await until(pilot, lambda: "nothing to say yes to" in screen(pilot), "that nothing is done")
        await pilot.press("escape")
        assert boiled.sent == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_section_that_an_agent_proposes_is_counted_shown_and_accepted(boiled, size):
    words = f"Take the scale out {BAD}"
    proposed = SectionProposed(section="C", attempt=1, n=5, title="Descale", text=words, why="it is full of scale")
    async with boiled.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        assert "proposed" not in screen(pilot)
        boiled.stage.happens(proposed)
        await until(pilot, lambda: "+ 1 proposed: a" in screen(pilot), "the count")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Proposals), "the proposals")
        shown = screen(pilot)
        assert "Take the scale out" in shown
        assert "\x1b" not in shown
        await pilot.press("a")
        await until(pilot, lambda: boiled.sent and boiled.sent[0][0] == "accept", "the command")
        await pilot.press("escape")
        await until(pilot, lambda: "a changed plan waits for your approval" in screen(pilot), "what comes next")


async def test_where_nothing_is_proposed_that_is_said(boiled):
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "nothing is proposed" in said(pilot), "that there is none")


async def test_a_section_that_needs_a_person_names_the_keys_that_help(boiled):
    words = "nothing checks this section"
    async with boiled.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        boiled.stage.happens(SectionNeedsAttention(section="C", what="needs review", detail=words))
        pilot.app.screen.sections.select("C")
        keys = "ctrl+r again · S skip · D diff · e result"
        await until(pilot, lambda: keys in screen(pilot), "the keys")
