"""Permissions and questions: opened with one key, answered for their request id."""

from __future__ import annotations

import pytest
from conftest_cockpit import opened, said, screen, until
from textual.widgets import Input

from orch_tui.client import views
from orch_tui.cockpit.screens import ask
from orch_tui.cockpit.screens.ask import Permission, Question, screen_for
from orch_tui.cockpit.screens.run import Run

SIZE = (120, 40)


async def ready(pilot, kind) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and not pilot.app.screen._guarded, "the dialog")


async def test_o_opens_a_permission_and_a_allows_it_for_its_request(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        request = running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        assert "? A  Boil water" in screen(pilot)
        await pilot.press("o")
        await ready(pilot, Permission)
        assert "may A do it?" in screen(pilot)
        assert "all of it" in screen(pilot)
        await pilot.press("a")
        await until(pilot, lambda: said(pilot) == "answered", "the answer")
        assert running.sent == [("answer", {"request_id": request, "choice": "allow", "text": ""})]


@pytest.mark.parametrize(("key", "choice"), [("A", "always"), ("R", "never")])
async def test_capital_letters_answer_once_and_for_all_where_the_agent_can_keep_it_in_mind(running, key, choice):
    async with running.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        request = running.ask("A", options=("allow", "always", "deny", "never"))
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        assert "a allow  A always  r reject  R never  tab reason  esc later" in screen(pilot)
        await pilot.press(key)
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent == [("answer", {"request_id": request, "choice": choice, "text": ""})]


async def test_always_is_refused_with_words_where_the_agent_would_ask_again(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        assert "always" not in screen(pilot)
        await pilot.press("A")
        await until(pilot, lambda: "the agent would ask again" in screen(pilot), "the reason")
        assert running.sent == []


async def test_keys_meant_for_something_else_do_not_answer(running, monkeypatch):
    monkeypatch.setattr(ask, "GUARD", 600.0)  # the test may be slow to look
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Permission), "the dialog")
        assert pilot.app.screen._guarded
        pilot.app.screen.action_allow()
        await pilot.pause()
        assert isinstance(pilot.app.screen, Permission)
        assert running.sent == []


async def test_r_rejects_with_the_reason_that_was_typed(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        request = running.ask("C")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        await pilot.press("tab", *"no rm", "enter", "r")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent == [("answer", {"request_id": request, "choice": "deny", "text": "no rm"})]


async def test_a_question_is_answered_by_the_number_of_its_option(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        request = running.ask("A", "question", ("green", "black"))
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Question)
        assert "2  black" in screen(pilot)
        await pilot.press("2")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent == [("answer", {"request_id": request, "choice": "black", "text": ""})]


async def test_a_question_is_answered_in_own_words(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        request = running.ask("A", "question", ("green", "black"))
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Question)
        await pilot.press("tab")
        assert isinstance(pilot.app.focused, Input)
        await pilot.press(*"oolong 2", "enter")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent == [("answer", {"request_id": request, "choice": "", "text": "oolong 2"})]


async def test_enter_takes_the_highlighted_option(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.ask("A", "question", ("green", "black"))
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Question)
        await pilot.press("j", "enter")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent[0][1]["choice"] == "black"


async def test_another_cockpit_answering_first_is_told_and_the_dialog_closes(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        request = running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        running.stage.obey("answer", {"request_id": request, "choice": "deny"}, actor="ann@pts/7")
        await until(pilot, lambda: "ann@pts/7 answered it already" in screen(pilot), "the news")
        await pilot.press("a")
        assert running.sent == []
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the end of the dialog")


async def test_the_answer_goes_to_the_request_that_was_open_though_another_came(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        first = running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        running.ask("C")
        await pilot.pause(0.1)
        await pilot.press("a")
        await until(pilot, lambda: running.sent, "the command")
        assert running.sent[0][1]["request_id"] == first


async def test_esc_answers_later_and_o_without_an_ask_says_so(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: said(pilot) == "no agent asks anything", "the words")
        running.ask("A")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Permission)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "back")
        assert running.sent == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_of_a_question_is_seen_where_its_lines_are_longer_than_the_dialog_is_wide(running, size):
    async with running.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        long = " ".join(["word"] * 25)
        running.ask("A", kind="question", options=("accept", "redo"), detail=f"{long}\n2 files changed")
        await until(pilot, lambda: "? 1 asking: o" in screen(pilot), "the counter")
        await pilot.press("o")
        await ready(pilot, Question)
        await until(pilot, lambda: "2 files changed" in screen(pilot), "what the person decides about")


async def test_news_of_the_run_before_a_dialog_stands_does_no_harm(running):
    request = running.ask("A")
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        rows = views.asks(running.stage.state, running.stage.clock.wall())
        pilot.app.push_screen(screen_for(rows[0]))
        pilot.app._tick()
        pilot.app.settle()
        await until(pilot, lambda: isinstance(pilot.app.screen, Permission), "the dialog")
        assert rows[0].request_id == request
